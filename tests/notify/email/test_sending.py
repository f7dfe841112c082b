"""A letter by mail: how it looks, and what each reply of the mail server makes of it."""

import logging
from email import message_from_bytes
from email.policy import default
from urllib.parse import quote

import msgspec
import pytest

from server.notify.channels import Letter, To, TransportError
from server.notify.email import make
from server.notify.email.layout import message_of
from server.notify.email.server_url import BadAddress, is_mailbox, parse
from tests.notify.email.conftest import PASSWORD, SITE
from tests.office import NOW
from tests.postgres import free_port

pytestmark = pytest.mark.anyio

#: Somebody with a password.
WHO = "u:p@"
TO = To(id="a-1", channel="email", address="kha@bacninh.example")
LETTER = Letter(
    id="01939b5e-7c1a-7000-8000-000000000001",
    kind="task.assigned",
    tag="t",
    title="Việc mới: 26-014 Rà soát",
    bare="Việc mới",
    lines=["Hạn 30/11", "Ghi chú: <b>gấp</b> & rõ\nhai dòng"],
    link="/tasks/26-014",
    task="01939b5e-0000-7000-8000-000000000002",
)


@pytest.fixture
async def mail(settings):
    made = make(settings, lambda: NOW)
    assert made is not None
    await made.open()
    yield made
    await made.close()


def body(got, kind):
    part = got.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def made_with(settings, **more):
    mail = make(msgspec.structs.replace(settings, **more), lambda: NOW)
    assert mail is not None
    return mail


async def refused(mail):
    with pytest.raises(TransportError) as no:
        await mail.send(TO, LETTER)
    return no.value


async def test_it_hands_in_a_letter_that_says_what_it_is(mail, host):
    assert (await mail.send(TO, LETTER)).ref.endswith("queued as Q0")
    (envelope,) = host.letters
    assert (envelope.mail_from, envelope.rcpt_tos) == ("soviec@bacninh.example", [TO.address])
    got = message_from_bytes(envelope.content, policy=default)
    assert (got["From"], got["To"], got["Subject"]) == ("Sổ Việc <soviec@bacninh.example>", TO.address, LETTER.title)
    assert got["Message-ID"] == f"<{LETTER.id}@bacninh.example>", "sent once more it is the same letter"
    assert (got["Auto-Submitted"], got["List-Id"]) == ("auto-generated", "<soviec.bacninh.example>")
    text, page = body(got, "plain"), body(got, "html")
    assert f"Rà soát\nHạn 30/11\nGhi chú: <b>gấp</b> & rõ\nhai dòng\n\n{SITE}/tasks/26-014\n" in text.replace("\r\n", "\n")
    assert f'<a href="{SITE}/tasks/26-014">' in page
    assert "&lt;b&gt;gấp&lt;/b&gt; &amp; rõ<br>hai dòng" in page


async def test_a_title_begins_no_header_of_its_own():
    evil = "Việc\r\nBcc: moi-nguoi@example.com\r\n\r\n<script>" + "\x00\u2028\ud800" + "🐉" * 5000
    letter = msgspec.structs.replace(LETTER, title=evil, lines=[evil, "."], id="x>\r\nBcc: y", task="t\r\n>")
    sender = ("Sổ\r\nBcc: z@example.com", "soviec@bacninh.example")
    raw = message_of(letter, sender=sender, to=TO.address, public_url=SITE, now=NOW).as_bytes()
    got = message_from_bytes(raw, policy=default)
    assert "Bcc" not in got and got["To"] == TO.address
    assert got["Subject"].startswith("Việc Bcc: moi-nguoi@example.com <script>") and len(got["Subject"]) <= 200
    assert "<script>" not in body(got, "html")
    assert max(len(one) for one in raw.split(b"\r\n")) <= 998


async def test_one_connection_carries_many_letters_and_a_stale_one_is_changed(mail, host):
    for _ in range(3):
        await mail.send(TO, LETTER)
    assert len(host.sessions) == 1
    host.replies["MAIL"].append("421 4.4.2 idle for too long")
    await mail.send(TO, LETTER)
    assert len(host.letters) == 4


@pytest.mark.parametrize(
    ("at", "reply", "why", "permanent", "ended", "whole"),
    [
        pytest.param("RCPT", "450 4.2.0 greylisted", "later", False, "", False, id="greylisted"),
        pytest.param("RCPT", "452 4.2.2 mailbox full", "later", False, "", False, id="full for now"),
        pytest.param("RCPT", "550 5.1.1 no such user", "no_mailbox", True, "revoked", False, id="no such user"),
        pytest.param("RCPT", "550 user unknown", "no_mailbox", True, "revoked", False, id="no such user, old style"),
        pytest.param("RCPT", "550 5.7.1 blocked by policy", "refused", True, "", False, id="policy"),
        pytest.param("RCPT", "552 5.2.2 over quota", "refused", True, "", False, id="over quota"),
        pytest.param("MAIL", "553 5.7.1 sender not owned", "sender", False, "", True, id="our sender refused"),
        pytest.param("MAIL", "451 4.3.0 try later", "busy", False, "", True, id="the server is busy"),
        pytest.param("DATA", "451 4.7.0 try later", "later", False, "", False, id="text not taken now"),
        pytest.param("DATA", "554 5.7.1 looks like spam", "refused", True, "", False, id="text refused"),
    ],
)
async def test_each_reply_makes_of_the_letter_what_it_says(mail, host, at, reply, why, permanent, ended, whole):
    host.replies[at].append(reply)
    no = await refused(mail)
    assert (no.why, no.permanent, no.address_ended, no.whole_channel) == (f"notify.email.{why}", permanent, ended, whole)
    assert not no.unknown and reply[:3] in no.detail
    await mail.send(TO, LETTER)
    assert len(host.letters) == 1, "the next letter is not harmed"


async def test_a_receipt_that_is_lost_leaves_it_unknown(mail, host):
    host.replies["DATA"].append("hang up")
    no = await refused(mail)
    assert (no.why, no.unknown) == ("notify.email.no_answer", True)
    await mail.send(TO, LETTER)
    assert len({message_from_bytes(one.content)["Message-ID"] for one in host.letters}) == 1


async def test_without_a_server_nothing_has_left(settings):
    mail = made_with(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    no = await refused(mail)
    assert (no.why, no.permanent, no.unknown) == ("notify.email.unreachable", False, False)


async def test_the_password_opens_the_server_and_stands_in_no_log_or_error(settings, smtp, host, caplog):
    caplog.set_level(logging.DEBUG)
    right = {"smtp_url": f"smtp://so%40viec:{quote(PASSWORD, safe='')}@127.0.0.1:{smtp}"}
    mail = made_with(settings, **right)
    assert await mail.check() == "soviec@bacninh.example qua máy chủ 127.0.0.1"
    await mail.send(TO, LETTER)
    await mail.close()
    wrong = made_with(settings, smtp_url=f"smtp://so:{PASSWORD[-12:]}@127.0.0.1:{smtp}")
    no = await refused(wrong)
    assert (no.why, no.whole_channel, no.permanent) == ("notify.email.login", True, False), "every letter waits for an administrator"
    said = [repr(msgspec.structs.replace(settings, **right)), repr(mail), repr(parse(right["smtp_url"])), repr(no), no.detail, caplog.text]
    with pytest.raises(BadAddress) as bad:
        parse(f"smtp://x:{PASSWORD}@host:port")
    assert not [text for text in [*said, str(bad.value)] if "nobody-reads" in text]


@pytest.mark.parametrize(
    ("url", "port", "start_tls"),
    [
        pytest.param(f"smtps://{WHO}mail.example", 465, False, id="TLS from the beginning"),
        pytest.param("smtp+starttls://mail.example", 587, True, id="STARTTLS required"),
        pytest.param("smtp://mail.example", 25, None, id="offered"),
        pytest.param(f"smtp://{WHO}mail.example:2525", 2525, True, id="a password wants TLS"),
        pytest.param(f"smtp://{WHO}127.0.0.1", 25, None, id="but not to this machine"),
    ],
)
def test_an_address_says_how_the_line_is_kept_safe(url, port, start_tls):
    assert (parse(url).port, parse(url).start_tls) == (port, start_tls)


NO_MAILBOX = ["", "kha", "kha@bac ninh.vn", "kha@bacninh.vn\r\nBcc: x@y.vn", "a..b@c.vn", "<kha@bacninh.vn>", "khá@bacninh.vn"]


@pytest.mark.parametrize("text", NO_MAILBOX)
def test_what_is_no_mailbox_is_none(text):
    assert not is_mailbox(text)


async def test_only_an_office_that_names_a_limit_has_one(settings):
    assert made_with(settings).limits(TO) == []
    assert [(one.count, one.seconds) for one in made_with(settings, smtp_per_second=5).limits(TO)] == [(5, 1.0)]

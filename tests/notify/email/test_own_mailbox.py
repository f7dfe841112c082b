"""An own mailbox: nobody's before the code that went there comes back."""

from email import message_from_bytes
from email.policy import default

import pytest

from server.errors import Refusal
from server.notify.commands.channels import TurnChannel
from server.notify.email.confirm import confirm, send_code
from server.storage.door import carry_out
from server.storage.engine import rows
from tests.office import CAST

pytestmark = pytest.mark.anyio

MAILBOX = "Kha@BacNinh.example"


@pytest.fixture
async def on(office, clock):
    await carry_out(TurnChannel(channel="email", on=True), actor=CAST.admin, now=clock(), source="page")


async def ask(settings, clock, host, mailbox=MAILBOX, person=CAST.officer):
    """The code that came to the mailbox."""
    await send_code(settings, mailbox=mailbox, actor=person, now=clock())
    return message_from_bytes(host.letters[-1].content, policy=default)["Subject"].split()[0]


async def mailboxes(person=CAST.officer):
    found = await rows("SELECT address, state FROM address WHERE channel = 'email' AND person = $1 ORDER BY since, address", person)
    return [(one["address"], one["state"]) for one in found]


async def refusal(asked):
    with pytest.raises(Refusal) as no:
        await asked
    return no.value.key


async def test_a_code_that_comes_back_makes_the_mailbox_ones_own(settings, clock, host, on):
    code = await ask(settings, clock, host)
    assert host.letters[0].rcpt_tos == ["Kha@bacninh.example"]
    assert await mailboxes() == [], "not before it came back"
    await confirm(mailbox=MAILBOX, code=f" {code[:4].lower()} {code[4:]} ", actor=CAST.officer, now=clock())
    assert await mailboxes() == [("Kha@bacninh.example", "active")]
    assert await refusal(confirm(mailbox=MAILBOX, code=code, actor=CAST.officer, now=clock())) == "notify.email.code_over"
    other = await ask(settings, clock, host, "kha@gmail.example")
    await confirm(mailbox="kha@gmail.example", code=other, actor=CAST.officer, now=clock())
    assert sorted(await mailboxes()) == [("Kha@bacninh.example", "revoked"), ("kha@gmail.example", "active")]


async def test_a_code_fits_one_person_one_mailbox_and_a_quarter_of_an_hour(settings, clock, host, on):
    code = await ask(settings, clock, host)
    for mailbox, person in ((MAILBOX, CAST.colleague), ("dich@example.com", CAST.officer)):
        assert await refusal(confirm(mailbox=mailbox, code=code, actor=person, now=clock())) == "notify.email.wrong_code"
    clock.later(minutes=16)
    assert await refusal(confirm(mailbox=MAILBOX, code=code, actor=CAST.officer, now=clock())) == "notify.email.code_over"
    assert await mailboxes() == []


async def test_nobodys_mailbox_is_filled_with_codes(settings, clock, host, on):
    for _ in range(5):
        await ask(settings, clock, host)
    assert await refusal(ask(settings, clock, host)) == "notify.email.too_many"
    assert len(host.letters) == 5


async def test_what_is_no_mailbox_or_takes_no_mail_is_said_at_once(settings, clock, host, on):
    assert await refusal(ask(settings, clock, host, "kha@bacninh.example\r\nBcc: x@y.vn")) == "notify.email.bad_mailbox"
    host.replies["RCPT"].append("550 5.1.1 no such user")
    assert await refusal(ask(settings, clock, host)) == "notify.email.code_not_sent"


async def test_while_the_channel_is_off_no_code_is_sent(settings, clock, host, office):
    assert await refusal(ask(settings, clock, host)) == "notify.link.channel_off"
    assert host.letters == []

"""A letter on its way to a browser: what the push service sees of it, and what its answer makes of it."""

import dataclasses
import time
from collections.abc import AsyncIterator
from email.utils import formatdate

import msgspec
import pytest
from http_ece import ECEException

from server.notify import webpush
from server.notify.channels import Letter, To, TransportError
from server.notify.webpush.channel import WebPush, patience
from server.notify.webpush.keys import kept, public_key
from server.notify.webpush.seal import Signer, payload
from server.settings import Settings
from tests.notify.webpush.conftest import SUBJECT
from tests.notify.webpush.service import Answer, Browser, PushService, claims

pytestmark = pytest.mark.anyio

LETTER = Letter(
    id="d-1",
    kind="task.assigned",
    tag="task:26-014",
    title="Việc mới: 26-014 Rà soát <b>hồ sơ</b> 🗂️",
    bare="Việc mới 26-014",
    lines=["Hạn: thứ Sáu, 27/11", "Người giao: Đặng Hoài Sang"],
    link="/tasks/26-014",
    task="t-1",
    number="26-014",
    messages=["m-1", "m-2"],
)


def to(browser: Browser, **more: str) -> To:
    return To(id="a-1", channel="webpush", address=browser.endpoint, person="p-1", data={**browser.keys, **more})


@pytest.fixture
async def channel(settings: Settings) -> AsyncIterator[WebPush]:
    made = webpush.make(settings)
    assert isinstance(made, WebPush)
    await made.open()
    yield made
    await made.close()


async def test_only_the_device_can_read_it_and_it_says_number_and_kind_alone(channel, service, settings):
    browser = service.browser()
    sent = await channel.send(to(browser), LETTER)
    assert sent.ref == "m1"
    letter = service.letters[0]
    assert (letter.path, letter.headers["content-encoding"], letter.headers["urgency"]) == ("/push/one", "aes128gcm", "high")
    assert int(letter.headers["ttl"]) == 48 * 3600
    assert b"26-014" not in letter.content
    said = browser.read(letter.content)
    assert (said["title"], said["link"], said["tag"], said["person"]) == ("Việc mới 26-014", "/tasks/26-014", "task:26-014", "p-1")
    assert (said["id"], said["kind"], said["task"], said["messages"]) == ("d-1", "task.assigned", "t-1", ["m-1", "m-2"])
    assert "Rà soát" not in str(said) and "Sang" not in str(said)
    with pytest.raises(ECEException):
        service.browser().read(letter.content)


async def test_who_allows_it_is_told_what_it_is_about(channel, service):
    browser = service.browser()
    await channel.send(to(browser), msgspec.structs.replace(LETTER, show_content=True))
    said = browser.read(service.letters[0].content)
    assert said["title"] == LETTER.title
    assert said["body"] == "Hạn: thứ Sáu, 27/11\nNgười giao: Đặng Hoài Sang"


async def test_the_service_learns_who_sends_and_for_how_long_that_counts(channel, service, settings):
    await channel.send(to(service.browser()), LETTER)
    authorization = service.letters[0].headers["authorization"]
    said = claims(authorization)
    assert (said["aud"], said["sub"]) == (service.base, SUBJECT)
    assert 3600 < said["exp"] - time.time() <= 24 * 3600
    assert authorization.endswith(f"k={public_key(kept(settings.data))}")


async def test_a_signature_is_made_once_until_half_of_it_is_over_and_again_if_the_clock_was_set_back(settings):
    clock = [1_000_000.0]
    signer = Signer(kept(settings.data), SUBJECT, lambda: clock[0])
    first = signer.authorization("https://fcm.googleapis.com/fcm/send/a")
    clock[0] += 5 * 3600
    assert signer.authorization("https://fcm.googleapis.com/fcm/send/b") == first
    assert signer.authorization("https://web.push.apple.com/b") != first
    clock[0] += 2 * 3600
    later = signer.authorization("https://fcm.googleapis.com/fcm/send/a")
    assert claims(later)["exp"] == clock[0] + 12 * 3600
    clock[0] -= 30 * 86400
    assert claims(signer.authorization("https://fcm.googleapis.com/fcm/send/a"))["exp"] == clock[0] + 12 * 3600


async def test_a_newer_letter_about_the_same_takes_the_place_of_one_that_was_not_handed_over(channel, service):
    for tag in ("task:26-014", "task:26-014", "việc khác " * 30):
        await channel.send(to(service.browser()), msgspec.structs.replace(LETTER, tag=tag))
    topics = [letter.headers["topic"] for letter in service.letters]
    assert topics[0] == topics[1] != topics[2]
    assert all(len(topic) <= 32 and topic.replace("-", "a").replace("_", "a").isalnum() for topic in topics)


async def test_a_digest_does_not_wake_a_phone_that_sleeps(channel, service):
    await channel.send(to(service.browser()), msgspec.structs.replace(LETTER, kind="digest.daily"))
    assert service.letters[0].headers["urgency"] == "normal"


def test_whatever_is_said_fits_into_what_every_service_takes(service):
    long = msgspec.structs.replace(
        LETTER, title="Ộ🗂️" * 2500, lines=["ữ" * 5000], messages=[f"{n:036}" for n in range(500)], tag="t" * 100, show_content=True
    )
    packed = payload(to(service.browser()), long, 0)
    assert len(packed) <= 3000
    assert 1 <= len(msgspec.json.decode(packed)["messages"]) <= 30


@dataclasses.dataclass(frozen=True)
class Case:
    answer: Answer
    why: str
    permanent: bool = False
    retry_after: float | None = None
    unknown: bool = False
    ended: str = ""


CASES = {
    "gone": Case(Answer(410), "notify.push.why_gone", permanent=True, ended="revoked"),
    "not found": Case(Answer(404), "notify.push.why_gone", permanent=True, ended="revoked"),
    "made with another key": Case(
        Answer(400, body='{"reason":"VapidPkHashMismatch"}'), "notify.push.why_gone", permanent=True, ended="revoked"
    ),
    "too often": Case(Answer(429, {"Retry-After": "37"}), "notify.push.why_too_many", retry_after=37),
    "too often on Windows": Case(Answer(406), "notify.push.why_too_many"),
    "broken": Case(Answer(503, {"Retry-After": "no number"}), "notify.push.why_service"),
    "too large": Case(Answer(413), "notify.push.why_too_large", permanent=True),
    "not our key": Case(Answer(403), "notify.push.why_key", permanent=True),
    "refused": Case(Answer(400), "notify.push.why_refused", permanent=True),
    "led elsewhere": Case(Answer(307, {"Location": "http://127.0.0.1:1/"}), "notify.push.why_refused", permanent=True),
    "answer lost": Case(Answer(drop=True), "notify.push.why_no_answer", unknown=True),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_an_answer_says_what_becomes_of_the_letter(channel: WebPush, service: PushService, case: Case):
    service.answers.append(case.answer)
    with pytest.raises(TransportError) as caught:
        await channel.send(to(service.browser("geheim")), LETTER)
    error = caught.value
    assert (error.why, error.permanent, error.retry_after, error.unknown, error.address_ended) == (
        case.why,
        case.permanent,
        case.retry_after,
        case.unknown,
        case.ended,
    )
    assert len(service.letters) == 1


async def test_what_the_service_said_is_kept_without_the_address(channel, service):
    browser = service.browser("geheim")
    service.answers.append(Answer(400, body=f"bad: {browser.endpoint} or /push/geheim"))
    with pytest.raises(TransportError) as caught:
        await channel.send(to(browser), LETTER)
    assert caught.value.detail == "400 bad: … or …"


async def test_a_service_that_is_not_there_is_tried_again(channel, settings, service):
    made = WebPush(kept(settings.data), SUBJECT, "127.0.0.1:9")
    await made.open()
    with pytest.raises(TransportError) as caught:
        await made.send(to(Browser("http://127.0.0.1:9/push")), LETTER)
    await made.close()
    assert (caught.value.why, caught.value.permanent, caught.value.unknown) == ("notify.push.why_unreachable", False, False)


@pytest.mark.parametrize(
    "data", [{"auth": ""}, {"auth": "AAAA"}, {"p256dh": "A" * 87}, {"p256dh": "ü"}], ids=["none", "short", "no point", "no text"]
)
async def test_keys_that_are_none_put_the_address_out_of_use(channel, service, data):
    with pytest.raises(TransportError) as caught:
        await channel.send(to(service.browser(), **data), LETTER)
    assert (caught.value.why, caught.value.address_ended) == ("notify.push.why_keys", "revoked")
    assert service.letters == []


async def test_nothing_is_sent_to_a_host_that_the_setting_does_not_name_any_more(channel, service):
    with pytest.raises(TransportError) as caught:
        await channel.send(to(Browser("https://push.example.com/x")), LETTER)
    assert (caught.value.why, caught.value.address_ended) == ("notify.push.why_host", "revoked")


def test_patience_is_read_as_a_number_or_a_moment():
    assert patience("120", 0) == 120
    assert patience(formatdate(1_000_060, usegmt=True), 1_000_000) == 60
    assert patience(formatdate(1_000_000, usegmt=True), 1_000_060) == 0
    assert patience("soon", 0) is None


async def test_it_says_whom_services_take_us_for_and_asks_them_nothing(channel, service):
    assert SUBJECT in await channel.check()
    assert service.letters == []
    assert (channel.name, channel.abroad, channel.idempotent) == ("webpush", True, True)


async def test_a_contact_that_no_service_takes_is_said(settings):
    with pytest.raises(TransportError) as caught:
        await WebPush(kept(settings.data), "quantri", "fcm.googleapis.com").check()
    assert (caught.value.why, caught.value.permanent) == ("notify.push.why_subject", True)


def test_without_a_contact_there_is_no_channel(tmp_path):
    assert webpush.make(Settings(data_dir=str(tmp_path))) is None
    assert webpush.make(Settings(data_dir=str(tmp_path), public_url="https://soviec.gov.vn/")) is not None

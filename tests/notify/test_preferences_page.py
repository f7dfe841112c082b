"""Cách nhận thông báo: what can be chosen, kept as it was chosen, each for himself alone."""

import re
from pathlib import Path

import httpx
import msgspec
import pytest
from lxml import html

from server.notify.commands.channels import NoteChannel, TurnChannel
from server.notify.commands.link import UseLink
from server.notify.queries import preferences_of
from server.notify.rules.codes import hash_of
from server.notify.rules.quiet import Quiet
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import row, rows
from tests.office import CAST, SECRET, Clock, Visit

pytestmark = pytest.mark.anyio
PAGE = "/me/notices"


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """An office with a bot; nobody reaches it: its address is a port on which nobody listens."""
    made = Settings(data_dir=str(tmp_path), database_url=sqlite_url, secret_key=SECRET)
    return msgspec.structs.replace(
        made, telegram_token="1:ab", telegram_api="http://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9", smtp_from="a@b.vn"
    )


async def turn_on(clock: Clock, *channels: str) -> None:
    for channel in channels:
        await carry_out(TurnChannel(channel=channel, on=True, understood=True), actor=CAST.admin, now=clock(), source="page")


async def tie(browser: httpx.AsyncClient, clock: Clock, chat: str, label: str = "@kha", **more: str) -> str:
    """Take a code from the page and type it in a chat; the code."""
    page = (await browser.post(f"{PAGE}/link", data={"channel": "telegram", **more})).text
    code = re.sub(r"\s", "", html.document_fromstring(page).xpath("string(//p[contains(@class, 'code')])"))
    used = UseLink(channel="telegram", code_hash=hash_of(code), address=chat, label=label, group="unit" in more)
    await carry_out(used, actor=None, now=clock(), source="chat")
    return code


async def test_an_office_without_channels_says_so_and_still_takes_the_quiet_hours(visit: Visit) -> None:
    officer = await visit("cntt.cv1")
    page = (await officer.get(PAGE)).text
    assert "Cơ quan chưa bật kênh nào ngoài ứng dụng" in page and "Quản trị chưa bật kênh này" in page
    assert "Cơ quan chưa thiết lập kênh này" in page, "Zalo has no setting here"
    assert "<select" not in page
    answer = await officer.post(
        PAGE, data={"quiet": "1", "quiet_from": "20:15", "quiet_to": "07:00", "asks_content": "1", "show_content": "1"}
    )
    assert answer.status_code == 303
    chosen = (await preferences_of([CAST.officer], None))[CAST.officer]
    assert (chosen.quiet, chosen.show_content) == (Quiet(20 * 60 + 15, 7 * 60), True)
    await officer.post(PAGE, data={"quiet_from": "20:15", "quiet_to": "07:00", "asks_content": "1"})
    chosen = (await preferences_of([CAST.officer], Quiet(0, 1)))[CAST.officer]
    assert (chosen.quiet, chosen.show_content) == (None, False)


@pytest.mark.parametrize(("start", "end"), [("25:00", "06:00"), ("x", "06:00"), ("21:00", "21:00"), ("", "06:00"), ("9" * 40, "06:00")])
async def test_hours_that_are_none_are_refused_beside_their_field(visit: Visit, start: str, end: str) -> None:
    officer = await visit("cntt.cv1")
    answer = await officer.post(PAGE, data={"quiet": "1", "quiet_from": start, "quiet_to": end})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    assert await rows("SELECT person FROM notice_choice") == []


async def test_what_is_chosen_is_kept_and_what_was_not_shown_stays(visit: Visit, clock: Clock) -> None:
    await turn_on(clock, "telegram", "email")
    officer = await visit("cntt.cv1")
    page = html.document_fromstring((await officer.get(PAGE)).text)
    chosen = {one.get("name"): one.xpath("string(option[@selected]/@value)") for one in page.xpath("//select")}
    assert (chosen["c-assigned-telegram"], chosen["c-changed-email"]) == ("now", "digest")
    assert page.xpath("//select[@name='c-daily-telegram']/option/@value") == ["now", "off"], "a summary is not kept for the summary"
    await officer.post(PAGE, data={**chosen, "c-changed-telegram": "now", "c-risk-email": "off", "c-due-telegram": "nonsense"})
    await carry_out(TurnChannel(channel="email", on=False), actor=CAST.admin, now=clock(), source="page")
    page = html.document_fromstring((await officer.get(PAGE)).text)
    shown = {one.get("name"): one.xpath("string(option[@selected]/@value)") for one in page.xpath("//select")}
    assert "c-risk-email" not in shown and shown["c-changed-telegram"] == "now"
    await officer.post(PAGE, data={**shown, "c-talk-telegram": "off"})
    kept = (await preferences_of([CAST.officer], None))[CAST.officer].choices
    assert kept == {"changed": {"telegram": "now"}, "risk": {"email": "off"}, "talk": {"telegram": "off"}}
    await officer.post(PAGE, data={"reset": "1"})
    again = (await preferences_of([CAST.officer], None))[CAST.officer]
    assert again.choices == {} and again.quiet is None, "a new assignment shows at any hour"


async def test_a_chat_is_tied_by_a_code_that_is_shown_once_and_let_go_by_its_owner_alone(visit: Visit, clock: Clock) -> None:
    officer, colleague = await visit("cntt.cv1"), await visit("cntt.cv2")
    assert (await officer.post(f"{PAGE}/link", data={"channel": "telegram"})).headers["location"] == PAGE, "nobody turned it on"
    await turn_on(clock, "telegram")
    facts = {"bot": "@SoViecBot", "link": "https://t.me/SoViecBot?start={code}"}
    await carry_out(NoteChannel(channel="telegram", facts=facts), actor=None, now=clock(), source="job")
    code = await tie(officer, clock, "42")
    assert (await officer.get(f"{PAGE}/link")).headers["location"] == PAGE
    page = (await officer.get(PAGE)).text
    assert "@kha" in page and "Ngừng dùng" in page and code not in page
    [address] = await rows("SELECT id, person FROM address WHERE state = 'active'")
    assert address["person"] == CAST.officer
    assert (await colleague.post(f"{PAGE}/addresses/{address['id']}/end")).status_code == 404
    assert (await officer.post(f"{PAGE}/addresses/{address['id']}/end")).status_code == 303
    assert await rows("SELECT id FROM address WHERE state = 'active'") == []
    assert "đã ngừng" in (await officer.get(PAGE)).text


async def test_the_code_opens_the_chat_and_says_how_long_it_holds(visit: Visit, clock: Clock) -> None:
    await turn_on(clock, "telegram")
    facts = {"bot": "@SoViecBot", "link": "https://t.me/SoViecBot?start={code}"}
    await carry_out(NoteChannel(channel="telegram", facts=facts), actor=None, now=clock(), source="job")
    page = html.document_fromstring((await (await visit("cntt.cv1")).post(f"{PAGE}/link", data={"channel": "telegram"})).text)
    code = re.sub(r"\s", "", page.xpath("string(//p[contains(@class, 'code')])"))
    assert page.xpath(f"//a[@href='https://t.me/SoViecBot?start={code}']") and "08:30" in page.text_content()


async def test_a_test_message_goes_to_oneself_and_its_page_says_how_it_fares(visit: Visit, clock: Clock) -> None:
    await turn_on(clock, "telegram")
    officer = await visit("cntt.cv1")
    refused = await officer.post(f"{PAGE}/test", data={"channel": "telegram"})
    assert "Chưa liên kết kênh này" in (await officer.get(refused.headers["location"])).text
    await tie(officer, clock, "42")
    answer = await officer.post(f"{PAGE}/test", data={"channel": "telegram"})
    delivery = await row("SELECT id, person, state FROM delivery")
    assert delivery is not None and delivery["person"] == CAST.officer
    assert delivery["id"] in answer.headers["location"]
    assert "Đang chờ gửi" in (await officer.get(answer.headers["location"])).text
    assert "Đang chờ gửi" not in (await (await visit("cntt.cv2")).get(answer.headers["location"])).text, "how it fares is his own affair"
    assert (await officer.get(f"{PAGE}?test=x,,{'9' * 900}")).status_code == 200


@pytest.mark.parametrize(("username", "rooms"), [("cntt.truong", 1), ("giamdoc", 4), ("quantri", 4), ("cntt.cv1", 0), ("cntt.pho1", 0)])
async def test_the_group_of_a_room_is_the_affair_of_who_answers_for_it(visit: Visit, clock: Clock, username: str, rooms: int) -> None:
    await turn_on(clock, "telegram")
    browser = await visit(username)
    answer = await browser.get(f"{PAGE}/groups")
    assert answer.status_code == (200 if rooms else 403)
    assert answer.text.count("Chưa liên kết") == rooms
    assert ("/me/notices/groups" in (await browser.get(PAGE)).text) is bool(rooms)
    if not rooms:
        assert (await browser.post(f"{PAGE}/link", data={"channel": "telegram", "unit": CAST.cntt})).status_code == 403
        return
    await tie(browser, clock, "-100", "Phòng CNTT", unit=CAST.cntt)
    assert "Phòng CNTT, từ" in (await browser.get(f"{PAGE}/groups")).text
    await browser.post(f"{PAGE}/groups/end", data={"channel": "telegram", "unit": CAST.cntt})
    assert await rows("SELECT id FROM address WHERE state = 'active'") == []


async def test_a_mailbox_that_cannot_be_reached_is_said_beside_its_field(visit: Visit, clock: Clock) -> None:
    await turn_on(clock, "email")
    officer = await visit("cntt.cv1")
    for mailbox in ("không phải thư", "a@b"):
        answer = await officer.post(f"{PAGE}/mail", data={"mailbox": mailbox})
        assert answer.status_code == 422 and "Địa chỉ thư không đúng" in answer.text
    answer = await officer.post(f"{PAGE}/mail", data={"mailbox": "kha@bacninh.gov.vn"})
    assert answer.status_code == 409 and "Chưa gửi được mã xác nhận" in answer.text
    answer = await officer.post(f"{PAGE}/mail", data={"mailbox": "kha@bacninh.gov.vn", "code": "BBBBBBBB"})
    assert answer.status_code == 422 and "Mã xác nhận không đúng" in answer.text and "kha@bacninh.gov.vn" in answer.text

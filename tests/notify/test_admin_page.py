"""Kênh gửi tin: the administrator's alone, honest about what leaves the country, silent about what letters say."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from lxml import html

from server.notify.commands.channels import NoteChannel
from server.notify.tables import Address, Delivery, DeliveryItem
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import insert, row, rows
from server.storage.ids import new_id
from server.storage.tables import Outbox
from server.storage.transaction import as_json
from tests.office import CAST, SECRET, Clock, Visit

pytestmark = pytest.mark.anyio
PAGE = "/messages"


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """Telegram and mail are set up, behind ports on which nobody listens; Zalo and push are not."""
    made = Settings(data_dir=str(tmp_path), database_url=sqlite_url, secret_key=SECRET)
    return msgspec.structs.replace(
        made, telegram_token="1:ab", telegram_api="http://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9", smtp_from="a@b.vn"
    )


async def letter(clock: Clock, state: str = "failed", *, channel: str = "telegram", address_state: str = "active", **more: object) -> str:
    """A letter to the officer that ended so; its identifier."""
    address, message, delivery = new_id(), new_id(), new_id()
    now = clock()
    owned = {
        "id": address,
        "channel": channel,
        "person": CAST.officer,
        "address": address,
        "label": "@kha",
        "state": address_state,
        "since": now,
    }
    await insert(Address, owned)
    data = as_json({"number": "#26-014", "title": "Tên việc bí mật"})
    await insert(Outbox, {"id": message, "kind": "task.assigned", "person": CAST.officer, "data": data, "at": now, "planned_at": now})
    given = {"id": delivery, "channel": channel, "address": address, "person": CAST.officer, "state": state, "made_at": now, "next_at": now}
    ended = None if state == "waiting" else now
    await insert(Delivery, given | {"attempts": 1, "ended_at": ended, "why": "sending.why.too_old"} | more)
    await insert(DeliveryItem, {"id": new_id(), "delivery": delivery, "message": message})
    return delivery


async def state_of(delivery: str) -> str:
    return str((await row("SELECT state FROM delivery WHERE id = $1", delivery) or {})["state"])


@pytest.mark.parametrize("username", ["giamdoc", "pgd1", "hcth.truong", "cntt.truong", "cntt.cv1"])
async def test_nobody_else_opens_it_or_does_anything_there(visit: Visit, clock: Clock, username: str) -> None:
    delivery = await letter(clock)
    browser = await visit(username)
    assert (await browser.get(PAGE)).status_code == 403
    assert "/messages" not in (await browser.get("/me")).text
    for path in ("channels/email/turn", "channels/email/check", "retry", "put-aside"):
        assert (await browser.post(f"{PAGE}/{path}", data={"on": "1", "id": delivery})).status_code == 403, path
    assert await state_of(delivery) == "failed" and await rows("SELECT channel FROM channel_state") == []


async def test_a_channel_abroad_is_turned_on_by_who_has_said_that_he_knows(visit: Visit, clock: Clock) -> None:
    admin = await visit("quantri")
    page = (await admin.get(PAGE)).text
    assert "91/2025/QH15" in page and page.count("Chưa thiết lập") == 2 and page.count("Đang tắt") == 2
    refused = await admin.post(f"{PAGE}/channels/telegram/turn", data={"on": "1"})
    assert refused.status_code == 422 and 'aria-invalid="true"' in refused.text and "Đang bật" not in refused.text
    assert (await admin.post(f"{PAGE}/channels/telegram/turn", data={"on": "1", "understood": "1"})).status_code == 303
    found = await row('SELECT "on", understood, "by" FROM channel_state WHERE channel = $1', "telegram")
    assert found is not None and (bool(found["on"]), bool(found["understood"]), found["by"]) == (True, True, CAST.admin)
    assert "Quản trị hệ thống, 08:15 hôm nay" in (await admin.get(PAGE)).text
    assert (await admin.post(f"{PAGE}/channels/zalo/turn", data={"on": "1"})).status_code == 409, "nobody has set it up"
    assert (await admin.post(f"{PAGE}/channels/nosuch/turn", data={"on": "0"})).status_code == 422
    waits = await letter(clock, "waiting")
    await admin.post(f"{PAGE}/channels/telegram/turn", data={"on": "0"})
    assert await state_of(waits) == "dropped"


async def test_a_service_that_cannot_be_reached_is_said_and_kept(visit: Visit) -> None:
    admin = await visit("quantri")
    answer = await admin.post(f"{PAGE}/channels/email/check")
    page = (await admin.get(answer.headers["location"])).text
    assert "Chưa kết nối được" in page and "Trục trặc gần nhất, 08:15 hôm nay" in page
    assert (await admin.post(f"{PAGE}/channels/zalo/check")).status_code == 409


async def test_what_a_channel_says_of_itself_stands_there(visit: Visit, clock: Clock) -> None:
    facts = {"checked": "@SoViecBot", "checked_at": clock().isoformat(), "paused_until": (clock() + timedelta(minutes=9)).isoformat()}
    await carry_out(NoteChannel(channel="telegram", facts=facts), actor=None, now=clock(), source="job")
    page = (await (await visit("quantri")).get(PAGE)).text
    assert "@SoViecBot, 08:15 hôm nay" in page and "08:24 hôm nay, theo yêu cầu của dịch vụ" in page


async def test_it_counts_what_was_sent_what_failed_and_how_long_it_took(visit: Visit, clock: Clock) -> None:
    for minutes in (1, 2, 60 * 24 * 3):
        now = clock()
        await letter(
            clock, "sent", next_at=now - timedelta(minutes=minutes), ended_at=now - timedelta(minutes=minutes, seconds=-1.5), why=""
        )
    await letter(clock, "failed")
    await letter(clock, "waiting")
    table = html.document_fromstring((await (await visit("quantri")).get(PAGE)).text).xpath("//table")[0]
    figures = {line.xpath("string(th)"): [cell.text_content() for cell in line.xpath("td")] for line in table.xpath(".//tbody/tr")}
    assert figures["Telegram"] == ["1", "2", "1", "1,5 giây", "3", "1", "1,5 giây"]
    assert figures["Zalo"] == ["0", "0", "0", "–", "0", "0", "–"]


async def test_a_letter_that_failed_says_why_and_whom_for_and_not_what_it_says(visit: Visit, clock: Clock) -> None:
    await letter(clock)
    page = html.document_fromstring((await (await visit("quantri")).get(PAGE)).text)
    text = " ".join(page.xpath("//li[contains(@class, 'letter')]")[0].text_content().split())
    for word in ("Trần Bảo Kha", "Telegram (@kha)", "Việc mới", "26-014", "Quá 48 giờ", "Không gửi được"):
        assert word in text, word
    assert "bí mật" not in page.text_content()


async def test_one_or_all_are_sent_again_or_put_aside(visit: Visit, clock: Clock) -> None:
    one, other = await letter(clock), await letter(clock, "unknown")
    mail, gone = await letter(clock, channel="email"), await letter(clock, address_state="revoked")
    admin = await visit("quantri")
    await admin.post(f"{PAGE}/retry", data={"id": one})
    assert [await state_of(name) for name in (one, other, mail, gone)] == ["waiting", "unknown", "failed", "failed"]
    again = await row("SELECT maybe_doubled FROM delivery WHERE id = $1", one)
    assert again is not None and not again["maybe_doubled"]
    answer = await admin.post(f"{PAGE}/retry", data={"channel": "telegram", "state": ""})
    assert answer.headers["location"] == f"{PAGE}?channel=telegram#dead"
    assert [await state_of(name) for name in (other, mail, gone)] == ["waiting", "failed", "failed"]
    assert "1 tin có địa chỉ nhận không còn dùng" in (await admin.get(PAGE)).text
    await admin.post(f"{PAGE}/put-aside", data={"id": gone})
    assert [await state_of(name) for name in (mail, gone)] == ["failed", "dropped"]
    await admin.post(f"{PAGE}/put-aside", data={})
    assert await state_of(mail) == "dropped"
    answer = await admin.post(f"{PAGE}/put-aside", data={"id": mail})
    assert "đã được gửi lại hoặc không còn" in (await admin.get(answer.headers["location"])).text
    assert "Không có tin nào bị lỗi" in (await admin.get(PAGE)).text
    done = [one["action"] for one in await rows("SELECT action FROM audit_entry WHERE kind = 'delivery' ORDER BY seq")]
    assert done == ["retry", "retry", "put_aside", "put_aside"]


async def test_a_long_list_is_filtered_and_goes_on(visit: Visit, clock: Clock) -> None:
    for place in range(33):
        clock.later(seconds=1)
        await letter(clock, "unknown" if place % 3 == 0 else "failed")
    admin = await visit("quantri")

    async def count(query: str) -> int:
        return (await admin.get(f"{PAGE}{query}")).text.count('class="card stack tight letter"')

    assert [await count(query) for query in ("", "?start=30", "?state=unknown", "?channel=email", "?state=x&channel=y&start=-1")] == [
        30,
        3,
        11,
        0,
        30,
    ]
    assert "Không có tin nào khớp bộ lọc" in (await admin.get(f"{PAGE}?channel=email")).text

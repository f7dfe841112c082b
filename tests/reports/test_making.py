"""Files of reports: asked for, made, fetched; by people who press twice, whose network breaks, whose server dies."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from litestar import Litestar

from server.errors import Refusal
from server.reports.filed.queries import Filed
from server.reports.making.commands import AskFile, FailFile, ReadyFile, StepFile, TakeFile
from server.reports.making.makers import Makers, made
from server.reports.making.queries import File, file, files_of
from server.reports.making.rules import KEPT, LEASE, MOST_AT_ONCE, MOST_TRIES, What
from server.reports.making.wire import Order, Said
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.engine import row
from server.storage.ids import new_id
from tests.office import CAST, NOW, Clock, Visit

pytestmark = pytest.mark.anyio

CONTENT = bytes(range(256)) * 40
FORM = {"period": "2026-11", "unit": CAST.cntt, "format": "xlsx"}


async def quick(order: Order, settings: Settings, told: Callable[[Said], None]) -> Said:
    """A maker that writes at once what no test reads as a workbook."""
    Path(order.path).write_bytes(CONTENT)
    return Said(size=len(CONTENT), sha256="0" * 64)


async def ask(person: str = CAST.officer, what: What = "xlsx", period: str = "2026-11", now: datetime = NOW) -> str:
    asked = AskFile(id=new_id(), what=what, unit=CAST.cntt, period=period)
    answer = await carry_out(asked, actor=person, now=now, source="page")
    return str(answer["id"])


async def job(command: TakeFile | StepFile | ReadyFile | FailFile, clock: Clock) -> dict[str, object]:
    return await carry_out(command, actor=None, now=clock(), source="job")


async def stored(file_id: str) -> File:
    found = await file(file_id)
    assert found is not None
    return found


@pytest.fixture
def makers(app: Litestar) -> Makers:
    """Those of the application, making at once."""
    found = app.state.makers
    assert isinstance(found, Makers)
    found.make = quick
    return found


async def test_two_presses_make_one_file_and_another_asker_another(engine: object, clock: Clock) -> None:
    first, second, other = await asyncio.gather(ask(), ask(), ask(CAST.head))
    assert first == second != other
    assert await ask(what="pdf") != first
    await job(TakeFile(id=first, maker="a"), clock)
    await job(ReadyFile(id=first, maker="a", name="a.xlsx", size=1, sha256=""), clock)
    assert await ask(now=NOW + timedelta(seconds=59)) == first
    assert await ask(now=NOW + timedelta(seconds=61)) != first
    assert len(await files_of(CAST.officer)) == 3


async def test_it_refuses_what_can_not_be_made(engine: object, clock: Clock) -> None:
    for period, key in (("2027-01", "reports.period_future"), ("2026-13", "reports.period_bad")):
        with pytest.raises(Refusal) as caught:
            await ask(period=period)
        assert caught.value.key == key
    for week in range(MOST_AT_ONCE):
        await ask(period=f"2026-W{40 + week}")
    with pytest.raises(Refusal) as caught:
        await ask()
    assert (caught.value.code, caught.value.key) == ("conflict", "making.too_many")
    with pytest.raises(Refusal) as caught:
        await carry_out(TakeFile(id=new_id(), maker="a"), actor=CAST.officer, now=NOW, source="sync")
    assert caught.value.key == "making.by_job"


async def test_what_a_killed_maker_leaves_is_taken_up_and_given_up_in_the_end(engine: object, clock: Clock) -> None:
    asked = await ask()
    for number in range(MOST_TRIES):
        assert (await job(TakeFile(id=asked, maker=f"{number}"), clock))["taken"]
        assert not (await job(TakeFile(id=asked, maker="thief"), clock))["taken"]
        # Whoever says that he is still there keeps it.
        clock.now += LEASE
        assert (await job(StepFile(id=asked, maker=f"{number}", done=1, of=9), clock))["mine"]
        assert not (await job(TakeFile(id=asked, maker="thief"), clock))["taken"]
        clock.now += LEASE + timedelta(seconds=1)
    assert not (await job(TakeFile(id=asked, maker="last"), clock))["taken"]
    found = await stored(asked)
    assert (found.state, found.tries) == ("failed", MOST_TRIES) and "nhiều lần" in found.said
    # The first maker wakes up again: it is not his any more.
    assert not (await job(ReadyFile(id=asked, maker="0", name="a.xlsx", size=1, sha256=""), clock))["mine"]


async def test_a_file_is_asked_for_watched_and_fetched_in_two_pieces(visit: Visit, makers: Makers, clock: Clock) -> None:
    browser = await visit("cntt.cv1")
    asked = await browser.post("/reports/files", data=FORM)
    assert asked.status_code == 303
    page = asked.headers["location"]
    assert (await browser.post("/reports/files", data=FORM)).headers["location"] == page
    assert "Đang tạo tệp" in (await browser.get(page)).text
    await makers.settled()
    shown = (await browser.get(page, headers={"HX-Request": "true"})).text
    assert f'hx-get="{page}/start"' in shown and "every 1s" not in shown
    address = (await browser.get(f"{page}/start")).headers["hx-redirect"]
    assert address == f"{page}/bao-cao-cntt-2026-11.xlsx"
    whole = await browser.get(address)
    assert (whole.status_code, whole.content, whole.headers["content-length"]) == (200, CONTENT, str(len(CONTENT)))
    assert whole.headers["accept-ranges"] == "bytes" and whole.headers["last-modified"] == "Mon, 23 Nov 2026 01:15:00 GMT"
    # The first download is all that begins by itself.
    assert "/start" not in (await browser.get(page)).text and "hx-redirect" not in (await browser.get(f"{page}/start")).headers
    for same in (whole.headers["etag"], whole.headers["last-modified"]):
        rest = await browser.get(address, headers={"Range": "bytes=1000-", "If-Range": same})
        assert (rest.status_code, rest.content) == (206, CONTENT[1000:])
        assert rest.headers["content-range"] == f"bytes 1000-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert (await browser.get(address, headers={"Range": "bytes=1000-", "If-Range": '"other"'})).status_code == 200
    beyond = await browser.get(address, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(CONTENT)}")
    assert (await browser.get(address, headers={"If-None-Match": whole.headers["etag"]})).status_code == 304
    listed = (await browser.get("/reports/files")).text
    assert address in listed

    stranger = await visit("giamdoc")
    for path in (page, f"{page}/start", address):
        assert (await stranger.get(path)).status_code == 404
    assert "Bạn chưa tạo tệp nào" in (await stranger.get("/reports/files")).text
    assert (await browser.get(f"{page}/other.xlsx")).status_code == 404

    clock.now += KEPT
    assert await makers.tidy() == 1
    again = await visit("cntt.cv1")
    assert (await again.get(address)).status_code == 410
    assert "Tạo lại" in (await again.get(page)).text and not makers.shelf.files()


async def test_whoever_waits_has_a_forsaken_file_made_and_reads_why_one_failed(visit: Visit, makers: Makers, clock: Clock) -> None:
    asked = await ask()
    await job(TakeFile(id=asked, maker="killed"), clock)
    browser = await visit("cntt.cv1")
    await browser.get(f"/reports/files/{asked}")
    assert (await stored(asked)).state == "making"
    clock.now += LEASE + timedelta(seconds=1)
    await browser.get(f"/reports/files/{asked}")
    await makers.settled()
    assert (await stored(asked)).state == "ready"

    async def broken(order: Order, settings: Settings, told: Callable[[Said], None]) -> Said:
        Path(order.path).write_bytes(b"half")
        raise ValueError("a bug")

    makers.make = broken
    asked = await ask(what="listing")
    makers.begin(asked)
    await makers.settled()
    shown = await browser.get(f"/reports/files/{asked}")
    assert "Không tạo được tệp do lỗi của hệ thống" in shown.text and "a bug" not in shown.text
    assert [one.name for one in (makers.shelf.root / ".making").iterdir()] == []


async def test_a_paper_is_printed_by_the_server_and_opens_in_the_browser(
    visit: Visit, makers: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str, str]] = []

    async def printed(found: Filed, what: str, place: str) -> bytes:
        told.append((found.line.unit, found.line.state, found.line.code))
        return b"%PDF-1.7"

    monkeypatch.setattr("server.reports.filed.papers.made", printed)
    makers.make = made
    browser = await visit("cntt.cv1")
    page = (await browser.post("/reports/files", data=FORM | {"format": "pdf"})).headers["location"]
    await makers.settled()
    address = (await browser.get(f"{page}/start")).headers["hx-redirect"]
    found = await browser.get(address)
    assert (found.content, found.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")
    assert found.headers["content-disposition"].startswith("attachment;"), "the page that led to it would be gone"
    assert told == [(CAST.cntt, "draft", "BC-CNTT")] and address.endswith("bao-cao-cntt-2026-11.pdf")
    # A fixed report has its own files; of one that is not there none is made.
    assert (await browser.post("/reports/files", data=FORM | {"format": "pdf", "filed": new_id()})).status_code == 404


async def test_the_log_says_who_took_what_out_of_the_house(engine: object) -> None:
    await ask(what="listing")
    entry = await row("SELECT actor, action, after FROM audit_entry ORDER BY seq DESC LIMIT 1")
    assert entry is not None and (entry["actor"], entry["action"]) == (CAST.officer, "report.file.ask") and "listing" in entry["after"]

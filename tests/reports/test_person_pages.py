"""The page "Dữ liệu của tôi": who may make whose copy, how it is told, and the download."""

import io
import zipfile
from pathlib import Path

import httpx
import orjson
import pytest

from server.reports.person import making
from server.reports.person.kept import Shelf
from server.storage.engine import row, rows
from server.storage.ids import new_id
from tests.office import CAST, Clock, Visit

pytestmark = pytest.mark.anyio
PATH = "/me/data"


async def _made(client: httpx.AsyncClient, **form: str) -> str:
    """The address of the copy that this browser has just had made."""
    answer = await client.post(PATH, data={"mutation": new_id(), **form})
    assert answer.status_code == 303, answer.text
    await making.settled()
    page = (await client.get(PATH)).text
    assert page.count("/me/data/copies/") == 1 or form
    return "/me/data/copies/" + page.split("/me/data/copies/")[1].split('"')[0]


async def test_it_says_what_is_kept_and_counts_it_afterwards(visit: Visit):
    client = await visit("cntt.cv1")
    page = (await client.get(PATH)).text
    assert "Chưa có bản sao nào" in page and "Đang đếm…" in page and 'hx-get="/me/data/kinds"' in page
    assert "Cơ quan chưa bật kênh nhắn tin nào ra ngoài" in page
    assert "Tạo thay người khác" not in page
    kinds = (await client.get(f"{PATH}/kinds")).text
    assert kinds.count("<details") == 12 and "Đang đếm" not in kinds and " mục, từ 23/11/2026" in kinds
    assert (await client.get(f"{PATH}?counts=1")).text.count("Đang đếm") == 0


async def test_a_person_makes_his_own_copy_and_takes_it_away(visit: Visit):
    client = await visit("cntt.cv1")
    href = await _made(client)
    whole = await client.get(href)
    assert whole.status_code == 200 and whole.headers["content-type"] == "application/zip"
    assert 'filename="du-lieu-cntt.cv1-2026-11-23.zip"' in whole.headers["content-disposition"]
    assert whole.headers["content-length"] == str(len(whole.content)) and "no-store" in whole.headers["cache-control"]
    about = orjson.loads(zipfile.ZipFile(io.BytesIO(whole.content)).read("du-lieu.json"))["about"]
    assert about["username"] == "cntt.cv1" and about["reason"] == ""
    entry = await row("SELECT actor, subject, after FROM audit_entry WHERE kind = 'export' AND action = 'make'")
    assert entry and (entry["actor"], entry["subject"]) == (CAST.officer, CAST.officer)
    assert await rows("SELECT id FROM outbox WHERE kind = 'export.made'") == [], "nobody is told what he did himself"


async def test_a_download_that_was_cut_goes_on(visit: Visit):
    client = await visit("cntt.cv1")
    href = await _made(client)
    whole = await client.get(href)
    etag, size = whole.headers["etag"], len(whole.content)
    rest = await client.get(href, headers={"Range": "bytes=1000-", "If-Range": etag})
    assert rest.status_code == 206 and rest.content == whole.content[1000:]
    assert rest.headers["content-range"] == f"bytes 1000-{size - 1}/{size}"
    assert (await client.get(href, headers={"Range": "bytes=1000-", "If-Range": '"another"'})).content == whole.content
    assert (await client.get(href, headers={"Range": f"bytes={size}-"})).status_code == 416
    assert (await client.get(href, headers={"If-None-Match": etag})).status_code == 304
    head = await client.head(href)
    assert head.headers["content-length"] == str(size) and head.content == b""


async def test_a_copy_is_its_makers_alone_and_goes_after_a_day(visit: Visit, clock: Clock, tmp_path: Path):
    client = await visit("cntt.cv1")
    href = await _made(client)
    assert (await (await visit("giamdoc")).get(href)).status_code == 410
    assert (await client.get(f"{PATH}/copies/..%2f..%2fsecret.key")).status_code in (404, 410)
    clock.later(hours=23)
    assert (await client.get(href)).status_code == 200
    clock.later(hours=1)
    assert (await client.get(href)).status_code == 410
    assert "Chưa có bản sao nào" in (await client.get(PATH)).text
    shelf = Shelf(tmp_path)
    left = shelf.workshop(new_id())
    (shelf.root / f"{new_id()}.zip").write_bytes(b"a kill left it")
    shelf.sweep(clock())
    assert len(list(shelf.root.glob("*.zip"))) == 1 and left.exists(), "somebody may be making it"
    shelf.sweep(clock(), all_unfinished=True)
    assert not list(shelf.root.glob("*.*")) or not list(shelf.root.glob("*.zip"))
    assert not left.exists()


async def test_another_persons_copy_wants_a_right_and_a_reason_and_he_is_told(visit: Visit):
    # A copy has scores and tasks: the administrator has a right to neither.
    for other in ("cntt.truong", "pgd1", "quantri"):
        browser = await visit(other)
        refused = await browser.post(PATH, data={"person": CAST.officer, "reason": "Đơn số 5", "mutation": new_id()})
        assert refused.status_code == 403 and "chính mình" in refused.text
        assert "Tạo thay người khác" not in (await browser.get(PATH)).text
    for maker, number in (("giamdoc", 1), ("hcth.truong", 2)):
        client = await visit(maker)
        assert "Tạo thay người khác" in (await client.get(PATH)).text
        without = await client.post(PATH, data={"person": CAST.officer, "reason": " ", "mutation": new_id()})
        assert without.status_code == 422 and "Hãy ghi số" in without.text
        href = await _made(client, person=CAST.officer, reason=f"Đơn số {number} ngày 20/11/2026")
        about = orjson.loads(zipfile.ZipFile(io.BytesIO((await client.get(href)).content)).read("du-lieu.json"))["about"]
        assert about["username"] == "cntt.cv1" and about["reason"] == f"Đơn số {number} ngày 20/11/2026"
    told = await rows("SELECT person FROM outbox WHERE kind = 'export.made'")
    assert [one["person"] for one in told] == [CAST.officer] * 2
    notices = (await (await visit("cntt.cv1")).get("/notices")).text
    assert "Đã tạo bản sao dữ liệu của bạn" in notices and "Đơn số 2" in notices
    asked = await rows("SELECT after, on_behalf FROM audit_entry WHERE kind = 'export' ORDER BY seq")
    assert "Đơn số 1" in asked[0]["after"] and asked[1]["on_behalf"] == CAST.director


async def test_the_same_form_twice_makes_one_copy_and_a_stopped_one_is_said(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    client = await visit("cntt.cv1")
    mutation = new_id()
    for _ in range(2):
        assert (await client.post(PATH, data={"mutation": mutation})).status_code == 303
    await making.settled()
    assert (await client.post(PATH, data={"mutation": mutation})).status_code == 303
    assert len(await rows("SELECT seq FROM audit_entry WHERE kind = 'export'")) == 1

    async def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "make", full)
    stopped = new_id()
    await client.post(PATH, data={"mutation": stopped})
    await making.settled()
    answer = await client.get(f"{PATH}/making/{stopped}")
    assert answer.headers["hx-redirect"] == f"{PATH}?stopped=1"
    assert "đã dừng giữa chừng" in (await client.get(f"{PATH}?stopped=1")).text


async def test_a_server_that_ends_lets_go_of_what_it_makes(visit: Visit, tmp_path: Path):
    client = await visit("cntt.cv1")
    copy = new_id()
    await client.post(PATH, data={"mutation": copy})
    await making.close()
    work = making.of(copy)
    assert work is not None and work.stage == "failed"
    assert list((tmp_path / "exports" / ".making").iterdir()) == []
    assert "Chưa có bản sao nào" in (await client.get(PATH)).text

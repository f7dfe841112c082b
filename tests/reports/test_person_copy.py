"""The copy itself: what is in it and what is not, the same in JSON and in the workbook, on both engines."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from python_calamine import CalamineWorkbook

from server.accounts.tables import Session
from server.files.commands import attach, keep
from server.files.store import Store
from server.notify.tables import Address
from server.people.queries import directory
from server.reports.person import making
from server.reports.person.kept import Shelf
from server.reports.person.labels import column_name, part_name
from server.reports.person.parts import PARTS
from server.storage.engine import Engine, insert
from server.storage.ids import LOCAL
from server.storage.transaction import transaction
from server.tasks.queries.scope import may_see
from tests.office import CAST, fixed_id
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio

FORMULA = '=HYPERLINK("http://x.test";"Bấm đây")'
OWN_FILE, OTHERS_FILE = b"%PDF-1.4 c\xe1\xbb\xa7a t\xc3\xb4i" * 50, b"%PDF-1.4 c\xe1\xbb\xa7a ng\xc6\xb0\xe1\xbb\x9di kh\xc3\xa1c"
CHAT = "987654321012345"
#: A score of the colleague's that nobody but his raters may know: it stands nowhere else in the scene.
OTHERS_SCORE = 61


class Facts:
    """What ``files.commands.keep`` wants to know of a content."""

    def __init__(self, sha: str, name: str, size: int) -> None:
        self.sha256 = self.sent = sha
        self.name, self.size, self.type = name, size, "application/pdf"
        self.width = self.height = self.thumb = None


async def _send(store: Store, desk: Desk, who: str, name: str, content: bytes, task: str) -> str:
    kept = store.put(content, 10**6)
    async with transaction(actor=who, now=desk.now, source="page") as tx:
        await keep(tx, Facts(kept.sha256, name, kept.size), by=who)
        await attach(tx, task=task, files=[kept.sha256], by=who, may_see=may_see)
    return kept.sha256


async def _scene(store: Store) -> dict[str, str]:
    """Work of the officer, with others on it: the colleague has a task of his own that the head scored."""
    desk = Desk()
    task = await desk.task(title=FORMULA, collaborators=[{"person": CAST.colleague, "share": 30}], due=date(2026, 12, 1).isoformat())
    await desk.do(CAST.officer, "task.progress", task=task, percent=60, note="+ dòng đầu\n- dòng sau \x07 hết")
    await desk.do(CAST.officer, "task.comment", task=task, text="Nhờ xem giúp", mentions=[CAST.colleague])
    await desk.do(CAST.officer, "task.submit", task=task, note="Xong")
    await desk.do(CAST.head, "task.review", task=task, verdict="accept", score=90, note="Tốt")
    others = await desk.submitted(lead=CAST.colleague, title="Việc của người khác")
    await desk.do(CAST.head, "task.review", task=others, verdict="accept", score=OTHERS_SCORE, note="Được")
    await _send(store, desk, CAST.officer, "kết quả.pdf", OWN_FILE, task)
    await _send(store, desk, CAST.head, "ý kiến.pdf", OTHERS_FILE, task)
    await insert(Address, {"id": fixed_id("chat"), "channel": "telegram", "person": CAST.officer, "address": CHAT, "label": "@kha",
                           "data": '{"auth": "bí mật"}', "since": desk.now})  # fmt: skip
    await insert(Session, {"id": "a" * 64, "person": CAST.officer, "created_at": desk.now, "seen_at": desk.now, "expires_at": desk.now,
                           "device": "Chrome trên Android"})  # fmt: skip
    return {"task": task, "others": others}


async def _copy(tmp_path: Path, person: str, store: Store) -> zipfile.ZipFile:
    shelf = Shelf(tmp_path)
    asked = making.Asked(
        id=fixed_id(f"copy of {person}"), person=person, made_by=person, reason="", now=datetime(2026, 11, 23, 9, tzinfo=UTC),
        known=await directory(), store=store, shelf=shelf,
    )  # fmt: skip
    work = making.Work(id=asked.id, person=person, made_by=person)
    copy = await making.make(asked, work)
    assert work.stage == "packing" and work.done == work.total > 0
    assert not (tmp_path / "exports" / ".making" / asked.id).exists()
    return zipfile.ZipFile(io.BytesIO(shelf.path(copy.id).read_bytes()))


def _all(value: Any) -> list[Any]:
    """Every value in it, however deep, and every key."""
    if isinstance(value, dict):
        return [one for pair in value.items() for side in pair for one in _all(side)]
    return [one for part in value for one in _all(part)] if isinstance(value, list) else [value]


async def test_it_holds_everything_of_the_person_and_nothing_of_others(engine: Engine, tmp_path: Path):
    store = Store(tmp_path / "files")
    scene = await _scene(store)
    archive = await _copy(tmp_path, CAST.officer, store)
    assert archive.testzip() is None
    told = orjson.loads(archive.read("du-lieu.json"))
    data = told["data"]

    assert told["schema_version"] == 1 and told["about"]["name"] == "Trần Bảo Kha"
    assert set(data) == {*(part.name for part in PARTS), "trend"}
    assert [one["username"] for one in data["profile"]] == ["cntt.cv1"]
    mine = {one["id"]: one for one in data["tasks"]}
    assert mine.keys() == {scene["task"]}
    assert mine[scene["task"]]["title"] == FORMULA and mine[scene["task"]]["roles"] == ["lead"]
    assert mine[scene["task"]]["creator"] == "Đặng Hoài Sang" and mine[scene["task"]]["unit"] == "Phòng Ứng dụng CNTT"
    assert [one["score"] for one in data["reviews_received"]] == [90_000]
    assert [one["mentions"] for one in data["comments"]] == [["Nông Thị Quế Anh"]]
    assert {one["kind"] for one in data["reports"]} == {"progress", "submit"}
    assert data["addresses"][0]["address"] == "…2345"
    assert [one["device"] for one in data["sessions"]] == ["Chrome trên Android"]
    assert {"assign", "accept"} & {one["action"] for one in data["audit"]} == set(), "what others did on a task is not about him"
    assert {"progress", "comment", "submit"} <= {one["action"] for one in data["audit"]}
    assert data["notices"] and all(one["said"] for one in data["notices"])

    values = [str(one) for one in _all(data)]
    people = set((await directory()).people) - {CAST.officer}
    assert not people & set(values), "another person is there by name, not by identifier"
    for secret in (CHAT, "bí mật", "argon2", "a" * 64, str(OTHERS_SCORE * 1000)):
        assert not any(secret in one for one in values), secret


async def test_it_keeps_from_the_reviewer_what_is_the_reviewed_persons(engine: Engine, tmp_path: Path):
    store = Store(tmp_path / "files")
    scene = await _scene(store)
    data = orjson.loads((await _copy(tmp_path, CAST.head, store)).read("du-lieu.json"))["data"]
    given = {one["task"]: one for one in data["reviews_given"]}
    assert given[scene["others"]]["note"] == "Được" and given[scene["others"]]["person"] == "Nông Thị Quế Anh"
    judged = [one for one in data["audit"] if one["action"] == "accept"]
    assert len(judged) == 2 and all(one["withheld"] and one["after"] == {} for one in judged)
    made = [one for one in data["audit"] if one["action"] == "create"]
    assert made and not any(one["withheld"] for one in made)
    assert not any(str(OTHERS_SCORE * 1000) in str(one) for one in _all(data))


async def test_the_workbook_says_what_the_json_says(engine: Engine, tmp_path: Path):
    store = Store(tmp_path / "files")
    await _scene(store)
    archive = await _copy(tmp_path, CAST.officer, store)
    data = orjson.loads(archive.read("du-lieu.json"))["data"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("du-lieu.xlsx")))
    filled = [part for part in PARTS if data[part.name]]
    assert set(book.sheet_names) == {"Bản sao này", *(part_name(part) for part in filled)}
    for part in filled:
        head, *lines = book.get_sheet_by_name(part_name(part)).to_python()
        assert head == [column_name(part, column) for column in part.shown]
        assert len(lines) == len(data[part.name]), part.name
        for line, row in zip(lines, data[part.name], strict=True):
            for column, cell in zip(part.shown, line, strict=True):
                _same(part.kind(column), column, row[column], cell)
    raw = zipfile.ZipFile(io.BytesIO(archive.read("du-lieu.xlsx")))
    sheets = [raw.read(name).decode() for name in raw.namelist() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in one for one in sheets), "no cell is a formula"
    assert sum("<autoFilter" in one for one in sheets) == len(filled) and all("<pane" in one for one in sheets)


def _same(kind: str, column: str, value: Any, cell: Any) -> None:
    """Whether a cell is the JSON's value, as a number or a day where it is one."""
    if value in (None, "", [], {}):
        assert cell == "", column
    elif kind == "day":
        assert cell == date.fromisoformat(value), column
    elif kind == "moment":
        then = datetime.fromisoformat(value).astimezone(LOCAL).replace(tzinfo=None)
        assert abs((cell - then).total_seconds()) < 1, column
    elif kind in ("thousandths", "millionths"):
        assert cell == value / (1000 if kind == "thousandths" else 1_000_000), column
    elif kind in ("number", "bytes", "minutes"):
        assert cell == value, column
    elif kind == "text":
        assert cell == "".join(letter for letter in value if letter >= " " or letter in "\t\n\r"), column
    else:
        assert isinstance(cell, str) and cell, column


async def test_it_holds_the_files_that_he_sent_and_names_those_that_are_lost(engine: Engine, tmp_path: Path):
    store = Store(tmp_path / "files")
    scene = await _scene(store)
    lost = await _send(store, Desk(), CAST.officer, "mất rồi.pdf", b"%PDF-1.4 " + b"x" * 500, scene["task"])
    store.path(lost).unlink()
    archive = await _copy(tmp_path, CAST.officer, store)
    told = orjson.loads(archive.read("du-lieu.json"))
    inside = [name for name in archive.namelist() if name.startswith("tep/")]
    assert [archive.read(name) for name in inside] == [OWN_FILE]
    assert inside[0] in {one["path"] for one in told["data"]["attachments"]}
    assert told["lost_files"] == ["tep/0002-mất rồi.pdf"]
    text = archive.read("README.txt").decode("utf-8-sig")
    assert "tep/0002-mất rồi.pdf" in text and "91/2025/QH15" in text and "Trần Bảo Kha" in text
    assert "- Việc: 1\r\n" in text

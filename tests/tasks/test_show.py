"""What pages say of tasks: due dates, moments, the timeline, and scores for those who may see them."""

import ast
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calendar.current import working_days
from server.errors import Refusal
from server.files.queries import of_task
from server.people.directory import Directory
from server.people.queries import directory
from server.storage.engine import Engine
from server.storage.ids import new_id
from server.tasks.queries import one as queries
from server.tasks.queries.lists import Filters, in_bin, last_reports, listed, mine_now, parts_of, waiting
from server.tasks.show import timeline
from server.tasks.show.cards import card
from server.tasks.show.lists import bin_context, list_context, today_context
from server.tasks.show.one import task_context
from server.tasks.show.reviews import FEW, more_of, reviews_context, shown_of, sorted_waiting
from server.tasks.show.values import amount, chip, due_text, file_size, moment
from server.words import catalogue
from tests.office import TODAY, Cast
from tests.tasks.desk import Desk, audit, local, stored

DAYS = working_days()


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (None, "Không thời hạn"),
        (date(2026, 11, 20), "quá hạn 3 ngày"),
        (date(2026, 11, 23), "hết hạn hôm nay"),
        (date(2026, 11, 24), "đến hạn 24/11/2026"),
        (date(2026, 11, 25), "còn 1 ngày làm việc"),
        (date(2026, 11, 30), "còn 4 ngày làm việc"),
        (date(2026, 12, 22), "còn 20 ngày làm việc"),
        (date(2026, 12, 23), "đến 23/12/2026"),
        (date(2027, 6, 1), "đến 01/06/2027"),
        (date(9999, 12, 31), "đến 31/12/9999"),
    ],
)
def test_a_due_date_is_said_in_working_days(due: date | None, said: str) -> None:
    """24 November is a holiday since 2026, the day of Vietnamese culture."""
    assert due_text(due, None, TODAY, DAYS) == said


def test_a_due_date_on_the_coming_weekend_names_its_day() -> None:
    assert due_text(date(2026, 11, 22), None, date(2026, 11, 21), DAYS) == "đến hạn 22/11/2026"


def test_a_mistyped_year_is_shown_as_far_away() -> None:
    for year in (2500, 5000, 9998, 9999):
        assert chip("in_progress", date(year, 12, 31), None, TODAY, DAYS, overdue=False)["label"] == "Đang thực hiện"
        assert str(year) in due_text(date(year, 12, 31), None, TODAY, DAYS)


@pytest.mark.parametrize("status", [key.removeprefix("tasks.status.") for key in catalogue() if key.startswith("tasks.status.")])
def test_every_state_has_a_chip_with_words_and_an_icon(status: str) -> None:
    if status == "overdue":
        shown = chip("in_progress", date(2026, 11, 20), None, TODAY, DAYS, overdue=True)
        assert (shown["kind"], shown["label"]) == ("late", "Quá hạn 3 ngày")
        return
    shown = chip(status, None, "none", TODAY, DAYS, overdue=False)
    assert shown["label"] == catalogue()[f"tasks.status.{status}"] and shown["icon"] and shown["kind"]


NOW = local(2026, 11, 23, 8, 15)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (local(2026, 11, 23, 0, 5), "00:05 hôm nay"),
        (local(2026, 11, 22, 23, 59), "23:59 hôm qua"),
        (local(2026, 1, 2, 3, 4), "03:04, 02/01"),
        (local(2025, 12, 31, 23, 59), "23:59, 31/12/2025"),
        (None, ""),
    ],
)
def test_a_moment_is_said_by_the_offices_clock(at: datetime | None, said: str) -> None:
    assert moment(at, NOW) == said


@pytest.mark.parametrize(
    ("thousandths", "said"), [(None, ""), (0, "0"), (1000, "1"), (1500, "1,5"), (1234567890, "1.234.567,89"), (1, "0,001")]
)
def test_amounts_are_written_as_in_viet_nam(thousandths: int | None, said: str) -> None:
    assert amount(thousandths) == said


@given(st.integers(0, 10**12))
def test_a_file_size_is_short(size: int) -> None:
    assert len(file_size(size)) < 15


def actions() -> set[str]:
    """Every word that a command of tasks gives the chain."""
    found: set[str] = set()
    for path in Path("server/tasks/commands").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "audit":
                found |= {one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return (found - {"task"}) | {"pause", "resume", "cancel", "reopen", "accept", "return", "attach"}


def test_every_entry_of_the_chain_has_a_sentence_in_the_timeline() -> None:
    said = actions() - timeline.SILENT
    assert len(said) > 20
    assert [one for one in said if f"tasks.timeline.{one}" not in catalogue()] == []


async def shown(task: str, person: str, desk: Desk) -> dict[str, Any]:
    known = await directory()
    found = await queries.whole(task, known.actor(person), desk.today, known)
    assert found is not None
    history = await queries.timeline(task)
    return task_context(found, history, await of_task(task), known.actor(person), known, desk.today, desk.now, DAYS)


@pytest.mark.anyio
async def test_a_whole_life_is_told_in_sentences(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.proposal(cast.officer, cast.officer, due="2026-12-10", checklist=["Dự thảo"])
    do = desk.do
    await do(cast.delegate, "task.decide", task=task, decision="approve", changes={"priority": "urgent"}, reason="Đồng ý")
    facts = {one["label"]: one["text"] for one in (await shown(task, cast.officer, desk))["facts"]}
    assert facts["Người giao"] == "Phùng Thế Vịnh (theo ủy quyền của Đỗ Khắc Tường)"
    await do(cast.officer, "task.progress", task=task, percent=30, note="Đã có dự thảo", quantity=0.5)
    await do(cast.officer, "task.extend", task=task, due="2026-12-20", reason="Chờ ý kiến")
    await do(cast.director, "task.decide", task=task, decision="approve")
    await do(
        cast.director, "task.edit", task=task, fields={"title": "Tên mới", "due": None, "unit": cast.hcth, "quantity": 2.5}, reason="Đổi"
    )
    await do(cast.officer, "task.hand_back", task=task, reason="Quá tải")
    await do(cast.director, "task.assign", task=task, lead=cast.colleague, followers=[cast.stranger], reason="Đổi người")
    await do(cast.director, "task.status", task=task, to="paused", reason="Chờ")
    await do(cast.director, "task.status", task=task, to="in_progress")
    await do(cast.colleague, "task.comment", task=task, text="Đã nhận")
    await do(cast.colleague, "task.submit", task=task)
    await do(cast.director, "task.review", task=task, verdict="return", note="Thiếu số liệu")
    await do(cast.colleague, "task.submit", task=task)
    await do(cast.director, "task.review", task=task, verdict="accept", score=91.5, quantity=2, major_error=True)
    context = await shown(task, cast.director, desk)
    said = [entry["title"] for entry in context["history"]]
    assert said[-1] == "Đề xuất nhiệm vụ"
    assert said[-2] == "Duyệt đề xuất, giao Trần Bảo Kha chủ trì (theo ủy quyền của Đỗ Khắc Tường)"
    assert "Đồng ý gia hạn từ 10/12/2026 đến 20/12/2026" in said
    assert said[0] == "Nghiệm thu đạt: Nông Thị Quế Anh"
    assert len(said) == len(await audit(task))
    notes = "\n".join(entry["note"] for entry in context["history"])
    for words in (
        "Thời hạn: 20/12/2026 → –",
        "Đơn vị: Phòng Ứng dụng CNTT → Phòng Hành chính - Tổng hợp",
        "Số lượng: 1 → 2,5",
    ):
        assert words in notes
    assert "Điểm: 91,5" in notes and "Chủ trì: Trần Bảo Kha → Nông Thị Quế Anh" in notes
    assert "{" not in notes and "None" not in notes
    facts = {one["label"]: one["text"] for one in context["facts"]}
    assert facts["Người giao"] == "Đỗ Khắc Tường", "he gave it to others himself"


@pytest.mark.anyio
async def test_scores_are_for_whom_they_are_of_and_who_gives_them(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.submitted(collaborators=[{"person": cast.colleague}], followers=[cast.stranger])
    await desk.do(cast.head, "task.review", task=task, verdict="accept", score=91.5, note="Tốt")
    sees = {}
    for name in ("director", "deputy", "delegate", "head", "deputy_head", "officer", "colleague", "stranger"):
        context = await shown(task, getattr(cast, name), desk)
        sees[name] = "91,5" in orjson.dumps(context, default=str).decode()
    assert [name for name, seen in sees.items() if seen] == ["director", "head", "deputy_head", "officer"]


@pytest.mark.anyio
async def test_another_rooms_task_looks_like_none(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    known = await directory()
    for person in (cast.stranger, cast.admin):
        assert await queries.whole(task, known.actor(person), TODAY, known) is None
    assert await queries.whole(new_id(), known.actor(cast.director), TODAY, known) is None
    for name in ("x", "", "26-999", "26-²", "\x00", task.upper(), "'; --"):
        found = await queries.id_of(name)
        assert found is None, name
    assert await queries.id_of("26-001") == task


@pytest.mark.anyio
async def test_days_are_days_of_the_office(engine: Engine, cast: Cast) -> None:
    """06:30 in Bắc Ninh is the evening before in London."""
    desk = Desk(now=local(2026, 11, 24, 6, 30))
    task = await desk.submitted(due="2026-11-23")
    known = await directory()
    found = await waiting(known.actor(cast.head), desk.today, known)
    parts = await parts_of([task])
    mine = sorted_waiting(found, parts, known.actor(cast.head), known, desk.today)
    context = reviews_context(mine, parts, await last_reports([task]), {}, known, desk.today, desk.now, DAYS)
    assert context["groups"][0]["entries"][0]["in_time"] is False
    await desk.do(cast.head, "task.review", task=task, verdict="accept")
    facts = {one["label"]: one["text"] for one in (await shown(task, cast.head, desk))["facts"]}
    assert facts["Hoàn thành ngày"] == "24/11/2026"


@pytest.mark.anyio
async def test_the_bin_shows_what_can_still_be_restored(engine: Engine, cast: Cast) -> None:
    from datetime import timedelta

    desk = Desk(now=local(2026, 10, 24, 6, 30))
    task = await desk.task()
    await desk.do(cast.head, "task.bin", task=task)
    binned = desk.now
    desk.now = binned + timedelta(days=30) - timedelta(minutes=5)
    known = await directory()
    found = await in_bin(known.actor(cast.head), desk.today, known, desk.today - timedelta(days=30))
    assert [one["id"] for one in found] == [task]
    assert bin_context(found, known, desk.today, desk.now, DAYS)["tasks"][0]["by"] == "Đặng Hoài Sang"
    await desk.do(cast.head, "task.restore", task=task)


@pytest.mark.anyio
async def test_a_page_of_each_kind_can_be_made_for_everybody(engine: Engine, cast: Cast, desk: Desk) -> None:
    await desk.completed()
    await desk.submitted(due="2026-11-20")
    await desk.task(due="9999-12-31")
    await desk.proposal(cast.officer, None)
    back = await desk.task(due="2026-11-22")
    await desk.do(cast.officer, "task.hand_back", task=back, reason="Bận")
    known = await directory()
    for name in cast.usernames:
        actor = known.actor(getattr(cast, name))
        found = await listed(Filters(status="all"), actor, desk.today, known)
        assert list_context(found, Filters(status="all"), actor, known, desk.today, DAYS)["tasks"] is not None
        some = await waiting(actor, desk.today, known)
        parts = await parts_of([one["id"] for one in some])
        mine = sorted_waiting(some, parts, actor, known, desk.today)
        reviews_context(mine, parts, await last_reports([one["id"] for one in some]), {}, known, desk.today, desk.now, DAYS)
        context = today_context(await mine_now(actor.id), mine, known.people[actor.id], known, desk.today, DAYS, assigns=name != "officer")
        assert context["hello"]


@pytest.mark.anyio
async def test_a_card_goes_with_the_day_and_with_the_directory(engine: Engine, cast: Cast, desk: Desk) -> None:
    await desk.task(lead=cast.officer, due="2026-11-24")
    known = await directory()
    (row,) = (await listed(Filters(), known.actor(cast.director), desk.today, known)).rows
    cards = [card(row, known, date(2026, 11, number), DAYS) for number in (23, 24, 25)]
    assert [one["overdue"] for one in cards] == [False, False, True]
    assert [one["chip"]["label"] for one in cards] == ["Đến hạn 24/11/2026", "Hết hạn hôm nay", "Quá hạn 1 ngày"]
    renamed = [msgspec.structs.replace(one, name="Người Tên Mới") if one.id == cast.officer else one for one in known.people.values()]
    later = Directory(known.version + 1, known.units.values(), renamed)
    assert card(row, later, desk.today, DAYS)["lead"]["name"] == "Người Tên Mới"
    assert card({**row, "lead": None}, later, desk.today, DAYS)["lead"] is None


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["a\x00b", "\x00", "a\ud800b"])
async def test_text_that_no_database_keeps_is_refused_with_a_sentence(engine: Engine, cast: Cast, desk: Desk, text: str) -> None:
    task = await desk.task()
    for actor, name, more in (
        (cast.head, "task.create", {"title": text, "lead": cast.officer}),
        (cast.officer, "task.progress", {"task": task, "percent": 1, "note": text}),
        (cast.officer, "task.progress", {"task": text, "percent": 1}),
        (cast.head, "task.edit", {"task": task, "fields": {"title": text}}),
        (cast.head, "task.edit", {"task": task, "fields": {text: "x"}}),
    ):
        with pytest.raises(Refusal) as caught:
            await desk.do(actor, name, **more)
        assert caught.value.code == "invalid"
    assert (await stored(task))["version"] == 1


def test_the_page_of_decisions_shows_a_few_of_each_kind_and_leads_to_the_rest() -> None:
    waiting = {"results": [{"id": str(n)} for n in range(50)], "proposals": [{"id": "p"}], "extensions": []}
    first = shown_of(waiting)
    assert [len(some) for some in first.values()] == [FEW, 1, 0]
    assert more_of(waiting, "results", FEW) == {"href": f"/reviews?kind=results&start={FEW}", "label": "Xem thêm 46 việc"}
    assert more_of(waiting, "proposals", 1) is None
    seen, start = [one["id"] for one in first["results"]], FEW
    while start < 50:
        some = shown_of(waiting, "results", start)["results"]
        seen += [one["id"] for one in some]
        start += len(some)
    assert seen == [str(n) for n in range(50)], "each exactly once"
    assert shown_of(waiting, "nonsense") == first

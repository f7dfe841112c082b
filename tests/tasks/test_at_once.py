"""Two people at one moment, on both engines: nobody's work is lost, nobody's is done twice."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from server.errors import Refusal
from server.storage.door import carry_out, command
from server.storage.engine import Engine, is_sqlite, row, rows
from server.storage.ids import new_id
from tests.office import CAST, NOW, Cast
from tests.tasks.desk import NEEDS_ID, Desk, check_whole, parts, stored, told

pytestmark = pytest.mark.anyio


def ask(actor: str, name: str, mutation: str | None = None, **arguments: Any) -> Coroutine[Any, Any, dict[str, Any]]:
    """A command at the one fixed moment."""
    if name in NEEDS_ID:
        arguments.setdefault("id", new_id())
    return carry_out(command(name, arguments), actor=actor, now=NOW, source="page", mutation=mutation)


async def at_once(*asked: Coroutine[Any, Any, dict[str, Any]]) -> tuple[list[dict[str, Any]], list[Refusal]]:
    """What was done and what was refused; anything else is an error of the program."""
    done, refused = [], []
    for one in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(one, Refusal):
            refused.append(one)
        elif isinstance(one, BaseException):
            raise one
        else:
            done.append(one)
    return done, refused


async def deadlocks() -> int:
    """How often PostgreSQL had to choose a victim in this database."""
    if is_sqlite():
        return 0
    await rows("SELECT pg_stat_force_next_flush()")
    found = await row("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(found["deadlocks"]) if found else 0


async def test_of_two_reviewers_the_second_hears_who_was_first(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.submitted()
    both = [ask(one, "task.review", task=task, verdict="accept", score=80) for one in (cast.head, cast.deputy_head)]
    done, refused = await at_once(*both)
    assert (len(done), len(refused)) == (1, 1)
    review = await rows("SELECT reviewer FROM review WHERE task = $1", task)
    assert len(review) == 1
    names = {cast.head: "Đặng Hoài Sang", cast.deputy_head: "Ông Thị Thùy Mây"}
    assert (refused[0].code, refused[0].key) == ("conflict", "tasks.reviewed_already")
    assert names[review[0]["reviewer"]] in refused[0].message
    await check_whole([task])


async def test_accepting_and_returning_at_once_is_one_verdict(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.submitted()
    done, refused = await at_once(
        ask(cast.head, "task.review", task=task, verdict="accept"),
        ask(cast.deputy_head, "task.review", task=task, verdict="return", note="Làm lại"),
    )
    assert len(done) == 1 and [one.code for one in refused] == ["conflict"]
    assert (await stored(task))["status"] == ("completed" if done[0]["status"] == "completed" else "in_progress")
    await check_whole([task])


async def test_a_double_click_makes_one_task(engine: Engine, cast: Cast) -> None:
    mutation, said = new_id(), {"id": new_id(), "title": "Một việc", "lead": cast.officer}
    done, refused = await at_once(*(ask(cast.head, "task.create", mutation, **said) for _ in range(8)))
    assert len({one["number"] for one in done}) == 1 and len(done) == 8 and refused == []
    assert await rows("SELECT count(*) AS n FROM task") == [{"n": 1}]
    assert len(await told(said["id"])) == 1


async def test_one_identifier_from_two_tabs_is_one_task_and_a_sentence(engine: Engine, cast: Cast) -> None:
    task = new_id()
    done, refused = await at_once(
        *(ask(cast.head, "task.create", new_id(), id=task, title=f"Việc {n}", lead=cast.officer) for n in range(6))
    )
    assert len(done) == 1 and {one.key for one in refused} == {"tasks.id_taken"}


async def test_two_reassignments_leave_one_lead(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(collaborators=[{"person": cast.colleague, "share": 0.4}])
    swaps = [
        (cast.head, cast.colleague, cast.officer),
        (cast.director, cast.deputy_head, cast.colleague),
        (cast.deputy, cast.officer, cast.colleague),
    ]
    done, refused = await at_once(
        *(ask(by, "task.assign", task=task, lead=lead, collaborators=[{"person": other}], reason="Đổi") for by, lead, other in swaps * 3)
    )
    assert len(done) == 9 and refused == []
    await check_whole([task])


async def test_lead_and_collaborator_change_places(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(collaborators=[{"person": cast.colleague, "share": 0.4}])
    for lead, other in ((cast.colleague, cast.officer), (cast.officer, cast.colleague)):
        await desk.do(cast.head, "task.assign", task=task, lead=lead, collaborators=[{"person": other, "share": 0.3}], reason="Đổi vai")
        assert {person: (part["role"], part["share"]) for person, part in (await parts(task)).items()} == {
            lead: ("lead", 700),
            other: ("collaborator", 300),
        }
        await check_whole([task])


async def test_children_that_report_at_once_add_up(engine: Engine, cast: Cast, desk: Desk) -> None:
    top = await desk.task(cast.director, cast.head)
    middle = await desk.task(cast.head, cast.deputy_head, parent=top)
    leaves = [await desk.task(cast.head, cast.officer, parent=middle) for _ in range(6)]
    await at_once(*(ask(cast.officer, "task.progress", task=leaf, percent=10 * place) for place, leaf in enumerate(leaves, 1)))
    assert [(await stored(one))["percent"] for one in (middle, top)] == [35, 35]
    assert [(await stored(one))["status"] for one in (middle, top)] == ["in_progress", "in_progress"]
    await check_whole([top, middle, *leaves])


async def test_creating_at_every_depth_at_once_never_deadlocks(engine: Engine, cast: Cast, desk: Desk) -> None:
    """The counter of numbers and the parents are locked in one order, whoever creates where."""
    top = await desk.task(cast.director, cast.head)
    middle = await desk.task(cast.head, cast.deputy_head, parent=top)
    leaf = await desk.task(cast.head, cast.officer, parent=middle)
    before = await deadlocks()
    asked = []
    for place in range(8):
        asked += [
            ask(cast.director, "task.create", title=f"Việc {place}", lead=cast.officer, parent=parent) for parent in (top, middle, None)
        ]
        asked += [ask(cast.officer, "task.progress", task=leaf, percent=place)]
    _, refused = await at_once(*asked)
    assert refused == []
    assert await deadlocks() == before
    assert (await stored(top))["children"] == 9 and (await stored(middle))["children"] == 9


async def test_two_tasks_never_become_each_others_parent(engine: Engine, cast: Cast, desk: Desk) -> None:
    one, other = await desk.task(), await desk.task()
    done, refused = await at_once(
        ask(cast.head, "task.edit", task=one, fields={"parent": other}),
        ask(cast.head, "task.edit", task=other, fields={"parent": one}),
    )
    assert len(done) == 1 and [said.key for said in refused] == ["tasks.parent_cycle"]


async def test_edits_of_different_fields_at_once_are_both_kept(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(title="Cũ", due="2026-12-10")
    await at_once(
        ask(cast.head, "task.edit", task=task, fields={"title": "Mới"}, base={"title": "Cũ"}),
        ask(cast.director, "task.edit", task=task, fields={"priority": "urgent"}, base={"priority": "normal"}),
        ask(cast.deputy, "task.edit", task=task, fields={"description": "Chi tiết"}, base={"description": ""}),
    )
    now = await stored(task)
    assert (now["title"], now["priority"], now["description"], now["version"]) == ("Mới", "urgent", "Chi tiết", 4)


async def test_followers_who_come_and_go_at_once_leave_a_true_scope(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    asked = [
        ask(person, "task.follow", task=task, on=on) for person in (cast.director, cast.deputy, cast.head) for on in (True, False, True)
    ]
    await at_once(*asked)
    await check_whole([task])


async def test_numbers_of_changes_are_the_order_of_commits(engine: Engine, cast: Cast, desk: Desk) -> None:
    """A reader who asks all the time for what is new never misses one that commits late."""
    tasks = [await desk.task() for _ in range(4)]
    start = (await rows("SELECT max(seq) AS seq FROM change"))[0]["seq"]
    read: list[int] = []
    busy = True

    async def reader() -> None:
        cursor = start
        while True:
            last_round = not busy
            for one in await rows("SELECT seq FROM change WHERE seq > $1 ORDER BY seq", cursor):
                cursor = one["seq"]
                read.append(cursor)
            if last_round:
                return
            await asyncio.sleep(0)

    async def writers() -> None:
        nonlocal busy
        await at_once(*(ask(CAST.officer, "task.progress", task=tasks[n % 4], percent=n) for n in range(40)))
        busy = False

    await asyncio.gather(reader(), writers())
    stored_seqs = [one["seq"] for one in await rows("SELECT seq FROM change WHERE seq > $1 ORDER BY seq", start)]
    assert read == stored_seqs == list(range(start + 1, start + 1 + len(stored_seqs)))
    await check_whole(tasks)

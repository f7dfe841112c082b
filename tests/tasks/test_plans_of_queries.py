"""How the lists are read: by their indexes, and in a number of statements that does not grow with the tasks."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from server.audit.queries import of_subject
from server.files.queries import of_reports_among, of_task
from server.people.queries import directory
from server.storage import engine as engines
from server.storage.engine import Engine, counted, is_sqlite, rows
from server.storage.transaction import together
from server.tasks.queries.lists import Filters, in_bin, last_reports, listed, mine_now, parts_of, waiting
from server.tasks.queries.one import whole
from server.tasks.queries.scope import may_see
from tests.office import CAST, TODAY, Cast
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio
Reads = Callable[[], Awaitable[object]]


async def fill(desk: Desk, count: int) -> list[str]:
    made = []
    async with together():
        for place in range(count):
            lead = (CAST.officer, CAST.colleague, CAST.deputy_head)[place % 3]
            made.append(await desk.task(lead=lead, due=f"2026-12-{place % 28 + 1:02d}", title=f"Báo cáo số {place}", checklist=["Một"]))
    return made


def reads(person: str, task: str) -> dict[str, Reads]:
    """What the pages ask for, as this person."""

    async def list_page(**more: object) -> None:
        known = await directory()
        await listed(Filters(**more), known.actor(person), TODAY, known)  # type: ignore[arg-type]

    async def today() -> None:
        known = await directory()
        found = await waiting(known.actor(person), TODAY, known)
        await parts_of([one["id"] for one in found])
        await mine_now(person)

    async def reviews() -> None:
        known = await directory()
        found = await waiting(known.actor(person), TODAY, known)
        await parts_of([one["id"] for one in found])
        said = await last_reports([one["id"] for one in found])
        await of_reports_among([one["id"] for one in said.values()])

    async def one() -> None:
        known = await directory()
        assert await whole(task, known.actor(person), TODAY, known)
        await of_subject("task", task, 31)
        await of_task(task)

    async def bin_page() -> None:
        known = await directory()
        await in_bin(known.actor(person), TODAY, known, TODAY)

    return {
        "list": list_page,
        "mine": lambda: list_page(whose="mine"),
        "search": lambda: list_page(q="báo cáo"),
        "today": today,
        "reviews": reviews,
        "task": one,
        "bin": bin_page,
    }


async def test_no_page_asks_more_when_there_is_more(engine: Engine, cast: Cast, desk: Desk) -> None:
    first = (await fill(desk, 5))[0]

    async def counts() -> dict[str, int]:
        found = {}
        for who in (cast.director, cast.head, cast.officer):
            for name, read in reads(who, first).items():
                with counted() as said:
                    await read()
                found[f"{name} by {who}"] = len(said)
        return found

    await counts()
    few = await counts()
    await fill(desk, 60)
    many = await counts()
    grown = {name: (few[name], many[name]) for name in few if many[name] > few[name]}
    assert grown == {}
    assert max(few.values()) < 10, few


@pytest.fixture
async def large(sqlite_url: str, anyio_backend: str) -> AsyncIterator[Engine]:
    """SQLite with 300 tasks in all states. Nobody runs ANALYZE, so neither does the test."""
    used = engines.use(engines.make(sqlite_url))
    await used.open()
    await fill(Desk(), 300)
    for place, status in enumerate(("completed", "completed", "cancelled", "declined", "in_progress", "submitted", "paused", "proposed")):
        await rows("UPDATE task SET status = $1 WHERE ordinal % 9 = $2", status, place)
    yield used
    await used.close()


async def plans(engine: Engine, read: Reads) -> dict[str, str]:
    """Each statement of a read with SQLite's plan of it."""
    seen: list[tuple[str, tuple[object, ...]]] = []
    await directory()
    real = engine.rows

    async def listening(sql: str, arguments: tuple[object, ...] = ()) -> list[dict[str, object]]:
        seen.append((sql, arguments))
        return await real(sql, arguments)

    patch = pytest.MonkeyPatch()
    patch.setattr(type(engine), "rows", lambda _, sql, arguments=(): listening(sql, arguments))
    try:
        await read()
    finally:
        patch.undo()
    return {sql: " | ".join(str(one["detail"]) for one in await real(f"EXPLAIN QUERY PLAN {sql}", values)) for sql, values in seen}


def of_tasks(found: dict[str, str]) -> str:
    return " || ".join(plan for sql, plan in found.items() if " task " in sql or "task_scope" in sql or "assignment" in sql)


async def test_a_persons_own_work_is_found_by_his_assignments(large: Engine, cast: Cast) -> None:
    plan = of_tasks(await plans(large, lambda: mine_now(cast.officer)))
    assert "assignment_person" in plan, plan
    assert "SCAN t" not in plan and "SCAN a" not in plan, plan


async def test_the_list_of_an_officer_reads_by_state_or_by_what_he_sees(large: Engine, cast: Cast) -> None:
    plan = of_tasks(await plans(large, reads(cast.officer, "")["list"]))
    assert any(name in plan for name in ("task_status_due", "task_scope_scope", "sqlite_autoindex_task_scope")), plan
    assert "SCAN t" not in plan, plan


async def test_the_list_of_the_director_reads_open_tasks_only(large: Engine, cast: Cast) -> None:
    plan = of_tasks(await plans(large, reads(cast.director, "")["list"]))
    assert "task_status_due" in plan, plan


async def test_what_a_person_may_see_is_asked_of_the_index(large: Engine, cast: Cast) -> None:
    tasks = [one["id"] for one in await rows("SELECT id FROM task LIMIT 30")]
    plan = of_tasks(await plans(large, lambda: may_see(cast.officer, tasks)))
    assert "task_scope_scope" in plan or "task_scope_task" in plan, plan
    assert "SCAN task_scope" not in plan, plan


async def test_what_waits_is_not_looked_for_in_all_tasks(large: Engine, cast: Cast) -> None:
    plan = of_tasks(await plans(large, lambda: reads(cast.head, "")["reviews"]()))
    assert "SCAN t" not in plan, plan


async def test_a_tasks_page_reads_by_keys(large: Engine, cast: Cast) -> None:
    task = (await rows("SELECT id FROM task LIMIT 1"))[0]["id"]
    found = await plans(large, reads(cast.officer, task)["task"])
    assert [sql for sql, plan in found.items() if "SCAN" in plan.replace("SCAN CONSTANT ROW", "")] == [], found


async def test_postgresql_has_an_index_for_each_list(engine: Engine, cast: Cast, desk: Desk) -> None:
    """On a small table PostgreSQL reads it whole; with that switched off the plan shows whether it could do otherwise."""
    if is_sqlite():
        return
    await fill(desk, 30)
    wanted = {
        "SELECT t.id FROM assignment a JOIN task t ON t.id = a.task WHERE a.person = 'x' AND a.until IS NULL": "assignment_",
        "SELECT t.id FROM task t WHERE t.status IN ('submitted', 'paused') AND t.due < '2026-12-01'": "task_status_due",
        "SELECT task FROM task_scope WHERE scope = 'p:x'": "task_scope_scope",
        "SELECT scope FROM task_scope WHERE task = 'x'": "task_scope_task",
        "SELECT id FROM task WHERE parent = 'x'": "task_parent",
        "SELECT id FROM task WHERE ordinal = 1": "task_ordinal",
        "SELECT id FROM task WHERE deleted_at IS NOT NULL": "task_deleted",
        "SELECT id FROM report WHERE task = 'x' ORDER BY received": "report_task",
        "SELECT id FROM review WHERE task = 'x' ORDER BY at DESC": "review_task",
        "SELECT id FROM extension WHERE task = 'x' AND state = 'waiting'": "extension_",
        "SELECT seq FROM audit_entry WHERE kind = 'task' AND subject = 'x' AND seq < 9 ORDER BY seq DESC LIMIT 3": "audit_entry_subject",
        "SELECT task FROM task_search WHERE plain @@ to_tsquery('simple', 'a:*')": "task_search_plain",
    }
    async with together():
        await rows("SET LOCAL enable_seqscan = off")
        for sql, index in wanted.items():
            plan = "\n".join(str(one["QUERY PLAN"]) for one in await rows(f"EXPLAIN {sql}"))
            assert index in plan, f"{sql}\n{plan}"


async def test_every_index_is_there(engine: Engine, cast: Cast) -> None:
    from server.schema.fresh import indexes

    there = {
        one["name"]
        for one in await rows(
            "SELECT name FROM sqlite_master WHERE type = 'index'" if is_sqlite() else "SELECT indexname AS name FROM pg_indexes"
        )
    }
    wanted = {statement.split(" ON ")[0].split()[-1] for statement in indexes()}
    assert wanted <= there, wanted - there

"""Lists of tasks: today's, the filtered list, what waits for a decision."""

from datetime import date, timedelta
from typing import Any, Literal

import msgspec

from server.people.directory import Directory
from server.people.rules import Person
from server.storage.engine import places, rows
from server.storage.ids import LOCAL
from server.tasks import rules, search
from server.tasks.queries.scope import Where, visible

PAGE = 30
#: What foresight says of a task, where that is worth a mark (``show.marks``).
RISK = (
    "(SELECT k.band FROM risk k WHERE k.id = t.id AND k.band <> 'low') AS risk_band, "
    "(SELECT k.reasons FROM risk k WHERE k.id = t.id AND k.band <> 'low') AS risk_reasons"
)
CARD = (
    "t.id, t.ordinal, t.title, t.status, t.percent, t.due, t.no_due, t.priority, t.unit, t.field, t.lead, t.handed_back, "
    "t.children, t.parent, t.completed_at, t.demo, " + RISK
)
OPEN_SQL = "('not_started', 'in_progress', 'submitted', 'paused')"
#: In which states something can wait for a decision: said beside the finer question, because an index can answer it.
UNDECIDED_SQL = "('proposed', 'not_started', 'in_progress', 'submitted', 'paused')"
RUNNING_SQL = "('not_started', 'in_progress', 'paused')"

StatusFilter = Literal[
    "open", "overdue", "soon", "proposed", "not_started", "in_progress", "submitted", "paused", "completed", "cancelled", "declined", "all"
]  # fmt: skip
Whose = Literal["all", "mine", "lead", "given", "room", "followed"]
Sort = Literal["due", "new", "changed", "priority"]


class Filters(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What the address of a list says. Every name is a parameter of the URL."""

    q: str = ""
    status: StatusFilter = "open"
    whose: Whose = "all"
    person: str = ""
    unit: str = ""
    field: str = ""
    priority: str = ""
    plan: str = ""
    parent: str = ""
    due_from: date | None = None
    due_to: date | None = None
    sort: Sort = "due"
    start: int = 0


#: The names of the filters and what each is where an address does not say; asked of msgspec once, for it takes its time.
DEFAULTS: dict[str, Any] = {one.name: one.default for one in msgspec.structs.fields(Filters)}

SORTS: dict[str, str] = {
    "due": "t.due IS NULL, t.due, t.ordinal",
    "new": "t.ordinal DESC",
    "changed": "t.changed_at DESC",
    "priority": "CASE t.priority WHEN 'critical' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END, t.due IS NULL, t.due, t.ordinal",
}


class Found(msgspec.Struct):
    """One page of a list."""

    rows: list[dict[str, Any]]
    more: bool


def _filtered(filters: Filters, actor: Person, today: date, directory: Directory) -> Where:
    where = Where()
    visible(where, actor, today, directory)
    status = filters.status
    if status == "open":
        where.add(f"t.status IN {OPEN_SQL}")
    elif status == "overdue":
        where.add(f"t.status IN {RUNNING_SQL} AND t.due < {{}}", today)
    elif status == "soon":
        where.add(f"t.status IN {RUNNING_SQL} AND t.due >= {{}} AND t.due <= {{}}", today, today + timedelta(days=7))
    elif status != "all":
        where.add("t.status = {}", status)
    _whose(where, filters, actor)
    if filters.unit:
        where.add("EXISTS (SELECT 1 FROM task_scope x WHERE x.task = t.id AND x.scope = {})", f"u:{filters.unit}")
    for column in ("field", "priority", "plan", "parent"):
        value = getattr(filters, column)
        if value:
            where.add(f"t.{column} = {{}}", value)
    if filters.due_from:
        where.add("t.due >= {}", filters.due_from)
    if filters.due_to:
        where.add("t.due <= {}", filters.due_to)
    return where


def _whose(where: Where, filters: Filters, actor: Person) -> None:
    on_it = "EXISTS (SELECT 1 FROM assignment a WHERE a.task = t.id AND a.person = {} AND a.until IS NULL)"
    if filters.person:
        where.add(on_it, filters.person)
    if filters.whose == "mine":
        where.add(on_it, actor.id)
    elif filters.whose == "lead":
        where.add("t.lead = {}", actor.id)
    elif filters.whose == "given":
        where.add("(t.assigner = {} OR t.delegate = {} OR t.creator = {})", actor.id, actor.id, actor.id)
    elif filters.whose == "room":
        where.add("EXISTS (SELECT 1 FROM task_scope x WHERE x.task = t.id AND x.scope = {})", f"u:{actor.unit}")
    elif filters.whose == "followed":
        where.add("EXISTS (SELECT 1 FROM follower f WHERE f.task = t.id AND f.person = {})", actor.id)


async def listed(filters: Filters, actor: Person, today: date, directory: Directory) -> Found:
    """One page of the list that the filters describe, as this person may see it. A number (``26-014``) finds its task at once."""
    if rules.ordinal_of(filters.q) is not None:
        # Whoever says a number wants that task, in whatever state it is by now.
        filters = msgspec.structs.replace(filters, status="all")
    where = _filtered(filters, actor, today, directory)
    asked = search.words(filters.q)
    ordinal = rules.ordinal_of(filters.q) if filters.q else None
    if ordinal is not None:
        found = await rows(f"SELECT {CARD} FROM task t WHERE {where.sql} AND t.ordinal = ${len(where.values) + 1}", *where.values, ordinal)
        return Found(found, False)
    if asked:
        return await _searched(filters, asked, where)
    sql = f"SELECT {CARD} FROM task t WHERE {where.sql} ORDER BY {SORTS[filters.sort]} LIMIT {PAGE + 1} OFFSET {max(0, filters.start)}"
    found = await rows(sql, *where.values)
    return Found(found[:PAGE], len(found) > PAGE)


async def among(tasks: list[str], actor: Person, today: date, directory: Directory) -> list[dict[str, Any]]:
    """Those of the tasks that this person may see, the earliest due first."""
    where = visible(Where(), actor, today, directory).among("t.id", tasks)
    return await rows(f"SELECT {CARD} FROM task t WHERE {where.sql} ORDER BY {SORTS['due']}", *where.values)


async def _searched(filters: Filters, asked: list[str], where: Where) -> Found:
    """Newest first; with marks in the question, what is written just so comes before what only sounds alike."""
    start = max(0, filters.start)
    wanted = start + PAGE + 1
    found: list[dict[str, Any]] = []
    if search.has_marks(filters.q):
        found = await _matches(asked, True, where, wanted)
    if len(found) < wanted:
        had = {one["id"] for one in found}
        found += [one for one in await _matches(asked, False, where, wanted + len(had)) if one["id"] not in had]
    return Found(found[start : start + PAGE], len(found) > start + PAGE)


async def _matches(asked: list[str], exact: bool, where: Where, limit: int) -> list[dict[str, Any]]:
    condition, value = search.condition(asked, exact, f"${len(where.values) + 1}")
    sql = (
        f"SELECT {CARD} FROM task_search JOIN task t ON t.id = task_search.task "
        f"WHERE {condition} AND {where.sql} ORDER BY {search.newest_first()} LIMIT {limit}"
    )
    return await rows(sql, *where.values, value)


async def mine_now(person: str) -> list[dict[str, Any]]:
    """The open tasks that somebody is on, with his part; the most pressing first."""
    return await rows(
        f"SELECT {CARD}, a.role, a.percent AS part, a.state AS part_state, "
        "(SELECT r.verdict FROM review r WHERE r.task = t.id AND r.person = a.person ORDER BY r.at DESC LIMIT 1) AS last_verdict "
        "FROM assignment a JOIN task t ON t.id = a.task "
        f"WHERE a.person = $1 AND a.until IS NULL AND t.deleted_at IS NULL AND t.status IN {OPEN_SQL} "
        "ORDER BY t.due IS NULL, t.due, t.ordinal LIMIT 200",
        person,
    )


#: All columns that the rules ask for, for lists on which a decision is taken.
FACTS = (
    f"{CARD}, t.creator, t.assigner, t.assigner_position, t.delegate, t.deleted_at, t.submitted_at, "
    "t.handed_back_reason, t.created_at, t.quantity"
)


async def waiting(actor: Person, today: date, directory: Directory, limit: int = 300) -> list[dict[str, Any]]:
    """Tasks in sight on which something waits for a decision, oldest first: a result, a proposal, a later due date, a hand-back."""
    where = Where()
    visible(where, actor, today, directory)
    return await rows(
        f"SELECT {FACTS}, e.id AS extension, e.due AS asked_due, e.reason AS asked_reason, e.person AS asked_by "
        "FROM task t LEFT JOIN extension e ON e.task = t.id AND e.state = 'waiting' "
        f"WHERE {where.sql} AND t.status IN {UNDECIDED_SQL} AND (t.status IN ('submitted', 'proposed') "
        f"OR (t.status IN {RUNNING_SQL} AND (t.handed_back OR e.id IS NOT NULL))) "
        f"ORDER BY t.changed_at LIMIT {limit}",
        *where.values,
    )


async def parts_of(tasks: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Who is on each of the tasks now, the lead first."""
    if not tasks:
        return {}
    found = await rows(
        f"SELECT task, person, role, share, percent, state FROM assignment WHERE until IS NULL AND task IN ({places(len(tasks))}) "
        "ORDER BY CASE role WHEN 'lead' THEN 0 ELSE 1 END, since, id",
        *tasks,
    )
    by_task: dict[str, list[dict[str, Any]]] = {task: [] for task in tasks}
    for one in found:
        by_task[one["task"]].append(one)
    return by_task


async def last_reports(tasks: list[str]) -> dict[str, dict[str, Any]]:
    """The last submission of each of the tasks."""
    if not tasks:
        return {}
    found = await rows(
        "SELECT r.task, r.id, r.person, r.note, r.quantity, r.received FROM report r "
        f"WHERE r.kind = 'submit' AND r.task IN ({places(len(tasks))}) ORDER BY r.received",
        *tasks,
    )
    return {one["task"]: one for one in found}


async def in_bin(actor: Person, today: date, directory: Directory, since: date) -> list[dict[str, Any]]:
    """What is in the bin and may still be restored."""
    from server.tasks.queries.scope import seen

    where = Where()
    seen(where, actor, today, directory)
    where.add("t.deleted_at IS NOT NULL")
    found = await rows(
        f"SELECT {FACTS}, t.deleted_by FROM task t WHERE {where.sql} ORDER BY t.deleted_at DESC LIMIT 200",
        *where.values,
    )
    return [one for one in found if one["deleted_at"].astimezone(LOCAL).date() >= since]


async def alike(title: str, actor: Person, today: date, directory: Directory, limit: int = 5) -> list[dict[str, Any]]:
    """Open tasks in sight whose title shares most words with this one; for the warning before a second task of one kind is made."""
    asked = [word for word in search.words(title) if len(word) > 1][:8]
    if len(asked) < 3:
        return []
    where = Where()
    visible(where, actor, today, directory)
    where.add(f"t.status IN {OPEN_SQL}")
    return await _matches(asked, False, where, limit)

"""Which rows of a person's replica the change feed touches, without reading them."""

from collections.abc import Iterable
from datetime import date

import msgspec

from server.storage.engine import places, row, rows
from server.tasks.queries.lists import RUNNING_SQL
from sync.history import of_task, that_name
from sync.insight import carriers, decides, heard, weighed
from sync.kinds import KINDS, ON_TASKS
from sync.notices import notices_that_name
from sync.reader import Ask, Reader
from sync.scores import moved, scores


class Touched(msgspec.Struct):
    """Identifiers by kind that may have to be put, (kind, identifier) pairs to drop, and in ``whole`` tasks with all that hangs on them."""

    put: dict[str, list[str]]
    whole: list[str]
    drop: list[tuple[str, str]]
    seq: int
    more: bool


class Place(msgspec.Struct, frozen=True):
    """How far the database has come: the last change, the last entry of the chain with its mark, and the mark of an earlier entry."""

    seq: int
    entry: int
    chain: str
    earlier: str


#: Letters of an entry's hash: enough to tell one history from another.
MARK = 12


async def place(entry: int) -> Place:
    """Now, read at one moment; ``entry`` is the one whose mark is asked for."""
    found = await row(
        "SELECT (SELECT max(seq) FROM change) AS seq, (SELECT max(seq) FROM audit_entry) AS entry, "
        "(SELECT hash FROM audit_entry ORDER BY seq DESC LIMIT 1) AS chain, (SELECT hash FROM audit_entry WHERE seq = $1) AS earlier",
        entry,
    )
    assert found is not None
    return Place(found["seq"] or 0, found["entry"] or 0, (found["chain"] or "")[:MARK], (found["earlier"] or "")[:MARK])


async def last() -> int:
    """The number of the last change."""
    found = await row("SELECT seq FROM change ORDER BY seq DESC LIMIT 1")
    return int(found["seq"]) if found else 0


async def touched(reader: Reader, since: int, upto: int, limit: int) -> Touched:
    """What the next ``limit`` changes after ``since`` touch for this person."""
    changes = await rows(
        "SELECT seq, kind, subject, op FROM change WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3", since, upto, limit + 1
    )
    more = len(changes) > limit
    changes = changes[:limit]
    latest = {(one["kind"], one["subject"]): one["op"] for one in changes}
    found = Touched({}, [], [], changes[-1]["seq"] if more else upto, more)
    asked = [subject for kind, subject in latest if kind == "scope"]
    if asked:
        seen = await _visible(reader, asked)
        found.whole = [task for task in asked if task in seen]
        for task in await _lost(reader, [task for task in asked if task not in seen]):
            found.drop.append(("task", task))
            found.drop.extend(await _hanging(task))
    gone_from_feed = []
    for (kind, subject), op in latest.items():
        if kind not in KINDS:
            continue
        if op == "drop":
            gone_from_feed.append((kind, subject))
        else:
            found.put.setdefault(kind, []).append(subject)
    found.drop += await heard(reader, gone_from_feed)
    gone = [subject for kind, subject in found.drop if kind == "notice"]
    if gone:
        # Everybody's replaced notices stand in the feed: one's own are nobody else's business, and wake nobody else's phone.
        own = await rows(f"SELECT id FROM outbox WHERE person = $1 AND id IN ({places(len(gone), 2)})", reader.id, *gone)
        kept = {one["id"] for one in own}
        found.drop = [(kind, subject) for kind, subject in found.drop if kind != "notice" or subject in kept]
    if "score" in found.put:
        meant = await moved(reader, found.put["score"])
        found.put["score"] = meant.put
        found.drop.extend(("score", one) for one in meant.drop)
    # Whoever moved or left changes what others may do with the tasks that he is on.
    for task in await _on_tasks(found.put.get("person", [])):
        found.put.setdefault("task", []).append(task)
    if found.put.keys() & {"task", "person"}:
        again = await weighed(reader, found.put.get("task", []), found.put.get("person", []))
        for kind, ids in again.put.items():
            found.put[kind] = [*found.put.get(kind, []), *ids]
        found.drop += again.drop
    renamed = [one for kind in ("person", "unit", "field") for one in found.put.get(kind, [])]
    if renamed:
        found.put["event"] = await that_name(renamed)
        found.put["notice"] = [*found.put.get("notice", []), *await notices_that_name(reader, renamed)]
    return found


async def brings(reader: Reader, since: int, upto: int, limit: int = 500) -> bool:
    """Whether a pull from ``since`` would bring this person anything; when in doubt, yes."""
    found = await touched(reader, since, upto, limit)
    if (
        found.more
        or found.whole
        or found.drop
        or any(kind not in ("task", "notice", "score", "risk", "load", "proposal", *ON_TASKS) for kind in found.put)
    ):
        return True
    if "notice" in found.put:
        ids = found.put["notice"]
        mine = await row(f"SELECT id FROM outbox WHERE person = $1 AND id IN ({places(len(ids), 2)}) LIMIT 1", reader.id, *ids)
        if mine:
            return True
    if "score" in found.put and await scores(reader, Ask(ids=found.put["score"], limit=1)):
        return True
    if "proposal" in found.put and decides(reader):
        return True
    if "load" in found.put and not set(carriers(reader)).isdisjoint(found.put["load"]):
        return True
    tasks = [*found.put.get("task", ()), *found.put.get("risk", ())]
    for kind, table in ON_TASKS.items():
        ids = found.put.get(kind, [])
        if ids:
            tasks += [one["task"] for one in await rows(f"SELECT task FROM {table} WHERE id IN ({places(len(ids))})", *ids)]
    return bool(tasks) and bool(await _visible(reader, tasks))


async def grown_late(reader: Reader, since: date) -> list[str]:
    """Tasks that have become overdue since that day, though nobody touched them."""
    if since >= reader.today:
        return []
    where = reader.visible()
    where.add(f"t.status IN {RUNNING_SQL} AND t.due >= {{}} AND t.due < {{}}", since, reader.today)
    return [one["id"] for one in await rows(f"SELECT t.id FROM task t WHERE {where.sql}", *where.values)]


async def _visible(reader: Reader, tasks: Iterable[str]) -> set[str]:
    where = reader.visible().among("t.id", list(dict.fromkeys(tasks)))
    return {one["id"] for one in await rows(f"SELECT t.id FROM task t WHERE {where.sql}", *where.values)}


async def _lost(reader: Reader, tasks: list[str]) -> list[str]:
    """Those of the tasks that he saw once: what he never saw he is not told of."""
    from server.tasks.queries.scope import scopes

    if not tasks:
        return []
    in_bin = reader.seen().among("t.id", tasks)
    found = {one["id"] for one in await rows(f"SELECT t.id FROM task t WHERE {in_bin.sql}", *in_bin.values)}
    held = scopes(reader.actor, reader.today) or []
    if held:
        sql = (
            f"SELECT DISTINCT task FROM lost_scope WHERE task IN ({places(len(tasks))}) AND scope IN ({places(len(held), len(tasks) + 1)})"
        )
        found |= {one["task"] for one in await rows(sql, *tasks, *held)}
    return [task for task in tasks if task in found]


async def _on_tasks(people: list[str]) -> list[str]:
    if not people:
        return []
    sql = f"SELECT DISTINCT task FROM assignment WHERE until IS NULL AND person IN ({places(len(people))})"
    return [one["task"] for one in await rows(sql, *people)]


async def _hanging(task: str) -> list[tuple[str, str]]:
    return (
        [
            (kind, one["id"])
            for kind, table in ON_TASKS.items()
            for one in await rows(f"SELECT id FROM {table} WHERE task = $1 ORDER BY id", task)
        ]
        + [("event", one) for one in await of_task(task)]
        + [("risk", task)]
    )

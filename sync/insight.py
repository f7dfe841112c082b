"""The kinds of foresight: ``risk`` and ``suggestion`` hang on a task, ``load`` is a person's, ``proposal`` is for who may decide it.

Every text is made here, so that a device needs no words of its own.
"""

from collections import defaultdict
from typing import Any

import msgspec

from server.insight import reasons
from server.insight.proposals.read import facts_for, may_decide
from server.insight.rights import sees_load, sees_suggestion
from server.storage.engine import places, rows
from server.tasks.facts import facts_of
from server.tasks.queries.scope import Where
from sync.reader import Ask, Found, Reader, Row, amount, moment


async def risks(reader: Reader, ask: Ask) -> Found:
    """How likely an open task is to be late, for whoever sees it; ``id`` is the task.

    A task that was closed or grew late keeps its row until the job looks again: whoever shows it looks at the task.
    """
    where = reader.visible()
    tail = ask.put(where, "x", "x.id")
    sql = f"SELECT x.id, x.band, x.reasons, x.local, x.at FROM risk x JOIN task t ON t.id = x.id WHERE {where.sql} {tail}"
    return [
        (
            one["id"],
            {
                "task": one["id"],
                "band": one["band"],
                "reasons": reasons.of_risk(one["reasons"]),
                "local": bool(one["local"]),
                "at": moment(one["at"]),
            },
        )
        for one in await rows(sql, *where.values)
    ]


def carriers(reader: Reader) -> list[str]:
    """Whose loads this person may see."""
    known = reader.directory
    return sorted(one for one in known.people if sees_load(reader.actor, known.actor(one), reader.today))


async def loads(reader: Reader, ask: Ask) -> Found:
    """What people carry in the next ten working days; indexes are parts of 1, work in minutes. ``id`` is the person."""
    where = Where().among("x.id", carriers(reader))
    tail = ask.put(where, "x")
    return [(one["id"], _load(one)) for one in await rows(f"SELECT x.* FROM load x WHERE {where.sql} {tail}", *where.values)]


def _load(one: Row) -> Row:
    days = msgspec.json.decode(one["days"], type=list[dict[str, Any]])
    return {
        "person": one["id"],
        "peak": amount(one["peak"]),
        "low": amount(one["low"]),
        "high": amount(one["high"]),
        "band": one["band"],
        "days": [{**day, "index": amount(day["index"])} for day in days],
        "tasks": msgspec.json.decode(one["tasks"]),
        "at": moment(one["at"]),
    }


def decides(reader: Reader) -> bool:
    """Whether any proposal could be for this person: he may assign to somebody."""
    return bool(reader.directory.may_assign(reader.actor, reader.today))


async def proposals(reader: Reader, ask: Ask) -> Found:
    """Moves that wait, for whoever may accept or decline them."""
    if not decides(reader):
        return []
    where = reader.visible()
    tail = ask.put(where, "x", "x.task")
    where.add("x.state = 'waiting'")
    # All of what waits is some dozens of rows: the page is cut after the rights, which SQL does not know.
    tail = tail.split(" LIMIT ")[0]
    found = await rows(f"SELECT x.* FROM proposal x JOIN task t ON t.id = x.task WHERE {where.sql} {tail}", *where.values)
    facts = await facts_for(list(dict.fromkeys(one["task"] for one in found)), reader.directory)
    mine = [
        one
        for one in found
        if one["task"] in facts
        and one["receiver"] in reader.directory.people
        and may_decide(reader.directory, reader.id, facts[one["task"]], one["receiver"], reader.today, reader.now)
    ]
    return [
        (
            one["id"],
            {
                "task": one["task"],
                "giver": one["giver"],
                "receiver": one["receiver"],
                "reasons": reasons.of_proposal(one["reasons"]),
                "effect": {name: amount(value) for name, value in msgspec.json.decode(one["effect"]).items()},
                "sort": one["sort"],
            },
        )
        for one in mine[: ask.limit]
    ]


_SUGGESTED = (
    "SELECT x.id, x.task, x.person, x.round, x.total, x.progress, x.quality, x.frequency, x.reasons, "
    "t.creator, t.assigner, t.assigner_position, t.delegate, t.lead, t.unit, t.status, t.due, t.percent, t.children, t.handed_back, "
    "t.deleted_at FROM suggestion x JOIN task t ON t.id = x.task"
)


async def suggestions(reader: Reader, ask: Ask) -> Found:
    """Suggested scores of finished parts, for whose part it is and for whoever may review it. Points from 0 to 100."""
    where = reader.visible()
    tail = ask.put(where, "x", "x.task")
    found = await rows(f"{_SUGGESTED} WHERE {where.sql} {tail}", *where.values)
    on_it = await _on_them([one["task"] for one in found])
    known = reader.directory
    mine = []
    for one in found:
        matter = facts_of(one, on_it[one["task"]], (), known).matter
        if one["person"] in known.people and sees_suggestion(reader.actor, matter, known.actor(one["person"]), reader.today):
            mine.append(one)
    return [
        (
            one["id"],
            {
                "task": one["task"],
                "person": one["person"],
                "round": one["round"],
                "total": amount(one["total"]),
                "progress": amount(one["progress"]),
                "quality": amount(one["quality"]),
                "frequency": amount(one["frequency"]),
                "reasons": reasons.of_suggestion(one["reasons"]),
            },
        )
        for one in mine
    ]


async def _on_them(tasks: list[str]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    if tasks:
        ids = list(dict.fromkeys(tasks))
        sql = f"SELECT task, person FROM assignment WHERE until IS NULL AND task IN ({places(len(ids))}) ORDER BY task, person"
        for one in await rows(sql, *ids):
            found[one["task"]].append(one["person"])
    return found


async def heard(reader: Reader, dropped: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of what the feed says has gone, what this person can have held: nobody's phone is woken by what was never for him."""
    if not any(kind in ("risk", "load", "proposal") for kind, _ in dropped):
        return dropped
    tasks = [one for kind, one in dropped if kind == "risk"]
    seen: set[str] = set()
    if tasks:
        where = reader.seen().among("t.id", tasks)
        seen = {one["id"] for one in await rows(f"SELECT t.id FROM task t WHERE {where.sql}", *where.values)}
    people, decider = set(carriers(reader)), decides(reader)

    def held(kind: str, one: str) -> bool:
        return {"risk": one in seen, "load": one in people, "proposal": decider}.get(kind, True)

    return [(kind, one) for kind, one in dropped if held(kind, one)]


class Weighed(msgspec.Struct, frozen=True):
    """Rows that this person may see now, and those that he may not, by kind."""

    put: dict[str, list[str]]
    drop: list[tuple[str, str]]


async def weighed(reader: Reader, tasks: list[str], people: list[str]) -> Weighed:
    """Who may decide or review changes with a task, and with the people whom it is about; whose load one sees, with where he works.

    So these rows are looked at again with their tasks and people. Of tasks that he does not see, nothing: he never held any.
    """
    mine = set(carriers(reader)) if people else set()
    put = {"load": [one for one in people if one in mine]}
    drop = [("load", one) for one in people if one not in mine]
    if people and decides(reader):
        named = places(len(people))
        sql = f"SELECT task FROM proposal WHERE state = 'waiting' AND (giver IN ({named}) OR receiver IN ({named}))"
        tasks = [*tasks, *(one["task"] for one in await rows(sql, *people))]
    if tasks:
        for kind, read in (("proposal", proposals), ("suggestion", suggestions)):
            where = reader.visible().among("x.task", list(dict.fromkeys(tasks)))
            sql = f"SELECT x.id FROM {kind} x JOIN task t ON t.id = x.task WHERE {where.sql} ORDER BY x.id"
            there = [one["id"] for one in await rows(sql, *where.values)]
            now = {one for one, _ in await read(reader, Ask(ids=there))} if there else set()
            put[kind] = [one for one in there if one in now]
            drop += [(kind, one) for one in there if one not in now]
    return Weighed(put, drop)

"""The kind ``event``: what happened to a task besides what has rows of its own (reports, reviews, comments)."""

from typing import Final

import orjson

from server.storage.engine import places, rows
from server.tasks.queries.scope import Where
from server.tasks.show.standing import reason_of
from server.tasks.show.timeline import SILENT, happened
from sync.reader import Ask, Found, Reader, Row, moment

#: Entries that a client draws from the rows of reports, reviews and comments.
ELSEWHERE: Final = ("progress", "submit", "comment", "accept", "return")
TOLD: Final = f"x.kind = 'task' AND x.action NOT IN ({', '.join(repr(one) for one in sorted((*ELSEWHERE, *SILENT)))})"
#: More names than this that changed at once are looked for one by one no longer: every event comes again.
NAMES: Final = 20


def event_id(seq: int) -> str:
    """The identifier of an event: a UUID (version 8, a form of our own) with the number of its entry in the chain."""
    return f"00000000-0000-8000-8000-{seq:012x}"


def seq_of(event: str) -> int:
    """The number of the entry behind an identifier."""
    return int(event[-12:], 16)


async def events(reader: Reader, ask: Ask) -> Found:
    """What an entry of a task's timeline shows, ready for this person; in the order in which it happened."""
    where = reader.visible()
    where.conditions.append(TOLD)
    either = []
    if ask.ids:
        either.append(f"x.seq IN ({', '.join(where.value(seq_of(one)) for one in ask.ids)})")
    if ask.tasks:
        either.append(f"x.subject IN ({', '.join(where.value(one) for one in ask.tasks)})")
    if ask.recent:
        subjects = ", ".join(where.value(one) for one in ask.recent)
        either.append(f"(x.subject IN ({subjects}) AND x.seq > {where.value(ask.since)})")
    if not either:
        return []
    where.conditions.append(f"({' OR '.join(either)})")
    found = await rows(
        "SELECT x.seq, x.at, x.actor, x.on_behalf, x.action, x.subject, x.before, x.after "
        f"FROM audit_entry x JOIN task t ON t.id = x.subject WHERE {where.sql} ORDER BY x.seq",
        *where.values,
    )
    return [(event_id(one["seq"]), _event(one, reader)) for one in found]


def _event(one: Row, reader: Reader) -> Row:
    return {
        "task": one["subject"],
        "person": one["actor"],
        "at": moment(one["at"]),
        **happened(one, reader.directory, reader.actor, reader.today),
        "reason": reason_of(one),
        "seq": one["seq"],
    }


async def of_task(task: str) -> list[str]:
    """The identifiers of all events of a task."""
    found = await rows(f"SELECT x.seq FROM audit_entry x WHERE {TOLD} AND x.subject = $1 ORDER BY x.seq", task)
    return [event_id(one["seq"]) for one in found]


async def that_name(things: list[str]) -> list[str]:
    """The identifiers of the events whose words name one of these people, units or fields."""
    where = Where()
    where.conditions.append(TOLD)
    if len(things) <= NAMES:
        named = []
        for thing in things:
            inside = where.value(f"%{thing}%")
            named.append(f"x.before LIKE {inside} OR x.after LIKE {inside} OR x.on_behalf = {where.value(thing)}")
        where.conditions.append(f"({' OR '.join(named) or 'FALSE'})")
    found = await rows(f"SELECT x.seq FROM audit_entry x WHERE {where.sql} ORDER BY x.seq", *where.values)
    return [event_id(one["seq"]) for one in found]


#: The steps that have rows of their own, and where their entries name the row.
STEPS: Final = {"progress": "report", "submit": "report", "comment": "comment", "accept": "review", "return": "review"}


async def numbers(tasks: list[str]) -> dict[str, int]:
    """The numbers in the chain of the reports, reviews and comments of these tasks, by their identifiers: the order of a timeline."""
    if not tasks:
        return {}
    found: dict[str, int] = {}
    actions = ", ".join(repr(one) for one in STEPS)
    sql = f"SELECT seq, action, after FROM audit_entry WHERE kind = 'task' AND subject IN ({places(len(tasks))}) AND action IN ({actions})"
    for one in await rows(sql, *tasks):
        step = orjson.loads(one["after"]).get(STEPS[one["action"]])
        if step:
            found[step] = one["seq"]
    return found

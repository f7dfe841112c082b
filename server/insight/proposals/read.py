"""What the solver wants to know of people and tasks, read for everybody at once."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from server.calendar.rules import WorkingDays
from server.insight.load.read import carried
from server.insight.proposals.rules import Carrier, Movable
from server.people.directory import Directory
from server.people.rules import CENTRE_LEADERS, may
from server.storage.engine import places, rows
from server.storage.ids import LOCAL
from server.tasks.facts import facts_of
from server.tasks.rules import Facts, allowed

#: Days for which a declined proposal is not made again.
QUIET_DAYS: Final = 14
YEAR: Final = timedelta(days=365)


class Office(msgspec.Struct, frozen=True):
    """People, the tasks that they lead, and between whom the rules allow a move."""

    people: list[Carrier]
    tasks: list[Movable]
    units: Mapping[str, str | None]
    facts: Mapping[str, Facts]
    directory: Directory
    today: date
    now: datetime
    #: (task, receiver) that was declined and is quiet.
    quiet: frozenset[tuple[str, str]]

    def may_move(self, task: str, receiver: str) -> bool:
        """Whether somebody in charge may give the task to the receiver (R4), he is not on it yet, and it was not declined lately."""
        facts = self.facts[task]
        if receiver in {one.id for one in facts.matter.people} or (task, receiver) in self.quiet:
            return False
        whom = self.directory.actor(receiver)
        return any(may_decide(self.directory, one, facts, receiver, self.today, self.now) for one in self._in_charge(whom.unit))

    def _in_charge(self, unit: str | None) -> list[str]:
        known: dict[str | None, list[str]] = self.directory.derived.setdefault("in_charge", {})
        if unit not in known:
            known[unit] = [
                one.id
                for one in self.directory.people.values()
                if one.active and (one.position in CENTRE_LEADERS or (one.position == "head" and one.unit == unit))
            ]
        return known[unit]


def may_decide(directory: Directory, actor: str, facts: Facts, receiver: str, today: date, now: datetime) -> bool:
    """Whether this person may accept the move: he may change the task's people, and may give it to the receiver."""
    who = directory.actor(actor)
    return bool(allowed("assign", who, facts, today, now)) and bool(may(who, "assign", directory.actor(receiver), today))


async def office(today: date, now: datetime, calendar: WorkingDays, known: Directory) -> Office:
    """The office as of today."""
    loads = await carried(today, calendar, known)
    since = datetime.combine(today, time(), LOCAL) - YEAR
    done = await rows(
        "SELECT lead, field, product, due, submitted_at FROM task WHERE status = 'completed' AND lead IS NOT NULL "
        "AND deleted_at IS NULL AND completed_at >= $1",
        since,
    )
    fields: dict[str, Counter[str]] = defaultdict(Counter)
    products: dict[str, Counter[str]] = defaultdict(Counter)
    timely: dict[str, list[bool]] = defaultdict(list)
    for one in done:
        fields[one["lead"]][one["field"] or ""] += 1
        products[one["lead"]][one["product"] or ""] += 1
        if one["due"] is not None and one["submitted_at"] is not None:
            timely[one["lead"]].append(one["submitted_at"].astimezone(LOCAL).date() <= one["due"])
    received: dict[str, int] = {}
    for one in await rows("SELECT person, since FROM assignment WHERE until IS NULL AND role = 'lead' ORDER BY since"):
        received[one["person"]] = calendar.between(one["since"].astimezone(LOCAL).date(), today)
    people = []
    for load in loads:
        person = known.people[load.person]
        own = timely[load.person]
        people.append(
            Carrier(
                id=load.person,
                unit=person.unit or "",
                position=person.position,
                demand=load.demand,
                capacity=load.capacity,
                received_days_ago=received.get(load.person),
                by_field=fields[load.person],
                by_product=products[load.person],
                on_time=sum(own) / len(own) if own else None,
            )
        )
    stored = await _tasks()
    by_person = {(work.task, load.person): work for load in loads for work in load.work}
    tasks, facts, units = [], {}, {}
    for one, on_it in stored:
        work = by_person.get((one["id"], one["lead"]))
        if work is None or one["children"]:
            continue
        tasks.append(
            Movable(
                id=one["id"],
                lead=one["lead"],
                minutes=work.minutes,
                days_left=work.days_left,
                percent=one["percent"],
                field=one["field"],
                product=one["product"],
                urgent=one["priority"] == "critical",
            )
        )
        facts[one["id"]] = facts_of(one, on_it, (), known)
        units[one["id"]] = known.people[one["lead"]].unit if one["lead"] in known.people else None
    return Office(people, tasks, units, facts, known, today, now, await _quiet(today))


async def facts_for(tasks: list[str], known: Directory) -> dict[str, Facts]:
    """The facts of these tasks, as far as rights need them."""
    return {one["id"]: facts_of(one, on_it, (), known) for one, on_it in await _tasks(tasks)} if tasks else {}


async def _tasks(ids: list[str] | None = None) -> list[tuple[dict[str, Any], list[str]]]:
    if ids is None:
        values: tuple[str, ...] = ()
        only = "t.status IN ('not_started', 'in_progress') AND t.lead IS NOT NULL"
    else:
        only, values = f"t.id IN ({places(len(ids))})", tuple(ids)
    tasks = await rows(f"SELECT t.* FROM task t WHERE t.deleted_at IS NULL AND {only} ORDER BY t.id", *values)
    parts = await rows(
        f"SELECT a.task, a.person FROM assignment a JOIN task t ON t.id = a.task WHERE a.until IS NULL AND t.deleted_at IS NULL AND {only}",
        *values,
    )
    on_it: dict[str, list[str]] = defaultdict(list)
    for part in parts:
        on_it[part["task"]].append(part["person"])
    return [(one, on_it[one["id"]]) for one in tasks]


async def _quiet(today: date) -> frozenset[tuple[str, str]]:
    found = await rows("SELECT task, receiver FROM proposal WHERE state = 'declined' AND quiet_until > $1", today)
    return frozenset((one["task"], one["receiver"]) for one in found)

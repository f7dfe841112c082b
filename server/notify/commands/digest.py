"""The morning's summary of a person and of a room's group, the week's of a leader."""

from datetime import date, datetime, timedelta
from typing import Any

from server.calendar.current import working_days
from server.notify import figures
from server.notify.commands.common import by_job
from server.notify.commands.said import claim, was_said
from server.notify.weeks import Counts, week_of_rooms
from server.people.directory import Directory
from server.people.queries import directory
from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS
from server.storage.door import Command, handles
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction

#: People of one transaction.
AT_ONCE = 25
#: A newer digest takes the place of an unread older one.
SLOT = "digest"
WEEK = ("done", "late", "overdue", "due", "waiting")


class SayDaily(Command, tag="notify.digest.daily"):
    """Tell these people, ``AT_ONCE`` at most, what their day holds, each once a day. Answers ``{"said"}``: how many."""

    people: list[str]


class SayRooms(Command, tag="notify.digest.rooms"):
    """Tell every room that has a group chat what its day holds, once a day. Answers ``{"said"}``."""


class SayWeekly(Command, tag="notify.digest.weekly"):
    """Tell the leaders what the week before brought and what this one holds, once a week. Answers ``{"said"}``."""


def day_key(owner: str, day: date) -> str:
    """Under which name it is kept that somebody, or a room, had his digest of a day."""
    return f"daily:{owner}:{day.isoformat()}"


def week_key(person: str, monday: date) -> str:
    """Under which name it is kept that a leader had his summary of a week."""
    return f"weekly:{person}:{monday.isoformat()}"


@handles(SayDaily)
async def say_daily(tx: Transaction, given: SayDaily) -> dict[str, Any]:
    """Decided once a day for each: who had nothing in the morning is told nothing later, when the day is looked at again."""
    by_job(tx)
    known, today, days = await directory(), _today(tx), working_days()
    people = [one for one in given.people[:AT_ONCE] if one in known.people and known.people[one].active]
    following, since = days.add(today, 1), _midnight(days.add(today, -1))
    tasks = await figures.pressing(people, following)
    unread = await figures.unread(people, tx.now)
    fresh = await figures.fresh(people, since, tx.now, known)
    told: dict[str, dict[str, Any]] = {}
    for person in people:
        data = figures.counted(tasks.get(person, []), today, following)
        data |= {"waiting": await figures.waiting_for(known.actor(person), known, today), "unread": unread.get(person, 0)}
        news, held = fresh.get(person, (0, []))
        if data["tasks"] or data["waiting"] or news:
            told[person] = data | {"day": today.isoformat(), "held": held}
    return {"said": await _say(tx, "digest.daily", {person: day_key(person, today) for person in people}, told)}


@handles(SayRooms)
async def say_rooms(tx: Transaction, given: SayRooms) -> dict[str, Any]:
    """Only what everybody in the room may see: the room's own tasks."""
    by_job(tx)
    known, today = await directory(), _today(tx)
    following = working_days().add(today, 1)
    units = [unit for unit in await figures.with_group() if unit in known.units]
    told = {}
    for unit in units:
        data = figures.counted(await figures.pressing_in(unit, following), today, following)
        data["room_waiting"] = await figures.handed_in(unit)
        if data["tasks"] or data["room_waiting"]:
            told[unit] = data | {"day": today.isoformat()}
    return {"said": await _say(tx, "digest.room", {unit: day_key(unit, today) for unit in units}, told)}


@handles(SayWeekly)
async def say_weekly(tx: Transaction, given: SayWeekly) -> dict[str, Any]:
    """A head and a deputy head hear of their room, the centre's leaders of the centre and of each room in it."""
    by_job(tx)
    known, today = await directory(), _today(tx)
    monday = today - timedelta(days=today.weekday())
    leaders = [one for one in known.people.values() if one.active and one.position in CENTRE_LEADERS + ROOM_LEADERS]
    keys = {one.id: week_key(one.id, monday) for one in leaders}
    if await was_said(list(keys.values())) == set(keys.values()):
        return {"said": 0}
    counts = await week_of_rooms(monday, known)
    told = {}
    for one in leaders:
        unit = known.centre_of(one.unit) if one.position in CENTRE_LEADERS else one.unit
        if unit is not None and counts.get(unit):
            rooms = _rooms(counts, known, unit) if one.position in CENTRE_LEADERS else []
            told[one.id] = {"where": known.units[unit].name, **_figures(counts[unit]), "rooms": rooms}
    return {"said": await _say(tx, "digest.weekly", keys, told)}


def _figures(counts: Counts) -> dict[str, int]:
    return {name: counts[name] for name in WEEK}


def _rooms(counts: dict[str, Counts], known: Directory, centre: str) -> list[dict[str, Any]]:
    inside = [unit for unit in sorted(known.units.values(), key=lambda one: one.sort) if unit.parent == centre and counts.get(unit.id)]
    return [{"unit": unit.id, **_figures(counts[unit.id])} for unit in inside]


async def _say(tx: Transaction, kind: str, keys: dict[str, str], told: dict[str, dict[str, Any]]) -> int:
    ours = await claim(tx, keys.values())
    saying = [owner for owner in told if keys[owner] in ours]
    for owner in saying:
        tx.message(kind, [owner], subject=owner, data=told[owner], slot=SLOT if kind != "digest.weekly" else "weekly")
    return len(saying)


def _today(tx: Transaction) -> date:
    return tx.now.astimezone(LOCAL).date()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)

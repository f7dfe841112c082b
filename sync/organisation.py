"""The kinds that tell of the office: its units, fields of work and people, its calendar, its limits."""

from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Final

import msgspec

from server.calendar.current import working_days
from server.calendar.rules import WorkingDays
from server.files.pictures import LONGEST_SIDE
from server.tasks.commands.decide import UNDO_DAYS
from server.tasks.queries.products import products as read_products
from server.tasks.rules import BIN_DAYS
from server.web.nav import enters_plans, judges, places
from sync.notices import NOTICE_DAYS
from sync.reader import Ask, Found, Reader, Row, amount

SATURDAY: Final = 5


def _paged(found: Found, ask: Ask) -> Found:
    """The part of a list in memory that is asked for."""
    if ask.ids is not None:
        wanted = set(ask.ids)
        return [one for one in found if one[0] in wanted]
    found = sorted((one for one in found if one[0] > ask.after), key=lambda one: one[0])
    return found[: ask.limit] if ask.limit is not None else found


async def office(reader: Reader, ask: Ask) -> Found:
    """What the office is called and where its limits are; one row. ``upload_limit`` in bytes, ``photo_side`` in pixels."""
    return _paged([("office", _office(reader))], ask)


def _office(reader: Reader) -> Row:
    known = reader.directory
    own = known.centre_of(known.people[reader.id].unit)
    centre = known.units.get(own or "") or next((one for one in known.units.values() if one.kind == "centre"), None)
    return {
        "name": centre.name if centre else "",
        "upload_limit": reader.settings.upload_limit,
        "photo_side": LONGEST_SIDE,
        "keep_originals": reader.settings.keep_originals,
        "review_undo_days": UNDO_DAYS,
        "bin_days": BIN_DAYS,
        "notice_days": NOTICE_DAYS,
    }


async def calendar(reader: Reader, ask: Ask) -> Found:
    """The working days from last year to the year after next, as far as they are not Monday to Friday; one row."""
    return _paged([("calendar", _calendar(reader.today.year, working_days()))], ask)


@lru_cache(maxsize=8)
def _calendar(year: int, days: WorkingDays) -> Row:
    first, last = date(year - 1, 1, 1), date(year + 2, 12, 31)
    every = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "off": [one.isoformat() for one in every if one.weekday() < SATURDAY and not days.is_working(one)],
        "on": [one.isoformat() for one in every if one.weekday() >= SATURDAY and days.is_working(one)],
    }


def common_of(reader: Reader) -> str:
    """A mark of what the rows ``office`` and ``calendar`` say now: no change tells of a setting or of a new year."""
    said = [_office(reader), _calendar(reader.today.year, working_days())]
    return sha256(msgspec.json.encode(said)).hexdigest()[:12]


async def units(reader: Reader, ask: Ask) -> Found:
    """The tree of the organisation; everybody sees it."""
    every = reader.directory.units.values()
    return _paged(
        [
            (
                one.id,
                {
                    "name": one.name,
                    "short": one.short,
                    "parent": one.parent,
                    "kind": one.kind,
                    "sort": one.sort,
                    "active": bool(one.active),
                },
            )
            for one in every
        ],
        ask,
    )


async def fields(reader: Reader, ask: Ask) -> Found:
    """Fields of work."""
    every = reader.directory.fields.values()
    return _paged(
        [(one.id, {"name": one.name, "group": one.field_group, "sort": one.sort, "active": bool(one.active)}) for one in every], ask
    )


async def products(reader: Reader, ask: Ask) -> Found:
    """Rows of the catalogue that are or were in force: a task keeps the one that it was assigned with. ``k`` is a number."""
    return [
        (
            one.id,
            {
                "code": one.code,
                "name": one.name,
                "group": one.group,
                "k": amount(one.k),
                "unit": one.unit,
                "sort": one.sort,
                "active": one.active,
            },
        )
        for one in await read_products(ask.ids, ask.after, ask.limit)
    ]


async def people(reader: Reader, ask: Ask) -> Found:
    """Everybody; of oneself also what one may do."""
    every: Found = [
        (
            one.id,
            {
                "username": one.username,
                "name": one.name,
                "position": one.position,
                "title": one.title,
                "initials": one.initials,
                "unit": one.unit,
                "rank": one.rank,
                "active": bool(one.active),
            },
        )
        for one in reader.directory.people.values()
    ]
    found = _paged(every, ask)
    for person, data in found:
        if person == reader.id:
            data |= _own(reader)
    return found


def _own(reader: Reader) -> Row:
    """What only the person himself is told of himself: to whom he may assign, and what his pages have room for."""
    actor, at = reader.actor, reader.today
    profile = reader.directory.people[reader.id]
    return {
        "may_assign": [one.id for one in reader.directory.may_assign(actor, at)],
        "nav": places(profile, actor, at),
        "judges": judges(actor, at),
        "enters_plans": enters_plans(actor, at),
        "demo": bool(profile.demo),
    }

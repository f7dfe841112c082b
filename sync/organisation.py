"""The kinds that tell of the office: its units, fields of work and people, its calendar, its limits."""

from server.web.nav import enters_plans, judges, places
from sync.reader import Ask, Found, Reader, Row


def _paged(found: Found, ask: Ask) -> Found:
    """The part of a list in memory that is asked for."""
    if ask.ids is not None:
        wanted = set(ask.ids)
        return [one for one in found if one[0] in wanted]
    found = sorted((one for one in found if one[0] > ask.after), key=lambda one: one[0])
    return found[: ask.limit] if ask.limit is not None else found


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

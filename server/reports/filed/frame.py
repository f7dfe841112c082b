"""Who issues a report and who signs it, in the frame that Nghị định 30/2020 puts around it."""

from datetime import date

import msgspec

from server.people.directory import Directory
from server.reports.document.shapes import By, Head
from server.reports.filed.rules import signs, titled
from server.storage.transaction import as_json
from server.words import say


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of the office with a fixed report: however units and people are called later, the paper says how they were called."""

    head: Head
    #: Who fixed it, and on whose behalf ("" on nobody's).
    signed: str
    behalf: str = ""


def framed(
    unit: str, known: Directory, place: str, code: str, *, signer: str, behalf: str | None, number: int | None, day: date | None
) -> Frame:
    """The frame of a report that ``signer`` fixes on that day."""
    head = head_of(unit, known, place, code, signer=signer, delegated=behalf is not None, number=number, day=day)
    giver = known.people.get(behalf or "")
    return Frame(head=head, signed=known.people[signer].name, behalf=giver.name if giver else "")


def head_of(
    unit: str,
    known: Directory,
    place: str,
    code: str,
    *,
    signer: str | None = None,
    delegated: bool = False,
    number: int | None = None,
    day: date | None = None,
) -> Head:
    """The frame of a unit's report; a draft has no number, no day and nobody's name."""
    issuer = known.units[unit]
    centre = known.units.get(known.centre_of(unit) or "")
    is_centre = centre is not None and centre.id == unit
    above = known.units.get(issuer.parent or "")
    by, authority, position, name = _signature(unit, known, is_centre, signer, delegated)
    return Head(
        parent=above.name if above else "",
        agency=issuer.name,
        symbol=code.removeprefix("BC-"),
        number=str(number) if number is not None else None,
        place=place,
        day=day,
        by=by,
        authority=authority,
        position=position,
        name=name,
        recipients=_recipients(is_centre, above.name if above else ""),
        draft=number is None,
    )


def _signature(unit: str, known: Directory, is_centre: bool, signer: str | None, delegated: bool) -> tuple[By, str, str, str]:
    own = known.people.get(signer or "")
    if own is None:
        return "", say("people.position.director" if is_centre else "people.position.head"), "", ""
    by, authority = signs("director" if is_centre else "head", own.position, delegated)
    home = known.units.get(own.unit or "")
    # A room's head who signs for another unit says of which room he is the head.
    position = titled(own.title, home.name) if by == "TUQ." and home is not None else own.title
    return by, say(f"people.position.{authority}"), position if by else "", own.name


def _recipients(is_centre: bool, above: str) -> tuple[str, ...]:
    """Who gets it: a room reports to the centre, the centre to whoever is above it."""
    if not is_centre:
        return say("filed.to.centre"), say("filed.to.people")
    first = (say("filed.to.above", name=above),) if above else ()
    return (*first, say("filed.to.leaders"), say("filed.to.rooms"))


def frame_json(frame: Frame) -> str:
    """As it is kept and sealed."""
    return as_json(msgspec.to_builtins(frame))

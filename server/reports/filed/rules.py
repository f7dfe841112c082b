"""What holds of a filed report: who may, which text, which number. Plain functions on plain values."""

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS, Person, Verdict, in_force, no, yes
from server.reports.shape import Writing

#: Of one part, and of all of them together.
PART_LENGTH: Final = 20_000
PARTS: Final = 20
TITLE_LENGTH: Final = 300


def may_file(actor: Person, path: Sequence[str], at: date) -> Verdict:
    """Whether the actor writes and fixes the reports of the unit at the end of ``path`` (the highest first).

    The centre's leaders, and whoever enters for the whole centre by delegation (R3), for every unit of the centre; the head and the deputy
    head for their own room.
    """
    if not actor.active or actor.position == "admin":
        return no("filed.rule.not_yours")
    if actor.centre is not None and actor.centre in path:
        if actor.position in CENTRE_LEADERS:
            return yes("filed.rule.leader")
        for lent in in_force(actor, "enter", at):
            if lent.unit == actor.centre:
                return yes("filed.rule.delegated", lent.giver.id)
    if actor.position in ROOM_LEADERS and actor.unit is not None and actor.unit in path:
        return yes("filed.rule.room")
    return no("filed.rule.not_yours")


def cleaned(given: Writing) -> Writing:
    """The text as it is kept: trimmed, NFC, without empty paragraphs; a part without words stays, for its heading says so."""
    parts = [
        msgspec.structs.replace(
            one,
            title=" ".join(unicodedata.normalize("NFC", one.title).split()),
            paragraphs=[text for text in (unicodedata.normalize("NFC", line).strip() for line in one.paragraphs) if text],
        )
        for one in given.parts
    ]
    return Writing(parts=parts)


def flaw(given: Writing) -> tuple[str, dict[str, object]] | None:
    """The first thing that is wrong with a text: the sentence's key and its values; None where it is right."""
    if len(given.parts) > PARTS:
        return "filed.parts_many", {"limit": PARTS}
    for place, one in enumerate(given.parts, 1):
        if not one.title:
            return "filed.title_missing", {"place": place}
        if len(one.title) > TITLE_LENGTH:
            return "filed.title_long", {"place": place, "limit": TITLE_LENGTH}
        length = sum(len(line) for line in one.paragraphs)
        if length > PART_LENGTH:
            return "filed.part_long", {"title": one.title, "length": length, "limit": PART_LENGTH}
    return None


def code_of(short: str) -> str:
    """The series of a unit's numbers, of its short name: ``BC-HCTH``.

    >>> code_of("HCTH"), code_of("Trung tâm"), code_of("")
    ('BC-HCTH', 'BC-TT', 'BC')
    """
    words = short.split()
    letters = words[0] if len(words) == 1 else "".join(word[0] for word in words)
    kept = "".join(one for one in letters.upper() if one.isalnum())
    return f"BC-{kept}" if kept else "BC"


def seal(report: str, writing: str, number: str, at: datetime) -> str:
    """What the fixed report says, as one hash."""
    said = "\n".join((report, writing, number, at.isoformat()))
    return hashlib.sha256(said.encode()).hexdigest()

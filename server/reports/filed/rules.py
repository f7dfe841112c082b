"""What holds of a filed report: who may, which text, which number. Plain functions on plain values."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Final

import msgspec

from server.ledger.grains import Grain, Period
from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS, Person, Position, Verdict, in_force, no, yes
from server.reports.document.shapes import By
from server.reports.shape import Writing

#: Of one part, and of all of them together.
PART_LENGTH: Final = 20_000
PARTS: Final = 20
TITLE_LENGTH: Final = 300
#: Letters of a unit's abbreviation.
CODE_LENGTH: Final = 30
#: Where a unit is, at the end of its name.
PLACE: Final = re.compile(r"\s+(?:tỉnh|thành phố)(?:\s.*)?$")
#: How many periods back a report that was missed is made up.
BACK: Final[dict[Grain, int]] = {"w": 5, "m": 3, "q": 2, "y": 1}


def may_file(actor: Person, path: Sequence[str], at: date) -> Verdict:
    """Whether the actor writes and fixes the reports of the unit at the end of ``path`` (the highest first).

    The centre's leaders, and whoever enters for the whole centre by delegation (R3), for every unit of the centre; the head and the deputy
    head for their own room.
    """
    if not actor.active or actor.position == "admin":
        return no("filed.rule.not_yours")
    # One's own room before what one may by delegation: its head signs as its head.
    if actor.position in ROOM_LEADERS and actor.unit is not None and actor.unit in path:
        return yes("filed.rule.room")
    if actor.centre is not None and actor.centre in path:
        if actor.position in CENTRE_LEADERS:
            return yes("filed.rule.leader")
        for lent in in_force(actor, "enter", at):
            if lent.unit == actor.centre:
                return yes("filed.rule.delegated", lent.giver.id)
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


def code_of(short: str, name: str = "") -> str:
    """The series of a unit's numbers: its abbreviation, or where its short name is none, that of its name.

    The province or city at its end is no part of it.

    >>> code_of("HCTH"), code_of("Trung tâm", "Trung tâm Phục vụ hành chính công tỉnh Bắc Ninh"), code_of("", "Văn phòng UBND tỉnh")
    ('BC-HCTH', 'BC-TTPVHCC', 'BC-VPUBND')
    """
    words = unicodedata.normalize("NFC", short).split()
    if len(words) != 1:
        whole = unicodedata.normalize("NFC", name)
        words = PLACE.sub("", whole).split() or whole.split() or words
    # What is an abbreviation already stays whole: "Văn phòng UBND tỉnh".
    letters = words[0] if len(words) == 1 else "".join(word if word.isupper() else word[0] for word in words)
    kept = "".join(one for one in letters.upper() if one.isalnum())[:CODE_LENGTH]
    return f"BC-{kept}" if kept else "BC"


def numbered(number: int, code: str) -> str:
    """``03/BC-HCTH``: numbers below ten take a zero (Nghị định 30/2020).

    >>> numbered(3, "BC-HCTH"), numbered(112, "BC-HCTH")
    ('03/BC-HCTH', '112/BC-HCTH')
    """
    return f"{number:02d}/{code}"


def signs(own: Position, position: Position, delegated: bool) -> tuple[By, Position]:
    """How somebody signs (Nghị định 30/2020, Điều 13), and whose signature it is in place of.

    ``own``: the head of the unit that the report is of. A leader of the centre signs as one whatever unit it is; ``delegated``: whoever
    acts by a written delegation of the director signs by authorisation.
    """
    if delegated:
        return "TUQ.", "director"
    if position in CENTRE_LEADERS:
        return ("" if position == "director" else "KT."), "director"
    return ("" if position == own else "KT."), own


def titled(title: str, unit: str) -> str:
    """A position with the unit that it is in, for a paper that another unit issues.

    >>> titled("Trưởng phòng", "Phòng Hành chính - Tổng hợp"), titled("Chuyên viên", "Phòng Ứng dụng CNTT")
    ('Trưởng phòng Hành chính - Tổng hợp', 'Chuyên viên Phòng Ứng dụng CNTT')
    """
    last = title.rpartition(" ")[2]
    first, _, rest = unit.partition(" ")
    return f"{title} {rest}".strip() if first.casefold() == last.casefold() else f"{title} {unit}".strip()


def owed(grain: Grain, today: date, made: Collection[str]) -> list[Period]:
    """The periods whose reports are wanted by ``today``, the oldest first; ``made``: the codes of those that were made before.

    The last one that is over; and those between it and what was made that nobody was there to make, because no day was a working day or
    because the server stood still: not further back than ``BACK``, and nothing from before the first that was ever made.
    """
    ends = [Period.of(grain, today).before]
    for _ in range(BACK[grain] - 1):
        ends.append(ends[-1].before)
    starts = [one.start for one in map(Period.read, made) if one.grain == grain]
    first = min(starts, default=ends[0].start)
    return [one for one in reversed(ends) if one.start >= first and one.code not in made]


def seal(report: str, writing: str, frame: str, number: int, code: str, at: datetime) -> str:
    """What the fixed report says, and by whom, as one hash; ``at`` in any zone. It holds for ever: nobody changes how it is made."""
    said = "\n".join((report, writing, frame, f"{number}/{code}", at.astimezone(UTC).isoformat(timespec="microseconds")))
    return hashlib.sha256(said.encode()).hexdigest()

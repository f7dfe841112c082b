"""Rows of a catalogue on their way into a draft: from a form, from a file, from the version before; and how two versions differ."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from server.kpi.rules.catalogue import MOST_POINTS, Product, Wrong, check, coefficient

#: Letters at most.
LENGTHS: Final[dict[str, int]] = {"code": 20, "duty": 2000, "detail": 2000, "name": 2000, "unit_of_count": 60, "note": 2000}
#: A code of ours.
NUMBERED: Final = re.compile(r"SP[0-9]{1,9}", re.ASCII)
#: Rows of one version at most.
MOST_ROWS: Final = 2000

Change = Literal["new", "changed", "same", "removed"]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row. Points and ``k`` in thousandths; ``k`` None: by the points. ``parent``: the code of the product that it is a part of.

    ``row`` is where it stands in the file, or its place.
    """

    code: str = ""
    duty: str = ""
    detail: str = ""
    name: str
    unit_of_count: str = ""
    complexity: int
    most_points: int = 0
    points: int
    k: int | None = None
    parent: str = ""
    note: str = ""
    row: int = 0


def one_line(text: str) -> str:
    """NFC, one space between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidy(one: Entry) -> Entry:
    """The row as it is stored: texts on one line, codes in capitals, the group's own most where nothing less was set."""
    texts = {name: one_line(getattr(one, name)) for name in ("duty", "detail", "name", "unit_of_count", "note")}
    codes = {name: one_line(getattr(one, name)).upper() for name in ("code", "parent")}
    return msgspec.structs.replace(one, **texts, **codes, most_points=one.most_points or MOST_POINTS.get(one.complexity, 0))


def too_long(one: Entry) -> list[str]:
    """The fields that are longer than what is stored."""
    return [name for name, most in LENGTHS.items() if len(getattr(one, name)) > most]


def counted(entries: Sequence[Entry], standard: str) -> list[Entry]:
    """The rows with their coefficients: by the points where none is given, and where it can be counted."""
    base = next((one.points for one in entries if one.code == standard), 0)
    return [
        msgspec.structs.replace(one, k=coefficient(one.points, base) if base > 0 and one.points > 0 else 0) if one.k is None else one
        for one in entries
    ]


def faults(entries: Sequence[Entry], standard: str) -> list[Wrong]:
    """Everything that keeps these rows from being a catalogue."""
    return check(
        [
            Product(
                code=one.code,
                name=one.name,
                complexity=one.complexity,
                points=one.points,
                k=one.k or 0,
                most_points=one.most_points,
                parent=one.parent,
                row=one.row,
            )
            for one in entries
        ],
        standard,
    )


def next_code(taken: Iterable[str]) -> str:
    """The one after the last of SP01, SP02, …: a code that was given up names no other product."""
    return f"SP{max((int(code[2:]) for code in taken if NUMBERED.fullmatch(code)), default=0) + 1:02d}"


def coded(entries: Sequence[Entry], known: Sequence[Entry] = (), ever: Iterable[str] = ()) -> list[Entry]:
    """Rows without a code get one: that of the same work in the version before, else one that no row has or ever had (``ever``)."""
    by_words = {_words(one): one.code for one in known}
    taken = {one.code for one in entries if one.code}
    last = next_code({*taken, *ever, *(one.code for one in known)})
    found = []
    for one in entries:
        if not one.code:
            code = by_words.get(_words(one), "")
            if not code or code in taken:
                code, last = last, next_code([last])
            taken.add(code)
            one = msgspec.structs.replace(one, code=code)
        found.append(one)
    return found


def _words(one: Entry) -> tuple[str, str, str]:
    return one.duty.casefold(), one.detail.casefold(), one.name.casefold()


class Compared(msgspec.Struct, frozen=True):
    """A product in two versions: ``fields`` are the names of what differs; ``before`` or ``after`` is None where it is not there."""

    change: Change
    before: Entry | None
    after: Entry | None
    fields: list[str]

    @property
    def one(self) -> Entry:
        """The row as it is now, or as it was."""
        found = self.after or self.before
        assert found is not None
        return found


#: What two rows of one code are compared by.
COMPARED: Final = ("duty", "detail", "name", "unit_of_count", "complexity", "most_points", "points", "k", "parent", "note")


def compared(before: Sequence[Entry], after: Sequence[Entry]) -> list[Compared]:
    """What became of each product, by its code: the rows of now in their order, then those that went."""
    were = {one.code: one for one in before}
    found = []
    for one in after:
        was = were.pop(one.code, None)
        fields = [name for name in COMPARED if getattr(was, name) != getattr(one, name)] if was is not None else []
        found.append(Compared("new" if was is None else "changed" if fields else "same", was, one, fields))
    return [*found, *(Compared("removed", one, None, []) for one in were.values())]

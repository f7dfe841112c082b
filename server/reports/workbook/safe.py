"""Texts as a workbook can hold them. What a title says is never run, whatever it begins with."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

#: What Excel takes of one cell, of one sheet's name, and of a header or a footer.
LONGEST_TEXT: Final = 32_767
LONGEST_NAME: Final = 31
LONGEST_MARGIN: Final = 80
#: With these a spreadsheet begins a formula, or a programme that reads the file as CSV later.
RUNS: Final = ("=", "+", "-", "@", "\t", "\r")
#: What no XML file may hold.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: "_x0041_" would be read as "A": the underscore is written as one of those itself.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NO_NAME = re.compile(r"[\[\]:*?/\\]")


def text(value: str) -> str:
    """The text without what XML can't hold, no longer than a cell takes.

    >>> text("a\\x00b_x0041_"), len(text("x" * 40_000))
    ('ab_x005F_x0041_', 32767)
    """
    cut = plain(value)
    escaped = _ESCAPE.sub("_x005F_", cut)
    return escaped if len(escaped) <= LONGEST_TEXT else cut[: LONGEST_TEXT - 1] + "…"


def plain(value: str) -> str:
    """The same for a writer that escapes by itself."""
    kept = _UNREADABLE.sub("", value)
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1] + "…"


def is_plain(value: str) -> bool:
    """Whether ``plain`` leaves it, and everything that it is made of, as it is."""
    return len(value) <= LONGEST_TEXT and _UNREADABLE.search(value) is None


def runs(value: str) -> bool:
    """Whether a spreadsheet would take it for a formula where it is typed or pasted."""
    return value.startswith(RUNS)


def sheet_name(wanted: str, taken: Iterable[str], otherwise: str) -> str:
    """A name that Excel takes and no other sheet has, upper and lower case being the same.

    >>> sheet_name("Kết quả: a/b", ["kết quả a b"], "Trang"), sheet_name("[]", [], "Trang")
    ('Kết quả a b (2)', 'Trang')
    """
    name = " ".join(_NO_NAME.sub(" ", unicodedata.normalize("NFC", plain(wanted))).split()).strip("' ")
    name = _cut(name, LONGEST_NAME)
    # The one name that Excel keeps for itself.
    if not name or name.casefold() == "history":
        name = otherwise
    known = {one.casefold() for one in taken}
    found, number = name, 1
    while found.casefold() in known:
        number += 1
        ending = f" ({number})"
        found = _cut(name, LONGEST_NAME - len(ending)) + ending
    return found


def _cut(name: str, length: int) -> str:
    """No longer than that, at the end of a word if there is one late enough."""
    if len(name) > length:
        at = name.rfind(" ", length // 2, length + 1)
        name = name[: at if at > 0 else length]
    return name.rstrip("' ,;–-")


def margin(value: str) -> str:
    """A text for a header or a footer, where "&" begins a code."""
    one = " ".join(plain(value).split())
    return (one if len(one) <= LONGEST_MARGIN else one[: LONGEST_MARGIN - 1] + "…").replace("&", "&&")

"""The number of a row ("II", "1.1", "a)") and how deep it stands."""

import re
from typing import Literal

import msgspec

from server.plans.rules.text import flat

Style = Literal["letter", "roman", "arabic", "nested", "small", "none"]
#: Smaller is higher in the tree; a nested number adds its dots.
RANK = {"letter": 0, "roman": 10, "arabic": 20, "nested": 20, "small": 40, "none": 90}

_ROMAN = r"X{0,3}(?:IX|IV|V?I{0,3})"
_WORD = r"(?:(?:phần|mục|nhóm|chương|nhiệm vụ)\s+)?"
#: "I.1", "A.II", "B.1.2": a letter or Roman number with parts below it.
_MIXED = rf"(?:(?=[IVX]){_ROMAN}|[A-ZĐ])(?:\.(?:\d{{1,3}}|(?=[IVX]){_ROMAN}))+"
_ALONE = re.compile(
    rf"{_WORD}(?P<number>{_MIXED}|(?=[IVX]){_ROMAN}|\d{{1,4}}(?:\.\d{{1,3}})*|[A-ZĐ]|[a-zđ](?=\s*[.)/])|\([a-zđ]\)|\(\d{{1,3}}\))\s*[.)/:-]{{0,2}}",
    re.IGNORECASE,
)
_LEADING = re.compile(
    rf"(?P<number>{_WORD}(?:{_MIXED}(?!\w)|(?=[IVX]){_ROMAN}|[A-ZĐ]|\d{{1,3}}(?:\.\d{{1,3}})*(?!\s*[/-]\s*\d|\.\d)|"
    rf"[a-zđ](?=\s*[)/])|\([a-zđ]\)))\s*(?:[.)]|[/:](?=\s)|(?<=[IVX])\s+[-–])\s*(?=\S)",
)


class Number(msgspec.Struct, frozen=True):
    """A number as written without its closing mark, its style and its rank (smaller is higher)."""

    text: str
    style: Style
    rank: int

    @property
    def last(self) -> int | None:
        """The last part as an integer, for arabic numbers."""
        part = self.text.rsplit(".", 1)[-1]
        return int(part) if self.style in ("arabic", "nested") and part.isdigit() else None


NO_NUMBER = Number("", "none", RANK["none"])


def number_of(text: str) -> Number | None:
    """The number that ``text`` consists of; `NO_NUMBER` for an empty text, None if it is something else."""
    plain = flat(text)
    if not plain:
        return NO_NUMBER
    found = _ALONE.fullmatch(plain)
    if found is None:
        return None
    return _styled(found["number"])


def split_number(title: str) -> tuple[Number, str]:
    """A number at the front of a title, and the title without it."""
    found = _LEADING.match(title)
    if found is None:
        return NO_NUMBER, title
    bare = re.sub(rf"^{_WORD}", "", found["number"], flags=re.IGNORECASE).strip()
    return _styled(bare or found["number"]), title[found.end() :].strip()


def _styled(text: str) -> Number:
    bare = text.strip("() ")
    if re.fullmatch(r"\d+", bare):
        style: Style = "arabic" if not text.startswith("(") else "small"
        return Number(str(int(bare)) if len(bare) < 4 else bare, style, RANK[style])
    if "." in bare:
        # "1.0" of a workbook is the number 1.
        parts = bare.removesuffix(".0").split(".")
        if len(parts) == 1:
            return Number(parts[0], "arabic", RANK["arabic"])
        return Number(".".join(parts), "nested", RANK["nested"] + len(parts) - 1)
    if re.fullmatch(r"[IVX]+", bare):
        return Number(bare, "roman", RANK["roman"])
    if bare.isupper():
        return Number(bare, "letter", RANK["letter"])
    if re.fullmatch(r"[ivx]{2,}", bare):
        return Number(bare, "roman", RANK["roman"])
    return Number(bare, "small", RANK["small"])

"""Entries → drafts: rows broken over pages joined, group rows told from tasks, each row under its parent."""

import re
from collections.abc import Sequence

import msgspec

from server.plans.rules.headers import Header
from server.plans.rules.lines import Entry
from server.plans.rules.numbering import RANK, Number
from server.plans.rules.text import clean, flat, fold, words
from server.plans.shapes import Cell

_BULLET = re.compile(r"[-–+•*]\s*\S")
_UNFINISHED_DUE = re.compile(r"(?:qu[yi]|thang|nam|ngay|truoc(?: ngay)?|tu|den|.*[/,-])\s*")
#: The rank of a group row that has no number: above the tasks, below the lettered and roman groups.
_UNNUMBERED_GROUP = 15
#: "Phần thứ hai": above whatever is numbered.
_PART, _PART_RANK = re.compile(r"phan (?:thu )?(?:nhat|mot|hai|ba|tu|bon|nam|[ivx]+|\d)\b"), -10


class Draft(msgspec.Struct, kw_only=True):
    """A row in the making: the text of each column, joined over pages, and its place in the tree."""

    where: str
    header: Header
    number: Number
    rank: int
    title: str
    cells: list[Cell]
    parent: int | None = None
    children: bool = False
    group: bool = False
    heading: bool = False
    fresh: bool = False

    def column(self, field: str) -> int | None:
        """The first column of a field that says something; if none does, the first."""
        columns = self.header.fields.get(field, ())
        said = (column for column in columns if clean(self.cells[column].text) or self.cells[column].day is not None)
        return next(said, columns[0] if columns else None)

    def cell(self, field: str) -> Cell:
        """The cell of a field that counts."""
        column = self.column(field)
        return self.cells[column] if column is not None else Cell()

    def text(self, field: str) -> str:
        """The cleaned words of a field; of several columns of one field the first that is filled counts, but partners all help."""
        if field != "partners":
            return clean(self.cell(field).text)
        texts = (clean(self.cells[column].text) for column in self.header.fields.get(field, ()))
        return ";\n".join(text.rstrip(" ,;") for text in texts if text and fold(text) not in ("khong", "khong co"))

    @property
    def data(self) -> bool:
        """Whether anything but number and title is filled in."""
        return (
            any(self.text(field) for field in ("lead", "partners", "due", "start", "product", "person")) or self.cell("due").day is not None
        )

    @property
    def complete(self) -> bool:
        """Whether it says who or when."""
        return bool(self.text("lead") or self.text("due") or self.text("person") or self.cell("due").day)


def draft(entries: Sequence[Entry]) -> list[Draft]:
    """The drafts in the order of the document; ``parent`` is the index of another."""
    drafts: list[Draft] = []
    whole = [entry for entry in entries if not entry.page or entry.number.style != "none"]
    numbered = sum(entry.number.style != "none" for entry in whole) * 2 > len(whole)
    for place, entry in enumerate(entries):
        following = entries[place + 1] if place + 1 < len(entries) else None
        # Where a group row without a number stood before, another line of that shape is a group as well.
        grouped = numbered and _like_a_group(entry, following) and any(row.rank == _UNNUMBERED_GROUP for row in drafts)
        if drafts and _continues(entry, drafts[-1], following, numbered, grouped=grouped):
            _join(drafts[-1], entry)
            continue
        if not entry.title and not entry.data and entry.number.style != "arabic" and not entry.heading:
            continue
        unnumbered = grouped or _unnumbered_group(entry, following, numbered)
        rank = (_PART_RANK if _PART.match(fold(entry.title)) else _UNNUMBERED_GROUP) if unnumbered else entry.number.rank
        drafts.append(
            Draft(
                where=entry.where,
                header=entry.header,
                number=entry.number,
                rank=rank,
                title=re.sub(r"^[-–+•*]\s+", "", entry.title) if unnumbered else entry.title,
                cells=list(entry.cells),
                heading=entry.heading,
                fresh=entry.fresh,
            )
        )
    kept = [row for row in drafts if row.title or row.data]
    _letters_after_h(kept)
    _nest(kept)
    return kept


def _unnumbered_group(entry: Entry, following: Entry | None, numbered: bool) -> bool:
    if entry.number.style != "none" or entry.data or not entry.title or entry.below:
        return False
    if entry.across or entry.heading:
        return True
    shouting = entry.title.isupper() and len(words(entry.title)) >= 3
    begins = following is not None and (following.number.last == 1 or following.number.style == "roman")
    return shouting or begins or (not numbered and following is not None and following.data and not _BULLET.match(entry.title))


def _like_a_group(entry: Entry, following: Entry | None) -> bool:
    """A capitalised title alone, between whole tasks."""
    alone = entry.number.style == "none" and not entry.data and not entry.page and not entry.below and entry.title[:1].isupper()
    return alone and following is not None and following.number.style == "arabic" and following.data


def _continues(entry: Entry, last: Draft, following: Entry | None, numbered: bool, *, grouped: bool) -> bool:
    """Whether ``entry`` is the rest of ``last``: cut by a page, a wrapped line, or a second line of its cells."""
    if entry.heading or last.heading or entry.fresh or entry.header.fields != last.header.fields:
        return False
    if entry.below:
        return True
    if entry.number.style != "none":
        # A page that repeats the number of the row it breaks.
        same = entry.number.text == last.number.text and entry.number.style == last.number.style
        return same and entry.page and _runs_on(entry, last)
    if not entry.title:
        return True
    if not last.title and (entry.page or not last.data):
        return True
    lowered = entry.title[0].islower() or entry.title[0] in ",;.)"
    if entry.page:
        if entry.across:
            return lowered and not last.data
        if entry.data and not lowered and not last.data and last.number.style in ("letter", "roman"):
            return False
        if following is not None and following.number.last == 1 and last.data and not entry.data and not lowered:
            return False
        return numbered or _runs_on(entry, last)
    if entry.across:
        return False
    if _BULLET.match(entry.title):
        heads = not entry.data and following is not None and following.number.last == 1 and following.number.style == "arabic"
        return not _complete(entry) and not heads
    if lowered or _due_runs_on(entry, last):
        return True
    return numbered and not entry.data and last.data and not _unnumbered_group(entry, following, numbered) and not grouped


def _complete(entry: Entry) -> bool:
    return bool(entry.text("lead") or entry.text("due") or entry.text("person"))


def _runs_on(entry: Entry, last: Draft) -> bool:
    return not entry.title or entry.title[0].islower() or _due_runs_on(entry, last)


def _due_runs_on(entry: Entry, last: Draft) -> bool:
    """ "Quý" above "IV/2021": the deadline itself says that the row goes on."""
    return bool(entry.text("due")) and bool(last.text("due")) and _UNFINISHED_DUE.fullmatch(fold(last.text("due"))) is not None


def _join(last: Draft, entry: Entry) -> None:
    """Add the words of ``entry`` to ``last``, cell by cell."""
    alone = sum(bool(clean(cell.text)) for cell in entry.cells) == 1
    title_at, number_at = last.header.first("title"), last.header.first("number")
    if entry.title:
        last.title = _glued(last.title, entry.title, alone=alone)
    # Without a page between them, two lines of a list of agencies are two agencies, unless the first is cut short.
    lists = {column for field in ("lead", "partners") for column in last.header.fields.get(field, ())}
    for column, cell in enumerate(entry.cells[: len(last.cells)]):
        if column == number_at and last.cells[column].text:
            continue
        text = clean(cell.text)
        if not text and cell.day is None:
            continue
        mine = last.cells[column]
        if not mine.text and mine.day is None:
            last.cells[column] = cell
        else:
            joined = _glued(
                clean(mine.text),
                text,
                alone=alone and column != title_at,
                glue="\n" if entry.below or (column in lists and not entry.page) else " ",
            )
            last.cells[column] = Cell(joined)


def _glued(upper: str, lower: str, *, alone: bool, glue: str = " ") -> str:
    """Two parts of a cell. A page that repeats the last words of a cell, and nothing else, adds nothing."""
    if not upper or not lower:
        return upper or lower
    if alone and len(words(lower)) <= 3 and re.search(rf"(?:^|[\s,;]){re.escape(flat(lower))}$", flat(upper)):
        return upper
    if upper.endswith("/") or lower.startswith("/"):
        glue = ""
    return f"{upper}{glue}{lower}"


def _letters_after_h(drafts: list[Draft]) -> None:
    """ "I" after "H" is a letter, as are "V" and "X" in a row of letters."""
    letters = ""
    for row in drafts:
        if row.number.style == "letter":
            letters = row.number.text
        elif row.number.style == "roman" and len(row.number.text) == 1 and letters and ord(row.number.text) == ord(letters) + 1:
            row.number, row.rank, letters = Number(row.number.text, "letter", RANK["letter"]), RANK["letter"], row.number.text


def _nest(drafts: list[Draft]) -> None:
    """Give each row its parent and decide which rows are groups."""
    stack: list[int] = []
    for place, row in enumerate(drafts):
        if row.fresh:
            stack.clear()
        rank = row.rank
        if rank == RANK["none"] and not _BULLET.match(row.title):
            # A row without a number stands where the row before it stands.
            rank = row.rank = next(
                (drafts[above].rank for above in reversed(stack) if drafts[above].rank >= RANK["arabic"]), RANK["arabic"]
            )
        while stack and drafts[stack[-1]].rank >= rank:
            stack.pop()
        if row.number.style == "nested":
            # "2.1" belongs under "2", wherever "1.9" stood.
            stem = row.number.text.rsplit(".", 1)[0]
            while stack and drafts[stack[-1]].number.style in ("arabic", "nested") and drafts[stack[-1]].number.text != stem:
                stack.pop()
        row.parent = stack[-1] if stack else None
        if row.parent is not None:
            drafts[row.parent].children = True
        stack.append(place)
    deep = any(row.rank >= RANK["arabic"] for row in drafts)
    for row in drafts:
        high = row.rank < RANK["arabic"]
        bare = not row.data
        row.group = row.heading or (high and row.children) or (bare and row.children) or (bare and high and deep)

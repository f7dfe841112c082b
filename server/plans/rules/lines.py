"""The lines of the tables → entries: the words of each field, merged cells filled in, what is not a row left out."""

import re
from collections.abc import Sequence

import msgspec

from server.plans.rules.headers import Header, behind_header, header_at, looks_like_header, numbers_columns, repeats
from server.plans.rules.numbering import NO_NUMBER, Number, number_of, split_number
from server.plans.rules.text import clean, flat, fold
from server.plans.shapes import Cell, Line, Table
from server.words import say

_FOOTER = re.compile(
    r"(?:noi nhan|nguoi lap|nguoi ky|tm\.|kt\.|tl\.|tuq\.|luu:|ghi chu:|\*? ?ghi chu ?:|ky ten|xac nhan cua|"
    r".{0,40}, ngay \d+ thang \d+ nam \d+$)"
)
_SIGNER = re.compile(
    r"(?:nguoi (?:lap|ky)|tm\.|kt\.|tl\.|tuq\.|noi nhan|truong ban|xac nhan|"
    r"(?:pho )?(?:giam doc|truong phong|chu tich|chanh van phong|thu truong))"
)
_CODE = re.compile(r"(?=\S*\d)[A-Za-zĐ]{1,6}[-_./]?\d[\w./-]{0,12}")
_TOTAL = re.compile(r"(?:tong cong|tong so|cong|tong)(?:\s*[:(].*)?(?:\s+\d+.*)?")
_BULLETS = ("-", "–", "—", "+", "•", "*")
_PART = re.compile(r"(?:phu luc|bieu|danh muc|ke hoach|chuong trinh|phan|muc)\b")
_HEADING = re.compile(r"(?:[IVX]+|[A-ZĐ])\s*[.)/-]\s*\S")


class Entry(msgspec.Struct, kw_only=True):
    """One line of a plan's table that says something.

    ``page`` is true when a page, a table or a repeated header stands just before it; ``across`` when its title is merged over
    other columns; ``below`` when number and title belong to the cell above; ``heading`` when it stood outside the table;
    ``fresh`` when a part of its own begins with it (a sheet, an annex), under no row above.
    """

    where: str
    header: Header
    number: Number
    title: str
    cells: list[Cell]
    own: frozenset[int]
    page: bool = False
    across: bool = False
    below: bool = False
    heading: bool = False
    fresh: bool = False

    def text(self, field: str) -> str:
        """The cleaned words of a field, the columns of the same field joined."""
        return "\n".join(text for column in self.header.fields.get(field, ()) if (text := clean(self.cells[column].text)))

    @property
    def data(self) -> bool:
        """Whether anything but number and title is filled in."""
        return any(self.text(field) for field in ("lead", "partners", "due", "start", "product", "person"))


class Gathered(msgspec.Struct):
    """The entries of all tables with a plan's header, the headers met, and warnings."""

    entries: list[Entry] = []
    headers: list[Header] = []
    places: list[str] = []
    warnings: list[str] = []
    empty_header: tuple[str, str] | None = None


def gather(tables: Sequence[Table]) -> Gathered:
    """The entries of every table that has a plan's header or continues one that has."""
    found = Gathered()
    headers = [_headers(table) for table in tables]
    complete = [any(header.complete for header in known) for known in headers]
    # A table of numbers and contents alone is a plan only if the document has no better one; so is one of aims beside one of tasks.
    strict = any(complete)
    named = any(header.complete and not header.guessed_title for known in headers for header in known)
    # One table under "III. NHIỆM VỤ" stands in a chapter of the document; several such tables are parts of one plan.
    sections = sum(whole and bool(_headings(table)) for table, whole in zip(tables, complete, strict=True)) > 1
    header: Header | None = None
    for table in tables:
        found.warnings.extend(table.warnings)
        before = header if not table.apart else None
        header = _take(table, before, found, strict=strict, named=named, sections=sections) or before
    return found


def _headers(table: Table) -> list[Header]:
    return [
        header
        for at in range(len(table.lines))
        if looks_like_header(table.lines[at].cells) and (header := header_at(table.lines, at)) is not None
    ][:3]


def _take(table: Table, header: Header | None, found: Gathered, *, strict: bool, named: bool, sections: bool) -> Header | None:
    """Take the lines of one table under the ``header`` that runs on from the table before, if it fits."""
    width = max((len(line.cells) for line in table.lines), default=0)
    own = header_at(table.lines, 0) if table.lines else None
    headed = own is not None and _usable(own, strict, named)
    if header is not None and headed and behind_header(table.lines[0].cells, header) is not None:
        headed = False
    continued = header is not None and not headed and len(header.names) == width and not _foreign(table.lines[0].cells, header)
    current = header if continued else None
    page, at, taken, blank = True, 0, False, False
    headings = _headings(table) if sections else []
    parted = any(_PART.match(fold(flat(clean(paragraph)))[:40]) for paragraph in table.before)
    fresh = header is None or (headed and (parted or bool(headings)))
    above: list[Cell] = []
    while at < len(table.lines):
        line = table.lines[at]
        if all(not clean(cell.text) and cell.day is None for cell in line.cells) and not any(cell.above for cell in line.cells):
            blank, at = True, at + 1
            continue
        if current is not None and repeats(line.cells, current):
            page, blank, at = True, False, at + 1
            continue
        if current is not None and at == 0 and (rest := behind_header(line.cells, current)) is not None:
            line, page = Line(rest, line.where), True
        candidate = header_at(table.lines, at) if line is table.lines[at] else None
        if candidate is not None and _usable(candidate, strict, named):
            current = candidate
            if not any(candidate.folded == known.folded for known in found.headers):
                found.headers.append(candidate)
            found.places.append(f"{table.where}, {line.where}")
            page, blank, at, above = True, False, at + candidate.height, []
            if headings and current is not None:
                found.entries.append(_heading(headings[-1], table.where, current, fresh))
                headings, fresh = [], False
            continue
        if current is None and (candidate is None or "title" not in candidate.fields):
            _note_empty_header(table, line, found)
        at += 1
        if current is None or numbers_columns(line.cells):
            continue
        if _is_page_number(line):
            page = True
            continue
        if _is_footer(line) and (blank or _is_signed(line)):
            current = None
            continue
        entry, above = _entry(line, current, above, page, table.where)
        if entry is not None:
            entry.fresh = fresh
            found.entries.append(entry)
            taken, page, blank, fresh = True, False, False, False
    if not taken and table.lines and current is None and header is None:
        return None
    return current


def _headings(table: Table) -> list[str]:
    """The numbered heading right above a table; behind it only remarks in brackets may stand."""
    for paragraph in reversed(table.before[-3:]):
        text = flat(clean(paragraph))
        if _HEADING.match(text) and len(text) < 400:
            return [text]
        if not text.startswith("("):
            break
    return []


def _usable(header: Header, strict: bool, named: bool) -> bool:
    if named and header.guessed_title:
        return False
    return header.complete or (not strict and "title" in header.fields)


def _foreign(cells: Sequence[Cell], header: Header) -> bool:
    """Whether a table begins with a header of its own that is no plan's."""
    return looks_like_header(cells) and behind_header(cells, header) is None


def _note_empty_header(table: Table, line: Line, found: Gathered) -> None:
    """Remember a line that is a header but for the name of the column of tasks."""
    candidate = [clean(cell.text) for cell in line.cells]
    if looks_like_header(line.cells) and "" in candidate and found.empty_header is None:
        known = ", ".join(flat(text) for text in candidate if text)
        found.empty_header = (f"{table.where}, {line.where}", known)


def _heading(text: str, where: str, header: Header, fresh: bool) -> Entry:
    number, title = split_number(text)
    cells = [Cell() for _ in header.names]
    return Entry(where=where, header=header, number=number, title=title, cells=cells, own=frozenset(), page=True, heading=True, fresh=fresh)


def _is_footer(line: Line) -> bool:
    texts = [fold(flat(clean(cell.text))) for cell in line.cells if not cell.left]
    texts = [text for text in texts if text]
    return bool(texts) and len(texts) <= 3 and any(_FOOTER.match(text) for text in texts)


def _is_page_number(line: Line) -> bool:
    """ "Trang 2/5" alone in a line: what a printed page says of itself."""
    texts = [fold(flat(clean(cell.text))) for cell in line.cells if not cell.left and clean(cell.text)]
    return len(texts) == 1 and re.fullmatch(r"(?:trang|page)(?: so)? \d{1,4}(?: ?(?:/|tren|cua|of) ?\d{1,4})?", texts[0]) is not None


def _is_signed(line: Line) -> bool:
    """Whether it is a line of signatures that stands in the table itself: nothing but the titles of those who sign."""
    texts = [flat(clean(cell.text)) for cell in line.cells if not cell.left]
    texts = [text for text in texts if text]
    return len(texts) > 1 and all(_SIGNER.match(fold(text)) for text in texts)


def _entry(line: Line, header: Header, above: list[Cell], page: bool, place: str) -> tuple[Entry | None, list[Cell]]:
    """The entry of a line, and its cells with what runs down from merged cells, for the line below."""
    width = len(header.names)
    raw = [*line.cells[:width], *([Cell()] * (width - len(line.cells)))]
    if len(line.cells) > width:
        # More cells than the header has: nothing is lost, the last column takes them.
        surplus = [cell.text for cell in line.cells[width:] if clean(cell.text)]
        raw[-1] = msgspec.structs.replace(raw[-1], text="\n".join([raw[-1].text, *surplus])) if surplus else raw[-1]
    number_at, title_at = header.first("number"), header.first("title")
    if title_at is None:
        return None, above
    filled = [above[column] if cell.above and column < len(above) else cell for column, cell in enumerate(raw)]
    below = raw[title_at].above and (number_at is None or raw[number_at].above or not clean(raw[number_at].text))
    cells = [Cell() if cell.above else cell for cell in raw] if below else filled
    texts = [text for cell in raw if (text := flat(clean(cell.text)))]
    if len(texts) >= max(3, width - 1) and len(set(texts)) == 1:
        # A program that knows no merged cells wrote the text of one into each of its columns.
        raw = [raw[0] if texts[0] == flat(clean(raw[0].text)) else Cell(texts[0]), *([Cell(left=True)] * (width - 1))]
        filled, cells, below = raw, list(raw), False
    across = sum(cell.left for cell in raw) >= max(2, (width - 1) // 2)
    cells = [Cell() if raw[column].left else cell for column, cell in enumerate(cells)]
    title = "\n".join(text for column in header.fields["title"][:1] if (text := clean(cells[column].text)))
    number = number_of(clean(cells[number_at].text)) if number_at is not None else NO_NUMBER
    if number_at is not None and title and cells[number_at].text.strip() in _BULLETS:
        # A dash in the column of numbers marks a part of the task above.
        title, number = f"- {title}", NO_NUMBER
    elif number is None and number_at is not None and title and _CODE.fullmatch(clean(cells[number_at].text)):
        number = NO_NUMBER  # "NV01": a code of the row, and no word of its title
    elif number_at is not None and number is None:
        # "I. Củng cố …" in the first cell of a row that is merged across, or a number with words behind it.
        number, rest = split_number(flat(clean(cells[number_at].text)))
        title = f"{rest} {title}".strip()
    elif (number is None or number is NO_NUMBER) and title and not below:
        number, title = _split(title, header, cells, page)
    own = frozenset(column for column, cell in enumerate(raw) if not cell.above and not cell.left)
    entry = Entry(
        where=f"{place}, {line.where}",
        header=header,
        number=number or NO_NUMBER,
        title=flat(title),
        cells=cells,
        own=own,
        page=page,
        across=across,
        below=below,
    )
    if _TOTAL.fullmatch(fold(entry.title)) and not entry.text("lead"):
        return None, filled
    return entry, filled


def _split(title: str, header: Header, cells: Sequence[Cell], page: bool) -> tuple[Number, str]:
    """A number at the front of the title, where it is the row's: there is no column for it, or its cell is empty."""
    number_at = header.first("number")
    if number_at is not None and clean(cells[number_at].text):
        return NO_NUMBER, title
    number, rest = split_number(title)
    # Behind a page break the words may be the rest of a row, and "717/QĐ" no number; groups still begin there.
    if number_at is not None and page and number.style not in ("letter", "roman"):
        return NO_NUMBER, title
    return number, rest


def described(tables: Sequence[Table]) -> str:
    """Where the tables stand, for a sentence."""
    places = [table.where for table in tables[:4]]
    return ", ".join(places) + ("…" if len(tables) > 4 else "") if places else say("plans.at.file")

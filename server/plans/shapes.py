"""The values that pass from a document to the review grid."""

from collections.abc import Callable
from datetime import date
from typing import Literal

import msgspec

Cadence = Literal["once", "recurring", "ongoing"]
Kind = Literal["docx", "xlsx", "pdf", "text", "html"]
IsWorkingDay = Callable[[date], bool]
#: Told how many lines are done, and of how many (0: nobody knows yet).
Progress = Callable[[int, int], None]

MEGABYTE = 1024 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a document is taken before it is refused."""

    file_bytes: int = 25 * MEGABYTE
    rows: int = 5_000
    unpacked_bytes: int = 200 * MEGABYTE
    part_bytes: int = 96 * MEGABYTE
    entries: int = 5_000
    ratio: int = 200
    pages: int = 300
    columns: int = 60
    cells: int = 600_000
    #: Seconds that the pages of a PDF may take together.
    pdf_seconds: float = 90.0


DEFAULT_LIMITS = Limits()


class Cell(msgspec.Struct, frozen=True):
    """One cell as it stands in the document, only the container taken off.

    ``day`` is set when the cell is a real date and not text; ``month_shown`` when its format shows only month and year.
    ``above`` and ``left`` mark the covered cells of a merged one: their text is the text of the cell above or to the left.
    """

    text: str = ""
    day: date | None = None
    month_shown: bool = False
    above: bool = False
    left: bool = False


class Line(msgspec.Struct, frozen=True):
    """One line of a table; ``where`` says in Vietnamese where it stands ("dòng 12")."""

    cells: list[Cell]
    where: str


class Table(msgspec.Struct, frozen=True):
    """A table of the document; ``before`` are the paragraphs between it and the table before it."""

    where: str
    lines: list[Line]
    before: list[str] = []
    #: The table starts a part of its own (a sheet), so it cannot continue the one before.
    apart: bool = False
    warnings: list[str] = []


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of this office; ``office`` marks the office itself, the others are its rooms."""

    id: str
    name: str
    short: str = ""
    aliases: list[str] = []
    office: bool = False


class Agency(msgspec.Struct, frozen=True):
    """An agency named in a cell: ``text`` as written, ``name`` as it is known, ``unit`` its id if it is one of ours.

    ``near`` is true when the unit was only guessed from a name that is nearly its own.
    """

    text: str
    kind: Literal["office", "room", "outside", "person", "unknown"] = "unknown"
    name: str | None = None
    unit: str | None = None
    near: bool = False


class Doubt(msgspec.Struct, frozen=True):
    """Why a person should look: the field, a Vietnamese sentence, and what the document said."""

    field: str
    message: str
    original: str = ""


class Recurrence(msgspec.Struct, frozen=True):
    """How often: ``months`` (1-12) and ``day`` of the month when the plan names them."""

    every: Literal["year", "half", "quarter", "month", "week", "day"] | None = None
    months: tuple[int, ...] = ()
    day: int | None = None


class Deadline(msgspec.Struct, frozen=True):
    """What a deadline cell means; ``problems`` are Vietnamese clauses, empty when all is clear."""

    due: date | None = None
    start: date | None = None
    cadence: Cadence = "once"
    recurrence: Recurrence | None = None
    problems: tuple[str, ...] = ()


class Row(msgspec.Struct, kw_only=True):
    """One task of the plan.

    ``group`` is the title of the nearest group row, ``group_path`` all titles above the row, the outermost first.
    ``room`` is the id of the unit of this office that answers for the row, if the plan names one.
    ``originals`` holds, under the header of each column, what the document said. ``key`` is the same for the same
    row in any later reading, so that an import can be repeated.
    """

    row: int
    where: str
    number: str
    title: str
    group: str | None = None
    group_path: list[str] = []
    parent: int | None = None
    leads: list[Agency] = []
    partners: list[Agency] = []
    lead_text: str = ""
    partners_text: str = ""
    person: str = ""
    room: str | None = None
    product: str = ""
    due: date | None = None
    start: date | None = None
    cadence: Cadence = "once"
    recurrence: Recurrence | None = None
    due_text: str = ""
    note: str = ""
    doubts: list[Doubt] = []
    originals: dict[str, str] = {}
    key: str = ""


class Group(msgspec.Struct, frozen=True):
    """A group row: its number, its title, and the titles above it."""

    number: str
    title: str
    path: list[str] = []


class Column(msgspec.Struct, frozen=True):
    """A column of the plan: its header as written and the field it was taken for (None: kept in the originals only)."""

    header: str
    field: str | None


class Heading(msgspec.Struct, frozen=True):
    """What the document says of itself."""

    title: str = ""
    number: str = ""
    day: date | None = None
    issuer: str = ""
    year: int | None = None


class Plan(msgspec.Struct, kw_only=True):
    """All that was understood of a document."""

    rows: list[Row]
    groups: list[Group] = []
    columns: list[Column] = []
    heading: Heading = Heading()
    warnings: list[str] = []

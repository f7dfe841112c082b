"""A workbook in the form of the handbook's appendix III, read: rows, or everything that is wrong with it, each with its place."""

from collections.abc import Iterable

import msgspec

from server.errors import Refusal
from server.kpi.commands.catalogue import sentence
from server.kpi.rules.catalogue_table import Told, Understood, understand
from server.kpi.rules.entries import LENGTHS, MOST_ROWS, Entry, coded, counted, faults, too_long
from server.plans.reading import read_tables
from server.plans.reading.kinds import kind_of
from server.plans.shapes import MEGABYTE, Limits, Table
from server.words import say

#: A catalogue is small: what is larger is something else.
LIMITS = Limits(
    file_bytes=5 * MEGABYTE,
    rows=MOST_ROWS,
    unpacked_bytes=60 * MEGABYTE,
    part_bytes=40 * MEGABYTE,
    entries=500,
    columns=40,
    cells=120_000,
)


#: What an unreadable cell lets the check find besides.
FOLLOWS = {
    "not_a_group": ("group",),
    "group_missing": ("group",),
    "points_missing": ("points", "k"),
    "not_a_number": ("points", "k", "most"),
    "merged_cell": ("points", "k", "name_missing"),
}


class Read(msgspec.Struct, frozen=True):
    """What was understood. ``standard`` is the code of the standard product."""

    name: str
    sheet: str
    entries: list[Entry]
    standard: str


class FileRefused(Refusal):
    """The file has no catalogue in it; ``lines`` is every fault in words, each with its sheet and row."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("invalid", "kpi.catalogue.file.wrong", field="file", name=name, count=len(lines), first=lines[0])


def read_catalogue(data: bytes, name: str, known: list[Entry], standard: str, ever: Iterable[str] = ()) -> Read:
    """The catalogue of a file. ``known``: the rows of the version before it; ``standard``: its standard product, for a file that says none.
    ``ever``: codes that any version had.

    Raises Refusal for what is no workbook, FileRefused with every fault of one that is.
    """
    if len(data) > LIMITS.file_bytes:
        size, limit = -(-len(data) // MEGABYTE), LIMITS.file_bytes // MEGABYTE
        raise Refusal("invalid", "kpi.catalogue.file.too_large", field="file", name=name, size=size, limit=limit)
    if kind_of(data, name, LIMITS) != "xlsx":
        raise Refusal("invalid", "kpi.catalogue.file.not_excel", field="file", name=name)
    try:
        tables = read_tables(data, name, LIMITS)
    except Refusal as refusal:
        if refusal.key == "plans.too_many_rows":  # which speaks of a plan
            raise Refusal("invalid", "kpi.catalogue.many_rows", count=refusal.values["count"], limit=MOST_ROWS) from None
        raise
    found = [one for table in tables if (one := understand(table, _sheet(table))) is not None]
    if not found:
        raise Refusal("invalid", "kpi.catalogue.file.no_header", field="file", name=name)
    if len(found) > 1:
        raise Refusal("invalid", "kpi.catalogue.file.two_sheets", field="file", name=name, first=found[0].sheet, second=found[1].sheet)
    return _whole(found[0], name, known, standard, ever)


def _sheet(table: Table) -> str:
    """The sheet's own name, out of ``trang tính “Danh mục”``."""
    return table.where.partition("“")[2].rpartition("”")[0] or table.where


def _whole(found: Understood, name: str, known: list[Entry], standard: str, ever: Iterable[str]) -> Read:
    lines = [_told(found.sheet, one) for one in found.told]
    if not lines and not found.entries:
        raise Refusal("invalid", "kpi.catalogue.file.no_rows", field="file", name=name, sheet=found.sheet)
    for one in found.entries:
        lines += [_at(found.sheet, one.row, _long(field)) for field in too_long(one)]
    entries = coded(found.entries, known, ever)
    code, more = _standard(found, entries, standard)
    lines += more
    entries = counted(entries, code)
    # A cell that could not be read is said already; what comes of its emptiness would say it twice.
    told = {(one.row, fault) for one in found.told for fault in FOLLOWS.get(one.key, ())}
    for wrong in faults(entries, code):
        if (wrong.row, wrong.fault) not in told and not (wrong.fault == "standard" and more):
            lines.append(_at(found.sheet, wrong.row, sentence(msgspec.structs.replace(wrong, row=0))))
    if lines:
        raise FileRefused(name, lines)
    return Read(name, found.sheet, entries, code)


def _standard(found: Understood, entries: list[Entry], standard: str) -> tuple[str, list[str]]:
    """The standard product: the row that says so, else the one of the version before; and what is wrong with that."""
    named = [one for one in entries if one.row in found.standard]
    if len(named) > 1:
        return named[0].code, [_at(found.sheet, one.row, say("kpi.catalogue.file.two_standards")) for one in named[1:]]
    if named:
        return named[0].code, []
    if any(one.code == standard for one in entries):
        return standard, []
    ones = [one for one in entries if one.k == 1000]
    if len(ones) == 1:
        return ones[0].code, []
    return "", [_at(found.sheet, 0, say("kpi.catalogue.file.no_standard"))]


def _told(sheet: str, one: Told) -> str:
    return _at(sheet, one.row, say(f"kpi.catalogue.file.{one.key}", column=one.column, value=one.value))


def _long(field: str) -> str:
    return say("kpi.catalogue.too_long", what=say(f"kpi.catalogue.field.{field}"), limit=LENGTHS[field])


def _at(sheet: str, row: int, what: str) -> str:
    return say("kpi.catalogue.file.at", sheet=sheet, row=row, what=what) if row else what

"""What is read of filed reports."""

from datetime import date, datetime
from typing import Any, Final

import msgspec

from server.ledger.grains import Grain, Period
from server.people.directory import Directory
from server.reports.filed.frame import Frame
from server.reports.filed.rules import may_file, numbered, seal
from server.reports.shape import Report, Writing, decoded
from server.storage.engine import Row, places, row, rows
from server.storage.ids import is_id

PAGE: Final = 30
COLUMNS: Final = (
    "id, unit, grain, start, state, version, made_by, made_at, changed_by, changed_at, fixed_by, fixed_behalf, fixed_at, number, "
    "number_year, code, replaces, sha256, pdf, xlsx, "
    "EXISTS (SELECT 1 FROM filed_report l WHERE l.replaces = filed_report.id AND l.state = 'fixed') AS replaced"
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A filed report without what it says."""

    id: str
    unit: str
    grain: Grain
    start: date
    state: str
    version: int
    made_by: str | None
    made_at: datetime
    changed_by: str | None
    changed_at: datetime
    fixed_by: str | None
    fixed_behalf: str | None
    fixed_at: datetime | None
    number: int | None
    number_year: int | None
    code: str
    replaces: str | None
    sha256: str
    pdf: str
    xlsx: str
    #: Another one that was fixed later took its place.
    replaced: bool = False

    @property
    def period(self) -> Period:
        """What it is about."""
        return Period(self.grain, self.start)

    @property
    def numbered(self) -> str:
        """``02/BC-HCTH``; "" before it is fixed."""
        return numbered(self.number, self.code) if self.number is not None else ""


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A filed report with everything that it says, as stored text too: what its seal is of."""

    line: Line
    report: Report
    writing: Writing
    stored: tuple[str, str]
    #: Of a fixed one: who issued and signed it, as they were called.
    frame: Frame | None = None
    #: Whether a fixed one still says what its seal is of.
    intact: bool = True
    #: The fixed one that took its place, if any: id and number.
    replaced_by: tuple[str, str] | None = None


def _line(found: Row) -> Line:
    values = {name: found[name] for name in Line.__struct_fields__}
    # SQLite has no truth values.
    return Line(**{**values, "replaced": bool(found["replaced"])})


def writable(viewer: str, known: Directory, today: date) -> list[str]:
    """The units whose reports this person writes, in the office's order."""
    actor = known.actor(viewer)
    units = sorted(known.units.values(), key=lambda one: (len(known.path(one.id)), one.sort, one.name))
    return [one.id for one in units if one.active and one.kind != "outer" and may_file(actor, known.path(one.id), today)]


async def listed(mine: list[str], asked: dict[str, Any], page: int) -> tuple[list[Line], bool]:
    """Filed reports, the newest period first: all fixed ones, drafts of the units that are ``mine``; and whether there are more."""
    values: list[Any] = [*mine]
    where = [f"(state = 'fixed' OR unit IN ({places(len(mine))}))"]
    for name in ("unit", "grain", "state"):
        if asked.get(name):
            values.append(asked[name])
            where.append(f"{name} = ${len(values)}")
    if asked.get("start"):
        values.append(asked["start"])
        where.append(f"start = ${len(values)}")
    values += [PAGE + 1, PAGE * (page - 1)]
    found = await rows(
        f"SELECT {COLUMNS} FROM filed_report WHERE {' AND '.join(where)} "
        f"ORDER BY start DESC, grain, unit, made_at DESC, id LIMIT ${len(values) - 1} OFFSET ${len(values)}",
        *values,
    )
    return [_line(one) for one in found[:PAGE]], len(found) > PAGE


async def draft_of(unit: str, period: Period) -> str | None:
    """The draft of this unit and period."""
    found = await row(
        "SELECT id FROM filed_report WHERE unit = $1 AND grain = $2 AND start = $3 AND state = 'draft'", unit, period.grain, period.start
    )
    return str(found["id"]) if found else None


async def filed(report: str) -> Filed | None:
    """One, whole."""
    found = await row(f"SELECT {COLUMNS}, report, writing, frame FROM filed_report WHERE id = $1", report) if is_id(report) else None
    if found is None:
        return None
    line = _line(found)
    after = None
    if line.replaced:
        after = await row(
            "SELECT id, number, code FROM filed_report WHERE replaces = $1 AND state = 'fixed' ORDER BY number_year, number LIMIT 1", report
        )
    stored = (found["report"], found["writing"])
    return Filed(
        line=line,
        report=decoded(found["report"]),
        writing=msgspec.json.decode(found["writing"], type=Writing),
        stored=stored,
        frame=msgspec.json.decode(found["frame"], type=Frame) if found["frame"] else None,
        intact=line.fixed_at is None or seal(*stored, found["frame"], line.number or 0, line.code, line.fixed_at) == line.sha256,
        replaced_by=(after["id"], numbered(after["number"], after["code"])) if after else None,
    )


async def without_files() -> list[str]:
    """Fixed reports whose files are not kept yet, the oldest first."""
    found = await rows("SELECT id FROM filed_report WHERE state = 'fixed' AND (pdf = '' OR xlsx = '') ORDER BY fixed_at, id")
    return [one["id"] for one in found]

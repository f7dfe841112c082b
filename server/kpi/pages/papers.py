"""Downloads: Mẫu số 01 of a sheet as PDF and as a workbook, a room's period as a workbook."""

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.pages.frame import require_id, require_scored
from server.kpi.papers.contexts import sheet_papers, sheet_title
from server.kpi.papers.fill import percent_of, sheet_paper, tasks_of, when_of
from server.kpi.papers.shapes import Agency, Person, RoomPaper, RoomRow, SheetPaper, Signature
from server.kpi.papers.workbooks import room_workbook, sheet_workbook
from server.kpi.queries.room import room, units_of
from server.kpi.queries.sheets import Sheet, sheet_by_id
from server.kpi.show.room import missing
from server.kpi.show.values import state
from server.people.directory import Directory
from server.printing.printer import printer
from server.storage.ids import LOCAL
from server.tasks.show.values import name_of
from server.web.viewer import SignedIn
from server.words import say

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def agency_of(directory: Directory, unit: str | None, place: str = "") -> Agency:
    """Who issues: the centre, under the agency above it."""
    centre = directory.units.get(directory.centre_of(unit) or "")
    if centre is None:
        return Agency(place=place)
    above = directory.units.get(centre.parent or "")
    return Agency(name=centre.name, parent=above.name if above else "", place=place)


def person_of(directory: Directory, person: str, unit: str | None, title: str) -> Person:
    """Name, position and unit as a paper says them."""
    known = directory.units.get(unit or "")
    return Person(name=name_of(directory, person), title=title, unit=known.name if known else "")


def paper_of(found: Sheet, directory: Directory, place: str = "") -> SheetPaper:
    """A sheet as Mẫu số 01; what nobody has confirmed yet stays open on it."""
    own_day = found.self_at.astimezone(LOCAL).date() if found.self_at else None
    sure_day = found.confirmed_at.astimezone(LOCAL).date() if found.confirmed_at else None
    sure = bool(found.confirmed_at)
    profile = directory.people.get(found.person)
    score = found.score
    paper = sheet_paper(
        agency=agency_of(directory, found.unit, place),
        when=when_of(found.period.when),
        person=person_of(directory, found.person, found.unit, found.title or (profile.title if profile else "")),
        lines=found.lines,
        found=score,
        rules=found.rules,
        self_points=found.self_points,
        points=found.points,
        reason=found.reason,
        strengths=found.strengths,
        weaknesses=found.weaknesses,
        comment=found.comment,
        own=Signature(name=name_of(directory, found.person), day=own_day),
        rater=Signature(name=found.outside_rater or name_of(directory, found.confirmed_by or found.rater), day=sure_day),
        version=found.version,
        version_reason=found.version_reason,
    )
    if sure:
        return paper
    return SheetPaper(**{name: getattr(paper, name) for name in paper.__struct_fields__} | {"general": None, "total": None, "band": None})


def _file(data: bytes, name: str, kind: str) -> Response[bytes]:
    return Response(
        data,
        media_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _name(found: Sheet, directory: Directory, ending: str) -> str:
    profile = directory.people.get(found.person)
    user = profile.username if profile else "phieu"
    return f"mau-01-{user}-{found.period.year}-{found.period.number:02d}-v{found.version}.{ending}"


@get("/kpi/sheets/{name:str}/mau-01.pdf")
async def pdf(viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Mẫu số 01 as the decree draws it, with its annex."""
    require_scored(viewer)
    found = await sheet_by_id(viewer.id, require_id(name), viewer.now)
    paper = paper_of(found, viewer.directory, viewer.place)
    return _file(await printer.pdf(sheet_papers(paper), sheet_title([paper])), _name(found, viewer.directory, "pdf"), PDF)


@get("/kpi/sheets/{name:str}/mau-01.xlsx")
async def workbook(viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """The same with its numbers as numbers."""
    require_scored(viewer)
    found = await sheet_by_id(viewer.id, require_id(name), viewer.now)
    return _file(sheet_workbook(paper_of(found, viewer.directory, viewer.place)), _name(found, viewer.directory, "xlsx"), XLSX)


@get("/kpi/room/{period:str}/{unit:str}")
async def of_room(viewer: SignedIn, period: FromPath[str], unit: FromPath[str]) -> Response[bytes]:
    """A room's period as a table, for whoever may open the room."""
    require_scored(viewer)
    unit_id = require_id(unit.removesuffix(".xlsx"))
    if not unit.endswith(".xlsx") or unit_id not in await units_of(viewer.id, viewer.now):
        raise Refusal("not_found", "kpi.page.no_such_page")
    found = await room(viewer.id, require_id(period), viewer.now, unit_id)
    known = viewer.directory.units[unit_id]
    ranked = {person: place for place, person in enumerate(viewer.directory.people)}
    rows = tuple(
        RoomRow(
            person=person_of(viewer.directory, one.person, one.unit, viewer.directory.people[one.person].title),
            a=percent_of(one.a),
            b=percent_of(one.b),
            c=percent_of(one.c),
            tasks=tasks_of(one.task_points),
            general=one.general,
            total=one.total,
            band=one.band,
            state=say(f"kpi.page.away.{one.away}") if one.away else state(one.state)["label"],
            missing=missing(one.missing),
        )
        for one in sorted(found.rows, key=lambda one: ranked.get(one.person, len(ranked)))
    )
    agency = agency_of(viewer.directory, unit_id, viewer.place)
    paper = RoomPaper(agency=agency, unit=known.name, when=when_of(found.period.when), rows=rows)
    name = f"kpi-{found.period.year}-{found.period.number:02d}.xlsx"
    return _file(room_workbook(paper), name, XLSX)


routes = [pdf, workbook, of_room]

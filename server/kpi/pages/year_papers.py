"""Downloads of a year: Mẫu số 02, the notice to a person, the list that is published."""

from datetime import date, datetime

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.pages.frame import require_id, require_scored
from server.kpi.pages.papers import PDF, XLSX, agency_of, person_of
from server.kpi.papers import contexts
from server.kpi.papers.fill import away_note
from server.kpi.papers.shapes import Notice, Publication, Published, Signature, Signer, When, YearMonth, YearPaper
from server.kpi.papers.workbooks import publication_workbook, year_workbook
from server.kpi.queries import years as read
from server.kpi.queries.year_book import check_year
from server.people.directory import Directory
from server.printing.printer import printer
from server.storage.ids import LOCAL
from server.web.viewer import SignedIn, Viewer
from server.words import say


def year_paper(found: read.PersonYear, directory: Directory, place: str = "") -> YearPaper:
    """A person's year as Mẫu số 02; what nobody decided yet stays open on it. The director's own rater is outside and signs by hand."""
    settled = found.state in ("decided", "published")
    inside = directory.people[found.person].position != "director"
    decider = directory.people.get(found.decided_by or "")
    return YearPaper(
        agency=agency_of(directory, found.unit, place),
        year=found.year,
        person=person_of(directory, found.person, found.unit, found.title),
        months=tuple(YearMonth(number=one.number, total=one.total, note=away_note(one.plain)) for one in found.months),
        mean=found.mean,
        mean_note=say(f"kpi.paper.why.{found.why}") if found.why else "",
        self_band=found.self_band,
        band=found.band if settled else None,
        proposal=found.proposal if settled else "",
        own=Signature(name=directory.people[found.person].name),
        rater=Signature(name=decider.name if decider and inside else "", day=_day(found.decided_at)) if settled else Signature(),
    )


def notice(found: read.PersonYear, directory: Directory, place: str = "") -> Notice:
    """The notice of a published rating to the person (Đ21.1đ, Đ21.2đ)."""
    return Notice(
        agency=agency_of(directory, found.unit, place),
        day=_day(found.published_at),
        when=When(year=found.year),
        person=person_of(directory, found.person, found.unit, found.title),
        total=found.mean,
        band=found.band,
        reason=found.reason,
        basis=found.document,
        petition_days=found.rules.petition_days,
        signer=signer(directory, found.unit),
    )


def publication(rows: tuple[read.Published, ...], year: int, directory: Directory, unit: str | None, place: str = "") -> Publication:
    """The list that is published: ratings only."""
    return Publication(
        agency=agency_of(directory, unit, place),
        day=_day(max(one.published_at for one in rows)),
        when=When(year=year),
        rows=tuple(Published(person=person_of(directory, one.person, one.unit, one.title), band=one.band) for one in rows),
        signer=signer(directory, unit),
    )


def signer(directory: Directory, unit: str | None) -> Signer:
    """The director of the unit's centre signs."""
    centre = directory.centre_of(unit)
    heads = [
        one for one in directory.people.values() if one.active and one.position == "director" and directory.centre_of(one.unit) == centre
    ]
    return Signer(authority=heads[0].title, name=heads[0].name) if heads else Signer()


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(LOCAL).date() if moment else None


def _file(data: bytes, name: str, kind: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=kind, headers=headers)


async def _year(viewer: Viewer, year: int, person: str) -> tuple[YearPaper, str]:
    require_scored(viewer)
    found = await read.person_year(viewer.id, check_year(year), require_id(person), viewer.now)
    return year_paper(found, viewer.directory, viewer.place), f"mau-02-{viewer.directory.people[person].username}-{year}-v{found.version}"


@get("/kpi/years/{year:int}/{person:str}/mau-02.pdf")
async def form_pdf(viewer: SignedIn, year: FromPath[int], person: FromPath[str]) -> Response[bytes]:
    """Mẫu số 02 as the decree draws it."""
    paper, name = await _year(viewer, year, person)
    return _file(await printer.pdf(contexts.year_papers(paper), contexts.year_title([paper])), f"{name}.pdf", PDF)


@get("/kpi/years/{year:int}/{person:str}/mau-02.xlsx")
async def form_workbook(viewer: SignedIn, year: FromPath[int], person: FromPath[str]) -> Response[bytes]:
    """The same with its numbers as numbers."""
    paper, name = await _year(viewer, year, person)
    return _file(year_workbook(paper), f"{name}.xlsx", XLSX)


@get("/kpi/years/{year:int}/thong-bao/{person:str}")
async def notice_pdf(viewer: SignedIn, year: FromPath[int], person: FromPath[str]) -> Response[bytes]:
    """The notice, once the rating is published; for the person and those who see his year."""
    require_scored(viewer)
    if not person.endswith(".pdf"):
        raise Refusal("not_found", "kpi.page.no_such_page")
    found = await read.person_year(viewer.id, check_year(year), require_id(person.removesuffix(".pdf")), viewer.now)
    if found.state != "published":
        raise Refusal("not_found", "kpi.year.not_published")
    paper = notice(found, viewer.directory, viewer.place)
    name = f"thong-bao-{viewer.directory.people[found.person].username}-{year}.pdf"
    return _file(await printer.pdf(contexts.notice_papers(paper), contexts.notice_title([paper])), name, PDF)


async def _publication(viewer: Viewer, year: int) -> Publication:
    rows = await read.published(viewer.id, check_year(year))
    if not rows:
        raise Refusal("not_found", "kpi.year.nothing_published")
    return publication(rows, year, viewer.directory, viewer.profile.unit, viewer.place)


@get("/kpi/years/{year:int}/cong-khai.pdf")
async def list_pdf(viewer: SignedIn, year: FromPath[int]) -> Response[bytes]:
    """The published list, for everybody."""
    paper = await _publication(viewer, year)
    return _file(await printer.pdf(contexts.publication_papers(paper), contexts.publication_title(paper)), f"cong-khai-{year}.pdf", PDF)


@get("/kpi/years/{year:int}/cong-khai.xlsx")
async def list_workbook(viewer: SignedIn, year: FromPath[int]) -> Response[bytes]:
    """The same as a workbook."""
    return _file(publication_workbook(await _publication(viewer, year)), f"cong-khai-{year}.xlsx", XLSX)


routes = [form_pdf, form_workbook, notice_pdf, list_pdf, list_workbook]

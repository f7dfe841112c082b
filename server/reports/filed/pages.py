"""/reports/filed: reports that are kept. The fixed ones are for everybody; drafts for those who write for the unit."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.ledger.grains import GRAINS, Period
from server.reports.build.asked import asked_for
from server.reports.filed.commands import DropReport, FileReport, FixReport, RenewReport, WriteReport
from server.reports.filed.make import made
from server.reports.filed.papers import What, kept, lost, store_of
from server.reports.filed.papers import made as paper
from server.reports.filed.queries import Filed, draft_of, filed, listed, writable
from server.reports.filed.rules import may_file
from server.reports.filed.show import PATH, beside, fields_of, list_context, one_context, unlinked, writing_of
from server.reports.making.rules import file_name
from server.reports.page.asked import Asked
from server.reports.page.show import report_context
from server.storage.door import carry_out
from server.tasks.pages.waiting import badges_of
from server.web.forms import Form, new_mutation, read_form
from server.web.office import office_of
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

NAV = "reports"
STATES: Final = ("draft", "fixed")
KINDS: Final[dict[What, str]] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILES: Final[dict[str, What]] = {"bao-cao.pdf": "pdf", "bao-cao.xlsx": "xlsx"}

#: The parts of a text as somebody typed them.
Typed = Sequence[dict[str, str]]
Doing = WriteReport | RenewReport | FixReport


def _whole(text: str, otherwise: int = 1) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


async def _listing(
    request: AnyRequest, viewer: Viewer, problem: Refusal | None = None, tried: Form | None = None, typed: Typed = ()
) -> Response[bytes]:
    asked, wanted = _wanted(request, viewer)
    mine = [] if viewer.profile.position == "admin" else writable(viewer.id, viewer.directory, viewer.today)
    at = max(1, _whole(request.query_params.get("page", "1")))
    lines, more = await listed(mine, wanted, at)
    context = list_context(lines, more, at, asked, mine, viewer.directory, viewer.today)
    context |= {"mutation": new_mutation(), "problem": problem.message if problem else "", "tried": tried.values if tried else {}}
    context["typed"] = typed
    status = problem.status if problem else 200
    return page(request, viewer, "reports/filed.html", context, nav=NAV, status=status, badges=await badges_of(viewer))


def _wanted(request: AnyRequest, viewer: Viewer) -> tuple[dict[str, str], dict[str, Any]]:
    """The choices of the address, without what is none, and what they narrow the list to."""
    query = request.query_params
    asked = {name: query.get(name, "").strip() for name in ("unit", "grain", "state", "period")}
    known = {"unit": asked["unit"] in viewer.directory.units, "grain": asked["grain"] in GRAINS, "state": asked["state"] in STATES}
    asked |= {name: "" for name, right in known.items() if not right}
    wanted: dict[str, Any] = dict(asked)
    if asked["period"]:
        try:
            period = Period.read(asked["period"])
            wanted |= {"grain": period.grain, "start": period.start}
        except ValueError:
            asked["period"] = ""
    return asked, wanted


@get(PATH)
async def all_filed(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Every fixed report, and the drafts that the viewer may write."""
    return await _listing(request, viewer)


@post(PATH)
async def file(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Make a draft of the figures and their text; where there is one already, that one opens."""
    form = await read_form(request)
    try:
        unit, period = asked_for(form.text("period"), form.text("unit"), viewer.now, viewer.directory)
        right = may_file(viewer.actor, viewer.directory.path(unit.id), viewer.today)
        if not right:
            raise Refusal("not_allowed", right.rule)
        there = await draft_of(unit.id, period)
        if there is None:
            report, writing = await made(unit.id, period, viewer.now)
            there = new_mutation()
            asked = FileReport(id=there, unit=unit.id, period=period.code, report=report, writing=writing)
            await carry_out(asked, actor=viewer.id, now=viewer.now, source="page")
    except Refusal as problem:
        # Two at the same moment: the other one's draft is the draft.
        if problem.key == "filed.draft_there" and (there := await draft_of(unit.id, period)):
            return see_other(f"{PATH}/{there}")
        return await _listing(request, viewer, problem, form)
    return see_other(f"{PATH}/{there}")


async def _found(viewer: Viewer, report: str) -> tuple[Filed, bool]:
    """The report, and whether the viewer writes it. Raises Refusal ``not_found`` also for a draft that is none of his business."""
    found = await filed(report)
    may = found is not None and bool(may_file(viewer.actor, viewer.directory.path(found.line.unit), viewer.today))
    if found is None or (found.line.state == "draft" and not may):
        raise Refusal("not_found", "filed.gone")
    return found, may


async def _one(
    request: AnyRequest, viewer: Viewer, report: str, problem: Refusal | None = None, typed: Typed = (), version: int | None = None
) -> Response[bytes]:
    found, may = await _found(viewer, report)
    fields, behind = fields_of(found.writing), problem is not None and problem.key == "filed.changed_meanwhile"
    context = {
        **unlinked(report_context(found.report, Asked(found.line.period, found.line.unit))),
        **one_context(found, viewer.directory, may, viewer.today, await lost(found, store_of(office_of(request).settings.data))),
        "fields": (beside(list(typed), fields) if behind else typed) if typed else fields,
        "typed": typed,
        "problem": problem.message if problem else "",
        "mutation": new_mutation(),
    }
    if typed and version is not None and not behind:
        # Whoever is refused for another reason has still not seen what others wrote since then.
        context["version"] = version
    status = problem.status if problem else 200
    return page(request, viewer, "reports/filed_one.html", context, nav=NAV, status=status, badges=await badges_of(viewer))


@get(f"{PATH}/{{report:str}}")
async def one(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """One report: its text, its figures as they were filed, its files; a draft with its form."""
    return await _one(request, viewer, report)


def _typed(form: Form) -> list[dict[str, str]]:
    """The parts of the text as they stand in the form, empty ones too."""
    found: list[dict[str, str]] = []
    while f"title.{len(found)}" in form and f"text.{len(found)}" in form:
        place = len(found)
        found.append({name: form.text(f"{name}.{place}") for name in ("key", "title", "text")})
    return found


async def _do(request: AnyRequest, viewer: Viewer, asked: Doing, notice: str, form: Form) -> Response[bytes]:
    """Carry it out; what is refused comes back with everything that was typed."""
    try:
        answer = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page")
    except Refusal as problem:
        return await _refused(request, viewer, asked.id, problem, form)
    return see_other(f"{PATH}/{asked.id}", Notice(say(notice, number=answer.get("number", ""))))


async def _refused(request: AnyRequest, viewer: Viewer, report: str, problem: Refusal, form: Form) -> Response[bytes]:
    typed = [one for one in _typed(form) if one["title"] or one["text"]]
    try:
        return await _one(request, viewer, report, problem, typed, _whole(form.text("version"), 0))
    except Refusal as gone:
        # Thrown away meanwhile, or not one's own any more: the text is nowhere else.
        if not typed:
            raise
        return await _listing(request, viewer, Refusal(gone.code, "filed.gone_meanwhile"), typed=typed)


@post(f"{PATH}/{{report:str}}/write")
async def write(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """Save the text; what can't be saved comes back as it was typed."""
    form = await read_form(request)
    asked = WriteReport(id=report, version=_whole(form.text("version"), 0), writing=writing_of(_typed(form)))
    return await _do(request, viewer, asked, "filed.saved", form)


@post(f"{PATH}/{{report:str}}/renew")
async def renew(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """New figures, and the text as it stands in the form; a new text where that is asked for."""
    form = await read_form(request)
    try:
        found, _ = await _found(viewer, report)
        made_now, drafted = await made(found.line.unit, found.line.period, viewer.now)
    except Refusal as problem:
        return await _refused(request, viewer, report, problem, form)
    typed = _typed(form)
    text = drafted if form.checked("text") else writing_of(typed) if typed else None
    asked = RenewReport(id=report, version=_whole(form.text("version"), 0), report=made_now, writing=text)
    return await _do(request, viewer, asked, "filed.renewed", form)


@post(f"{PATH}/{{report:str}}/fix")
async def fix(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """Fix it with the text as it stands in the form. The second of two who do so is told who was first."""
    form = await read_form(request)
    if not form.checked("sure"):
        return await _refused(request, viewer, report, Refusal("invalid", "filed.not_sure", field="sure"), form)
    typed = _typed(form)
    asked = FixReport(
        id=report,
        version=_whole(form.text("version"), 0),
        writing=writing_of(typed) if typed else None,
        place=office_of(request).settings.place,
    )
    return await _do(request, viewer, asked, "filed.fixed", form)


@post(f"{PATH}/{{report:str}}/drop")
async def drop(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """Throw a draft away; pressed twice, it is gone once."""
    form = await read_form(request)
    asked = DropReport(id=report, version=_whole(form.text("version"), 0))
    try:
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        return await _refused(request, viewer, report, problem, form)
    return see_other(PATH, Notice(say("filed.dropped")))


@get(f"{PATH}/{{report:str}}/{{name:str}}")
async def file_of(request: AnyRequest, viewer: SignedIn, report: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """``bao-cao.pdf`` and ``bao-cao.xlsx``: of a fixed report always the same bytes; of a draft as it stands, marked as one."""
    what = FILES.get(name)
    if what is None:
        raise Refusal("not_found", "filed.gone")
    found, _ = await _found(viewer, report)
    settings = office_of(request).settings
    store = store_of(settings.data)
    missing = await lost(found, store)
    if found.line.state == "fixed":
        data = await kept(found, what, store, settings.place, viewer.now)
    else:
        data = await paper(found, what, settings.place)
    headers = {
        "Content-Disposition": f'attachment; filename="{_called(found, viewer, what, again=what in missing)}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=KINDS[what], headers=headers)


def _called(found: Filed, viewer: Viewer, what: What, *, again: bool) -> str:
    """Unit, period and number in the file's name: ``bao-cao-hcth-2026-11-so-12.pdf``."""
    unit = viewer.directory.units[found.line.unit]
    stem, _, ending = file_name(what, unit.short or unit.name, found.report.period).rpartition(".")
    number = f"so-{found.line.number}" if found.line.number is not None else "du-thao"
    return f"{stem}-{number}{'-lap-lai' if again else ''}.{ending}"


routes = [all_filed, file, one, write, renew, fix, drop, file_of]

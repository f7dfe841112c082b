"""/reports/filed: reports that are kept. The fixed ones are for everybody; drafts for those who write for the unit."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.ledger.grains import Period
from server.reports.build.asked import asked_for
from server.reports.filed.commands import DropReport, FileReport, FixReport, RenewReport, WriteReport
from server.reports.filed.make import made
from server.reports.filed.papers import What, kept, store_of
from server.reports.filed.papers import made as paper
from server.reports.filed.queries import Filed, draft_of, filed, listed, writable
from server.reports.filed.rules import may_file
from server.reports.filed.show import PATH, fields_of, list_context, one_context, writing_of
from server.reports.page.asked import Asked
from server.reports.page.show import report_context
from server.storage.door import Command, carry_out
from server.tasks.pages.waiting import badges_of
from server.web.forms import Form, new_mutation, read_form
from server.web.office import office_of
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

NAV = "reports"
KINDS = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


async def _listing(request: AnyRequest, viewer: Viewer, problem: Refusal | None = None, tried: Form | None = None) -> Response[bytes]:
    query = request.query_params
    asked = {name: query.get(name, "").strip() for name in ("unit", "grain", "state", "period")}
    wanted: dict[str, Any] = dict(asked)
    if asked["period"]:
        try:
            period = Period.read(asked["period"])
            wanted |= {"grain": period.grain, "start": period.start}
        except ValueError:
            asked["period"] = ""
    mine = [] if viewer.profile.position == "admin" else writable(viewer.id, viewer.directory, viewer.today)
    at = max(1, _whole(query.get("page", "1")))
    lines, more = await listed(mine, wanted, at)
    context = list_context(lines, more, at, asked, mine, viewer.directory, viewer.today)
    context |= {"mutation": new_mutation(), "problem": problem.message if problem else "", "tried": tried.values if tried else {}}
    status = problem.status if problem else 200
    return page(request, viewer, "reports/filed.html", context, nav=NAV, status=status, badges=await badges_of(viewer))


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
            there = form.mutation or new_mutation()
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
    request: AnyRequest, viewer: Viewer, report: str, problem: Refusal | None = None, tried: list[dict[str, str]] | None = None
) -> Response[bytes]:
    found, may = await _found(viewer, report)
    asked = Asked(found.line.period, found.line.unit)
    context = {
        **report_context(found.report, asked),
        **one_context(found, viewer.directory, may),
        "fields": tried if tried is not None else fields_of(found.writing),
        "tried": tried is not None,
        "problem": problem.message if problem else "",
        "mutation": new_mutation(),
    }
    status = problem.status if problem else 200
    return page(request, viewer, "reports/filed_one.html", context, nav=NAV, status=status, badges=await badges_of(viewer))


@get(f"{PATH}/{{report:str}}")
async def one(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """One report: its text, its figures as they were filed, its files; a draft with its form."""
    return await _one(request, viewer, report)


async def _do(
    request: AnyRequest, viewer: Viewer, report: str, asked: Command, notice: str, tried: list[dict[str, str]] | None = None
) -> Response[bytes]:
    try:
        answer = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page")
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await _one(request, viewer, report, problem, tried)
    return see_other(f"{PATH}/{report}", Notice(say(notice, number=answer.get("number", ""))))


@post(f"{PATH}/{{report:str}}/write")
async def write(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """Save the text; what can't be saved comes back as it was typed."""
    form = await read_form(request)
    titles, texts, keys = _all(form, "title"), _all(form, "text"), _all(form, "key")
    writing = writing_of(titles, texts, keys)
    tried = [
        {"key": keys[place] if place < len(keys) else "", "title": title, "text": text}
        for place, (title, text) in enumerate(zip(titles, texts, strict=False))
    ]
    asked = WriteReport(id=report, version=_whole(form.text("version")), writing=writing)
    return await _do(request, viewer, report, asked, "filed.saved", tried)


def _all(form: Form, name: str) -> list[str]:
    """The fields of that name in their order, empty ones too."""
    found, place = [], 0
    while f"{name}.{place}" in form:
        found.append(form.text(f"{name}.{place}"))
        place += 1
    return found


@post(f"{PATH}/{{report:str}}/renew")
async def renew(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """New figures; a new text too where that is asked for."""
    form = await read_form(request)
    found, may = await _found(viewer, report)
    if not may or found.line.state != "draft":
        asked: Command = RenewReport(id=report, version=found.line.version, report=found.report)
    else:
        made_now, writing = await made(found.line.unit, found.line.period, viewer.now)
        kept_text = None if not form.checked("text") else writing
        asked = RenewReport(id=report, version=_whole(form.text("version")), report=made_now, writing=kept_text)
    return await _do(request, viewer, report, asked, "filed.renewed")


@post(f"{PATH}/{{report:str}}/fix")
async def fix(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """Fix it. The second of two who do so is told who was first."""
    form = await read_form(request)
    return await _do(request, viewer, report, FixReport(id=report, version=_whole(form.text("version"))), "filed.fixed")


@post(f"{PATH}/{{report:str}}/drop")
async def drop(request: AnyRequest, viewer: SignedIn, report: FromPath[str]) -> Response[bytes]:
    """Throw a draft away."""
    try:
        await carry_out(DropReport(id=report), actor=viewer.id, now=viewer.now, source="page")
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await _one(request, viewer, report, problem)
    return see_other(PATH, Notice(say("filed.dropped")))


@get(f"{PATH}/{{report:str}}/{{name:str}}")
async def file_of(request: AnyRequest, viewer: SignedIn, report: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """``bao-cao.pdf`` and ``bao-cao.xlsx``: of a fixed report always the same bytes; of a draft as it stands, marked as one."""
    what = name.rpartition(".")[2]
    if name not in ("bao-cao.pdf", "bao-cao.xlsx") or what not in ("pdf", "xlsx"):
        raise Refusal("not_found", "filed.gone")
    found, _ = await _found(viewer, report)
    settings = office_of(request).settings
    kind: What = "pdf" if what == "pdf" else "xlsx"
    if found.line.state == "fixed":
        data = await kept(found, kind, store_of(settings.data), settings.place, viewer.now)
    else:
        data = await paper(found, kind, settings.place)
    called = f"bao-cao-{found.report.period}-{found.line.number or 'du-thao'}.{what}"
    headers = {
        "Content-Disposition": f'attachment; filename="{called}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=KINDS[what], headers=headers)


routes = [all_filed, file, one, write, renew, fix, drop, file_of]

"""Kỳ: opening, following, closing and reopening periods."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.periods import ClosePeriod, OpenPeriod, ReopenPeriod
from server.kpi.commands.remind import RemindPeriod
from server.kpi.pages.frame import refused, require_id, require_keeps, tabs_of
from server.kpi.queries.periods import period, periods
from server.kpi.queries.room import room
from server.kpi.queries.ruleset import in_force
from server.kpi.rights import decides
from server.kpi.show.periods import next_months, next_quarters, period_line, progress
from server.kpi.show.values import period_name
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say


async def _page(
    request: AnyRequest, viewer: Viewer, problem: Refusal | None = None, form: Form | None = None, failed: str = ""
) -> Response[bytes]:
    """``failed``: which form was refused: open, close:<id>, reopen:<id>, remind:<id>."""
    known = await periods()
    running = [one for one in known if one.state == "open"]
    shown = []
    for one in running:
        found = await room(viewer.id, one.id, viewer.now)
        shown.append(period_line(one, viewer.now) | {"progress": progress(one, found, viewer.directory, viewer.today)})
    kind = (await in_force(viewer.today)).rules.period
    choices = next_quarters(known, viewer.today) if kind == "quarter" else next_months(known, viewer.today)
    context = {
        "tabs": await tabs_of(viewer, "periods"),
        "open": shown,
        "closed": [period_line(one, viewer.now) for one in known if one.state == "closed"],
        "choices": choices,
        "kind": kind,
        "decides": decides(viewer.actor, viewer.today),
        "mutation": new_mutation(),
        "new_id": new_id(),
        "values": form.values if form else {},
        "ticked": form.many("without_data") if form else [],
        "failed": failed,
        **refused(problem),
    }
    return page(request, viewer, "kpi/periods.html", context, nav="kpi", status=problem.status if problem else 200)


@get("/kpi/periods")
async def show(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The periods, the open ones with their progress."""
    require_keeps(viewer)
    return await _page(request, viewer)


@post("/kpi/periods")
async def open_period(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Open a month or a quarter."""
    require_keeps(viewer)
    form = await read_form(request)
    try:
        year, _, number = form.text("when").partition("-")
        if not (year.isdecimal() and number.isdecimal() and len(year) == 4 and len(number) < 3):
            raise Refusal("invalid", "kpi.page.choose_period", field="when")
        kind = (await in_force(viewer.today)).rules.period
        given = OpenPeriod(id=form.mutation or new_id(), year=int(year), number=int(number), kind=kind)
        made = await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        return await _page(request, viewer, problem, form, "open")
    name = period_name(kind, given.year, given.number)
    return see_other("/kpi/periods", Notice(say("kpi.page.notice.opened", period=name, count=made["sheets"])))


@post("/kpi/periods/{name:str}/{move:str}")
async def move(request: AnyRequest, viewer: SignedIn, name: FromPath[str], move: FromPath[str]) -> Response[bytes]:
    """Close, reopen, or remind."""
    require_keeps(viewer)
    found = await period(require_id(name))
    form = await read_form(request)
    called = period_name(found.kind, found.year, found.number)

    async def done(given: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
        return answer

    try:
        if move == "close":
            given = ClosePeriod(period=found.id, without_data=form.many("without_data"), early=form.checked("early"))
            answer = await done(given)
            text = say("kpi.page.notice.closed", period=called, count=answer["closed"])
        elif move == "reopen":
            answer = await done(ReopenPeriod(id=form.mutation or new_id(), period=found.id, reason=form.text("reason")))
            text = say("kpi.page.notice.reopened", period=called, version=answer["version"])
        elif move == "remind":
            answer = await done(RemindPeriod(period=found.id))
            said = answer["self"] or answer["confirm"]
            text = say("kpi.page.notice.reminded", **answer) if said else say("kpi.page.notice.nobody_to_remind")
        else:
            raise Refusal("not_found", "kpi.page.no_such_page")
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await _page(request, viewer, problem, form, f"{move}:{found.id}")
    return see_other("/kpi/periods", Notice(text))


routes = [show, open_period, move]

"""The page /calendar: which days are worked. Everybody reads it, an administrator keeps it."""

from datetime import date

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.calendar.commands import YEARS, RemoveDay, SetDay
from server.calendar.current import working_days
from server.calendar.show import day_text, year_context
from server.errors import Refusal
from server.people.rules import may
from server.storage.door import carry_out
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say


def _page(request: AnyRequest, viewer: Viewer, year: int, form: Form, problem: Refusal | None = None) -> Response[bytes]:
    keeps = bool(may(viewer.actor, "administer", None, viewer.today))
    context = year_context(year, working_days(), viewer.today) | {
        "keeps": keeps,
        "values": form.values,
        "errors": {problem.field or "": problem.message} if problem else {},
        "mutation": form.mutation or new_mutation(),
    }
    nav = "calendar" if keeps else "people"
    return page(request, viewer, "calendar/year.html", context, nav=nav, status=problem.status if problem else 200)


def _year(text: str, viewer: Viewer) -> int:
    """The year of the address, or this one where that is none near."""
    near = text.isascii() and text.isdigit() and len(text) == 4 and abs(int(text) - viewer.today.year) <= YEARS
    return int(text) if near else viewer.today.year


@get("/calendar")
async def calendar(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """A year: its days off and make-up days, month by month."""
    return _page(request, viewer, _year(request.query_params.get("year", ""), viewer), Form([]))


@post("/calendar")
async def set_day(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Set a day, or show what is missing with everything that was typed."""
    form = await read_form(request)
    day: date | None = None
    try:
        day = form.day("day")
        if day is None:
            raise Refusal("invalid", "calendar.day_missing", field="day")
        if form.text("working") not in ("0", "1"):
            raise Refusal("invalid", "calendar.kind_missing", field="working")
        working = form.checked("working")
        asked = SetDay(day=day, working=working, notice=form.text("notice"))
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.field is None:
            raise
        return _page(request, viewer, _year(str(day.year) if day else "", viewer), form, problem)
    kind = say("calendar.kind.on" if working else "calendar.kind.off")
    return see_other(f"/calendar?year={day.year}", Notice(say("calendar.saved", day=day_text(day), kind=kind)))


@post("/calendar/{name:str}/remove")
async def remove_day(viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Take a day out of the table."""
    try:
        day = date.fromisoformat(name)
    except ValueError:
        raise Refusal("not_found", "calendar.not_entered") from None
    await carry_out(RemoveDay(day=day), actor=viewer.id, now=viewer.now, source="page")
    return see_other(f"/calendar?year={day.year}", Notice(say("calendar.removed", day=day_text(day))))


routes = [calendar, set_day, remove_day]

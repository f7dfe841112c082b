"""What is entered of one line: an objective cause, and the months of work that takes several."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.marks import ConfirmExcuse, MonthPart, SetSplit, WithdrawExcuse
from server.kpi.pages.frame import number, refused, require_id, require_scored
from server.kpi.queries.marks import excuses, splits
from server.kpi.queries.sheets import Sheet, sheet
from server.kpi.record.entries import Entry
from server.kpi.rules.calendar import Period
from server.kpi.show import values
from server.kpi.show.lines import line_of
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.tasks.show.values import moment, name_of, person_in
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

MOST_MONTHS = 12


async def _line(viewer: Viewer, task: str, person: str, period: str) -> tuple[Sheet, Entry]:
    """The line of a sheet that the reader confirms. Raises Refusal ``not_found`` otherwise."""
    found = await sheet(viewer.id, require_id(person), require_id(period), viewer.now)
    entry = next((one for one in found.own if one.line.task == task), None)
    if entry is None or not found.may_confirm:
        raise Refusal("not_found", "kpi.page.not_found")
    return found, entry


def _frame(viewer: Viewer, found: Sheet, entry: Entry) -> dict[str, Any]:
    return {
        "person": person_in(viewer.directory, found.person),
        "period": values.period(found.period),
        "line": line_of(entry.line, found.rules) | {"unit_of_count": entry.unit_of_count},
        "back": f"/kpi/people/{found.person}/{found.period.id}",
        "here": f"{entry.line.task}/{found.person}?period={found.period.id}",
        "mutation": new_mutation(),
    }


async def _excuse_page(
    request: AnyRequest, viewer: Viewer, found: Sheet, entry: Entry, problem: Refusal | None = None, form: Form | None = None
) -> Response[bytes]:
    stand = [
        {
            "id": one["id"],
            "what": say(f"kpi.page.excused.{one['what']}"),
            "reason": one["reason"],
            "document": one["document"],
            "by": name_of(viewer.directory, one["confirmed_by"]),
            "at": moment(one["at"], viewer.now),
        }
        for one in await excuses(entry.line.task, found.person)
    ]
    what = "late" if entry.line.late or not entry.line.failed else "failed"
    context = _frame(viewer, found, entry) | {"stand": stand, "values": {"what": what, **(form.values if form else {})}, **refused(problem)}
    return page(request, viewer, "kpi/excuse.html", context, nav="kpi", status=problem.status if problem else 200)


@get("/kpi/excuses/{task:str}/{person:str}")
async def excuse_form(request: AnyRequest, viewer: SignedIn, task: FromPath[str], person: FromPath[str]) -> Response[bytes]:
    """The objective causes of one line."""
    require_scored(viewer)
    found, entry = await _line(viewer, task, person, request.query_params.get("period", ""))
    return await _excuse_page(request, viewer, found, entry)


@post("/kpi/excuses/{task:str}/{person:str}")
async def excuse(request: AnyRequest, viewer: SignedIn, task: FromPath[str], person: FromPath[str]) -> Response[bytes]:
    """Confirm one, or withdraw it."""
    require_scored(viewer)
    found, entry = await _line(viewer, task, person, request.query_params.get("period", ""))
    form = await read_form(request)
    reason = form.text("reason")
    try:
        if "withdraw" in form:
            gone = WithdrawExcuse(excuse=require_id(form.text("withdraw")), reason=reason)
            await carry_out(gone, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
        else:
            given = ConfirmExcuse(
                id=form.mutation or new_id(), task=task, person=person, what="failed" if form.text("what") == "failed" else "late",
                reason=reason, document=form.text("document"),
            )  # fmt: skip
            await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await _excuse_page(request, viewer, found, entry, problem, form)
    said = say("kpi.page.notice.withdrawn") if "withdraw" in form else say("kpi.page.notice.excused")
    return see_other(f"/kpi/people/{person}/{found.period.id}#lines", Notice(said))


async def _split_page(
    request: AnyRequest, viewer: Viewer, found: Sheet, entry: Entry, problem: Refusal | None = None, form: Form | None = None
) -> Response[bytes]:
    stored = {(one["year"], one["month"]): one["quantity"] for one in await splits(entry.line.task, found.person)}
    months = sorted({*stored, *_months_around(found)})
    shown = []
    for year, month in months:
        key = f"part-{year}-{month}"
        value = form.text(key) if form else values.amount(stored.get((year, month)))
        shown.append({"name": key, "label": values.period_name("month", year, month), "value": value})
    whole = sum(stored.values()) if stored else entry.line.assigned
    context = _frame(viewer, found, entry) | {"months": shown, "whole": values.amount(whole), "split": bool(stored), **refused(problem)}
    return page(request, viewer, "kpi/split.html", context, nav="kpi", status=problem.status if problem else 200)


def _months_around(found: Sheet) -> list[tuple[int, int]]:
    """The months of the period and those after it, to the end of the year."""
    first = Period(found.period.year, found.period.when.months[0])
    known = [first]
    while known[-1].number < MOST_MONTHS and known[-1].year == first.year:
        known.append(known[-1].next)
    return [(one.year, one.number) for one in known]


@get("/kpi/splits/{task:str}/{person:str}")
async def split_form(request: AnyRequest, viewer: SignedIn, task: FromPath[str], person: FromPath[str]) -> Response[bytes]:
    """The months of one person's part of a task."""
    require_scored(viewer)
    found, entry = await _line(viewer, task, person, request.query_params.get("period", ""))
    return await _split_page(request, viewer, found, entry)


@post("/kpi/splits/{task:str}/{person:str}")
async def split(request: AnyRequest, viewer: SignedIn, task: FromPath[str], person: FromPath[str]) -> Response[bytes]:
    """Split it over months, or take the split back."""
    require_scored(viewer)
    found, entry = await _line(viewer, task, person, request.query_params.get("period", ""))
    form = await read_form(request)
    try:
        parts = [] if form.checked("whole") else _parts(form)
        await carry_out(
            SetSplit(task=task, person=person, parts=parts), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation
        )
    except Refusal as problem:
        if problem.code == "not_found":
            raise
        return await _split_page(request, viewer, found, entry, problem, form)
    said = say("kpi.page.notice.split") if parts else say("kpi.page.notice.not_split")
    return see_other(f"/kpi/people/{person}/{found.period.id}#lines", Notice(said))


def _parts(form: Form) -> list[MonthPart]:
    found = []
    for name in form:
        if not name.startswith("part-"):
            continue
        amount = number(form, name)
        year, _, month = name.removeprefix("part-").partition("-")
        if amount and year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) < 3:
            found.append(MonthPart(year=int(year), month=int(month), quantity=amount))
    return found


routes = [excuse_form, excuse, split_form, split]

"""Nghỉ phép và việc thường trực: what takes time and is no task. A page of the server: it is not kept on devices."""

from datetime import timedelta
from typing import Any, Final, Literal

from litestar import get, post
from litestar.response import Response

from server.errors import Refusal
from server.insight.load.absence import away, duties_of, leaves_of
from server.insight.load.commands import EndDuty, EndLeave, KeepDuty, TakeLeave
from server.insight.load.show import time_text
from server.people.rules import same_room
from server.storage.door import Command, carry_out
from server.storage.ids import new_id
from server.tasks.pages.forms import number_of
from server.tasks.pages.waiting import badges_of
from server.tasks.show.values import day, people_groups, person_in
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import Viewer
from server.words import say

PATH = "/foresight/leave"
KINDS: Final[tuple[Literal["annual", "sick", "trip", "training", "other"], ...]] = ("annual", "sick", "trip", "training", "other")
PARTS: Final[tuple[Literal["whole", "morning", "afternoon"], ...]] = ("whole", "morning", "afternoon")
#: Days ahead for which the page says who is away.
AHEAD: Final = timedelta(days=13)


async def _page(
    request: AnyRequest, viewer: Viewer, form: Form | None = None, which: str = "", refusal: Refusal | None = None
) -> Response[bytes]:
    if viewer.profile.position == "admin":
        raise Refusal("not_allowed", "people.rule.admin_no_tasks")
    known = viewer.directory
    mine = [viewer.profile, *(one for one in known.may_assign(viewer.actor, viewer.today) if one.id != viewer.id)]
    ids = [one.id for one in mine]
    own_room = [
        one.id for one in known.people.values() if one.active and one.position != "admin" and same_room(viewer.actor, known.actor(one.id))
    ]
    nearby = list(dict.fromkeys([*ids, *own_room]))
    chosen = request.query_params.get("person", "")
    values: dict[str, dict[str, str]] = {which: form.values} if form else {}
    for one in ("leave", "duty"):
        values.setdefault(one, {"person": chosen if chosen in ids else viewer.id})
    context = {
        "groups": people_groups(mine, known) if len(mine) > 1 else [],
        "self": viewer.id,
        "kinds": [{"value": one, "label": say(f"insight.leave.kind.{one}")} for one in KINDS],
        "parts": [{"value": one, "label": say(f"insight.leave.part.{one}")} for one in PARTS],
        "values": values,
        "errors": {which: {refusal.field or "": refusal.message}} if refusal else {},
        "leaves": [
            {
                "id": one["id"],
                "person": person_in(known, one["person"]),
                "span": _span(one["since"], one["until"], one["part"]),
                "kind": say(f"insight.leave.kind.{one['kind']}"),
                "note": one["note"],
                "mutation": new_mutation(),
            }
            for one in await leaves_of(ids, viewer.today)
        ],
        "duties": [
            {
                "id": one["id"],
                "person": person_in(known, one["person"]),
                "name": one["name"],
                "time": say("insight.leave.weekly", time=time_text(one["minutes"])),
                "span": say("insight.leave.until", day=day(one["until"])) if one["until"] else "",
                "mutation": new_mutation(),
            }
            for one in await duties_of(ids, viewer.today)
        ],
        "away": [
            {"person": person_in(known, one["person"]), "span": _span(one["since"], one["until"], one["part"])}
            for one in await away(nearby, viewer.today, viewer.today + AHEAD)
        ],
        "leave_mutation": new_mutation(),
        "duty_mutation": new_mutation(),
    }
    status = refusal.status if refusal else 200
    return page(request, viewer, "foresight/leave.html", context, nav="foresight", status=status, badges=await badges_of(viewer))


def _span(since: Any, until: Any, part: str) -> str:
    if part != "whole":
        return say("insight.leave.half", day=day(since), part=say(f"insight.leave.part.{part}").lower())
    if until is None:
        return say("insight.leave.from", day=day(since))
    return day(since) if since == until else f"{day(since)} – {day(until)}"


async def _done(request: AnyRequest, viewer: Viewer, form: Form, which: str, made: Command | Refusal, said: str) -> Response[bytes]:
    """Carry it out and come back; a refusal shows the form again."""
    try:
        if isinstance(made, Refusal):
            raise made
        await carry_out(made, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _page(request, viewer, form, which, refusal)
    return see_other(PATH, Notice(said))


def _leave_of(form: Form, viewer: Viewer) -> Command | Refusal:
    try:
        since = form.day("since")
        until = form.day("until") or since
    except Refusal as refusal:
        return refusal
    if since is None or until is None:
        return Refusal("invalid", "insight.leave.since_missing", field="since")
    part = next((one for one in PARTS if one == (form.text("part") or "whole")), None)
    kind = next((one for one in KINDS if one == (form.text("kind") or "annual")), None)
    if part is None or kind is None:
        return Refusal("invalid", "insight.leave.choose", field="kind" if part else "part")
    whose = form.text("person") or viewer.id
    return TakeLeave(id=form.mutation or new_id(), person=whose, since=since, until=until, part=part, kind=kind, note=form.text("note"))


def _duty_of(form: Form, viewer: Viewer) -> Command | Refusal:
    try:
        since = form.day("since") or viewer.today
        until = form.day("until")
        hours = number_of(form, "hours")
    except Refusal as refusal:
        return refusal
    minutes = 0 if hours is None or not 0 < hours < 1000 else max(1, round(hours * 60))
    return KeepDuty(
        id=form.mutation or new_id(),
        person=form.text("person") or viewer.id,
        title=form.text("title"),
        minutes=minutes,
        since=since,
        until=until,
    )


@get(PATH)
async def leave_page(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Leave and standing duties of oneself and of those to whom one may assign; who of the room is away."""
    return await _page(request, viewer)


@post(PATH)
async def take(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Days on which somebody does not work."""
    form = await read_form(request)
    return await _done(request, viewer, form, "leave", _leave_of(form, viewer), say("insight.leave.taken"))


@post(f"{PATH}/end")
async def end(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """It is not taken."""
    form = await read_form(request)
    return await _done(request, viewer, form, "end", EndLeave(leave=form.text("leave")), say("insight.leave.ended"))


@post("/foresight/duty")
async def keep(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """A standing duty."""
    form = await read_form(request)
    return await _done(request, viewer, form, "duty", _duty_of(form, viewer), say("insight.leave.kept"))


@post("/foresight/duty/end")
async def end_duty(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Yesterday was its last day."""
    form = await read_form(request)
    asked = EndDuty(duty=form.text("duty"), until=viewer.today - timedelta(days=1))
    return await _done(request, viewer, form, "end", asked, say("insight.leave.duty_ended"))


routes = [leave_page, take, end, keep, end_duty]

"""Tôi → Cách nhận thông báo: choices, quiet hours, own addresses, a test message."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.notify.channels import OUTSIDE
from server.notify.commands.link import RevokeAddress, may_tie_group
from server.notify.commands.preferences import SetPreferences
from server.notify.commands.trial import SendTest
from server.notify.pages.common import channels_of, default_quiet, refused
from server.notify.queries import addresses_of, how_deliveries_fare, preferences_of, standings
from server.notify.rules.choices import MODES
from server.notify.rules.kinds import GROUPS, Mode
from server.notify.show.channels import name_of, why_text
from server.notify.show.preferences import preferences_context
from server.storage.door import carry_out
from server.storage.ids import is_id
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

PAGE = "/me/notices"
#: Deliveries of a test message that its page asks about.
TESTED = 10


async def show(
    request: AnyRequest, viewer: Viewer, problem: Refusal | None = None, form: Form | None = None, more: dict[str, Any] | None = None
) -> Response[bytes]:
    """The page; with what a form of it was refused for and what had been entered."""
    known = await standings()
    own = await addresses_of(viewer.id)
    chosen = (await preferences_of([viewer.id], default_quiet(request)))[viewer.id]
    data = {name: one.data for name, one in known.items()}
    context = preferences_context(chosen, known, channels_of(request), own, data, default_quiet(request), viewer.now)
    if form is not None and "quiet_from" in form:
        context["quiet"] = {"on": form.checked("quiet"), "from": form.text("quiet_from"), "to": form.text("quiet_to")}
    context |= {
        "groups_to_tie": any(may_tie_group(viewer.actor, unit, viewer.directory) for unit in viewer.directory.units),
        "tested": await _tested(request, viewer.id),
        "asked_mailbox": "",
        "typed": form.values if form else {},
        "mutation": new_mutation(),
        **refused(problem),
        **(more or {}),
    }
    return page(request, viewer, "notify/preferences.html", context, nav="me", status=problem.status if problem else 200)


async def _tested(request: AnyRequest, person: str) -> list[dict[str, str]]:
    """How the test message that was just sent fares."""
    asked = [one for one in request.query_params.get("test", "").split(",") if is_id(one)][:TESTED]
    found = await how_deliveries_fare(asked, person) if asked else []
    return [{"state": one["state"], "text": say(f"notify.prefs.fare.{one['state']}"), "why": why_text(one["why"])} for one in found]


@get(PAGE)
async def preferences(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """How this person is told."""
    return await show(request, viewer)


@post(PAGE)
async def save(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Keep all choices; what the page did not show (a channel that is off) stays as it was."""
    form = await read_form(request)
    try:
        if "reset" in form:
            hours = default_quiet(request)
            start, end = (hours.start, hours.end) if hours else (None, None)
            asked = SetPreferences(choices={}, quiet_from=start, quiet_to=end)
        else:
            asked = await _asked(request, viewer, form)
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.field is None:
            raise
        return await show(request, viewer, problem, form)
    return see_other(PAGE, Notice(say("notify.prefs.reset" if "reset" in form else "notify.prefs.saved")))


async def _asked(request: AnyRequest, viewer: Viewer, form: Form) -> SetPreferences:
    before = (await preferences_of([viewer.id], default_quiet(request)))[viewer.id]
    choices: dict[str, dict[str, Mode]] = {group: dict(row) for group, row in before.choices.items()}
    for group in GROUPS:
        for channel in OUTSIDE:
            given = form.text(f"c-{group}-{channel}")
            for mode in MODES:
                if given == mode:
                    choices.setdefault(group, {})[channel] = mode
    quiet = form.checked("quiet")
    return SetPreferences(
        choices=choices,
        quiet_from=_minutes(form, "quiet_from") if quiet else None,
        quiet_to=_minutes(form, "quiet_to") if quiet else None,
        show_content=form.checked("show_content") if "asks_content" in form else before.show_content,
    )


def _minutes(form: Form, name: str) -> int | None:
    """A time of the day as minutes. Raises Refusal ``invalid`` at this field."""
    text = form.text(name)
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(hours) < 3 and len(minutes) == 2) or int(hours) > 23 or int(minutes) > 59:
        raise Refusal("invalid", "notify.prefs.bad_time", field=name, value=text[:20])
    return int(hours) * 60 + int(minutes)


@post("/me/notices/addresses/{name:str}/end")
async def end_address(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Nothing more goes there."""
    form = await read_form(request)
    own = {one["id"]: one for one in await addresses_of(viewer.id)}
    await carry_out(RevokeAddress(address=name), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    label = own[name]["label"] or name_of(own[name]["channel"]) if name in own else ""
    return see_other(PAGE, Notice(say("notify.prefs.ended", label=label)))


@post("/me/notices/test")
async def test_message(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """A message to oneself, the way of every other."""
    form = await read_form(request)
    channel = form.text("channel")
    try:
        done = await carry_out(SendTest(channel=channel), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        return see_other(PAGE, Notice(problem.message, "warning"))
    tested = ",".join(done["deliveries"][:TESTED])
    return see_other(f"{PAGE}?test={tested}#channels", Notice(say("notify.prefs.tested", channel=name_of(channel))))


routes = [preferences, save, end_address, test_message]

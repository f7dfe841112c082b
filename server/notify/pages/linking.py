"""Tying a chat or a mailbox to oneself, and a room's group chat to the room."""

from typing import Any

from litestar import get, post
from litestar.response import Response

from server.errors import Refusal
from server.notify.commands.link import BY_CODE, RevokeAddress, demand_group_right, may_tie_group
from server.notify.email.confirm import confirm, send_code
from server.notify.links import group_of, offer
from server.notify.pages.common import channels_of
from server.notify.pages.preferences import PAGE, show
from server.notify.queries import standings
from server.notify.show.channels import ICONS, name_of, standing_of
from server.storage.door import carry_out
from server.storage.ids import LOCAL
from server.tasks.show.values import moment
from server.web.forms import new_mutation, read_form
from server.web.office import office_of
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

GROUPS = "/me/notices/groups"


async def _code_page(request: AnyRequest, viewer: Viewer, channel: str, unit: str | None) -> Response[bytes]:
    """The code, shown once: it stands in no address and no redirect."""
    found = await offer(channel, actor=viewer.id, now=viewer.now, unit=unit)
    context = {
        "channel": channel,
        "name": name_of(channel),
        "code": found.code,
        "spelt": f"{found.code[:4]} {found.code[4:]}",
        "deep_link": found.deep_link,
        "bot": found.bot,
        "until": f"{found.expires.astimezone(LOCAL):%H:%M}",
        "unit": viewer.directory.units[unit].name if unit else "",
        "back": GROUPS if unit else PAGE,
    }
    return page(request, viewer, "notify/code.html", context, nav="me")


@get(["/me/notices/link", "/me/notices/mail"])
async def link_again(viewer: SignedIn) -> Response[bytes]:
    """A code is shown once; whoever loads its page anew begins anew."""
    return see_other(PAGE)


@post("/me/notices/link")
async def link(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """A code for the person's own chat, or for the group of a room."""
    form = await read_form(request)
    channel, unit = form.text("channel"), form.raw("unit")
    back = GROUPS if unit else PAGE
    if channel not in BY_CODE or channel not in channels_of(request):
        return see_other(back, Notice(say("notify.link.channel_off"), "warning"))
    try:
        return await _code_page(request, viewer, channel, unit)
    except Refusal as problem:
        if problem.code in ("not_allowed", "not_found"):
            raise
        return see_other(back, Notice(problem.message, "warning"))


@post("/me/notices/mail")
async def mail(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Send a code to a mailbox; or, with the code, take it as one's own."""
    form = await read_form(request)
    mailbox = form.text("mailbox")
    try:
        if "code" not in form:
            settings = office_of(request).settings
            await send_code(settings, mailbox=mailbox, actor=viewer.id, now=viewer.now)
            said = Notice(say("notify.prefs.mail_sent", mailbox=mailbox))
            return await show(request, viewer, more={"asked_mailbox": mailbox, "notice": said})
        await confirm(mailbox=mailbox, code=form.text("code"), actor=viewer.id, now=viewer.now)
    except Refusal as problem:
        if problem.field is None:
            return see_other(PAGE, Notice(problem.message, "warning"))
        return await show(request, viewer, problem, form, {"asked_mailbox": mailbox if "code" in form else ""})
    return see_other(PAGE, Notice(say("notify.prefs.mail_linked", mailbox=mailbox)))


@get(GROUPS)
async def groups(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The group chats of the rooms for which this person answers."""
    units = [one for one in viewer.directory.units.values() if one.active and may_tie_group(viewer.actor, one.id, viewer.directory)]
    if not units:
        raise Refusal("not_allowed", "notify.link.not_your_unit")
    known, set_up = await standings(), channels_of(request)
    on = [name for name in BY_CODE if standing_of(name, known[name], set_up) == "on"]
    shown = []
    for unit in sorted((one for one in units if one.kind in ("room", "leadership", "centre")), key=lambda one: one.sort):
        chats = [await _chat(viewer, unit.id, channel) for channel in on]
        shown.append({"id": unit.id, "name": unit.name, "chats": chats})
    context = {"units": shown, "channels": [name_of(name) for name in on], "mutation": new_mutation()}
    return page(request, viewer, "notify/groups.html", context, nav="me")


async def _chat(viewer: Viewer, unit: str, channel: str) -> dict[str, Any]:
    tied = await group_of(unit, channel)
    return {
        "channel": channel,
        "name": name_of(channel),
        "icon": ICONS[channel],
        "address": tied["id"] if tied else "",
        "label": (tied["label"] or name_of(channel)) if tied else "",
        "since": moment(tied["since"], viewer.now) if tied else "",
    }


@post("/me/notices/groups/end")
async def end_group(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Nothing more goes to that group."""
    form = await read_form(request)
    unit, channel = form.text("unit"), form.text("channel")
    demand_group_right(viewer.actor, unit, viewer.directory)
    tied = await group_of(unit, channel)
    if tied:
        await carry_out(RevokeAddress(address=tied["id"]), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    return see_other(GROUPS, Notice(say("notify.prefs.ended", label=(tied or {}).get("label") or name_of(channel))))


routes = [link, link_again, mail, groups, end_group]

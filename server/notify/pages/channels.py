"""Kênh gửi tin: for the administrator alone."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.notify import registry
from server.notify.channels import OUTSIDE, Channel, TransportError
from server.notify.commands.channels import NoteChannel, TurnChannel
from server.notify.commands.dead import AT_ONCE, PutAside, RetryDeliveries
from server.notify.pages.common import channels_of, refused
from server.notify.queries import dead_counts, deliveries, figures, only_in_app, reached, standings
from server.notify.show.admin import channel_lines, figure_rows, letter_lines, whole
from server.notify.show.channels import name_of, why_text
from server.people.rules import may
from server.storage.door import carry_out
from server.web.forms import Form, read_form
from server.web.office import office_of
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

PAGE = "/messages"
DEAD = ("failed", "unknown")
#: Letters on one page.
SHOWN = 30
LAST = 100_000
#: Seconds until a service that does not answer is given up.
PATIENCE = 20


def _allow(viewer: Viewer) -> None:
    """Raise Refusal for anybody but an administrator: whom letters are for is not everybody's business."""
    allowed = may(viewer.actor, "administer", None, viewer.today)
    if not allowed:
        raise Refusal("not_allowed", "people.rule.only_admin")


async def _show(request: AnyRequest, viewer: Viewer, problem: Refusal | None = None, refused_channel: str = "") -> Response[bytes]:
    channel, state, start = _asked(request)
    counts = await dead_counts()
    states = (state,) if state else DEAD
    found = await deliveries(states, channel=channel or None, limit=SHOWN + 1, offset=start)
    day, week = viewer.now - timedelta(days=1), viewer.now - timedelta(days=7)
    context = {
        "channels": channel_lines(await standings(), channels_of(request), await reached(), viewer.directory, viewer.now),
        "figures": figure_rows(await figures(day), await figures(week)),
        "only_in_app": {"day": whole(await only_in_app(day)), "week": whole(await only_in_app(week))},
        "letters": letter_lines(found[:SHOWN], viewer.directory, viewer.now),
        "dead": sum(counts.values()),
        "filters": _filters(channel, state, counts),
        "asked": {"channel": channel, "state": state},
        "matching": sum(many for (name, one), many in counts.items() if (not channel or name == channel) and one in states),
        "at_once": AT_ONCE,
        "pages": {
            "next": _address(channel, state, start + SHOWN) if len(found) > SHOWN else "",
            "label": say("notify.admin.shown", count=start + min(len(found), SHOWN)),
        },
        "refused_channel": refused_channel,
        **refused(problem),
    }
    return page(request, viewer, "notify/channels.html", context, nav="messages", status=problem.status if problem else 200)


def _asked(request: AnyRequest) -> tuple[str, str, int]:
    """Channel, state and where to begin, as the address says; what can't be read is left out."""
    given = request.query_params
    channel, state, start = given.get("channel", ""), given.get("state", ""), given.get("start", "")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    return channel if channel in OUTSIDE else "", state if state in DEAD else "", min(first, LAST)


def _address(channel: str, state: str, start: int = 0) -> str:
    said = {"channel": channel, "state": state, "start": start}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{PAGE}?{query}" if query else PAGE


def _filters(channel: str, state: str, counts: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    def of(name: str, one: str) -> int:
        return sum(many for (other, was), many in counts.items() if (not name or other == name) and (not one or was == one))

    found = [
        {"href": f"{_address('', '')}#dead", "label": say("notify.page.all"), "count": of("", ""), "current": not channel and not state}
    ]
    for one in DEAD:
        label = say(f"notify.prefs.fare.{one}").capitalize()
        found.append({"href": f"{_address(channel, one)}#dead", "label": label, "count": of(channel, one), "current": state == one})
    found += [
        {"href": f"{_address(name, state)}#dead", "label": name_of(name), "count": of(name, state), "current": channel == name}
        for name in OUTSIDE
        if of(name, "") or name == channel
    ]
    return found


@get(PAGE)
async def messages(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Channels, figures, and letters that went wrong."""
    _allow(viewer)
    return await _show(request, viewer)


@post("/messages/channels/{channel:str}/turn")
async def turn(request: AnyRequest, viewer: SignedIn, channel: FromPath[str]) -> Response[bytes]:
    """Turn a channel on or off for everybody."""
    _allow(viewer)
    form = await read_form(request)
    on = form.text("on") == "1"
    if on and channel not in channels_of(request):
        raise Refusal("conflict", "notify.admin.not_set_up")
    try:
        asked = TurnChannel(channel=channel, on=on, understood=form.checked("understood"))
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        if problem.field is None:
            raise
        return await _show(request, viewer, problem, channel)
    return see_other(PAGE, Notice(say("notify.admin.turned_on" if on else "notify.admin.turned_off", channel=name_of(channel))))


@post("/messages/channels/{channel:str}/check")
async def check(request: AnyRequest, viewer: SignedIn, channel: FromPath[str]) -> Response[bytes]:
    """Ask the service whom it takes us for; nothing is sent to anybody."""
    _allow(viewer)
    # One of its own: the kept one is not open, and two administrators may ask at once.
    made: dict[str, Channel] = dict(registry.make(office_of(request).settings).items())
    asked = made.get(channel)
    if asked is None:
        raise Refusal("conflict", "notify.admin.not_set_up")
    stamp = viewer.now.isoformat()
    try:
        async with asyncio.timeout(PATIENCE):
            await asked.open()
            try:
                said = await asked.check()
            finally:
                await asked.close()
        facts = {"checked": said, "checked_at": stamp, "trouble": None, "trouble_at": None}
        notice = Notice(say("notify.admin.checked", channel=name_of(channel), said=said))
    except TransportError as problem:
        facts = {"trouble": problem.why, "trouble_at": stamp}
        notice = Notice(say("notify.admin.check_failed", channel=name_of(channel), why=why_text(problem.why)), "warning")
    except TimeoutError:
        facts = {"trouble": "notify.admin.no_answer", "trouble_at": stamp}
        notice = Notice(say("notify.admin.check_failed", channel=name_of(channel), why=say("notify.admin.no_answer")), "warning")
    await carry_out(NoteChannel(channel=channel, facts=facts), actor=None, now=viewer.now, source="job")
    return see_other(PAGE, notice)


async def _chosen(form: Form) -> list[str]:
    """The one letter whose button was pressed, or all that the filter of the page shows."""
    if "id" in form:
        return [form.text("id")]
    channel, state = form.text("channel"), form.text("state")
    states = (state,) if state in DEAD else DEAD
    found = await deliveries(states, channel=channel if channel in OUTSIDE else None, limit=AT_ONCE)
    return [one.id for one in found]


def _back(form: Form) -> str:
    channel, state = form.text("channel"), form.text("state")
    return _address(channel if channel in OUTSIDE else "", state if state in DEAD else "") + "#dead"


@post("/messages/retry")
async def retry(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Send one letter again, or all that the page shows."""
    _allow(viewer)
    form = await read_form(request)
    try:
        asked = RetryDeliveries(ids=await _chosen(form))
        done = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        return see_other(_back(form), Notice(problem.message, "warning"))
    said = say("notify.admin.again_some" if done["left"] else "notify.admin.again", count=done["again"], left=done["left"])
    return see_other(_back(form), Notice(said))


@post("/messages/put-aside")
async def put_aside(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Give up one letter, or all that the page shows."""
    _allow(viewer)
    form = await read_form(request)
    try:
        asked = PutAside(ids=await _chosen(form))
        done = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        return see_other(_back(form), Notice(problem.message, "warning"))
    return see_other(_back(form), Notice(say("notify.admin.aside", count=done["aside"])))


routes = [messages, turn, check, retry, put_aside]

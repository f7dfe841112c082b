"""The dashboard by role, the screen on the wall, and the stream that tells both of news."""

import logging
from typing import Any, Final

from litestar import get
from litestar.params import FromPath
from litestar.response import Response
from litestar.response.streaming import ASGIStreamingResponse

from server.accounts.queries import session
from server.accounts.rules import session_over
from server.errors import Refusal
from server.keys.queries import Key, key_of
from server.keys.use import note_use
from server.people.queries import directory
from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS, whole_centre
from server.reports.dashboard.live import Allowed, pulse
from server.reports.dashboard.read import below, board, mine
from server.reports.dashboard.show import board_context, mine_context
from server.storage.ids import new_id
from server.web.assets import asset_version
from server.web.office import office_of
from server.web.page import html, page, render
from server.web.replies import AnyRequest, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

log = logging.getLogger("soviec.reports")

PATH: Final = "/dashboard"
WALL: Final = "/wall"


def centre_of(viewer: Viewer) -> str:
    """The viewer's office; the administrator's is the one he is entered in, or the first. Raises Refusal where there is none."""
    known = viewer.directory
    found = known.centre_of(viewer.profile.unit) or next((one.id for one in known.units.values() if one.kind == "centre"), None)
    if found is None:
        raise Refusal("not_found", "dashboard.no_centre")
    return found


def _room_of(viewer: Viewer, centre: str) -> str | None:
    """The room whose board the viewer gets without asking for one: his own, or the first."""
    rooms = [one.id for one in below(viewer.directory, centre) if one.kind == "room"]
    path = viewer.directory.path(viewer.profile.unit)
    return next((one for one in rooms if one in path), rooms[0] if rooms else None)


def _tabs(viewer: Viewer, centre: str, current: str) -> list[dict[str, Any]]:
    room = _room_of(viewer, centre)
    found = [("centre", f"{PATH}/centre")]
    if room is not None:
        found.append(("room", f"{PATH}/room/{room}"))
    if viewer.profile.position != "admin":
        found.append(("me", f"{PATH}/me"))
    return [{"href": href, "label": say(f"dashboard.tab.{key}"), "current": key == current} for key, href in found]


@get(PATH)
async def own(viewer: SignedIn) -> Response[bytes]:
    """Where this person looks first: leaders at the centre, heads at their room, everybody else at his own work."""
    position = viewer.profile.position
    if position in CENTRE_LEADERS or position == "admin" or whole_centre(viewer.actor, viewer.today) is not None:
        return see_other(f"{PATH}/centre")
    room = _room_of(viewer, centre_of(viewer))
    if position in ROOM_LEADERS and room is not None:
        return see_other(f"{PATH}/room/{room}")
    return see_other(f"{PATH}/me")


def _shown(request: AnyRequest, viewer: Viewer, context: dict[str, Any], tab: str, centre: str) -> Response[bytes]:
    return page(
        request,
        viewer,
        "reports/dashboard.html",
        {**context, "tabs": _tabs(viewer, centre, tab), "live": f"{PATH}/live", "wall": tab == "centre"},
        nav="reports",
    )


@get(f"{PATH}/centre")
async def of_centre(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The centre this moment."""
    centre = centre_of(viewer)
    return _shown(request, viewer, board_context(await board(centre, viewer.now, viewer.directory)), "centre", centre)


@get(f"{PATH}/room/{{unit:str}}")
async def of_room(request: AnyRequest, viewer: SignedIn, unit: FromPath[str]) -> Response[bytes]:
    """A room this moment. Figures are for everybody (R17)."""
    centre = centre_of(viewer)
    rooms = below(viewer.directory, centre)
    if unit not in viewer.directory.units or centre not in viewer.directory.path(unit):
        raise Refusal("not_found", "dashboard.no_room")
    context = board_context(await board(unit, viewer.now, viewer.directory))
    context["rooms"] = [{"href": f"{PATH}/room/{one.id}", "label": one.name, "current": one.id == unit} for one in rooms]
    return _shown(request, viewer, context, "room", centre)


@get(f"{PATH}/me")
async def of_me(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """One's own work this moment."""
    centre = centre_of(viewer)
    context = mine_context(await mine(viewer.id, centre, viewer.now), centre, viewer.id, viewer.now)
    return _shown(request, viewer, context, "me", centre)


def _stream(whose: str, allowed: Allowed) -> ASGIStreamingResponse:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
    return ASGIStreamingResponse(
        iterator=pulse.stream(whose, allowed), status_code=200, headers={**headers, "Content-Type": "text/event-stream; charset=utf-8"}
    )


@get(f"{PATH}/live")
async def live(request: AnyRequest, viewer: SignedIn) -> ASGIStreamingResponse:
    """``changed`` whenever something happened, as long as the session lives."""
    office = office_of(request)

    async def allowed() -> bool:
        found = await session(viewer.session)
        if found is None or found.disabled:
            return False
        known = await directory(found.version or 0)
        return (
            not session_over(found.seen_at, found.expires_at, office.clock(), office.settings.idle_minutes)
            and viewer.id in known.people
            and known.people[viewer.id].active
        )

    return _stream(viewer.id, allowed)


def _wall(request: AnyRequest, context: dict[str, Any], live_at: str) -> Response[bytes]:
    text = render("reports/wall.html", {**context, "live": live_at, "asset_version": asset_version(), "title": say("dashboard.wall_title")})
    # Its address is a secret: it is told to nobody, not even to ourselves by a link.
    return html(request, text, headers={"Referrer-Policy": "no-referrer"})


@get(WALL)
async def wall(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The screen in the hall, for whoever is signed in on it: as long as his session, which the screen does not keep alive."""
    context = board_context(await board(centre_of(viewer), viewer.now, viewer.directory), linked=False)
    return _wall(request, context, f"{PATH}/live")


class Closed(Exception):
    """An address that opens nothing: unknown, taken back, before its first day or after its last."""


async def _key(request: AnyRequest, secret: str) -> Key:
    found = await key_of(secret, "wall", office_of(request).clock())
    if found is None:
        raise Closed
    return found


def closed(request: AnyRequest, _: Closed) -> Response[bytes]:
    """The screen is told so, and nothing else."""
    text = render("reports/wall_closed.html", {"asset_version": asset_version(), "text": say("dashboard.wall_closed")})
    return html(request, text, 404, {"Referrer-Policy": "no-referrer"})


def failed(_: AnyRequest, problem: Exception) -> Response[bytes]:
    """Our fault: a number for the person and the trace for the log, but not the address, for that is the secret."""
    number = new_id()[-12:]
    log.error("%s failed, number %s", WALL, number, exc_info=problem)
    told = f"{say('web.unexpected')} {say('web.reference', number=number)}"
    return Response(told.encode(), status_code=500, headers={"Referrer-Policy": "no-referrer"}, media_type="text/plain")


@get(f"{WALL}/{{secret:str}}", exception_handlers={Closed: closed, Exception: failed})
async def wall_by_key(request: AnyRequest, secret: FromPath[str]) -> Response[bytes]:
    """The same by a private address, for a screen that nobody signs in on."""
    key = await _key(request, secret)
    known = await directory()
    unit = key.unit or known.centre_of(known.people[key.person].unit)
    if unit is None:
        raise Closed
    now = office_of(request).clock()
    await note_use(key, now)
    context = board_context(await board(unit, now, known), linked=False)
    return _wall(request, context, f"{WALL}/{secret}/live")


@get(f"{WALL}/{{secret:str}}/live", exception_handlers={Closed: closed, Exception: failed})
async def wall_live(request: AnyRequest, secret: FromPath[str]) -> ASGIStreamingResponse:
    """The screen's stream; it ends when the key is taken back."""
    key = await _key(request, secret)

    async def allowed() -> bool:
        return await key_of(secret, "wall", office_of(request).clock()) is not None

    return _stream(f"wall:{key.id}", allowed)


routes = [own, of_centre, of_room, of_me, live, wall, wall_by_key, wall_live]

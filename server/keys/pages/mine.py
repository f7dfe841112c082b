"""/me/calendar: one's own due dates in the calendar of the phone."""

from litestar import get, post
from litestar.response import Response

from server.errors import Refusal
from server.keys.commands import KeyFollow, KeyMake, KeyRevoke
from server.keys.queries import calendar_of
from server.keys.secret import hash_of, hint_of, new_secret
from server.keys.show import calendar_context, feed_address
from server.storage.door import carry_out
from server.web.forms import new_mutation, read_form
from server.web.office import base_of
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

HOME = "/me/calendar"


async def _page(request: AnyRequest, viewer: Viewer, secret: str = "", problem: Refusal | None = None) -> Response[bytes]:
    context = calendar_context(await calendar_of(viewer.id), viewer.now) | {
        "address": feed_address(base_of(request), secret) if secret else "",
        "problem": problem.message if problem else "",
        "mutation": new_mutation(),
    }
    # The one page on which the secret stands is told to nobody as the place where somebody came from.
    headers = {"Referrer-Policy": "no-referrer"} if secret else None
    return page(request, viewer, "keys/calendar.html", context, nav="me", status=problem.status if problem else 200, headers=headers)


@get(HOME)
async def my_calendar(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Whether there is an address, when it was last fetched; how to make one."""
    return await _page(request, viewer)


@post(HOME)
async def make_calendar(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Make the address and show it, this once; the one before it opens nothing any more. Sent again, nothing is made and nothing shown."""
    form = await read_form(request)
    secret = new_secret()
    asked = KeyMake(
        id=form.mutation or new_mutation(),
        kind="calendar",
        hash=hash_of(secret),
        hint=hint_of(secret),
        followed=form.checked("followed"),
    )
    try:
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page")
    except Refusal as problem:
        return await _page(request, viewer, problem=problem)
    return await _page(request, viewer, secret)


@post(f"{HOME}/followed")
async def set_followed(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """With or without the tasks that one only follows; the address stays."""
    form = await read_form(request)
    await carry_out(KeyFollow(followed=form.checked("followed")), actor=viewer.id, now=viewer.now, source="page")
    return see_other(HOME, Notice(say("keys.followed_set")))


@post(f"{HOME}/revoke")
async def revoke_calendar(viewer: SignedIn) -> Response[bytes]:
    """The address opens nothing any more. One that is gone already is no error."""
    stored = await calendar_of(viewer.id)
    if stored is not None:
        await carry_out(KeyRevoke(id=stored["id"]), actor=viewer.id, now=viewer.now, source="page")
    return see_other(HOME, Notice(say("keys.calendar_revoked")))


routes = [my_calendar, make_calendar, set_followed, revoke_calendar]

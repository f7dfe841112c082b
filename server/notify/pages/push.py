"""What the scripts of a page and the service worker ask about messages on their device."""

from typing import TypeVar

import msgspec
from litestar import get, post
from litestar.response import Response

from server.accounts.device import describe
from server.errors import Refusal
from server.notify.webpush import keys
from server.notify.webpush.commands import Subscribe, Unsubscribe, is_on
from server.notify.webpush.endpoint import allowed
from server.storage.door import carry_out
from server.web.office import office_of
from server.web.replies import AnyRequest, json
from server.web.viewer import SignedIn

T = TypeVar("T")
PATH = "/api/v1/push"
#: Bytes of a subscription.
MAX_BODY = 16 * 1024


class Keys(msgspec.Struct, frozen=True):
    """How the browser wants it sealed, as ``PushSubscription.toJSON()`` says it."""

    p256dh: str
    auth: str


class Given(msgspec.Struct, frozen=True):
    """A subscription; ``replaces`` is the endpoint that the browser had before."""

    endpoint: str
    keys: Keys
    replaces: str | None = None


class Ended(msgspec.Struct, frozen=True):
    """The subscription that is to end."""

    endpoint: str


@get(PATH)
async def standing(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Whether the office sends messages to browsers, and the key that a subscription is made with."""
    settings = office_of(request).settings
    if not keys.subject(settings) or not await is_on():
        return json({"on": False, "key": ""})
    return json({"on": True, "key": keys.public_key(keys.kept(settings.data))})


@post(PATH, status_code=201, request_max_body_size=MAX_BODY)
async def subscribe(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """201: from now on this browser shows the person's messages, until he signs out here."""
    given = await _read(request, Given)
    settings = office_of(request).settings
    if not keys.subject(settings):
        raise Refusal("conflict", "notify.push.closed")
    if not allowed(given.endpoint, settings.push_hosts):
        raise Refusal("invalid", "notify.push.bad_endpoint", field="endpoint")
    asked = Subscribe(
        endpoint=given.endpoint,
        p256dh=given.keys.p256dh,
        auth=given.keys.auth,
        session=viewer.session,
        label=describe(request.headers.get("user-agent", "")),
        replaces=given.replaces,
    )
    return json(await carry_out(asked, actor=viewer.id, now=viewer.now, source="page"), 201)


@post(f"{PATH}/end", status_code=200, request_max_body_size=MAX_BODY)
async def end(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """This browser shows nothing more; one that showed nothing is no fault."""
    given = await _read(request, Ended)
    return json(await carry_out(Unsubscribe(endpoint=given.endpoint), actor=viewer.id, now=viewer.now, source="page"))


async def _read(request: AnyRequest, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.MsgspecError:
        raise Refusal("invalid", "web.bad_request") from None


routes = [standing, subscribe, end]

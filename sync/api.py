"""The routes of the protocol."""

import asyncio
from typing import Any

import msgspec
from litestar import Router, get, post
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.params import FromQuery
from litestar.response import Response
from litestar.response.streaming import ASGIStreamingResponse

from server.accounts.api import PERSON_HEADER
from server.accounts.queries import session
from server.accounts.rules import session_over
from server.files.rules import MEGABYTE
from server.people.queries import directory
from server.storage.ids import LOCAL, is_id
from server.web.office import office_of
from server.web.replies import AnyRequest, json
from server.web.viewer import SignedIn, Viewer
from server.words import say
from sync.encoding import compressed
from sync.events import News
from sync.pull import DEFAULT_LIMIT, pull
from sync.push import push
from sync.reader import Reader
from sync.shapes import LARGEST_PUSH, MOST_MUTATIONS, SCHEMA, Push


async def packed(request: AnyRequest, viewer: Viewer, content: Any) -> Response[bytes]:
    """A JSON answer that nobody keeps, compressed where the other end can take it; its head says for whom it is."""
    # In a thread: both encoders let the others go on meanwhile.
    body, encoding = await asyncio.to_thread(compressed, msgspec.json.encode(content), request.headers.get("accept-encoding", ""))
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
        PERSON_HEADER: viewer.id,
        **({"Content-Encoding": encoding} if encoding else {}),
    }
    return Response(body, status_code=200, media_type="application/json", headers=headers)


def problem(viewer: Viewer, status: int, key: str, *, code: str = "invalid", field: str | None = None, **values: object) -> Response[bytes]:
    """The whole request was refused; nothing of it was taken."""
    return json({"code": code, "message": say(key, **values), "field": field}, status, {PERSON_HEADER: viewer.id})


@post("/push", status_code=200, request_max_body_size=LARGEST_PUSH)
async def push_mutations(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Take what a device did: 200 with a result for each; 400, 409 or 413 where nothing of it was taken.

    400: a body that can't be read. 409: an outbox that belongs to another person than the one signed in. 413: one that is too large.
    """
    try:
        given = msgspec.json.decode(await request.body(), type=Push)
    except RequestEntityTooLarge:
        return problem(viewer, 413, "sync.too_large", megabytes=LARGEST_PUSH // MEGABYTE)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError):
        return problem(viewer, 400, "sync.body_bad")
    if given.schema != SCHEMA:
        return problem(viewer, 400, "sync.schema_unknown", schema=given.schema, known=SCHEMA)
    if len(given.mutations) > MOST_MUTATIONS:
        return problem(viewer, 413, "sync.too_many", most=MOST_MUTATIONS)
    if not is_id(given.client_id):
        return problem(viewer, 400, "sync.body_bad")
    if given.person is not None and given.person != viewer.id:
        return problem(viewer, 409, "sync.other_person", code="other_person", name=viewer.profile.name)
    return await packed(request, viewer, await push(given, viewer.id, office_of(request).clock))


@get("/pull")
async def pull_changes(
    request: AnyRequest, viewer: SignedIn, cursor: FromQuery[str | None] = None, limit: FromQuery[str | None] = None
) -> Response[bytes]:
    """What the replica of this person lacks."""
    wanted = DEFAULT_LIMIT
    if limit:
        if not limit.isascii() or not limit.isdigit() or len(limit) > 9:
            return problem(viewer, 422, "web.bad_request", field="limit")
        wanted = int(limit)
    return await packed(request, viewer, await pull(viewer.id, viewer.now, cursor, wanted, office_of(request).settings))


@get("/events")
async def listen(request: AnyRequest, viewer: SignedIn) -> ASGIStreamingResponse:
    """Server-sent events: ``change`` with a number whenever a pull would bring this person something."""
    office = office_of(request)

    async def look() -> Reader | None:
        found = await session(viewer.session)
        now = office.clock()
        if found is None or found.disabled or session_over(found.seen_at, found.expires_at, now, office.settings.idle_minutes):
            return None
        known = await directory(found.version or 0)
        profile = known.people.get(viewer.id)
        if profile is None or not profile.active:
            return None
        return Reader(known.actor(viewer.id), known, now.astimezone(LOCAL).date(), now, office.settings)

    heard = request.headers.get("last-event-id", "")
    since = int(heard) if heard.isascii() and heard.isdigit() and len(heard) < 19 else None
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
    news: News = request.app.state.news
    return ASGIStreamingResponse(
        iterator=news.stream(look, since), status_code=200, headers={**headers, "Content-Type": "text/event-stream; charset=utf-8"}
    )


router = Router(path="/sync", route_handlers=[push_mutations, pull_changes, listen])

"""/api: how other systems fetch data, drawn from the same document that they read; /keys/log: what they were given."""

import hashlib
from functools import cache
from typing import Final

import orjson
from litestar import get
from litestar.response import Response

from server.keys.queries import overseen
from server.reports.api import queries
from server.reports.api.document import document
from server.reports.api.hand import GUARD, has
from server.reports.api.operations import DOCUMENT
from server.reports.api.show import log_lines, page_context
from server.tasks.pages.waiting import badges_of
from server.web.office import base_of
from server.web.page import page
from server.web.replies import AnyRequest
from server.web.viewer import MustChangePassword, SignedIn, SignedOut, Viewer, viewer

PAGE: Final = "/api"
LOG: Final = "/keys/log"


@cache
def _written() -> tuple[bytes, str]:
    """The document and its tag."""
    body = orjson.dumps(document())
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


@get(DOCUMENT)
async def openapi(request: AnyRequest) -> Response[bytes]:
    """The document, for everybody: there is nothing of an office in it."""
    body, tag = _written()
    headers = {**GUARD, "Cache-Control": "no-cache", "ETag": tag}
    if has(request.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=304, headers=headers, media_type="application/json")
    return Response(body, status_code=200, headers=headers, media_type="application/json")


async def _whoever(request: AnyRequest) -> Viewer | None:
    """The person who is signed in here, if anybody is: those who build the other system are not."""
    try:
        return await viewer(request)
    except (SignedOut, MustChangePassword):
        return None


@get(PAGE)
async def described(request: AnyRequest) -> Response[bytes]:
    """The page, for everybody."""
    who = await _whoever(request)
    base = base_of(request)
    badges = await badges_of(who) if who else None
    return page(request, who, "reports/api.html", {**page_context(base), "keys": who is not None}, nav="me", badges=badges)


@get(LOG)
async def log(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """What was given out by the keys that the viewer sees on /keys, the latest first; by no others."""
    seen = [one for one in await overseen(viewer.actor, viewer.directory, viewer.today) if one["kind"] == "api"]
    found = await queries.fetches([one["id"] for one in seen])
    context = {"lines": log_lines(found, viewer.directory, viewer.now), "has_keys": bool(seen), "most": queries.LOGGED}
    return page(request, viewer, "reports/api_log.html", context, nav="me", badges=await badges_of(viewer))


routes = [openapi, described, log]

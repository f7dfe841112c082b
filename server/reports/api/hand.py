"""What goes out: an answer, after it was noted; a refusal, in words."""

import gzip
import hashlib
import logging
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar.exceptions import HTTPException
from litestar.response import Response

from server.errors import Refusal
from server.reports.api.answers import Problem
from server.reports.api.commands import ApiFetched
from server.reports.api.document import PROBLEM
from server.reports.api.guard import Caller, Denied
from server.reports.api.operations import Operation
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.web.replies import AnyRequest
from server.words import say

log = logging.getLogger("soviec.api")

GUARD: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Vary": "Authorization, Accept-Encoding"}
#: Below this a packed answer costs more than it saves.
WORTH_GZIP: Final = 1024
GZIP_LEVEL: Final = 4
JSON: Final = "application/json"
#: What of an address only says which page of an answer: the record tells what it was about.
PAGING: Final = ("cursor", "limit", "updated_since", "since")
#: How far the record quotes an address.
SAID: Final = 200
TITLED: Final = (401, 403, 404, 422, 429, 500)


async def hand_out(request: AnyRequest, caller: Caller, answer: msgspec.Struct, items: int, *, keep: bool = False) -> Response[bytes]:
    """The answer as JSON, written into the record before it leaves. ``items``: how many things of the office are in it.

    ``keep``: the other side may keep it and ask whether it still holds (ETag); everything else is kept nowhere.
    """
    operation: Operation = request.route_handler.opt["operation"]
    body = msgspec.json.encode(answer)
    headers = {**GUARD, "Cache-Control": "no-store"}
    fresh = False
    if keep:
        # Weak: packed or not, it is the same answer.
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers |= {"Cache-Control": "private, no-cache", "ETag": tag}
        fresh = has(request.headers.get("if-none-match", ""), tag)
    noted = ApiFetched(key=caller.key.id, operation=operation.id, asked=_about(request), items=0 if fresh else items)
    await carry_out(noted, actor=caller.key.person, now=caller.now, source="page")
    if fresh:
        return Response(b"", status_code=304, headers=headers, media_type=JSON)
    if len(body) > WORTH_GZIP and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status_code=200, headers=headers, media_type=JSON)


def has(said: str, tag: str) -> bool:
    """Whether the other side has this version."""
    return any(one.strip().removeprefix("W/") == tag.removeprefix("W/") for one in said.split(","))


def _about(request: AnyRequest) -> str:
    """What an answer is about: its path below the operation's, and its parameters by name."""
    pairs = [(name, value) for name, value in sorted(request.query_params.multi_items()) if name not in PAGING and value]
    of = [("id", str(value)) for value in request.path_params.values()]
    return urlencode([*of, *pairs])[:SAID]


def problem(status: int, code: str, detail: str, *, field: str | None = None, headers: dict[str, str] | None = None) -> Response[bytes]:
    """A refusal as RFC 9457 says it."""
    title = say(f"api.told.{status}") if status in TITLED else say("api.told.other")
    said = Problem(title=title, status=status, detail=detail, code=code, field=field)
    return Response(
        msgspec.json.encode(said),
        status_code=status,
        headers={**GUARD, "Cache-Control": "no-store", **(headers or {})},
        media_type=PROBLEM,
    )


def denied(_: AnyRequest, refused: Denied) -> Response[bytes]:
    """Without a key that opens, or too fast."""
    return problem(refused.status, refused.code, refused.message, headers=refused.headers)


def refused(_: AnyRequest, refusal: Refusal) -> Response[bytes]:
    """A rule said no."""
    return problem(refusal.status, refusal.code, refusal.message, field=refusal.field)


def unreadable(request: AnyRequest, raised: HTTPException) -> Response[bytes]:
    """What the framework refuses."""
    if raised.status_code >= 500:
        return failed(request, raised)
    return problem(raised.status_code, "invalid", say("web.bad_request"))


def failed(request: AnyRequest, raised: Exception) -> Response[bytes]:
    """Our fault: a number for the other side, the trace under that number for the log; never what stood in a header."""
    number = new_id()[-12:]
    log.error("%s failed, number %s", request.url.path, number, exc_info=raised)
    return problem(500, "error", f"{say('web.unexpected')} {say('web.reference', number=number)}")


HANDLERS: Final[dict[Any, Any]] = {Denied: denied, Refusal: refused, HTTPException: unreadable, Exception: failed}

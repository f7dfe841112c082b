"""Plain answers: where to go next, and JSON."""

import base64
import binascii
from typing import Any
from urllib.parse import urlsplit

import msgspec
import orjson
from litestar import Request
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.response import Response

NOTICE_COOKIE = "soviec_notice"
NOTICE_SECONDS = 60
#: A cookie holds 4 kB; a notice that is longer is not worth one.
NOTICE_LENGTH = 3000

AnyRequest = Request[Any, Any, Any]


class Undo(msgspec.Struct, frozen=True):
    """The form behind the undo button of a notice."""

    action: str
    label: str
    fields: list[dict[str, str]] = []


class Notice(msgspec.Struct, frozen=True):
    """One sentence for the next page: what was done. ``kind`` is success, info, warning or error."""

    text: str
    kind: str = "success"
    undo: Undo | None = None


def local_path(text: str | None, otherwise: str = "/") -> str:
    """A path of this site, or ``otherwise``: never another host, however it is spelt."""
    if not text or not text.startswith("/") or text[1:2] in ("/", "\\") or any(ord(letter) < 32 or letter == "\\" for letter in text):
        return otherwise
    parts = urlsplit(text)
    return text if not parts.scheme and not parts.netloc else otherwise


def came_from(request: AnyRequest, otherwise: str = "/") -> str:
    """The page of this site on which the request was made."""
    parts = urlsplit(request.headers.get("referer", ""))
    if parts.netloc != request.headers.get("host"):
        return otherwise
    return local_path(parts.path + (f"?{parts.query}" if parts.query else ""), otherwise)


def is_htmx(request: AnyRequest) -> bool:
    """Whether htmx asks for a part of a page; a boosted link asks for a whole one."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"


def by_itself(request: AnyRequest) -> bool:
    """Whether a page asks without anybody having done anything: no use of the session, and no place for what was just done."""
    return "soviec-refresh" in request.headers or request.headers.get("accept") == "text/event-stream"


def wants_json(request: AnyRequest) -> bool:
    """Whether a program asks, not a page."""
    if request.url.path.startswith(("/api/", "/sync/")):
        return True
    accepted = request.headers.get("accept", "")
    if request.url.path.startswith("/files/") and "text/html" not in accepted:
        return True
    return "application/json" in accepted and "text/html" not in accepted


def json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """A JSON answer that nobody keeps."""
    return Response(
        orjson.dumps(content),
        status_code=status,
        media_type=MediaType.JSON,
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})},
    )


def see_other(path: str, notice: Notice | None = None) -> Response[bytes]:
    """303 to a path of this site, after a form was taken; the notice shows there."""
    answer = Response(b"", status_code=303, headers={"Location": path, "Cache-Control": "no-store"}, media_type=MediaType.TEXT)
    if notice is not None:
        packed = base64.urlsafe_b64encode(msgspec.json.encode(notice)).decode()
        if len(packed) <= NOTICE_LENGTH:
            answer.set_cookie(Cookie(key=NOTICE_COOKIE, value=packed, max_age=NOTICE_SECONDS, httponly=True, samesite="lax"))
    return answer


def waiting_notice(request: AnyRequest) -> Notice | None:
    """The notice that a redirect left for this page."""
    packed = request.cookies.get(NOTICE_COOKIE)
    if not packed:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(packed), type=Notice)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None

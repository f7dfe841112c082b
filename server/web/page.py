"""Rendering: one Jinja environment, the frame of every page, the headers that guard it."""

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, Undefined
from litestar.response import Response

from server.web import nav as navigation
from server.web.assets import asset_version
from server.web.replies import NOTICE_COOKIE, AnyRequest, Notice, by_itself, waiting_notice
from server.web.viewer import Viewer

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"

#: Below this a compressed page costs more than it saves.
WORTH_GZIP = 1024
GZIP_LEVEL = 4

#: Which release shows a page: said by its scripts in what they ask, and by the answers.
VERSION_HEADER = "Soviec-Version"

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Encoding, HX-Request, HX-Target",
}


def environment(undefined: type[Undefined] = Undefined) -> Environment:
    """An environment over ``templates/``, as the pages have it."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        undefined=undefined,
    )


_pages = environment()


def render(template: str, context: Mapping[str, Any]) -> str:
    """The text of a template, for those who answer by themselves."""
    return _pages.get_template(template).render(context)


def frame(viewer: Viewer | None, nav: str, notice: Notice | None, badges: Mapping[str, int] | None = None) -> dict[str, Any]:
    """What ``shared/layout.html`` shows around a page."""
    me = None
    if viewer is not None:
        profile = viewer.profile
        me = {
            "id": profile.id,
            "name": profile.name,
            "position": profile.title,
            "initials": profile.initials,
            "username": profile.username,
            "demo": profile.demo,
        }
    return {
        "me": me,
        "nav": navigation.items(viewer, badges or {}) if viewer else [],
        "page": nav,
        "csrf": viewer.csrf if viewer else "",
        "asset_version": asset_version(),
        "notice": notice,
    }


def is_stale(request: AnyRequest) -> bool:
    """Whether a page asks that another release has shown."""
    return request.headers.get("hx-request") == "true" and request.headers.get(VERSION_HEADER.lower(), asset_version()) != asset_version()


def of_another_release(request: AnyRequest) -> Response[bytes] | None:
    """The whole page anew for one that an older release has shown: its scripts and styles do not fit what this one says.

    A form that such a page sends is carried out; it is the page after it that is loaded anew. A refused one is answered by a whole page,
    never by a part: the page's scripts replace their own document with it, and what was typed stays.
    """
    if request.method != "GET" or not is_stale(request):
        return None
    query = request.url.query
    again = request.url.path + (f"?{query}" if query else "")
    return html(request, "", headers={"HX-Redirect": again})


def html(request: AnyRequest, text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """An HTML answer with the headers of every page, compressed where the browser can take it."""
    body = text.encode()
    sent = {**HEADERS, VERSION_HEADER: asset_version(), **(headers or {})}
    if len(body) > WORTH_GZIP and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, GZIP_LEVEL, mtime=0)
        sent["Content-Encoding"] = "gzip"
    return Response(body, status_code=status, headers=sent, media_type="text/html")


def page(
    request: AnyRequest,
    viewer: Viewer | None,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    nav: str = "tasks",
    notice: Notice | None = None,
    badges: Mapping[str, int] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """A whole page. ``nav`` is the key of the place that it belongs to; ``badges`` are numbers beside places, by key.

    A notice that a redirect left (``replies.see_other``) is shown once.
    """
    anew = of_another_release(request)
    if anew is not None:
        return anew
    left = waiting_notice(request) if notice is None and not by_itself(request) else None
    answer = html(request, render(template, {**frame(viewer, nav, notice or left, badges), **context}), status, headers)
    if left is not None:
        answer.delete_cookie(NOTICE_COOKIE)
    return answer


def fragment(
    request: AnyRequest,
    viewer: Viewer,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """A part of a page, for htmx."""
    return of_another_release(request) or html(
        request, render(template, {"csrf": viewer.csrf, "asset_version": asset_version(), **context}), status, headers
    )

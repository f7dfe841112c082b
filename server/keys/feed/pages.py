"""``GET /calendar/feed/<secret>.ics``: the address is all that is asked for; there is no session and no cookie.

The secret stands in the address, so nothing here writes an address down: neither the log nor a Referer.
"""

import gzip
import hashlib
import logging
from datetime import datetime

from litestar import HttpMethod, route
from litestar.params import FromPath
from litestar.response import Response

from server.calendar.current import refresh, working_days
from server.keys.feed.queries import entries
from server.keys.feed.write import Frame, calendar
from server.keys.queries import Key, key_of
from server.keys.use import note_use
from server.people.queries import directory
from server.storage.ids import LOCAL, new_id
from server.web.office import Office, office_of
from server.web.replies import AnyRequest
from server.words import say

log = logging.getLogger("soviec")

SUFFIX = ".ics"
GUARD = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}


def _told(sentence: str, status: int) -> Response[bytes]:
    return Response(sentence.encode(), status_code=status, headers={**GUARD, "Cache-Control": "no-store"}, media_type="text/plain")


def failed(_: AnyRequest, problem: Exception) -> Response[bytes]:
    """Our fault: as everywhere a number for the person and the trace for the log, but not the address."""
    number = new_id()[-12:]
    log.error("/calendar/feed failed, number %s", number, exc_info=problem)
    return _told(f"{say('web.unexpected')} {say('web.reference', number=number)}", 500)


async def _written(key: Key, office: Office, now: datetime) -> bytes:
    known = await directory()
    await refresh()
    today = now.astimezone(LOCAL).date()
    settings = office.settings
    frame = Frame(
        directory=known,
        person=key.person,
        today=today,
        days=working_days(),
        warn_offsets=tuple(settings.warn_offsets),
        warn_at=settings.digest_time,
        public_url=settings.public_url,
    )
    return calendar(await entries(key.person, followed=key.followed, now=now, today=today, directory=known), frame)


@route("/calendar/feed/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], exception_handlers={Exception: failed})
async def feed(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """The calendar of whoever made this address; 404, and nothing about why, for any other."""
    office = office_of(request)
    now = office.clock()
    key = await key_of(name.removesuffix(SUFFIX), "calendar", now) if name.endswith(SUFFIX) else None
    if key is None:
        return _told(say("keys.feed.none"), 404)
    await note_use(key, now)
    body = await _written(key, office, now)
    # Weak: packed or not, it is the same calendar.
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**GUARD, "Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Accept-Encoding"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=304, headers=headers, media_type="text/calendar")
    headers["Content-Disposition"] = 'inline; filename="so-viec.ics"'
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 4, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status_code=200, headers=headers, media_type="text/calendar")


def _has(said: str, tag: str) -> bool:
    """Whether the program has this version; it may say the tag without its mark of weakness."""
    return said.strip() == "*" or any(one.strip().removeprefix("W/") == tag.removeprefix("W/") for one in said.split(","))


routes = [feed]

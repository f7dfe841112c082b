"""Thông báo: what the person was told. Reading is a form, since a GET writes nothing."""

from datetime import datetime, timedelta

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.notify.inbox.queries import inbox, is_clash, message, to_read, unread
from server.notify.inbox.show import PAGE, notices_context, told
from server.storage.door import carry_out
from server.storage.ids import is_id
from server.tasks.commands.told import MOST, ReadNotice
from server.tasks.pages.waiting import badges_of
from server.web.forms import read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, is_htmx, local_path, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

LAST = 10_000


@get("/notices")
async def notices(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The inbox, the newest first."""
    only_unread = request.query_params.get("show") == "unread"
    given = request.query_params.get("start", "")
    start = int(given) if given.isascii() and given.isdigit() and int(given) < LAST else 0
    above = 1 if start and is_htmx(request) else 0
    found = await inbox(viewer.id, viewer.now, only_unread=only_unread, start=start - above, limit=PAGE + 1 + above)
    after = found.pop(0) if above and found else None
    context = notices_context(found, viewer.unread, viewer.directory, viewer.now, only_unread=only_unread, start=start, after=after)
    return page(request, viewer, "shared/notices/list.html", context, nav="notices", badges=await badges_of(viewer))


async def _mark(viewer: Viewer, read: list[str]) -> None:
    if read:
        await carry_out(ReadNotice(notices=read[:MOST]), actor=viewer.id, now=viewer.now, source="page")


@post("/notices/{name:str}/open")
async def open_one(viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """It is read, and what it is about opens."""
    found = await message(viewer.id, name) if is_id(name) else None
    if found is None:
        raise Refusal("not_found", "sync.notice_unknown")
    if is_clash(found["kind"], found["data"]):
        return see_other("/conflicts")
    if found["read_at"] is None:
        await _mark(viewer, [found["id"]])
    return see_other(local_path(told(found, viewer.directory).link, "/notices"))


@post("/notices/read")
async def read_all(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Everything that had come when the page was shown: what came later was not seen."""
    await _mark(viewer, await to_read(viewer.id, viewer.now, until=_moment((await read_form(request)).text("until"))))
    left = await unread(viewer.id, viewer.now)
    if left:
        return see_other("/notices", Notice(say("notify.page.clashes_left", count=left), "info"))
    return see_other("/notices", Notice(say("notify.page.all_read")))


def _moment(text: str) -> datetime | None:
    """The end of the millisecond that a page names; None where it names none."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        return None
    return given + timedelta(milliseconds=1) if given.tzinfo else None


@post("/notices/seen", status_code=204)
async def seen(request: AnyRequest, viewer: SignedIn) -> None:
    """A task was looked at (static/js/notices.js says so), so what was said of it is known."""
    task = (await read_form(request)).text("task")
    if is_id(task):
        await _mark(viewer, await to_read(viewer.id, viewer.now, task=task))


routes = [notices, open_one, read_all, seen]

"""The addresses of the device, answered where no service worker does: nothing waits here, and clashes come from the database."""

from typing import Any

import orjson
from litestar import get, post
from litestar.response import Response

from server.errors import Refusal
from server.people.directory import Directory
from server.storage.door import carry_out
from server.storage.engine import row, rows
from server.tasks import rules
from server.tasks.commands.edit import Edit
from server.tasks.commands.told import ReadNotice
from server.tasks.queries.one import Whole, whole
from server.tasks.show.timeline import value_text
from server.tasks.show.values import moment
from server.web.forms import read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import Viewer
from server.words import say

#: Clashes that the page shows at most; the newest come first.
MOST = 50
SOURCE = ("source_number", "source_date", "source_issuer")


@get("/outbox")
async def outbox(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Without a worker every form goes to the server at once."""
    return page(request, viewer, "shared/offline/outbox.html", {"device": None, "entries": []}, nav="")


@get(["/share", "/share/{name:str}"])
async def share(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Nothing was shared with this browser."""
    return page(request, viewer, "shared/offline/share.html", {**NO_SHARE, "problem": say("offline.share_unready")}, nav="")


@post("/share", status_code=200)
async def share_sent(request: AnyRequest) -> Response[bytes]:
    """From another app, before the worker is there: says so, reads nothing and changes nothing, and so asks for no token."""
    return page(request, None, "shared/offline/share.html", {**NO_SHARE, "problem": say("offline.share_unready")}, nav="")


NO_SHARE: dict[str, Any] = {"share": None, "shares": [], "tasks": [], "q": ""}


@get("/conflicts")
async def conflicts(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Edits of this person that a later one replaced, with both values."""
    found = await rows(
        "SELECT id, subject, data, at FROM outbox WHERE person = $1 AND kind = 'task.edited_over' AND read_at IS NULL "
        "ORDER BY at DESC, id DESC LIMIT $2",
        viewer.id,
        MOST,
    )
    told = [(one, orjson.loads(one["data"])) for one in found]
    clashes = [await _clash(viewer, one, data) for one, data in told if data.get("values")]
    return page(request, viewer, "shared/offline/conflicts.html", {"refused": [], "clashes": clashes, "device": None}, nav="")


async def _clash(viewer: Viewer, notice: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """One clash as the template shows it; a task that the person may not see any more is not named."""
    seen = await whole(notice["subject"], viewer.actor, viewer.today, viewer.directory)
    author = viewer.directory.people.get(data.get("by") or "")
    return {
        "id": notice["id"],
        "title": say("notify.text.kind.task.edited_over"),
        "when": moment(notice["at"], viewer.now),
        "by": author.name if author else "",
        "task": _about(seen),
        "fields": [
            {"name": name, "label": value["label"], "mine": value["mine_text"], "now": _now(name, value, seen, viewer.directory)}
            for name, value in data["values"].items()
        ],
        "can_reuse": seen is not None and bool(rules.allowed("edit", viewer.actor, seen.facts, viewer.today, viewer.now)),
    }


def _about(seen: Whole | None) -> dict[str, str] | None:
    if seen is None:
        return None
    return {"href": f"/tasks/{seen.task['id']}", "number": rules.number(seen.task["ordinal"]), "title": seen.task["title"]}


def _now(name: str, value: dict[str, Any], seen: Whole | None, directory: Directory) -> str:
    """What stands there at this moment; what the notice says where the task is not to be seen, or the value is another task."""
    if seen is None or name == "parent":
        return str(value["now_text"])
    return value_text(name, seen.task[name], directory, rules.TEXT_LENGTH)


async def _own(viewer: Viewer, name: str) -> dict[str, Any]:
    """The notice of a clash. Raises Refusal ``not_found`` where it is not this person's."""
    found = await row("SELECT id, subject, data FROM outbox WHERE id = $1 AND person = $2 AND kind = 'task.edited_over'", name, viewer.id)
    if found is None:
        raise Refusal("not_found", "sync.notice_unknown")
    return found


async def _put_aside(viewer: Viewer, notice: str) -> None:
    await carry_out(ReadNotice(notice=notice), actor=viewer.id, now=viewer.now, source="page")


@post("/conflicts/{name:str}/keep")
async def keep(viewer: Viewer, name: str) -> Response[bytes]:
    """The later value stays."""
    await _put_aside(viewer, (await _own(viewer, name))["id"])
    return see_other("/conflicts", Notice(say("offline.clash_kept")))


@post("/conflicts/{name:str}/mine")
async def mine(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """The person's own value again, as an edit of what stands there now."""
    form = await read_form(request)
    notice = await _own(viewer, name)
    values = orjson.loads(notice["data"]).get("values") or {}
    seen = await whole(notice["subject"], viewer.actor, viewer.today, viewer.directory)
    chosen = [field for field in values if field in form.many("field")]
    if seen is None or not chosen:
        return see_other("/conflicts", Notice(say("offline.choose_field"), "warning"))
    try:
        asked = Edit(task=seen.task["id"], fields=_fields(chosen, values, seen.task))
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page")
    except Refusal as refusal:
        return see_other("/conflicts", Notice(refusal.message, "warning"))
    await _put_aside(viewer, notice["id"])
    return see_other("/conflicts", Notice(say("offline.clash_mine")))


def _fields(chosen: list[str], values: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    """What the person wrote, as an edit takes it: the document that a task comes from is one field."""
    fields = {name: values[name]["mine"] for name in chosen if name not in SOURCE}
    if any(name in SOURCE for name in chosen):
        written = {name: values[name]["mine"] if name in chosen else task[name] for name in SOURCE}
        day = written["source_date"]
        fields["source"] = {
            "number": written["source_number"] or "",
            "date": day.isoformat() if hasattr(day, "isoformat") else day or None,
            "issuer": written["source_issuer"] or "",
        }
    return fields


routes = [outbox, share, share_sent, conflicts, keep, mine]

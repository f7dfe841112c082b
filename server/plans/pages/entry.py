"""Nhập kế hoạch: giving a document, and what became of those given before."""

import asyncio
from typing import Any

from litestar import get, post
from litestar.response import Response

from server.errors import Refusal
from server.people.rules import may
from server.plans import reader, working
from server.plans.jobs import Given, take_in
from server.plans.queries import plan, plans_for
from server.plans.show_grid import listed
from server.storage.ids import is_id, new_id
from server.tasks.commands.common import refuse
from server.web.forms import read_form
from server.web.office import office_of
from server.web.page import page
from server.web.replies import AnyRequest, see_other
from server.web.viewer import Viewer
from server.words import say


def require_entry(viewer: Viewer) -> None:
    """Raises Refusal ``not_allowed`` for whoever may not enter plans."""
    verdict = may(viewer.actor, "enter", None, viewer.today)
    if not verdict:
        raise refuse(verdict)


async def _page(
    request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None, values: dict[str, str] | None = None
) -> Response[bytes]:
    found = await plans_for(viewer.actor, viewer.today)
    lost = {one["id"] for one in found if one["state"] == "reading" and working.of(one["id"]) is None}
    limit = office_of(request).settings.upload_limit
    context: dict[str, Any] = {
        "plans": listed(found, viewer.directory, viewer.id, lost),
        "values": values or {},
        "errors": {refusal.field or "file": refusal.message} if refusal else {},
        "id": new_id(),
        "max_bytes": limit,
        "max_label": f"{limit // 1024 // 1024} MB",
    }
    return page(request, viewer, "plans/list.html", context, nav="plans", status=refusal.status if refusal else 200)


@get("/plans")
async def plans(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """The form, and the plans given before. The process that will read is started meanwhile."""
    require_entry(viewer)
    await asyncio.to_thread(reader.warm)
    return await _page(request, viewer)


@post("/plans")
async def give(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Read what was given: a short document at once, a long one while its reader looks at the progress."""
    require_entry(viewer)
    form = await read_form(request)
    plan_id = form.text("id") if is_id(form.text("id")) else new_id()
    if working.of(plan_id) is not None or await plan(plan_id) is not None:
        return see_other(f"/plans/{plan_id}")
    files, text = form.files("file"), form.text("pasted")
    try:
        if not files and not text:
            raise Refusal("invalid", "plans.nothing_given", field="file")
        given = Given(
            id=plan_id,
            name=" ".join((files[0].filename or "").split())[:200] if files else say("plans.pasted"),
            data=await files[0].read() if files else b"",
            text=None if files else text,
            actor=viewer.actor,
            directory=viewer.directory,
            clock=office_of(request).clock,
        )
        await take_in(given)
    except Refusal as refusal:
        field = "file" if files or not text else "pasted"
        return await _page(request, viewer, Refusal(refusal.code, refusal.key, field=field, **refusal.values), form.values)
    return see_other(f"/plans/{plan_id}")


routes = [plans, give]

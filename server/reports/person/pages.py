"""Dữ liệu của tôi: what is kept of me, and a copy of it to take away."""

import asyncio
from typing import Any

from litestar import get, post, route
from litestar.enums import HttpMethod
from litestar.params import FromPath
from litestar.response import Response
from litestar.response.base import ASGIResponse

from server.errors import Refusal
from server.files.rules import ZIP
from server.files.serve import Asked as Wanted
from server.files.serve import answer_path
from server.files.store import Store
from server.reports.person import making, register
from server.reports.person.commands import MakeExport
from server.reports.person.kept import Copy, Shelf
from server.reports.person.rules import LONGEST_REASON, makes_for_others, may_make
from server.reports.person.show import PATH, copy_line, file_name, work_line
from server.storage.door import carry_out
from server.storage.ids import LOCAL, is_id, new_id
from server.tasks.show.values import people_groups
from server.web.forms import Form, new_mutation, read_form
from server.web.office import office_of
from server.web.page import fragment, page
from server.web.replies import AnyRequest, see_other
from server.web.viewer import SignedIn, Viewer


def shelf_of(request: AnyRequest) -> Shelf:
    """The folder of this application's copies."""
    return Shelf(office_of(request).settings.data)


def _takes(viewer: Viewer, copy: Copy) -> bool:
    """Whether a copy is his to take away: he had it made, and could have it made today."""
    if copy.made_by != viewer.id or copy.person not in viewer.directory.people:
        return False
    return bool(may_make(viewer.actor, viewer.directory.actor(copy.person), viewer.today))


async def _page(request: AnyRequest, viewer: Viewer, form: Form | None = None, problem: Refusal | None = None) -> Response[bytes]:
    known = viewer.directory
    work = making.running(viewer.id)
    copies = await asyncio.to_thread(shelf_of(request).made_by, viewer.id, viewer.now)
    counted = await register.counts(viewer.id) if "counts" in request.query_params else None
    others = makes_for_others(viewer.actor, viewer.today)
    context: dict[str, Any] = {
        "groups": register.lines(counted),
        "counted": counted is not None,
        "channels": await register.channels(),
        "work": work_line(work, known) if work else None,
        "copies": [copy_line(one, known) for one in copies if _takes(viewer, one)],
        "others": _whom(viewer) if others else [],
        "given": form.values if form else {},
        "errors": {problem.field or "person": problem.message} if problem and form and form.text("person") not in ("", viewer.id) else {},
        "problem": problem.message if problem else "",
        "longest": LONGEST_REASON,
        "mutation": new_mutation(),
        "stopped": "stopped" in request.query_params,
    }
    return page(request, viewer, "reports/person.html", context, nav="me", status=422 if problem else 200)


def _whom(viewer: Viewer) -> list[dict[str, Any]]:
    known = viewer.directory
    people = [one for one in known.people.values() if one.id != viewer.id and known.actor(one.id).centre == viewer.actor.centre]
    return people_groups(people, known)


@get(PATH)
async def my_data(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """What is kept of me, the copies that wait, the form for another one."""
    return await _page(request, viewer)


@get(f"{PATH}/kinds")
async def kinds(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The same list with how much there is of each: counting ten years takes longer than the page should."""
    groups = register.lines(await register.counts(viewer.id))
    return fragment(request, viewer, "reports/person_kinds.html", {"groups": groups, "counted": True})


@post(PATH)
async def make(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Begin a copy, of oneself or, with a reason, of somebody else."""
    form = await read_form(request)
    person = form.text("person") or viewer.id
    copy = form.mutation or new_id()
    if making.of(copy) is None and making.running(viewer.id) is None:
        try:
            making.check_room()
            asked = MakeExport(id=copy, person=person, reason=form.text("reason") if person != viewer.id else "")
            said = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
        except Refusal as problem:
            if problem.code == "not_allowed":
                raise
            return await _page(request, viewer, form, problem)
        if shelf_of(request).of(copy, viewer.now) is None:
            making.begin(
                making.Asked(
                    id=copy, person=said["person"], made_by=viewer.id, reason=said["reason"], now=viewer.now, known=viewer.directory,
                    store=Store(office_of(request).settings.data / "files"), shelf=shelf_of(request),
                )
            )  # fmt: skip
    return see_other(PATH)


@get(f"{PATH}/making/{{copy:str}}")
async def progress(request: AnyRequest, viewer: SignedIn, copy: FromPath[str]) -> Response[bytes]:
    """How far it is; the whole page again once it has ended."""
    work = making.of(copy)
    if work is not None and work.made_by == viewer.id and work.stage in ("reading", "packing"):
        return fragment(request, viewer, "reports/person_progress.html", {"work": work_line(work, viewer.directory)})
    done = await asyncio.to_thread(shelf_of(request).of, copy, viewer.now)
    where = PATH if done is not None else f"{PATH}?stopped=1"
    return fragment(request, viewer, "reports/person_progress.html", {"work": None}, headers={"HX-Redirect": where})


@route(f"{PATH}/copies/{{copy:str}}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def take(request: AnyRequest, viewer: SignedIn, copy: FromPath[str]) -> ASGIResponse:
    """The ZIP, for whoever made it, for 24 hours. Raises Refusal ``gone``."""
    shelf = shelf_of(request)
    found = await asyncio.to_thread(shelf.of, copy, viewer.now) if is_id(copy) else None
    if found is None or not _takes(viewer, found):
        raise Refusal("gone", "export.gone")
    name = file_name(found, viewer.directory, found.made_at.astimezone(LOCAL).date())
    try:
        path = shelf.path(copy)
        # Somebody's whole data stay in no browser's store and at no proxy.
        return answer_path(
            path, path.stat().st_size, copy, ZIP, name, Wanted.of(request.method, request.headers), "private, no-store", saved=True
        )
    except FileNotFoundError:
        raise Refusal("gone", "export.gone") from None


routes = [my_data, kinds, make, progress, take]

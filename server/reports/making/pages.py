"""/reports/files: files that one had made, how far they are, and their bytes. Nobody sees another's."""

import asyncio
from typing import Any, Final

from litestar import get, post, route
from litestar.enums import HttpMethod
from litestar.params import FromPath
from litestar.response import Response
from litestar.response.base import ASGIResponse

from server.errors import Refusal
from server.files.rules import PDF, XLSX
from server.files.serve import Asked, answer_path
from server.reports.making.commands import AskFile, FetchFile
from server.reports.making.makers import Makers
from server.reports.making.queries import File, file, files_of, scopes_of
from server.reports.making.rules import UNDER_WAY, WHATS
from server.reports.making.show import PATH, line
from server.storage.door import carry_out
from server.storage.ids import is_id
from server.tasks.pages.waiting import badges_of
from server.web.forms import new_mutation, read_form
from server.web.page import fragment, page
from server.web.replies import AnyRequest, is_htmx, see_other
from server.web.viewer import SignedIn, Viewer

NAV: Final = "reports"


def makers_of(request: AnyRequest) -> Makers:
    """Who makes files in this application."""
    found = request.app.state.makers
    assert isinstance(found, Makers)
    return found


async def own(viewer: Viewer, name: str) -> File:
    """A file of one's own. Raises Refusal ``not_found`` for another's as for none."""
    found = await file(name) if is_id(name) else None
    if found is None or found.person != viewer.id:
        raise Refusal("not_found", "making.not_found")
    if _outlived(found, viewer):
        raise Refusal("gone", "making.outlived")
    return found


def _outlived(found: File, viewer: Viewer) -> bool:
    """Whether it names tasks by rights that the viewer had when he asked, and has no more. A fixed report says the same to everybody."""
    return found.filed is None and found.scopes != scopes_of(viewer.actor, viewer.today)


@post(PATH)
async def ask(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Have one made; asked twice it is one."""
    form = await read_form(request)
    what = next((one for one in WHATS if one == form.text("format")), None)
    if what is None:
        raise Refusal("invalid", "making.unknown_format", field="format")
    asked = AskFile(id=new_mutation(), what=what, unit=form.text("unit"), period=form.text("period"), filed=form.raw("filed"))
    made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page")
    if made["made"]:
        makers_of(request).begin(made["id"])
    return see_other(f"{PATH}/{made['id']}")


@get(PATH)
async def files(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """One's last ones."""
    found = [one for one in await files_of(viewer.id) if not _outlived(one, viewer)]
    context = {"files": [line(one, viewer.directory, viewer.now) for one in found]}
    return page(request, viewer, "reports/files.html", context, nav=NAV, badges=await badges_of(viewer))


@get(f"{PATH}/{{name:str}}")
async def one_file(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """How far it is, asked for each second; then how it is taken away."""
    found = await own(viewer, name)
    if found.state in UNDER_WAY:
        # Somebody waits for it: if nobody makes it any more, this process does.
        await makers_of(request).look()
    context: dict[str, Any] = {"file": line(found, viewer.directory, viewer.now)}
    if is_htmx(request):
        return fragment(request, viewer, "reports/files_one.html", context)
    return page(request, viewer, "reports/files_page.html", context, nav=NAV, badges=await badges_of(viewer))


@get(f"{PATH}/{{name:str}}/start")
async def start(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Where the browser of somebody who waited goes by itself, once: to the bytes, which it saves, so that the page stays."""
    found = line(await own(viewer, name), viewer.directory, viewer.now)
    headers = {"HX-Redirect": found["href"]} if found["start"] else None
    return fragment(request, viewer, "reports/files_one.html", {"file": {**found, "start": False}}, headers=headers)


@route(f"{PATH}/{{name:str}}/{{saved_as:str}}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def download(request: AnyRequest, viewer: SignedIn, name: FromPath[str], saved_as: FromPath[str]) -> ASGIResponse:
    """The bytes, whole or from where a download was cut."""
    found = await own(viewer, name)
    if found.state != "ready" or found.name != saved_as:
        if found.state in UNDER_WAY:
            raise Refusal("conflict", "making.not_ready")
        raise Refusal("gone" if found.state == "gone" else "not_found", "making.gone" if found.state == "gone" else "making.not_found")
    path = makers_of(request).shelf.path(found.id)
    there = await asyncio.to_thread(path.is_file)
    if not there or (found.gone_at is not None and found.gone_at <= viewer.now):
        raise Refusal("gone", "making.gone")
    if found.fetched_at is None and request.method == "GET":
        await carry_out(FetchFile(id=found.id), actor=viewer.id, now=viewer.now, source="page")
    kind = PDF if found.what == "pdf" else XLSX
    wanted = Asked.of(request.method, request.headers)
    return answer_path(path, found.size, found.sha256, kind, found.name, wanted, changed=found.ready_at, saved=True)


routes = [ask, files, one_file, start, download]

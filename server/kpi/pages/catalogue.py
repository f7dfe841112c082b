"""Danh mục sản phẩm: the version in force and those before it, compared, taken out as a file; and the work that none names."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.catalogue import BeginCatalogue
from server.kpi.commands.drafts import AddProduct, Given
from server.kpi.pages import catalogue_draft, catalogue_import
from server.kpi.pages.catalogue_frame import frame_of, may_keep, require_keeper
from server.kpi.queries.catalogue import (
    Version,
    entries_of,
    of_state,
    outside_work,
    products_of,
    uses_of,
    version,
    versions,
    work_key,
)
from server.kpi.rules.entries import compared
from server.kpi.sheets_io.catalogue_out import workbook
from server.kpi.show.catalogue import compared_context, outside_context, rows_context, version_context
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.web.forms import new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def begun(viewer: Viewer) -> list[Version]:
    """Every version; where there is none the first draft is made of the handbook's rows."""
    found = await versions()
    if found:
        return found
    await carry_out(BeginCatalogue(), actor=viewer.id, now=viewer.now, source="page")
    return await versions()


def _group(text: str) -> int:
    return int(text) if text in ("1", "2", "3", "4", "5") else 0


async def _version_page(request: AnyRequest, viewer: Viewer, one: Version, base: str) -> Response[bytes]:
    every = await versions()
    asked, group = request.query_params.get("q", "").strip()[:200], _group(request.query_params.get("group", ""))
    context = rows_context(one, await products_of(one.id), await uses_of(one.id), asked=asked, group=group, base=base)
    earlier = next((other.number for other in every if other.number < one.number), None)
    context |= {
        "version": version_context(one, viewer.directory),
        "versions": [version_context(other, viewer.directory) for other in every],
        "earlier": earlier,
        "keeps": may_keep(viewer),
        "has_draft": any(other.state == "draft" for other in every),
    }
    return page(request, viewer, "kpi/catalogue.html", {**context, **await frame_of(viewer)}, nav="kpi")


@get("/kpi/catalogue")
async def catalogue(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The version in force; before the first one the draft, which says that it is none yet."""
    every = await begun(viewer)
    now = next((one for one in every if one.state == "in_force"), None)
    return await _version_page(request, viewer, now or every[0], "/kpi/catalogue")


async def _numbered(number: int) -> Version:
    found = await version(number) if 0 < number < 1_000_000 else None
    if found is None:
        raise Refusal("not_found", "kpi.catalogue.no_version", number=number)
    return found


@get("/kpi/catalogue/{number:int}")
async def numbered(request: AnyRequest, viewer: SignedIn, number: FromPath[int]) -> Response[bytes]:
    """One version, as it is or was."""
    return await _version_page(request, viewer, await _numbered(number), f"/kpi/catalogue/{number}")


@get("/kpi/catalogue/{number:int}/export")
async def export(viewer: SignedIn, number: FromPath[int]) -> Response[bytes]:
    """The workbook of a version, in the form of the handbook's appendix III."""
    one = await _numbered(number)
    name = say("kpi.catalogue.file.file_name", number=number)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(workbook(one, await products_of(one.id)), media_type=XLSX, headers=headers)


@get("/kpi/catalogue/compare")
async def compare(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """What is new, other and gone between two versions; by default the newest and the one before it."""
    every = await begun(viewer)
    given = request.query_params
    after = await _numbered(_number(given.get("to", ""), every[0].number))
    before = await _numbered(_number(given.get("from", ""), max(1, after.number - 1)))
    found = compared(entries_of(await products_of(before.id)), entries_of(await products_of(after.id)))
    context: dict[str, Any] = compared_context(found)
    context |= {
        "before": version_context(before, viewer.directory),
        "after": version_context(after, viewer.directory),
        "choices": [{"value": str(one.number), "label": f"{say('kpi.catalogue.title_number', number=one.number)}"} for one in every],
    }
    return page(request, viewer, "kpi/catalogue_compare.html", {**context, **await frame_of(viewer)}, nav="kpi")


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else otherwise


async def _outside_page(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None) -> Response[bytes]:
    draft = await of_state("draft")
    drafted = set()
    for one in await products_of(draft.id) if draft else []:
        drafted |= {work_key(one.name), work_key(one.duty)}
    start = _number(request.query_params.get("start", ""), 0)
    context = outside_context(await outside_work(viewer.actor, viewer.today, viewer.directory), drafted, start)
    context |= {"has_draft": draft is not None, "problem": refusal.message if refusal else "", "mutation": new_mutation()}
    status = refusal.status if refusal else 200
    return page(request, viewer, "kpi/catalogue_outside.html", {**context, **await frame_of(viewer)}, nav="kpi", status=status)


@get("/kpi/catalogue/outside")
async def outside(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Work of the last year that no product names, for whoever keeps the catalogue."""
    require_keeper(viewer)
    return await _outside_page(request, viewer)


@post("/kpi/catalogue/outside")
async def take_outside(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Make a row of the draft from a piece of work; its group and points are given on the row's own page."""
    require_keeper(viewer)
    form = await read_form(request)
    found = await outside_work(viewer.actor, viewer.today, viewer.directory)
    one = next((one for one in found if one.key == form.text("key")), None)
    try:
        if one is None:
            raise Refusal("conflict", "kpi.catalogue.outside_gone")
        draft = await of_state("draft")
        if draft and any(one.key in (work_key(other.name), work_key(other.duty)) for other in await products_of(draft.id)):
            raise Refusal("conflict", "kpi.catalogue.outside_there", name=one.name[:80])
        numbers = ", ".join(number for _, number, _ in one.tasks)
        note = say("kpi.catalogue.from_outside", count=one.count, tasks=numbers)
        given = Given(name=one.name[:2000], complexity=1, points=1000, note=note)
        made = await carry_out(AddProduct(id=new_id(), given=given), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _outside_page(request, viewer, refusal)
    return see_other(f"/kpi/catalogue/draft/rows/{made['id']}")


routes = [
    catalogue, numbered, export, compare, outside, take_outside, *catalogue_draft.routes, *catalogue_import.routes,
]  # fmt: skip

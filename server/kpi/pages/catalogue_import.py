"""A catalogue out of an Excel file: what was understood is looked at before anything changes."""

import asyncio
from typing import Any

import msgspec
from litestar import get, post
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.catalogue import ImportCatalogue, NotInForce, sentence
from server.kpi.pages.catalogue_frame import frame_of, require_keeper
from server.kpi.queries.catalogue import Version, codes_ever, entries_of, of_state, products_of, versions
from server.kpi.rules.entries import Entry, compared
from server.kpi.sheets_io.catalogue_in import FileRefused, Read, read_catalogue
from server.kpi.show.catalogue import compared_context, version_context
from server.storage.door import carry_out
from server.web.forms import new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

#: Faults that are named on the page; the count says how many there are.
NAMED = 100


async def _base() -> tuple[Version | None, list[Entry], str]:
    """The version that a file is compared with, its rows and the code of its standard product: the one in force, else the draft."""
    found = await of_state("in_force") or await of_state("draft")
    products = await products_of(found.id) if found else []
    standard = next((one.code for one in products if found and one.id == found.standard), "")
    return found, entries_of(products), standard


async def _page(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None) -> Response[bytes]:
    lines: list[str] = []
    if isinstance(refusal, FileRefused):
        lines = refusal.lines
    elif isinstance(refusal, NotInForce):
        lines = [sentence(one) for one in refusal.found]
    found, _, _ = await _base()
    context = {
        "problem": refusal.message if refusal else "",
        "lines": lines[:NAMED],
        "lines_more": max(0, len(lines) - NAMED),
        "template": version_context(found, viewer.directory)["export"] if found else "",
        "has_draft": any(one.state == "draft" for one in await versions()),
    }
    status = refusal.status if refusal else 200
    return page(request, viewer, "kpi/catalogue_import.html", {**context, **await frame_of(viewer)}, nav="kpi", status=status)


@get("/kpi/catalogue/import")
async def give(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The form that takes a file."""
    require_keeper(viewer)
    return await _page(request, viewer)


@post("/kpi/catalogue/import", status_code=200)
async def review(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """What was understood, beside the version in force. Nothing is stored: the rows go along in the form."""
    require_keeper(viewer)
    form = await read_form(request)
    files = form.files("file")
    try:
        if not files:
            raise Refusal("invalid", "kpi.catalogue.file.no_file", field="file")
        name = " ".join((files[0].filename or "").split())[:200]
        _, known, standard = await _base()
        data = await files[0].read()
        found = await asyncio.to_thread(read_catalogue, data, name, known, standard, await codes_ever())
    except Refusal as refusal:
        return await _page(request, viewer, refusal)
    return await _review_page(request, viewer, found)


async def _review_page(request: AnyRequest, viewer: Viewer, found: Read) -> Response[bytes]:
    base, known, _ = await _base()
    changes = compared(known, found.entries)
    standard = next(one for one in found.entries if one.code == found.standard)
    context: dict[str, Any] = compared_context(changes, same=True)
    context |= {
        "file": found.name,
        "sheet": found.sheet,
        "count": len(found.entries),
        "base": version_context(base, viewer.directory) if base else None,
        "standard": {"code": standard.code, "name": standard.name, "duty": standard.duty},
        "packed": msgspec.json.encode(found.entries).decode(),
        "standard_code": found.standard,
        "has_draft": await of_state("draft") is not None,
        "mutation": new_mutation(),
    }
    return page(request, viewer, "kpi/catalogue_review.html", {**context, **await frame_of(viewer)}, nav="kpi")


@post("/kpi/catalogue/import/confirm")
async def confirm(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Replace the draft by the rows that were looked at; the command looks at every one of them again."""
    require_keeper(viewer)
    form = await read_form(request)
    try:
        try:
            rows = msgspec.json.decode(form.text("rows"), type=list[Entry])
        except msgspec.MsgspecError:
            raise Refusal("invalid", "kpi.catalogue.file.no_file", field="file") from None
        asked = ImportCatalogue(rows=rows, standard=form.text("standard"), file=form.text("name"))
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _page(request, viewer, refusal)
    return see_other("/kpi/catalogue/draft", Notice(say("kpi.catalogue.notice.imported", count=made["rows"])))


routes = [give, review, confirm]

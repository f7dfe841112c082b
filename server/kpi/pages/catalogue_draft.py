"""The draft of the catalogue: its rows, the standard product, putting it in force."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.catalogue import DescribeDraft, DraftCatalogue, DropDraft, NotInForce, PutInForce, sentence
from server.kpi.commands.drafts import AddProduct, ChangeProduct, Given, RemoveProduct
from server.kpi.pages.catalogue_frame import frame_of, may_keep, require_keeper
from server.kpi.queries.catalogue import Row, Version, of_state, product_row, products_of
from server.kpi.show.catalogue import draft_context, form_choices, form_values, rows_context, version_context
from server.storage.door import carry_out
from server.storage.ids import is_id, new_id
from server.tasks.pages.forms import number_of
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

DRAFT = "/kpi/catalogue/draft"


async def _draft() -> Version:
    found = await of_state("draft")
    if found is None:
        raise Refusal("gone", "kpi.catalogue.no_draft")
    return found


async def _page(request: AnyRequest, viewer: Viewer, refusal: Refusal | None = None, form: Form | None = None) -> Response[bytes]:
    found = await _draft()
    products = await products_of(found.id)
    now = await of_state("in_force")
    values = {"title": found.name, "note": found.note, "since": viewer.today.isoformat(), **(form.values if form else {})}
    context = rows_context(found, products, {}, asked=request.query_params.get("q", "").strip()[:200], base=DRAFT)
    context |= draft_context(found, products)
    if isinstance(refusal, NotInForce):
        context["faults"] = [sentence(one) for one in refusal.found[:100]]
    context |= {
        "version": version_context(found, viewer.directory),
        "in_force": now.number if now else None,
        "keeps": may_keep(viewer),
        "values": values,
        "errors": {refusal.field or "": refusal.message} if refusal else {},
        "problem": refusal.message if refusal and not refusal.field else "",
        "today": viewer.today.isoformat(),
        "mutation": new_mutation(),
        "force_mutation": new_mutation(),
        "opens_force": bool(form and "document" in form),
    }
    status = refusal.status if refusal else 200
    return page(request, viewer, "kpi/catalogue_draft.html", {**context, **await frame_of(viewer)}, nav="kpi", status=status)


@get(DRAFT)
async def draft(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The draft; everybody reads it, whoever keeps the catalogue changes it."""
    if await of_state("draft") is None:
        return see_other("/kpi/catalogue")
    return await _page(request, viewer)


@post(DRAFT)
async def begin(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Begin the next version."""
    form = await read_form(request)
    await carry_out(DraftCatalogue(), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    return see_other(DRAFT, Notice(say("kpi.catalogue.notice.drafted")))


@post(f"{DRAFT}/describe")
async def describe(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The draft's name and its standard product."""
    form = await read_form(request)
    try:
        asked = DescribeDraft(
            catalogue=form.text("catalogue"), title=form.text("title"), note=form.text("note"), standard=form.raw("standard")
        )
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _page(request, viewer, refusal, form)
    return see_other(DRAFT, Notice(say("kpi.catalogue.notice.described")))


@post(f"{DRAFT}/put-in-force")
async def put_in_force(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """From now on this is the catalogue; every fault that keeps it from that is named."""
    form = await read_form(request)
    try:
        document_date, since = form.day("document_date"), form.day("since")
        if document_date is None:
            raise Refusal("invalid", "kpi.catalogue.document_date_missing", field="document_date")
        if since is None:
            raise Refusal("invalid", "kpi.catalogue.since_missing", field="since")
        asked = PutInForce(catalogue=form.text("catalogue"), document=form.text("document"), document_date=document_date, since=since)
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _page(request, viewer, refusal, form)
    return see_other("/kpi/catalogue", Notice(say("kpi.catalogue.notice.in_force", number=made["number"])))


@post(f"{DRAFT}/drop")
async def drop(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Throw the draft away."""
    form = await read_form(request)
    await carry_out(DropDraft(catalogue=form.text("catalogue")), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    return see_other("/kpi/catalogue", Notice(say("kpi.catalogue.notice.dropped")))


async def _row_page(
    request: AnyRequest, viewer: Viewer, one: Row | None, values: dict[str, Any], refusal: Refusal | None = None
) -> Response[bytes]:
    require_keeper(viewer)
    found = await _draft()
    products = await products_of(found.id)
    standard = next((other for other in products if other.id == found.standard), None)
    context = {
        "version": version_context(found, viewer.directory),
        "one": {"id": one.id, "code": one.code, "label": one.label, "is_standard": one.id == found.standard} if one else None,
        "values": {"id": new_id(), **values},
        "errors": {refusal.field or "": refusal.message} if refusal else {},
        "problem": refusal.message if refusal and not refusal.field else "",
        "base_points": form_values(standard).get("points", ""),
        "mutation": new_mutation(),
        **form_choices(products, one.id if one else ""),
    }
    status = refusal.status if refusal else 200
    return page(request, viewer, "kpi/catalogue_row.html", {**context, **await frame_of(viewer)}, nav="kpi", status=status)


async def _of_draft(product: str) -> Row:
    found = await product_row(product) if is_id(product) else None
    now = await of_state("draft")
    if found is None:
        raise Refusal("not_found", "kpi.catalogue.no_product")
    if now is None or found.catalogue != now.id:
        raise Refusal("conflict", "kpi.catalogue.frozen", product=found.code)
    return found


def given_of(form: Form) -> Given:
    """What the form of a row says. Raises Refusal at the field that can't be read."""

    def thousandths(name: str) -> int:
        return round((number_of(form, name) or 0) * 1000)

    return Given(
        code=form.text("code"),
        duty=form.text("duty"),
        detail=form.text("detail"),
        name=form.text("name"),
        unit_of_count=form.text("unit_of_count"),
        complexity=form.whole("complexity") or 0,
        most_points=thousandths("most_points"),
        points=thousandths("points"),
        k=thousandths("k") or None,
        parent=form.raw("parent"),
        note=form.text("note"),
    )


@get(f"{DRAFT}/new")
async def new_row(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The form of a new row."""
    return await _row_page(request, viewer, None, form_values(None))


@post(f"{DRAFT}/new")
async def add_row(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Add a row, once however often the button is pressed."""
    form = await read_form(request)
    try:
        asked = AddProduct(id=form.text("id"), given=given_of(form))
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _row_page(request, viewer, None, dict(form.values), refusal)
    return see_other(f"{DRAFT}#row-{made['id']}", Notice(say("kpi.catalogue.notice.added", mark=made["code"])))


@get(f"{DRAFT}/rows/{{name:str}}")
async def row_form(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """The form of a row."""
    one = await _of_draft(name)
    return await _row_page(request, viewer, one, form_values(one))


@post(f"{DRAFT}/rows/{{name:str}}")
async def change_row(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Store a row."""
    one = await _of_draft(name)
    form = await read_form(request)
    try:
        asked = ChangeProduct(product=one.id, given=given_of(form))
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _row_page(request, viewer, one, dict(form.values), refusal)
    return see_other(f"{DRAFT}#row-{one.id}", Notice(say("kpi.catalogue.notice.changed", mark=made["code"])))


@post(f"{DRAFT}/rows/{{name:str}}/remove")
async def remove_row(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Take a row out."""
    one = await _of_draft(name)
    form = await read_form(request)
    try:
        await carry_out(RemoveProduct(product=one.id), actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _row_page(request, viewer, one, form_values(one), refusal)
    return see_other(DRAFT, Notice(say("kpi.catalogue.notice.removed", mark=one.code)))


routes = [draft, begin, describe, put_in_force, drop, new_row, add_row, row_form, change_row, remove_row]

"""Giao việc: creating and proposing, editing, reassigning."""

import math
import re
from typing import Any

import msgspec
from litestar import get, post
from litestar.response import Response

from server.errors import Refusal
from server.storage.door import Command, carry_out
from server.storage.ids import new_id
from server.tasks import rules
from server.tasks.commands.assign import Assign
from server.tasks.commands.common import Share, Source
from server.tasks.commands.create import CreateTask, NoDue, ProposeTask
from server.tasks.commands.edit import Edit
from server.tasks.pages.one import seen
from server.tasks.queries.one import Whole
from server.tasks.queries.products import active_products, product
from server.tasks.show.one import form_context, may_assign_anybody, product_options
from server.tasks.show.values import amount
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import Viewer
from server.words import say

#: Dots between groups of three: thousands, as amounts are shown.
THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")
#: No number that people write is as large.
MOST = 1e12
FIELDS = (
    "title", "description", "start", "due", "no_due", "priority", "kind", "unit", "field", "parent", "product", "product_text", "quantity",
)  # fmt: skip


def number_of(form: Form, name: str) -> float | None:
    """A number as people write it: ``1.234,5``, ``1.234`` (a thousand and more) or ``1234.5``. Raises Refusal at this field."""
    text = form.text(name).replace(" ", "")
    if not text:
        return None
    if "," in text or THOUSANDS.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not abs(found) < MOST:
        raise Refusal("invalid", "tasks.number_bad", field=name, value=form.text(name)[:40])
    return found


def _shares(form: Form) -> list[Share]:
    found = []
    for person in form.many("collaborators"):
        share = number_of(form, f"share-{person}")
        found.append(Share(person, None if share is None else share / 100))
    return found


def _shown(form: Form) -> dict[str, Any]:
    """What was entered, to show again."""
    values: dict[str, Any] = dict(form.values)
    values |= {"collaborators": form.many("collaborators"), "followers": form.many("followers")}
    values["shares"] = {person: form.text(f"share-{person}") for person in values["collaborators"]}
    return values


def _blank(request: AnyRequest) -> dict[str, Any]:
    given = request.query_params
    blank: dict[str, Any] = {name: given.get(name, "") for name in FIELDS}
    return {
        **blank,
        "lead": given.get("lead", ""),
        "priority": given.get("priority") or "normal",
        "kind": given.get("kind") or "planned",
        "quantity": "1",
        "collaborators": [],
        "followers": [],
        "shares": {},
        "checklist": "",
        "source_number": "",
        "source_date": "",
        "source_issuer": "",
        "id": new_id(),
        "mutation": new_mutation(),
    }


async def _new_page(
    request: AnyRequest, viewer: Viewer, values: dict[str, Any], refusal: Refusal | None = None, *, proposes: bool | None = None
) -> Response[bytes]:
    errors = {refusal.field or "": refusal.message} if refusal else {}
    context = form_context(viewer.actor, viewer.directory, viewer.today, values, errors)
    if proposes is not None:
        context["proposes"] = context["proposes"] or proposes
    parent = None
    if values.get("parent"):
        above = await seen(viewer, str(values["parent"]))
        parent = {"id": above.task["id"], "number": rules.number(above.task["ordinal"]), "title": above.task["title"]}
    context |= {"parent": parent, "message": refusal.message if refusal else "", "products": product_options(await active_products())}
    return page(request, viewer, "shared/tasks/new.html", context, nav="add", status=refusal.status if refusal else 200)


@get("/tasks/new")
async def new(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """The form; whoever may assign to nobody gets the form of a proposal."""
    if viewer.profile.position == "admin":
        raise Refusal("not_allowed", "people.rule.admin_no_tasks")
    return await _new_page(request, viewer, _blank(request), proposes=request.query_params.get("propose") == "1")


def _choice(form: Form, name: str, kind: Any) -> Any:
    """What was chosen, None where nothing was. Raises Refusal at this field for what the form does not offer."""
    text = form.text(name)
    try:
        return msgspec.convert(text, kind) if text else None
    except msgspec.ValidationError:
        raise Refusal("invalid", "tasks.field_value_bad", field=name, what=say(f"tasks.field.{name}"), value=text[:80]) from None


def _new_command(form: Form, *, proposes: bool) -> Command:
    kind = ProposeTask if proposes else CreateTask
    source = Source(number=form.text("source_number"), date=form.day("source_date"), issuer=form.text("source_issuer"))
    no_due = _choice(form, "no_due", NoDue)
    return kind(
        id=form.text("id") or new_id(),
        title=form.text("title"),
        description=form.text("description"),
        lead=form.raw("lead"),
        collaborators=_shares(form),
        followers=form.many("followers"),
        start=form.day("start"),
        due=None if no_due else form.day("due"),
        no_due=no_due,
        priority=_choice(form, "priority", rules.Priority) or "normal",
        kind=_choice(form, "kind", rules.Kind) or "planned",
        unit=form.raw("unit"),
        field=form.raw("field"),
        parent=form.raw("parent"),
        product=form.raw("product"),
        product_text=form.text("product_text"),
        quantity=number_of(form, "quantity") or 1,
        checklist=[line.strip() for line in form.text("checklist").splitlines() if line.strip()],
        source=source if (source.number or source.date or source.issuer) else None,
    )


@post("/tasks")
async def create(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Create or propose, once however often the button is pressed."""
    form = await read_form(request)
    proposes = form.checked("proposes") or not may_assign_anybody(viewer.actor, viewer.directory, viewer.today)
    try:
        asked = _new_command(form, proposes=proposes)
        if not form.raw("due") and not form.raw("no_due"):
            raise Refusal("invalid", "tasks.due_missing", field="due")
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _new_page(request, viewer, _shown(form), refusal, proposes=proposes)
    text = say("tasks.done.propose" if proposes else "tasks.done.create", number=made["number"])
    return see_other(f"/tasks/{made['id']}", Notice(text))


def _values(found: Whole) -> dict[str, Any]:
    task = found.task
    values = {name: task[name] if task[name] is not None else "" for name in FIELDS}
    values |= {name: task[name].isoformat() if task[name] else "" for name in ("start", "due", "source_date")}
    values |= {"source_number": task["source_number"], "source_issuer": task["source_issuer"]}
    return {**values, "quantity": amount(task["quantity"])}


async def _edit_page(
    request: AnyRequest, viewer: Viewer, found: Whole, values: dict[str, Any], base: dict[str, Any], refusal: Refusal | None = None
) -> Response[bytes]:
    errors = {refusal.field or "": refusal.message} if refusal else {}
    context = form_context(viewer.actor, viewer.directory, viewer.today, values, errors, task=found.task)
    context["products"] = product_options(await active_products(), await product(found.task["product"]))
    context |= {"base": base, "message": refusal.message if refusal else "", "mutation": new_mutation()}
    return page(request, viewer, "shared/tasks/edit.html", context, nav="tasks", status=refusal.status if refusal else 200)


@get("/tasks/{name:str}/edit")
async def edit_form(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """The form with what is stored; it remembers what its reader saw."""
    found = await seen(viewer, name)
    verdict = rules.allowed("edit", viewer.actor, found.facts, viewer.today, viewer.now)
    if not verdict:
        from server.tasks.commands.common import refuse

        raise refuse(verdict)
    return await _edit_page(request, viewer, found, _values(found), _values(found))


@post("/tasks/{name:str}/edit")
async def edit(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """Only what differs from what the editor saw is changed."""
    form = await read_form(request)
    found = await seen(viewer, name)
    base = {field: form.text(f"base-{field}") for field in (*FIELDS, "source_number", "source_date", "source_issuer")}
    try:
        asked = Edit(task=found.task["id"], fields=_edited(form, base), base=_seen_before(form, base), reason=form.text("reason"))
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _edit_page(request, viewer, found, _shown(form), base, refusal)
    if made.get("clashes"):
        names = ", ".join(say(f"tasks.field.{field}").lower() for field in made["clashes"])
        return see_other(f"/tasks/{found.task['id']}", Notice(say("tasks.done.edit_clash", fields=names), "warning"))
    return see_other(f"/tasks/{found.task['id']}", Notice(say("tasks.done.edit")))


def _edited(form: Form, base: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in FIELDS:
        if _given(form, name) not in (None, base[name]):
            fields[name] = _field(form, name)
    if any(form.text(name) != base[name] for name in ("source_number", "source_date", "source_issuer") if name in form):
        given = form.day("source_date")
        fields["source"] = {
            "number": form.text("source_number"),
            "date": given.isoformat() if given else None,
            "issuer": form.text("source_issuer"),
        }
    return fields


def _given(form: Form, name: str) -> str | None:
    """What the form says of a field, None where it has none. A task without a due date has none, whatever stands in the hidden field."""
    if name == "due" and form.text("no_due"):
        return ""
    return form.text(name) if name in form else None


def _field(form: Form, name: str) -> Any:
    if name == "due" and not _given(form, name):
        return None
    if name in ("start", "due"):
        given = form.day(name)
        return given.isoformat() if given else None
    if name == "quantity":
        return number_of(form, name) or 1
    return form.text(name) or (None if name in ("no_due", "field", "parent", "product") else "")


def _seen_before(form: Form, base: dict[str, str]) -> dict[str, Any]:
    seen_before: dict[str, Any] = {}
    for name in FIELDS:
        if _given(form, name) not in (None, base[name]):
            if name == "quantity":
                seen_before[name] = float(base[name].replace(".", "").replace(",", ".") or 1)
            else:
                seen_before[name] = base[name] or (None if name in ("start", "due", "no_due", "field", "parent", "product") else "")
    return seen_before


async def _assign_page(
    request: AnyRequest, viewer: Viewer, found: Whole, values: dict[str, Any], refusal: Refusal | None = None
) -> Response[bytes]:
    errors = {refusal.field or "": refusal.message} if refusal else {}
    on_it = [part["person"] for part in found.parts]
    context = form_context(viewer.actor, viewer.directory, viewer.today, values, errors, task=found.task, on_it=on_it)
    context |= {"message": refusal.message if refusal else "", "mutation": new_mutation(), "handed_back": found.task["handed_back_reason"]}
    return page(request, viewer, "shared/tasks/assign.html", context, nav="tasks", status=refusal.status if refusal else 200)


@get("/tasks/{name:str}/assign")
async def assign_form(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """Who is on the task, to be changed."""
    found = await seen(viewer, name)
    verdict = rules.allowed("assign", viewer.actor, found.facts, viewer.today, viewer.now)
    if not verdict:
        from server.tasks.commands.common import refuse

        raise refuse(verdict)
    others = [part for part in found.parts if part["role"] != "lead"]
    values = {
        "lead": found.task["lead"] or "",
        "collaborators": [part["person"] for part in others],
        "shares": {part["person"]: amount(part["share"] * 100) if part["share"] else "" for part in others},
        "followers": found.followers,
        "reason": "",
    }
    return await _assign_page(request, viewer, found, values)


@post("/tasks/{name:str}/assign")
async def assign(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """Name other people, with the reason."""
    form = await read_form(request)
    found = await seen(viewer, name)
    try:
        asked = Assign(
            task=found.task["id"],
            lead=form.text("lead"),
            collaborators=[one for one in _shares(form) if one.person != form.text("lead")],
            followers=form.many("followers") if "has_followers" in form else None,
            reason=form.text("reason"),
        )
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return await _assign_page(request, viewer, found, _shown(form), refusal)
    return see_other(f"/tasks/{found.task['id']}", Notice(say("tasks.done.assign", number=made["number"])))


routes = [new, create, edit_form, edit, assign_form, assign]

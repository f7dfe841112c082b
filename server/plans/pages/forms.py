"""What the form of the grid says, as edits."""

from typing import Any

from msgspec import structs

from server.errors import Refusal
from server.plans.commands.drafts import EditPlan
from server.plans.review import Review
from server.plans.rules.review import Chosen, Edit, difference
from server.tasks.commands.common import Source
from server.web.forms import Form

CADENCES = ("once", "recurring", "ongoing")


def edits_of(form: Form, whole: Review) -> EditPlan:
    """The command that stores what this page of the grid says. Raises Refusal for a date that is none."""
    by_number = {one.row.row: one for one in whole.rows if one.made is None}
    edits: list[Edit] = []
    for text in form.many("row"):
        one = by_number.get(int(text)) if text.isdecimal() and len(text) < 6 else None
        if one is not None:
            edits.append(difference(one.proposed, chosen_of(form, one.chosen)))
    given: dict[str, Any] = {}
    if "source_number" in form:
        given["source"] = Source(number=form.text("source_number"), date=form.day("source_date"), issuer=form.text("source_issuer"))
        given["default_lead"] = form.raw("default_lead")
        given["parents"] = form.checked("parents")
        given["past_to"] = form.day("past_to")
    return EditPlan(id=whole.facts.id, rows=edits, **given)


def chosen_of(form: Form, before: Chosen) -> Chosen:
    """The task of a row as the form has it; fields that the form lacks stay."""
    n = before.row
    given: dict[str, Any] = {"keep": form.checked(f"keep-{n}")}
    for name in ("title", "product", "note"):
        if f"{name}-{n}" in form:
            text = form.text(f"{name}-{n}")
            # A text area may change the ends of lines; that is nobody's edit.
            given[name] = getattr(before, name) if text.split() == getattr(before, name).split() else text
    if f"lead-{n}" in form:
        given["lead"] = form.raw(f"lead-{n}")
    for name in ("start", "due"):
        if f"{name}-{n}" in form:
            given[name] = _day(form, f"{name}-{n}", n)
    cadence = form.text(f"cadence-{n}")
    if cadence in CADENCES:
        given["cadence"] = cadence
    if f"has-collaborators-{n}" in form:
        chosen = sorted(set(form.many(f"collaborators-{n}")))
        given["collaborators"] = before.collaborators if chosen == sorted(before.collaborators) else chosen
    return structs.replace(before, **given)


def _day(form: Form, name: str, row: int) -> Any:
    try:
        return form.day(name)
    except Refusal:
        raise Refusal("invalid", "plans.row.bad_day", field=name, row=row, value=form.text(name)) from None

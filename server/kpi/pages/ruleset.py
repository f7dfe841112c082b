"""Quy tắc: the rule set in force with its legal basis, its versions, and the draft of the next one."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.kpi.commands.ruleset import DraftRules, PutRulesInForce
from server.kpi.pages.frame import number, refused, require_decides, require_id, require_scored, tabs_of
from server.kpi.queries.ruleset import RulesFacts, rule_set, rule_sets
from server.kpi.rights import decides
from server.kpi.rules.ruleset import RuleSet
from server.kpi.show.ruleset import FIELDS, field_rows, first_day_after, version_line
from server.storage.door import carry_out
from server.storage.ids import new_id
from server.tasks.show.values import day
from server.web.forms import Form, new_mutation, read_form
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say


def holding(found: list[RulesFacts]) -> RulesFacts | None:
    """The version in force."""
    return next((one for one in found if one.state == "in_force"), None)


async def _show(request: AnyRequest, viewer: Viewer, chosen: RulesFacts | None, problem: Refusal | None = None) -> Response[bytes]:
    found = await rule_sets()
    now = holding(found)
    rules = chosen.rules if chosen else RuleSet()
    context = {
        "tabs": await tabs_of(viewer, "rules"),
        "one": version_line(chosen, viewer.directory, viewer.now) if chosen else None,
        "fields": field_rows(rules, now.rules if now and chosen and now.id != chosen.id else None),
        "versions": [version_line(one, viewer.directory, viewer.now) for one in found],
        "decides": decides(viewer.actor, viewer.today),
        "since": first_day_after(viewer.today).isoformat(),
        "mutation": new_mutation(),
        **refused(problem),
    }
    return page(request, viewer, "kpi/rules.html", context, nav="kpi", status=problem.status if problem else 200)


@get("/kpi/rules")
async def show(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """What is in force: everybody may read by which rules he is scored."""
    require_scored(viewer)
    return await _show(request, viewer, holding(await rule_sets()))


@get("/kpi/rules/draft")
async def new_draft(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """A new draft, beginning with what is in force."""
    require_decides(viewer)
    now = holding(await rule_sets())
    return await _edit(request, viewer, new_id(), now.rules if now else RuleSet())


@get("/kpi/rules/{name:str}")
async def one(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """One version."""
    require_scored(viewer)
    return await _show(request, viewer, await rule_set(require_id(name)))


@get("/kpi/rules/{name:str}/edit")
async def edit(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """A draft, to be changed."""
    require_decides(viewer)
    found = await rule_set(require_id(name))
    if found.state != "draft":
        raise Refusal("conflict", "kpi.rule.not_draft", version=found.version)
    return await _edit(request, viewer, found.id, found.rules)


async def _edit(
    request: AnyRequest, viewer: Viewer, rules_id: str, rules: RuleSet, problem: Refusal | None = None, form: Form | None = None
) -> Response[bytes]:
    rows = field_rows(rules)
    if form is not None:
        rows = [row | {"value": form.text(row["name"], row["value"])} for row in rows]
    context = {
        "id": rules_id,
        "name": form.text("name") if form else rules.name,
        "basis": form.text("basis") if form else rules.basis,
        "fields": rows,
        "mutation": new_mutation(),
        **refused(problem),
    }
    return page(request, viewer, "kpi/rules_draft.html", context, nav="kpi", status=problem.status if problem else 200)


def data_of(form: Form) -> dict[str, Any]:
    """The fields of the form as a rule set stores them. Raises Refusal ``invalid`` at a field that is no number or no day."""
    found: dict[str, Any] = {"name": form.text("name"), "basis": form.text("basis")}
    for name, kind in FIELDS.items():
        if kind == "choice":
            found[name] = form.text(name)
        elif kind == "flag":
            found[name] = form.checked(name)
        elif kind == "day":
            date, _, month = form.text(name).partition("/")
            if not (date.isdecimal() and month.isdecimal() and len(date) < 3 and len(month) < 3):
                raise Refusal("invalid", "kpi.page.bad_day", field=name, value=form.text(name))
            found[name] = [int(month), int(date)]
        elif kind == "whole":
            found[name] = form.whole(name) or 0
        else:
            found[name] = round((number(form, name) or 0) * 1000)
    return found


@post("/kpi/rules/{name:str}/draft")
async def save(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Store the draft; what can't be so is said at its field."""
    require_decides(viewer)
    form = await read_form(request)
    try:
        given = DraftRules(id=require_id(name), data=data_of(form))
        made = await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        return await _edit(request, viewer, name, RuleSet(), problem, form)
    return see_other(f"/kpi/rules/{name}", Notice(say("kpi.page.notice.drafted", version=made["version"])))


@post("/kpi/rules/{name:str}/force")
async def force(request: AnyRequest, viewer: SignedIn, name: FromPath[str]) -> Response[bytes]:
    """Put a draft in force from a day on."""
    require_decides(viewer)
    found = await rule_set(require_id(name))
    form = await read_form(request)
    try:
        since = form.day("since")
        if since is None:
            raise Refusal("invalid", "kpi.page.day_missing", field="since")
        given = PutRulesInForce(rules=found.id, since=since)
        made = await carry_out(given, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as problem:
        return await _show(request, viewer, found, problem)
    return see_other("/kpi/rules", Notice(say("kpi.page.notice.in_force", version=made["version"], day=day(since))))


routes = [show, new_draft, one, edit, save, force]

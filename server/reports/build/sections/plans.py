"""Plans: how far each is, and its tasks with their products and states."""

from typing import Final

from server.reports.build.facts import Facts, Plan, PlanTask
from server.reports.build.figures import column, share
from server.reports.build.telling import counted, joined, share_of
from server.reports.shape import Chart, Row, Section, Table, Value
from server.words import say

FIGURES: Final = ("total", "done", "on_time", "late", "open", "overdue", "cancelled", "done_share")
DETAILS: Final = ("lead", "product", "state", "due")


def plans(facts: Facts) -> Section:
    """A line for each plan, and below it its tasks. The key of a line is the plan's or the task's identifier."""
    columns = [column(key) for key in (*FIGURES, *DETAILS)]
    rows = [row for plan in facts.plans for row in (_plan(plan), *(_task(facts, plan, one) for one in plan.tasks))]
    table = Table(say("reports.head.plan"), columns, rows)
    listed, whole = (
        (sum(some) for some in zip(*((len(one.tasks), one.state.total) for one in facts.plans), strict=True)) if rows else (0, 0)
    )
    note = say("reports.note.plans_cut", listed=counted(listed), rest=counted(whole - listed)) if listed < whole else ""
    return Section("plans", say("reports.section.plans"), _said(facts), table, Chart("bars", ["done_share"]), note)


def _plan(plan: Plan) -> Row:
    one = plan.state
    figures: list[Value] = [getattr(one, key) for key in FIGURES[:-1]]
    return Row(one.plan, plan.title or say("reports.label.plan_gone"), [*figures, share(one.done, one.total - one.cancelled), *[None] * 4])


def _task(facts: Facts, plan: Plan, one: PlanTask) -> Row:
    lead = facts.directory.people.get(one.lead)
    state = "overdue" if one.state == "overdue" else one.state
    details: list[Value] = [
        lead.name if lead is not None else "",
        one.product,
        say(f"tasks.status.{state}"),
        one.due.isoformat() if one.due else None,
    ]
    return Row(one.id, one.title, [*[None] * len(FIGURES), *details], level=1)


def _said(facts: Facts) -> str:
    known = [one.state for one in facts.plans]
    if not known:
        return say("reports.said.no_plans")
    total, done, cancelled = (sum(getattr(one, key) for one in known) for key in ("total", "done", "cancelled"))
    overdue = sum(one.overdue for one in known)
    parts = [
        say(
            "reports.said.plans",
            plans=counted(len(known)),
            total=counted(total),
            done=counted(done),
            share=share_of(done, total - cancelled),
        ),
        say("reports.said.plans_overdue", count=counted(overdue)) if overdue else say("reports.said.none_overdue"),
    ]
    return joined(parts)

"""Rows → answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, cast

from server.kpi.rights import Raters
from server.ledger.grains import Period
from server.people.directory import Directory
from server.reports.api.answers import (
    FiledAnswer,
    FiledHead,
    FiledList,
    Named,
    Removed,
    ReportAnswer,
    Score,
    ScoreList,
    Source,
    Task,
    TaskList,
    Unit,
    UnitList,
)
from server.reports.api.guard import Caller
from server.reports.api.queries import OVERLAP, Page
from server.reports.filed.queries import Filed
from server.reports.shape import Report, Value
from server.reports.words import period_label
from server.storage.engine import Row
from server.tasks.rules import number, overdue

#: Points are stored in thousandths.
THOUSAND: Final = 1000


def units(caller: Caller) -> UnitList:
    """The key's unit and everything below it, those above first."""
    known = caller.directory
    found = sorted(
        (one for one in known.units.values() if caller.within(one.id)), key=lambda one: (len(known.path(one.id)), one.sort, one.name)
    )
    return UnitList(
        [
            Unit(
                id=one.id,
                name=one.name,
                short=one.short,
                kind=cast("Any", one.kind),
                parent=one.parent if caller.within(one.parent) else None,
                active=one.active,
            )
            for one in found
        ]
    )


def figures_of(report: Report) -> dict[str, Value]:
    """Every figure of the whole unit by its key: of the first numbers, of the summary, of the sums."""
    keys = [one.key for one in report.headlines]
    for section in report.sections:
        keys += [one.key for one in section.table.rows] if section.key == "summary" else []
        keys += [one.key for one in section.table.columns] if section.table.total is not None else []
    return {key: report.figure(key) for key in dict.fromkeys(keys)}


def report_answer(report: Report) -> ReportAnswer:
    """A report with its figures."""
    return ReportAnswer(report, figures_of(report))


def _filed_head(known: Directory, found: Mapping[str, Any]) -> dict[str, Any]:
    period = Period(found["grain"], found["start"])
    unit = known.units.get(found["unit"])
    return {
        "id": found["id"],
        "number": f"{found['number']}/{found['code']}",
        "period": period.code,
        "period_label": period_label(period),
        "unit": found["unit"],
        "unit_label": unit.name if unit else "",
        "fixed_at": found["fixed_at"],
        "sha256": found["sha256"],
        "replaces": found["replaces"],
        "replaced_by": found["replaced_by"],
    }


def filed_list(caller: Caller, page: Page) -> FiledList:
    """Heads of fixed reports."""
    return FiledList([FiledHead(**_filed_head(caller.directory, one)) for one in page.rows], page.cursor)


def filed_answer(caller: Caller, found: Filed) -> FiledAnswer:
    """A fixed report, whole."""
    line = found.line
    head = {name: getattr(line, name) for name in ("id", "unit", "grain", "start", "number", "code", "fixed_at", "sha256", "replaces")}
    head["replaced_by"] = found.replaced_by[0] if found.replaced_by else None
    return FiledAnswer(**_filed_head(caller.directory, head), report=found.report, writing=found.writing)


def _person(known: Directory, person: str | None) -> Named | None:
    profile = known.people.get(person or "")
    return Named(id=profile.id, name=profile.name, position=profile.position, title=profile.title) if profile else None


def task(known: Directory, one: Row, today: date) -> Task:
    """A task as it stands."""
    field = known.fields.get(one["field"] or "")
    source = Source(number=one["source_number"], date=one["source_date"], issuer=one["source_issuer"])
    return Task(
        **{
            name: one[name]
            for name in (
                "id", "title", "status", "percent", "priority", "unit", "parent", "start", "due", "given_at", "submitted_at",
                "completed_at", "handed", "created_at", "changed_at", "version",
            )
        },
        number=number(one["ordinal"]),
        overdue=overdue(one["status"], one["due"], today),
        origin=one["kind"],
        field=field.name if field else None,
        lead=_person(known, one["lead"]),
        source=source if source.number or source.date or source.issuer else None,
        outcome=one["outcome"] or None,
        excused=bool(one["excused"]),
    )  # fmt: skip


def task_list(caller: Caller, page: Page, today: date) -> TaskList:
    """A page: what is there, and what went away."""
    return TaskList(
        tasks=[task(caller.directory, one, today) for one in page.rows if one["stands"]],
        removed=[
            Removed(id=one["id"], number=number(one["ordinal"]), changed_at=one["changed_at"]) for one in page.rows if not one["stands"]
        ],
        next_cursor=page.cursor,
        next_since=page.asked - OVERLAP,
        as_of=caller.now,
    )


def score_list(caller: Caller, period: Period, closed: Row | None, found: list[Row], chain: Raters) -> ScoreList:
    """Points of those whose sheets the key's holder may see, by rank."""
    people = caller.directory.people
    order = {person: place for place, person in enumerate(people)}
    mine = [one for one in found if one["person"] in order and chain.may_see(caller.key.person, one["person"])]
    return ScoreList(
        period=period.code,
        period_label=period_label(period),
        published=closed is not None,
        closed_at=closed["closed_at"] if closed else None,
        version=closed["version"] if closed else 0,
        scores=[
            Score(
                id=one["person"],
                name=people[one["person"]].name,
                position=one["position"],
                title=one["title"],
                unit=one["unit"],
                points=one["total"] / THOUSAND,
                band=one["band"],
            )
            for one in sorted(mine, key=lambda one: order[one["person"]])
        ],
    )

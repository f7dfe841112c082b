"""The rows that lines are made of, read for many people in a constant number of questions."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
import orjson

from server.kpi.rules.calendar import Period
from server.kpi.rules.ruleset import RuleSet
from server.storage.engine import Row, is_sqlite, rows
from server.storage.ids import LOCAL

#: Of the audit chain: what no table keeps.
MOVES = ("hand_back", "refuse_hand_back", "assign", "pause", "resume", "approve", "create", "edit", "grant_extension")


class Version(msgspec.Struct, frozen=True):
    """A version of a period: when it was opened and closed (None while it is open), and for whom it was opened (None: everybody)."""

    opened: datetime
    closed: datetime | None
    people: frozenset[str] | None = None


class Facts(msgspec.Struct, kw_only=True):
    """``parts`` are assignments with their task (columns of the task under ``t_``), the others by task or by (task, person)."""

    parts: list[Row]
    others: dict[str, list[Row]]
    reports: dict[str, list[Row]]
    reviews: dict[tuple[str, str], list[Row]]
    moves: dict[str, list[Row]]
    excuses: dict[tuple[str, str], list[Row]]
    splits: dict[tuple[str, str], list[Row]]
    children: dict[str, int]
    #: Every version of every period, the first one first.
    versions: dict[Period, list[Version]]


def day_start(day: date) -> datetime:
    """The first moment of a day of the office."""
    return datetime.combine(day, time(), LOCAL)


def local_day(moment: datetime) -> date:
    """The day of the office."""
    return moment.astimezone(LOCAL).date()


def among(column: str, place: str) -> str:
    """A condition on many identifiers that are one value: an office has more of them than a statement has places."""
    return f"{column} IN (SELECT value FROM json_each({place}))" if is_sqlite() else f"{column} = ANY({place}::varchar[])"


def many(ids: Iterable[str]) -> Any:
    """The value for ``among``."""
    listed = list(ids)
    return orjson.dumps(listed).decode() if is_sqlite() else listed


PART = """
SELECT a.id, a.task, a.person, a.role, a.share, a.state, a.percent, a.since, a.until,
  t.ordinal AS t_ordinal, t.title AS t_title, t.status AS t_status, t.kind AS t_kind, t.due AS t_due, t.unit AS t_unit,
  t.field AS t_field, t.quantity AS t_quantity, t.product AS t_product, t.product_text AS t_product_text,
  t.completed_at AS t_completed_at, t.children AS t_children, t.assigner AS t_assigner, t.lead AS t_lead,
  p.k AS p_k, p.name AS p_name, p.code AS p_code, p.unit_of_count AS p_unit, f.field_group AS f_group
FROM assignment a JOIN task t ON t.id = a.task
  LEFT JOIN kpi_product p ON p.id = t.product LEFT JOIN field f ON f.id = t.field
"""


async def facts_of(people: Collection[str], period: Period, rules: RuleSet, *, evidence: bool) -> Facts:
    """Read them. Without ``evidence`` the reports of tasks that nobody has handed in or accepted are left where they are."""
    versions = await _versions(people)
    parts = await _parts(people, period, rules, _since(versions, period))
    tasks = many({one["task"] for one in parts})
    shared = many({one["task"] for one in parts if one["share"] < 1000})
    parents = many({one["task"] for one in parts if one["t_children"]})
    split = await rows(f"SELECT * FROM kpi_split WHERE {among('task', '$1')} ORDER BY year, month", tasks)
    which = "" if evidence or split else "AND (kind = 'submit' OR percent = 100)"
    reports = await rows(f"SELECT * FROM report WHERE {among('task', '$1')} {which} ORDER BY received, id", tasks)
    reviews = await rows(f"SELECT * FROM review WHERE {among('task', '$1')} ORDER BY at, id", tasks)
    named = ", ".join(f"'{one}'" for one in MOVES[: None if evidence else 5])
    moves = await rows(
        "SELECT seq, at, actor, action, subject, before, after FROM audit_entry "
        f"WHERE kind = 'task' AND {among('subject', '$1')} AND action IN ({named}) ORDER BY seq",
        tasks,
    )
    excuses = await rows(f"SELECT * FROM kpi_excuse WHERE withdrawn_at IS NULL AND {among('task', '$1')} ORDER BY at, id", tasks)
    others = await rows(
        f"SELECT task, share FROM assignment WHERE until IS NULL AND role = 'collaborator' AND {among('task', '$1')}", shared
    )
    return Facts(
        parts=parts,
        others=_by(others, "task"),
        reports=_by(reports, "task"),
        reviews=_by_part(reviews),
        moves=_by(moves, "subject"),
        excuses=_by_part(excuses),
        splits=_by_part(split),
        children=await _children(parents, rules),
        versions=versions,
    )


def _since(versions: dict[Period, list[Version]], period: Period) -> datetime:
    """From when on accepted work may be new to the period: its beginning, or when the one before it was closed early."""
    before = [one.closed for when, some in versions.items() if when.ends + timedelta(days=1) == period.starts for one in some if one.closed]
    return min([day_start(period.starts), *before])


async def _parts(people: Collection[str], period: Period, rules: RuleSet, since: datetime) -> list[Row]:
    """Whatever may be a line of the period; ``make`` decides. Work finished before ``since`` stays out, unless it is due in it."""
    # What is due after the day of the year's rating counts in the first period of the next year.
    earliest = period.starts if period.number > 1 else date(period.year - 1, *rules.carries_over_after)
    return await rows(
        f"{PART} WHERE {among('a.person', '$1')} AND a.since < $2 AND t.deleted_at IS NULL "
        "AND t.status NOT IN ('proposed', 'cancelled', 'declined') AND a.state <> 'ended' AND ("
        "(t.due >= $3 AND t.due <= $4) "
        "OR ((t.due IS NULL OR t.due < $5) AND (t.completed_at IS NULL OR t.completed_at >= $6)) "
        "OR EXISTS (SELECT 1 FROM kpi_split s WHERE s.task = a.task AND s.person = a.person)) ORDER BY t.due, t.ordinal, a.id",
        many(people),
        day_start(period.ends + timedelta(days=1)),
        earliest,
        period.ends,
        period.starts,
        since,
    )


async def _children(parents: Any, rules: RuleSet) -> dict[str, int]:
    """What the tasks below a task take of it: k × quantity, in millionths."""
    found = await rows(
        "SELECT t.parent, t.quantity, t.product, p.k FROM task t LEFT JOIN kpi_product p ON p.id = t.product "
        f"WHERE {among('t.parent', '$1')} AND t.deleted_at IS NULL AND t.status NOT IN ('proposed', 'cancelled', 'declined')",
        parents,
    )
    taken: dict[str, int] = defaultdict(int)
    for one in found:
        taken[one["parent"]] += (rules.k_outside if one["k"] is None else one["k"]) * one["quantity"]
    return dict(taken)


async def _versions(people: Collection[str]) -> dict[Period, list[Version]]:
    found = await rows("SELECT id, year, number, kind, version, opened_at, closed_at FROM kpi_period ORDER BY version")
    again = [one["id"] for one in found if one["version"] > 1]
    # A sheet that was only taken over into the new version has no reason of its own there.
    reopened = await rows(
        f"SELECT period, person FROM kpi_sheet WHERE version_reason <> '' AND {among('period', '$1')} AND {among('person', '$2')}",
        many(again),
        many(people),
    )
    whose: dict[str, set[str]] = defaultdict(set)
    for one in reopened:
        whose[one["period"]].add(one["person"])
    versions: dict[Period, list[Version]] = defaultdict(list)
    for one in found:
        opened_for = frozenset(whose[one["id"]]) if one["version"] > 1 else None
        versions[Period(one["year"], one["number"], one["kind"])].append(Version(one["opened_at"], one["closed_at"], opened_for))
    return dict(versions)


def _by(found: list[Row], name: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for one in found:
        grouped[one[name]].append(one)
    return grouped


def _by_part(found: list[Row]) -> dict[tuple[str, str], list[Row]]:
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for one in found:
        grouped[one["task"], one["person"]].append(one)
    return grouped

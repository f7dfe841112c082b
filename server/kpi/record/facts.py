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
MOVES = ("hand_back", "refuse_hand_back", "assign", "pause", "resume", "approve", "create")


class Closing(msgspec.Struct, frozen=True):
    """When the newest version of a period was closed."""

    when: Period
    at: datetime


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
    closings: list[Closing]


def day_start(day: date) -> datetime:
    """The first moment of a day of the office."""
    return datetime.combine(day, time(), LOCAL)


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
    parts = await _parts(people, period, rules)
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
        closings=await _closings(),
    )


async def _parts(people: Collection[str], period: Period, rules: RuleSet) -> list[Row]:
    """Whatever may be a line of the period; ``make`` decides. Work finished before the period stays out, unless it is due in it."""
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
        day_start(period.starts),
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


async def _closings() -> list[Closing]:
    found = await rows(
        "SELECT year, number, kind, closed_at FROM kpi_period k WHERE state = 'closed' "
        "AND NOT EXISTS (SELECT 1 FROM kpi_period n WHERE n.replaces = k.id)"
    )
    return [Closing(Period(one["year"], one["number"], one["kind"]), one["closed_at"]) for one in found]


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

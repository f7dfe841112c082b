"""Suggestions as they are shown, the earlier reports that a new one is compared with, and how far suggestions are from what people gave."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from statistics import mean
from typing import Any, Final

import msgspec
from scipy.stats import spearmanr

from server.insight.rights import sees_suggestion
from server.people.directory import Directory
from server.people.rules import Person
from server.storage.engine import places, rows
from server.storage.ids import LOCAL
from server.tasks.facts import facts_of
from server.tasks.show.timeline import sees_detail

Row = dict[str, Any]

#: Reports that a new one is compared with while it is written: one's own of any task, colleagues' of this one.
OWN: Final = 30
COLLEAGUES: Final = 20
#: Fewer reviewed results than this say nothing about how suggestions and people agree.
ENOUGH: Final = 20
#: How far back the report of differences goes.
MONTHS: Final = 12


async def seen_of(tasks: Sequence[str], actor: Person, directory: Directory, at: date) -> dict[str, list[Row]]:
    """The last suggestion of each part that this person may see (R11), by task, the lead's first.

    ``score`` is what the reviewer gave since, in thousandths, where the last word on that part is an acceptance with a score, and
    its detail is for this person.
    """
    named = places(len(tasks))
    found = await rows(
        "SELECT x.task, x.person, x.total, x.progress, x.quality, x.frequency, x.reasons, t.creator, t.assigner, t.assigner_position, "
        "t.delegate, t.lead, t.unit, t.status, t.due, t.percent, t.children, t.handed_back, t.deleted_at "
        "FROM suggestion x JOIN task t ON t.id = x.task "
        f"WHERE x.task IN ({named}) AND x.round = (SELECT max(y.round) FROM suggestion y WHERE y.task = x.task AND y.person = x.person)",
        *tasks,
    )
    if not found:
        return {}
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for one in await rows(
        f"SELECT task, person FROM assignment WHERE until IS NULL AND task IN ({named}) "
        "ORDER BY CASE role WHEN 'lead' THEN 0 ELSE 1 END, since, id",
        *tasks,
    ):
        parts[one["task"]].append(one["person"])
    judged = {
        (one["task"], one["person"]): one
        for one in await rows(f"SELECT task, person, reviewer, verdict, score FROM review WHERE task IN ({named}) ORDER BY at, id", *tasks)
    }
    shown: defaultdict[str, list[Row]] = defaultdict(list)
    for one in found:
        whose = one["person"]
        matter = facts_of(one, parts[one["task"]], (), directory).matter
        if whose not in parts[one["task"]] or whose not in directory.people:
            continue
        if not sees_suggestion(actor, matter, directory.actor(whose), at):
            continue
        last = judged.get((one["task"], whose))
        accepted = last is not None and last["verdict"] == "accept"
        detail = last is not None and sees_detail(actor, whose, directory, at, own=last["reviewer"] == actor.id)
        shown[one["task"]].append({**one, "score": last["score"] if last is not None and accepted and detail else None})
    return {task: sorted(some, key=lambda one: parts[one["task"]].index(one["person"])) for task, some in shown.items()}


class Before(msgspec.Struct, frozen=True):
    """A report that was sent before: its words, whose it is, and the day on which it came (``13/11``)."""

    text: str
    whose: str
    day: str


async def before(task: str, person: str) -> list[Before]:
    """What a report of this person on this task is compared with while he writes it, the newest first, his own before colleagues'."""
    own = await rows(
        "SELECT note, received FROM report WHERE person = $1 AND note <> '' ORDER BY received DESC, id DESC LIMIT $2", person, OWN
    )
    others = await rows(
        "SELECT note, received FROM report WHERE task = $1 AND person <> $2 AND note <> '' ORDER BY received DESC, id DESC LIMIT $3",
        task,
        person,
        COLLEAGUES,
    )
    said = [("own", one) for one in own] + [("colleague", one) for one in others]
    return [Before(one["note"], whose, f"{one['received'].astimezone(LOCAL):%d/%m}") for whose, one in said]


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """How far people and suggestions were apart in one month, for the centre (``unit`` None) or one room.

    ``bias`` is the mean of the person's points minus the suggested ones, ``apart`` the mean of the difference without its sign,
    ``rank`` Spearman's coefficient: all None below ``ENOUGH`` results, and ``rank`` too where either side never varies.
    """

    month: str
    rules: str
    unit: str | None
    count: int
    bias: float | None
    apart: float | None
    rank: float | None


async def monthly(today: date) -> list[Month]:
    """The last twelve months by version of the rules, the newest first: the centre, then rooms with enough results."""
    first = date(today.year - 1, today.month, 1)
    found = await rows(
        "SELECT x.total, x.given, x.given_at, x.rules, p.unit FROM suggestion x JOIN person p ON p.id = x.person "
        "WHERE x.given IS NOT NULL AND x.given_at >= $1 ORDER BY x.given_at, x.id",
        datetime(first.year, first.month, 1, tzinfo=LOCAL),
    )
    months: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for one in found:
        months[f"{one['given_at'].astimezone(LOCAL):%Y-%m}", one["rules"]].append(one)
    shown = []
    for (month, version), some in sorted(months.items(), reverse=True):
        shown.append(_month(month, version, None, some))
        by_unit: defaultdict[str, list[Row]] = defaultdict(list)
        for one in some:
            by_unit[one["unit"]].append(one)
        shown += [_month(month, version, unit, own) for unit, own in sorted(by_unit.items()) if len(own) >= ENOUGH]
    return shown


def _month(month: str, version: str, unit: str | None, some: Sequence[Row]) -> Month:
    if len(some) < ENOUGH:
        return Month(month=month, rules=version, unit=unit, count=len(some), bias=None, apart=None, rank=None)
    given, total = [one["given"] / 1000 for one in some], [one["total"] / 1000 for one in some]
    differences = [one - other for one, other in zip(given, total, strict=True)]
    rank = float(spearmanr(given, total).statistic) if len(set(given)) > 1 and len(set(total)) > 1 else None
    return Month(
        month=month,
        rules=version,
        unit=unit,
        count=len(some),
        bias=mean(differences),
        apart=mean(abs(one) for one in differences),
        rank=rank,
    )

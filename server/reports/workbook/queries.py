"""The tasks that a period's report counts, as lines: those open at its end, done in it or cancelled in it, whom the reader may see."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from server.ledger.grains import Period
from server.ledger.listing import cut_of
from server.ledger.rules import DONE, OPEN, OWED
from server.people.directory import Directory
from server.reports.workbook.tasks import Line
from server.storage.engine import places, rows
from server.storage.ids import LOCAL
from server.tasks.queries.products import products
from server.tasks.queries.scope import Where, visible
from server.tasks.rules import number
from server.words import say

#: Of a standing.
COLUMNS: Final = ", ".join(
    f"s.{one}"
    for one in ("task", "state", "due", "unit", "field", "priority", "origin", "lead", "plan", "given_at", "outcome", "handed", "excused")
)
#: Tasks of one reading.
PART: Final = 500


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The list, still as identifiers of standings. ``total`` is the report's figure, with what the reader may not see."""

    standings: list[str]
    total: int

    @property
    def hidden(self) -> int:
        """How many the reader may not see; those in the bin are among them."""
        return self.total - len(self.standings)


async def find(unit: str, period: Period, reader: str, known: Directory, today: date) -> Found:
    """Which tasks the list has, in the order of their numbers."""
    where = Where()
    source = _source(where, unit, period)
    visible(where, known.actor(reader), today, known)
    found = await rows(
        f"SELECT u.id, CASE WHEN {where.sql} THEN 1 ELSE 0 END AS seen FROM ({source}) u JOIN task t ON t.id = u.task ORDER BY t.ordinal",
        *where.values,
    )
    return Found(standings=[one["id"] for one in found if one["seen"]], total=len(found))


def _source(where: Where, unit: str, period: Period) -> str:
    last, first, under = (where.value(one) for one in (period.last, period.start, f"%/{unit}/%"))
    states, kinds = (", ".join(f"'{one}'" for one in some) for some in (OPEN, (*DONE, "cancelled")))
    stood = f"s.day <= {last} AND (s.day_until IS NULL OR s.day_until > {last})"
    # Two searches, each with its own index, are quicker than one with an OR; UNION takes what both find once.
    return (
        f"SELECT s.task, s.id FROM task_standing s WHERE {stood} AND s.state IN ({states}) AND s.path LIKE {under} "
        f"UNION SELECT s.task, s.id FROM task_flow f JOIN task_standing s ON s.task = f.task AND {stood} "
        f"WHERE f.kind IN ({kinds}) AND f.day >= {first} AND f.day <= {last} AND f.counted_day <= {last} "
        f"AND (f.undone_day IS NULL OR f.undone_day > {last}) AND f.path LIKE {under}"
    )


async def lines(found: Found, period: Period, known: Directory, today: date, part: int = PART) -> AsyncIterator[list[Line]]:
    """The lines, a part at a time."""
    reader = _Reader(period, known, today)
    for start in range(0, len(found.standings), part):
        yield await reader.part(found.standings[start : start + part])


class _Reader:
    def __init__(self, period: Period, known: Directory, today: date) -> None:
        self.period, self.known, self.cut = period, known, cut_of(period, today)
        self.end = datetime.combine(period.last + timedelta(days=1), time(), LOCAL)
        self.plans: dict[str, str] = {}
        self.products: dict[str, str] = {}

    async def part(self, standings: Sequence[str]) -> list[Line]:
        found = await rows(
            f"SELECT {COLUMNS}, t.title, t.ordinal, t.product, t.product_text FROM task_standing s JOIN task t ON t.id = s.task "
            f"WHERE s.id IN ({places(len(standings))}) ORDER BY t.ordinal",
            *standings,
        )
        tasks = [one["task"] for one in found]
        partners = await self._partners(tasks)
        handed = await self._handed({one["task"]: one["lead"] for one in found if one["state"] == "submitted"})
        counts, took = await self._flows(tasks)
        await self._learn(found)
        return [
            self._line(one, partners.get(one["task"], []), handed.get(one["task"]), counts, took.get(one["task"])) for one in found
        ]  # fmt: skip

    async def _partners(self, tasks: Sequence[str]) -> dict[str, list[str]]:
        named: dict[str, list[str]] = {}
        for one in await rows(
            "SELECT task, person FROM assignment WHERE role = 'collaborator' AND since < $1 AND (until IS NULL OR until >= $1) "
            f"AND task IN ({places(len(tasks), 2)}) ORDER BY since, id",
            self.end,
            *tasks,
        ):
            named.setdefault(one["task"], []).append(self._person(one["person"]))
        return named

    async def _handed(self, leads: Mapping[str, str]) -> dict[str, date]:
        found = await rows(
            f"SELECT task, person, received FROM report WHERE kind = 'submit' AND received < $1 AND task IN ({places(len(leads), 2)}) "
            "ORDER BY received",
            self.end,
            *leads,
        )
        return {one["task"]: _day(one["received"]) for one in found if one["person"] == leads[one["task"]]}

    async def _flows(self, tasks: Sequence[str]) -> tuple[Counter[tuple[str, str]], dict[str, int]]:
        last = self.period.last
        kinds = ", ".join(f"'{one}'" for one in (*DONE, "extended", "returned"))
        counts: Counter[tuple[str, str]] = Counter()
        took: dict[str, int] = {}
        for one in await rows(
            f"SELECT task, kind, took FROM task_flow WHERE kind IN ({kinds}) AND day <= $1 AND counted_day <= $1 "
            f"AND (undone_day IS NULL OR undone_day > $1) AND task IN ({places(len(tasks), 2)}) ORDER BY at",
            last,
            *tasks,
        ):
            counts[one["task"], one["kind"]] += 1
            if one["took"] is not None:
                took[one["task"]] = one["took"]
        return counts, took

    async def _learn(self, found: Iterable[dict[str, Any]]) -> None:
        """The names of plans and products that are new."""
        plans = {one["plan"] for one in found if one["plan"]} - self.plans.keys()
        if plans:
            named = await rows(f"SELECT id, title, name FROM plan_import WHERE id IN ({places(len(plans))})", *plans)
            self.plans |= {one["id"]: one["title"] or one["name"] for one in named}
        made = {one["product"] for one in found if one["product"]} - self.products.keys()
        if made:
            self.products |= {one.id: one.name for one in await products(made)}

    def _line(
        self, one: dict[str, Any], partners: list[str], handed: date | None, counts: Counter[tuple[str, str]], took: int | None
    ) -> Line:
        known = self.known
        unit, field = known.units.get(one["unit"]), known.fields.get(one["field"])
        completed = one["state"] == "completed"
        return Line(
            number=number(one["ordinal"]),
            title=one["title"],
            lead=self._person(one["lead"]),
            partners=f"{say('workbook.partners_join')} ".join(partners),
            unit=unit.name if unit else "",
            field=field.name if field else "",
            priority=say(f"tasks.priority.{one['priority']}"),
            origin=say(f"tasks.kind.{one['origin']}"),
            given=_day(one["given_at"]),
            due=one["due"],
            state=say(f"tasks.status.{one['state']}"),
            handed=one["handed"] if completed else handed,
            outcome=self._outcome(one),
            days=took if completed else None,
            extended=counts[one["task"], "extended"],
            returned=counts[one["task"], "returned"],
            plan=self.plans.get(one["plan"], ""),
            product=self.products.get(one["product"] or "", "") or one["product_text"],
        )

    def _outcome(self, one: dict[str, Any]) -> str:
        if one["state"] == "completed" and one["outcome"]:
            return say(f"workbook.outcome.{'excused' if one['excused'] else one['outcome']}")
        if one["state"] in OWED and one["due"] is not None and one["due"] < self.cut:
            return say("workbook.outcome.overdue")
        return ""

    def _person(self, person: str) -> str:
        known = self.known.people.get(person)
        return known.name if known else ""


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()

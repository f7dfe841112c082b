"""Random histories across the borders of periods: every figure agrees with a slow recount, and no past period moves.

``SOVIEC_HISTORIES=500 pytest tests/ledger/test_histories.py`` runs as many.
"""

import asyncio
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.errors import Refusal
from server.ledger.fold import MEASURES, STOCK_MEASURES, Fold
from server.ledger.grains import GRAINS, PARTS, Period, next_start
from server.ledger.listing import LISTED, Only, plan_states, standings_at
from server.ledger.read import Counts, medians, series, sums
from server.people.tables import Field
from server.storage import engine as engines
from server.storage.door import carry_out
from server.storage.engine import Row, insert, rows
from server.storage.ids import LOCAL, new_id
from tests.ledger.recount import DIMS, Record, recounted
from tests.office import CAST
from tests.tasks.desk import Desk, local

HISTORIES = int(os.environ.get("SOVIEC_HISTORIES", "8"))
UNITS = (CAST.ministry, CAST.centre, CAST.leadership, CAST.hcth, CAST.cntt)
#: Where histories begin: before the ends of weeks, months, quarters and years; weeks 52, 53 and 1; the end of February.
BEGINS = (
    local(2026, 11, 26), local(2026, 12, 24), local(2026, 12, 30, 23, 59, 50), local(2025, 12, 27), local(2024, 12, 28),
    local(2026, 3, 30), local(2024, 2, 27), local(2027, 1, 2, 6, 59, 58),
)  # fmt: skip
FIELDS = ("33333333-3333-7333-8333-333333333333", "44444444-4444-7444-8444-444444444444")
PLANS = ("11111111-1111-7111-8111-111111111111", "22222222-2222-7222-8222-222222222222")
Pick = Callable[[Sequence[Any]], Any]
Remembered = dict[Period, tuple[dict[tuple[str, str, str], Counts], dict[str, float]]]


@dataclass
class History:
    """One office at random, and what its past periods said when they ended."""

    pick: Pick
    desk: Desk
    ended: Remembered = field(default_factory=dict)

    def due(self) -> str | None:
        if self.pick(range(3)) == 0:
            period = Period.of(self.pick(GRAINS), self.desk.today)
            return self.pick((period.last, period.last, period.after.start)).isoformat()
        days = self.pick((None, -9, -1, 0, 0, 1, 2, 5, 8, 20, 33, 95, 200))
        return None if days is None else (self.desk.today + timedelta(days=days)).isoformat()

    async def live(self, length: int) -> None:
        for _ in range(length):
            await self.later()
            await self.step()
            if self.pick(range(8)) == 0:
                await carry_out(Fold(at_most=self.pick((1, 3, 20))), actor=None, now=self.desk.now, source="job")
            if self.pick(range(20)) == 0:
                await check_period(await recounted(), Period.of(self.pick(GRAINS), self.desk.today), self.desk.today, self.pick)
        if self.pick((True, False)):
            # To the last day of a period, which is not over before midnight.
            await self.remember(max(self.desk.now, midnight(Period.of(self.pick(("w", "m")), self.desk.today).last)))

    async def later(self) -> None:
        """Seconds mostly; hours, days; up to a midnight or over it; now and then over a border of a larger period."""
        kind = self.pick(
            ("none",) * 6 + ("hours", "days", "midnight", "midnight", *GRAINS[:3], "y" if self.pick(range(3)) == 0 else "none")
        )
        now, today = self.desk.now, self.desk.today
        if kind == "hours":
            now += timedelta(hours=self.pick(range(1, 12)))
        elif kind == "days":
            now += timedelta(days=self.pick(range(1, 6)))
        elif kind == "midnight":
            now = midnight(today + timedelta(days=1)) + timedelta(seconds=self.pick((-2, -1, 0, 30)))
        elif kind != "none":
            now = midnight(Period.of(kind, today).after.start) + timedelta(seconds=self.pick((-2, -1, 0, 3600 * 8)))
        await self.remember(max(now, self.desk.now))

    async def remember(self, now: datetime) -> None:
        """Go on to this moment; every period that ends until then is read as it ended."""
        before, self.desk.now = self.desk.today, now
        for grain in GRAINS:
            period = Period.of(grain, before)
            if period.last < self.desk.today:
                self.ended[period] = await read(period, self.desk.today)

    async def step(self) -> None:
        tasks = [one for one in await rows("SELECT * FROM task ORDER BY ordinal") if alive(one, self.desk.now)]
        if len(tasks) < 3 or self.pick(range(9)) == 0:
            name, actor, asked = self.new(tasks)
        else:
            task = self.pick(tasks)
            waiting = bool(await rows("SELECT id FROM extension WHERE task = $1 AND state = 'waiting'", task["id"]))
            name, actor = self.pick(likely(task, waiting))
            asked = self.asked(name, task, tasks)
        print(f"{self.desk.now.astimezone(LOCAL):%Y-%m-%d %H:%M:%S} {actor[:4]} {name} {asked}")
        try:
            await self.desk.do(actor, name, **asked)
        except Refusal as refusal:
            print(f"  refused: {refusal.key}")

    def new(self, tasks: Sequence[Row]) -> tuple[str, str, dict[str, Any]]:
        pick = self.pick
        asked = {
            "id": new_id(),
            "title": "Việc",
            "lead": pick((CAST.officer, CAST.officer, CAST.colleague, CAST.head, CAST.stranger)),
            "due": self.due(),
            "unit": pick((None, None, CAST.cntt, CAST.hcth, CAST.leadership, CAST.centre)),
            "field": pick((None, *FIELDS)),
            "priority": pick(("normal", "urgent")),
            "kind": pick(("planned", "ad_hoc")),
            "plan": pick((None, *PLANS)),
            "parent": pick((None, None, *(one["id"] for one in tasks))),
        }
        return *pick((("task.create", CAST.director), ("task.create", CAST.director), ("task.propose", CAST.officer))), asked

    def asked(self, name: str, task: Row, tasks: Sequence[Row]) -> dict[str, Any]:
        pick = self.pick
        edited = pick((("due",), ("unit", "field"), ("priority",), ("kind", "parent")))
        going = task["status"] in ("not_started", "in_progress")
        more: dict[str, dict[str, Any]] = {
            "task.edit": {"fields": {one: self.value(one, tasks) for one in edited}},
            "task.decide": {
                "decision": pick(("approve", "approve", "decline")),
                "reason": "Lý do",
                "changes": pick(({}, {}, {"due": self.due()}, {"lead": CAST.colleague, "unit": CAST.hcth})),
            },
            "task.assign": {"lead": pick((CAST.officer, CAST.colleague, CAST.head, CAST.stranger)), "reason": "Lý do"},
            "task.progress": {"percent": pick((10, 50))},
            "task.review": {
                "verdict": pick(("accept", "accept", "return")),
                "note": "Lý do",
                "objective_cause": pick((True, False)),
                "person": pick((None, None, None, CAST.colleague)),
            },
            "task.status": {
                "to": pick(("cancelled", "paused") if going else ("in_progress", "not_started", "cancelled")),
                "reason": "Lý do",
            },
            "task.extend": {"due": (self.desk.today + timedelta(days=pick((3, 12, 40)))).isoformat(), "reason": "Lý do"},
            "task.hand_back": {"reason": "Lý do"},
            "task.comment": {"text": "Ý kiến"},
        }
        asked = {"task": task["id"], **more.get(name, {})}
        return {**asked, "id": new_id()} if name in ("task.progress", "task.submit", "task.review", "task.comment") else asked

    def value(self, name: str, tasks: Sequence[Row]) -> Any:
        choices: dict[str, Sequence[Any]] = {
            "due": (self.due(), self.due()),
            "unit": (CAST.cntt, CAST.hcth, CAST.leadership),
            "field": (None, *FIELDS),
            "priority": ("normal", "urgent", "critical"),
            "kind": ("planned", "ad_hoc"),
            "parent": (None, *(one["id"] for one in tasks)),
        }
        return self.pick(choices[name])


def midnight(day: date) -> datetime:
    return local(day.year, day.month, day.day, 0)


def alive(task: Row, now: datetime) -> bool:
    """Whether anything can still happen to it: nothing to what lies long in the bin, or was accepted long ago."""
    return all(task[name] is None or task[name] > now - timedelta(days=days) for name, days in (("deleted_at", 30), ("completed_at", 7)))


def likely(task: Row, waiting: bool) -> list[tuple[str, str]]:
    """Moves that fit the state, by somebody who may."""
    lead, boss = task["lead"] or CAST.head, CAST.director
    if task["deleted_at"] is not None:
        return [("task.restore", boss)]
    if task["status"] == "proposed":
        return [("task.decide", boss), ("task.decide", boss), ("task.status", boss), ("task.bin", task["creator"])]
    if task["status"] in ("not_started", "in_progress"):
        carried = [(name, lead) for name in ("task.progress", "task.progress", "task.submit", "task.submit", "task.extend")]
        carried += [("task.assign", boss)] * 2 if task["handed_back"] else [("task.hand_back", lead)]
        more = ["task.decide"] * 3 if waiting else []
        return [*carried, *((name, boss) for name in (*more, "task.assign", "task.status", "task.edit", "task.edit", "task.bin"))]
    if task["status"] == "submitted":
        return [("task.review", boss), ("task.review", boss), ("task.review", boss), ("task.status", boss)]
    if task["status"] == "completed":
        return [("task.review_undo", boss), ("task.comment", lead)]
    return [("task.status", boss), ("task.status", boss), ("task.bin", boss), ("task.assign", boss), ("task.edit", boss)]


async def read(period: Period, today: date) -> tuple[dict[tuple[str, str, str], Counts], dict[str, float]]:
    """Everything that the sums say of a period, by unit, dimension and value."""
    found = await sums(UNITS, period, today, DIMS)
    cells = {(unit, dim, value): counts for unit, dims in found.items() for dim, values in dims.items() for value, counts in values.items()}
    return cells, await medians(UNITS, period)


async def check_period(record: Record, period: Period, today: date, pick: Pick) -> None:
    cells, middle = await read(period, today)
    assert cells == record.counts(period, today), period.code
    assert middle == record.medians(period), period.code
    unit = pick(UNITS)
    parts = await series(unit, period, PARTS[period.grain])
    for first in period.parts():
        last = next_start(PARTS[period.grain], first) - timedelta(days=1)
        counted = record.days(unit, first, last)
        counts = parts.get(first, Counts())
        assert {name: getattr(counts, name) for name in MEASURES[len(STOCK_MEASURES) :] if name != "due_next"} == {
            name: counted.get(name, 0) for name in MEASURES[len(STOCK_MEASURES) :] if name != "due_next"
        }, (period.code, first)
    await check_lists(record, cells, period, today, unit, pick)
    states = {one.plan: one for one in await plan_states(unit, period, today)}
    plans = record.plans(unit, period, today)
    assert set(states) == set(plans)
    for plan, amounts in plans.items():
        names = ("total", "done", "on_time", "late", "undated", "open", "overdue", "cancelled")
        assert {name: getattr(states[plan], name) for name in names} == {name: amounts.get(name, 0) for name in names}


async def check_lists(
    record: Record, cells: dict[tuple[str, str, str], Counts], period: Period, today: date, unit: str, pick: Pick
) -> None:
    """As many as the figure says, each as it stood."""
    dim, value = pick(sorted({(dim, value) for of, dim, value in cells if of == unit}) or [("total", "")])
    counts = cells.get((unit, dim, value), Counts())
    only = Only() if dim == "total" else Only(homes=[value]) if dim == "home" else Only(**{dim: value})
    lives = {life.task: life for life in record.lives}
    for of in LISTED:
        listed = await standings_at(unit, period, of, today, only)
        assert (listed.total, listed.seen, len(listed.rows)) == (getattr(counts, of),) * 3, (period.code, of, dim)
        for one in listed.rows:
            look = lives[one.task].by((period.before if of == "carried" else period).last)
            assert look is not None
            assert (one.state, one.due, one.lead, one.unit) == (look.status, look.due, look.lead, look.unit), (period.code, of)


async def history(url: str, pick: Pick, length: int) -> None:
    used = engines.use(engines.make(url))
    await used.open()
    try:
        await insert(Field, *({"id": one, "name": one} for one in FIELDS))
        one = History(pick, Desk(pick(BEGINS)))
        first = one.desk.today
        await one.live(length)
        record, today = await recounted(), one.desk.today
        for grain in GRAINS:
            period = Period.of(grain, today)
            await check_period(record, period, today, pick)
            for _ in range(3):
                period = period.before
                if period.last >= first:
                    await check_period(record, period, today, pick)
        for period, remembered in one.ended.items():
            assert await read(period, today) == remembered, f"{period.code} says something else than when it ended"
        while (await carry_out(Fold(), actor=None, now=one.desk.now, source="job"))["folded"]:
            pass
        for grain in GRAINS:
            period = Period.of(grain, today)
            assert (await read(period, today))[0] == record.counts(period, today), f"{period.code} changed with the last folding"
    finally:
        await used.close()


@given(seed=st.integers(0, 2**32), length=st.integers(30, 60))
@settings(
    max_examples=HISTORIES, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_every_figure_is_what_the_chain_says_and_no_past_period_moves(filled_sqlite: Path, seed: int, length: int) -> None:
    """The seed replays the history."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(filled_sqlite, Path(folder) / "office.sqlite3")
        asyncio.run(history(f"sqlite:///{folder}/office.sqlite3", random.Random(seed).choice, length))


@pytest.mark.parametrize("office_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_it_is_the_same_on_postgresql(office_url: str) -> None:
    asyncio.run(history(office_url, random.Random(7).choice, 60))

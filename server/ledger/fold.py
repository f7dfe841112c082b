"""Folding what changes added into the sums. Whoever reads adds what was not folded yet, so nobody waits for this."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import orjson

from server.ledger.grains import BITS, start_of
from server.ledger.hook import place_of
from server.ledger.rules import values_of
from server.storage.door import Command, handles
from server.storage.engine import places, rows
from server.storage.transaction import Transaction

#: What a report's cell may hold, as columns of ``figure_tally``.
MEASURES: Final = (
    "open",
    "not_started",
    "in_progress",
    "submitted",
    "paused",
    "overdue",
    "undated_open",
    "due_next",
    "assigned",
    "on_time",
    "late",
    "undated",
    "excused",
    "cancelled",
    "asked",
    "extended",
    "returned",
    "took",
)
STOCK_MEASURES: Final = MEASURES[:7]
#: Moves of one transaction of folding, and rows of one statement.
AT_ONCE: Final = 1000
ROWS: Final = 300
#: The row of ``counter`` that says how often was folded: a reader that sees it change reads again.
FOLDED: Final = "figures"

Cell = tuple[str, str, str, date, str]
DaysCell = tuple[str, str, date, int]


class Fold(Command, tag="figures.fold"):
    """Fold what waits into the sums."""

    at_most: int = AT_ONCE


class Sums:
    """Cells of ``figure_tally`` and of ``figure_days``, as differences."""

    def __init__(self) -> None:
        self.cells: dict[Cell, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.days: dict[DaysCell, int] = defaultdict(int)

    def add(self, move: Mapping[str, Any]) -> None:
        """Add one stored move, in every grain of it, to all units of its path."""
        place, amounts = place_of(move), orjson.loads(move["amounts"])
        days = {int(measure[5:]): amount for measure, amount in amounts.items() if measure.startswith("days:")}
        plain = [(measure, amount) for measure, amount in amounts.items() if not measure.startswith("days:")]
        dims = list(values_of(place))
        for grain, bit in BITS.items():
            if not move["grains"] & bit:
                continue
            start = start_of(grain, move["day"])
            for unit in place.path:
                # Days are drawn, never listed by person or field.
                for dim, value in dims[:1] if grain == "d" else dims:
                    cell = self.cells[unit, dim, grain, start, value]
                    for measure, amount in plain:
                        cell[measure] += amount
                if grain != "d":
                    for took, amount in days.items():
                        self.days[unit, grain, start, took] += amount


@handles(Fold)
async def fold(tx: Transaction, given: Fold) -> dict[str, Any]:
    """Take the moves that wait and add them to the sums. Answers how many were taken: ``at_most`` means that more may wait."""
    # First the counter: two that fold at once do it one after the other, and readers see that sums have moved.
    await rows(
        "INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
        FOLDED,
    )
    taken = await rows("DELETE FROM figure_move WHERE id IN (SELECT id FROM figure_move ORDER BY id LIMIT $1) RETURNING *", given.at_most)
    sums = Sums()
    for one in taken:
        sums.add(one)
    await _store_cells(sums)
    await _store_days(sums)
    return {"folded": len(taken)}


async def _store_cells(sums: Sums) -> None:
    names = ("unit", "dim", "grain", "start", "value", *MEASURES)
    listed = [(*cell, *(amounts.get(measure, 0) for measure in MEASURES)) for cell, amounts in sums.cells.items() if any(amounts.values())]
    added = ", ".join(f"{one} = figure_tally.{one} + excluded.{one}" for one in MEASURES)
    await _upsert("figure_tally", names, listed, f"(unit, dim, grain, start, value) DO UPDATE SET {added}")


async def _store_days(sums: Sums) -> None:
    listed = [(*cell, tasks) for cell, tasks in sums.days.items() if tasks]
    await _upsert(
        "figure_days",
        ("unit", "grain", "start", "days", "tasks"),
        listed,
        "(unit, grain, start, days) DO UPDATE SET tasks = figure_days.tasks + excluded.tasks",
    )


async def _upsert(table: str, names: tuple[str, ...], listed: list[tuple[Any, ...]], conflict: str) -> None:
    # In one order everywhere, so that two transactions never wait for each other.
    listed.sort(key=lambda one: tuple(map(str, one[:5])))
    for first in range(0, len(listed), ROWS):
        some = listed[first : first + ROWS]
        values = ", ".join(f"({places(len(names), 1 + n * len(names))})" for n in range(len(some)))
        await rows(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES {values} ON CONFLICT {conflict}", *(value for one in some for value in one)
        )

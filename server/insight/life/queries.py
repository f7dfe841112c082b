"""How the model in force has done on this office's own tasks since: what it said of them against what happened."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
import numpy as np

from ml.metrics import LEAST_OUTCOMES, by_group, measured
from server.insight.history.read import end_of
from server.storage.engine import Row, current, rows
from server.storage.ids import LOCAL

#: So many of the newest predictions are looked at, and so many draws make an interval: a page waits for it once a day.
MOST: Final = 6000
DRAWS: Final = 60
#: Parts of the table of calibration, and how many outcomes each of them wants.
BINS: Final = 10
OUTCOMES_A_BIN: Final = 10
CHECKS: Final = 12


class Bin(msgspec.Struct, frozen=True):
    """Predictions of about the same height: how many, what they said on average, and how many of them came true."""

    count: int
    said: float
    happened: float


class Here(msgspec.Struct, frozen=True):
    """What became of what this model said here. ``figures`` as ``ml.metrics.measured`` gives them; a room below 50 has its count."""

    tasks: int
    late: int
    predictions: int
    figures: dict[str, Any]
    bins: list[Bin]
    by_unit: dict[str, dict[str, Any]]


class Outcome(msgspec.Struct, frozen=True):
    """One prediction and what happened to the task by the due date that stood then."""

    task: str
    unit: str
    share: int
    said: float
    late: bool


async def files() -> list[Row]:
    """Every model of the office's own, the newest first."""
    return await rows(
        "SELECT id, state, card, verdict, made_at, since, until FROM model_file WHERE name = 'risk' ORDER BY made_at DESC, id"
    )


async def checks() -> list[Row]:
    """The last looks at the model, the newest first."""
    return await rows(f"SELECT * FROM model_check ORDER BY at DESC LIMIT {CHECKS}")


#: By version: for which engine and day it holds, and what it is.
_kept: dict[str, tuple[tuple[object, date], Here]] = {}


async def here(version: str, now: datetime) -> Here:
    """How this version has done; counted once a day and process, in a thread."""
    mark = (current(), now.astimezone(LOCAL).date())
    kept = _kept.get(version)
    if kept is None or kept[0] != mark:
        _kept.clear()
        found = await outcomes(version, now)
        kept = _kept[version] = (mark, await asyncio.to_thread(judged, found))
    return kept[1]


async def outcomes(version: str, now: datetime) -> list[Outcome]:
    """The newest predictions whose outcome is known: closed by the due date of then, or that date has passed. No cancelled ones."""
    today = now.astimezone(LOCAL).date()
    found = await rows(
        "SELECT m.task, m.due, m.share, m.probability, t.unit, t.status, t.submitted_at FROM risk_mark m JOIN task t ON t.id = m.task "
        "WHERE m.model = $1 AND t.deleted_at IS NULL AND t.status <> 'cancelled' "
        f"AND (m.due < $2 OR t.status IN ('submitted', 'completed')) ORDER BY m.at DESC LIMIT {MOST}",
        version,
        today,
    )
    known = []
    for one in found:
        closed = one["submitted_at"] if one["status"] in ("submitted", "completed") else None
        in_time = closed is not None and closed <= end_of(one["due"])
        if in_time or one["due"] < today:
            known.append(Outcome(one["task"], one["unit"] or "", one["share"], one["probability"] / 1e6, not in_time))
    return known


def judged(found: Sequence[Outcome]) -> Here:
    """The figures; nothing but counts below 50 outcomes."""
    tasks = {name: place for place, name in enumerate(dict.fromkeys(one.task for one in found))}
    number = np.array([tasks[one.task] for one in found], np.int64)
    late = np.array([one.late for one in found], bool)
    said = np.array([one.said for one in found], float)
    share = np.array([one.share / 100 for one in found], float)
    figures = measured(number, late, said, share, DRAWS)
    enough = len(tasks) >= LEAST_OUTCOMES
    return Here(
        tasks=len(tasks),
        late=len({one.task for one in found if one.late}),
        predictions=len(found),
        figures=figures if enough else {},
        bins=bins_of(said, late, len(tasks)) if enough else [],
        by_unit=by_group([one.unit for one in found], late, said, share, number) if enough else {},
    )


def bins_of(said: np.ndarray[Any, Any], late: np.ndarray[Any, Any], tasks: int) -> list[Bin]:
    """Parts of equal mass, from the lowest probability to the highest."""
    parts = np.array_split(np.argsort(said, kind="stable"), max(2, min(BINS, tasks // OUTCOMES_A_BIN)))
    return [Bin(len(part), float(said[part].mean()), float(late[part].mean())) for part in parts if len(part)]

"""Scoring: every open task within a minute of a change, and all of them each night."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from ml.errors import ModelRefused
from ml.score import Score, score_open
from ml.tables import Log
from server.insight.history.read import Record
from server.insight.life.store import InForce, in_force
from server.insight.risk import rules
from server.insight.risk.commands import KeepRisks, Reasoned, Scored
from server.people.queries import directory
from server.storage.door import carry_out
from server.storage.engine import row, rows
from server.storage.ids import LOCAL

log = logging.getLogger("soviec.insight")

#: Scores in one transaction: enough to be quick, few enough that nobody who writes has to wait.
BATCH: Final = 500
#: Local hour after which everything is scored anew, once a night: the clock alone changes what is likely.
NIGHT_HOUR: Final = 2


class Scorer:
    """What one worker process knows of the record. ``tick`` may be called as often as wanted; several workers only do the same twice."""

    def __init__(self, data: Path, clock: Callable[[], datetime]) -> None:
        self.data = data
        self.clock = clock
        self.record = Record()
        self._refused = ""
        #: Of what the model can't say anything (it has not begun), when it was last tried: not asked again before it changes or the night.
        self._unsaid: dict[str, datetime] = {}

    async def tick(self) -> int:
        """Score what changed since it was scored, or everything if the night's round is due. Answers how many tasks were scored."""
        now = self.clock()
        used = await self._model()
        if used is None:
            return 0
        round_of = _night(now)
        stale = await rows(
            "SELECT t.id, t.changed_at FROM task t LEFT JOIN risk r ON r.id = t.id "
            "WHERE t.deleted_at IS NULL AND t.due IS NOT NULL AND t.due >= $1 AND (t.start IS NULL OR t.start <= $1) "
            "AND t.status IN ('not_started', 'in_progress') "
            "AND (r.id IS NULL OR r.at < t.changed_at OR r.at < $2 OR r.model <> $3)",
            now.astimezone(LOCAL).date(),
            round_of,
            used.version,
        )
        over = await rows(
            "SELECT r.id FROM risk r LEFT JOIN task t ON t.id = r.id WHERE t.id IS NULL OR t.deleted_at IS NOT NULL OR t.due IS NULL "
            "OR t.due < $1 OR t.status NOT IN ('not_started', 'in_progress')",
            now.astimezone(LOCAL).date(),
        )
        wanted = {one["id"] for one in stale if not self._tried(one["id"], one["changed_at"], round_of)}
        if not wanted and not over:
            return 0
        scores: list[Scored] = []
        if wanted:
            await self.record.refresh(now)
            history = self.record.log(await directory(), now)
            # In a thread: letters go on while a province's tasks are scored.
            scores = await asyncio.to_thread(self._score, used, history, now, wanted)
            self._unsaid.update(dict.fromkeys(wanted - {one.task for one in scores}, now))
        await self._keep(used, scores, [one["id"] for one in over], now)
        return len(scores)

    def _tried(self, task: str, changed: datetime, round_of: datetime) -> bool:
        at = self._unsaid.get(task)
        return at is not None and at >= changed and at >= round_of

    async def _model(self) -> InForce | None:
        try:
            used = await in_force(self.data)
        except ModelRefused as problem:
            if str(problem) != self._refused:
                self._refused = str(problem)
                log.error("no model can be used, risks stay as they are: %s", problem)
            return None
        self._refused = ""
        return used

    def _score(self, used: InForce, history: Log, now: datetime, wanted: set[str]) -> list[Scored]:
        found = score_open(used.model, history, now, only=wanted, holidays=history.holidays, utc_offset=history.utc_offset)
        places = {name: place for place, name in enumerate(history.tasks.ids)}
        return [_scored(one, history, places[one.id], now) for one in found]

    async def _keep(self, used: InForce, scores: list[Scored], over: list[str], now: datetime) -> None:
        first = await row("SELECT 1 AS one FROM risk LIMIT 1") is None
        for start in range(0, max(len(scores), len(over)), BATCH):
            part = slice(start, start + BATCH)
            asked = KeepRisks(model=used.version, local=used.local, scores=scores[part], over=over[part], first=first)
            await carry_out(asked, actor=None, now=now, source="job")


def _scored(one: Score, history: Log, place: int, now: datetime) -> Scored:
    begins, ends = history.tasks.created[place], history.tasks.due[place]
    known = bool(np.isfinite(begins) and np.isfinite(ends))
    share = rules.mark(datetime.fromtimestamp(begins, now.tzinfo), datetime.fromtimestamp(ends, now.tzinfo), now) if known else None
    reasons = [Reasoned(reason.group, round(reason.drop, 4), rules.rounded(reason.values)) for reason in one.reasons]
    return Scored(one.id, round(one.probability * rules.MILLION), one.band, reasons, share)


def _night(now: datetime) -> datetime:
    """The moment of the last night's round."""
    here = now.astimezone(LOCAL)
    night = here.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return (night if here >= night else night - timedelta(days=1)).astimezone(now.tzinfo)


async def scored_at() -> datetime | None:
    """When the last score was kept."""
    found = await row("SELECT at FROM risk ORDER BY at DESC LIMIT 1")
    return found["at"] if found else None

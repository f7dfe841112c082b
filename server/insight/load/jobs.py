"""Counting everybody's load again when something that it is made of may have changed."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

import orjson

from ml.errors import ModelRefused
from ml.overload import Overload, load
from server.calendar.current import working_days
from server.insight.load import rules
from server.insight.load.commands import Counted, KeepLoads
from server.insight.load.read import Carried, carried, working_dates
from server.people.queries import directory
from server.storage.door import carry_out
from server.storage.engine import row, rows
from server.storage.ids import LOCAL

log = logging.getLogger("soviec.insight")

#: Tasks named with a load: the page shows these, the sum counts all.
MOST_TASKS: Final = 30
BATCH: Final = 300
THOUSAND: Final = 1000


class Counter:
    """What one worker process remembers of the last count: nothing is counted while nobody wrote anything and the day is the same."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._seen: tuple[object, ...] = ()
        self._model: Overload | None = None

    async def tick(self) -> int:
        """Count, if there may be something new. Answers how many people's loads changed."""
        now = self.clock()
        today = now.astimezone(LOCAL).date()
        found = await row("SELECT max(seq) AS seq FROM audit_entry")
        mark = (found["seq"] if found else None, today, working_days())
        if mark == self._seen:
            return 0
        if self._model is None:
            try:
                self._model = load()
            except ModelRefused as problem:
                log.error("loads stay as they are: %s", problem)
                self._seen = mark
                return 0
        people = await carried(today, working_days(), await directory())
        counted = self._counted(self._model, people, now)
        stored = {one["id"]: one for one in await rows("SELECT * FROM load")}
        new = [one for one in counted if not _same(stored.get(one.person), one)]
        over = sorted(stored.keys() - {one.person for one in counted})
        for start in range(0, max(len(new), len(over)), BATCH):
            part = KeepLoads(model=self._model.card.version, loads=new[start : start + BATCH], over=over[start : start + BATCH])
            await carry_out(part, actor=None, now=now, source="job")
        self._seen = mark
        return len(new)

    def _counted(self, model: Overload, people: list[Carried], now: datetime) -> list[Counted]:
        days = working_dates(now.astimezone(LOCAL).date(), working_days())
        after, peaks = model.indexes([one.demand for one in people], [one.capacity for one in people])
        made = []
        for person, indexes, peak in zip(people, after, peaks, strict=True):
            low, high = rules.interval(float(peak), person.work)
            made.append(
                Counted(
                    person=person.person,
                    peak=round(float(peak) * THOUSAND),
                    low=round(low * THOUSAND),
                    high=round(high * THOUSAND),
                    band=rules.band(round(float(peak), 3)),
                    days=[
                        {"day": day.isoformat(), "demand": round(asked), "capacity": round(there), "index": round(float(one) * THOUSAND)}
                        for day, asked, there, one in zip(days, person.demand, person.capacity, indexes, strict=True)
                    ],
                    tasks=[
                        {"task": one.task, "minutes": round(one.minutes), "source": one.source}
                        for one in sorted(person.work, key=lambda one: (-one.minutes, one.task))[:MOST_TASKS]
                    ],
                )
            )
        return made


def _same(stored: dict[str, object] | None, new: Counted) -> bool:
    return (
        stored is not None
        and (stored["peak"], stored["low"], stored["high"]) == (new.peak, new.low, new.high)
        and orjson.loads(str(stored["days"])) == new.days
        and orjson.loads(str(stored["tasks"])) == new.tasks
    )

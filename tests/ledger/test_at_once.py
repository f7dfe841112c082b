"""Many who write, two who fold and two who read at the same moment: nobody sees a sum that never was, and nothing is counted twice."""

import asyncio
from datetime import date

import pytest

from server.ledger.fold import Fold
from server.ledger.grains import Period
from server.ledger.read import medians, series, sums
from server.storage.door import carry_out
from server.storage.engine import rows
from tests.ledger.recount import DIMS, recounted
from tests.office import CAST
from tests.tasks.desk import Desk, local

pytestmark = pytest.mark.anyio
UNITS = (CAST.ministry, CAST.centre, CAST.hcth, CAST.cntt)
WRITERS, TASKS = 4, 4


async def test_sums_are_whole_at_every_moment_and_right_at_the_end(engine: object) -> None:
    now = local(2026, 3, 30)
    today, month = date(2026, 3, 30), Period.read("2026-03")
    writing = True
    seen: list[int] = []

    async def write(lead: str) -> None:
        desk = Desk(now)
        for n in range(TASKS):
            task = await desk.submitted(lead=lead, due=date(2026, 3, 20 + n * 3))
            if n % 2:
                await desk.do(CAST.head, "task.review", task=task, verdict="accept")
            # On SQLite nobody else has a turn before somebody waits.
            await asyncio.sleep(0.005)

    async def fold() -> None:
        while writing:
            await carry_out(Fold(at_most=2), actor=None, now=now, source="job")
            await asyncio.sleep(0.002)

    async def read() -> None:
        last = 0
        while writing:
            total = (await sums([CAST.cntt], month, today, ("total", "lead")))[CAST.cntt]
            whole = total["total"].get("")
            if whole is not None:
                assert (whole.moved, whole.carried, whole.total) == (0, 0, whole.assigned)
                for name in ("open", "submitted", "on_time", "assigned", "took"):
                    assert sum(getattr(one, name) for one in total["lead"].values()) == getattr(whole, name), name
                assert whole.assigned >= last, "what was folded meanwhile was missed"
                last = whole.assigned
                seen.append(last)
            await medians([CAST.cntt], month)
            await series(CAST.cntt, month, "d")
            await asyncio.sleep(0.002)

    busy = [asyncio.create_task(work()) for work in (fold, fold, read, read)]
    try:
        await asyncio.gather(*(write(lead) for lead in (CAST.officer, CAST.colleague) * (WRITERS // 2)))
    finally:
        writing = False
        await asyncio.gather(*busy)
    assert len(set(seen)) > 1, "nobody read while they wrote"
    record = await recounted()

    async def check() -> None:
        found = await sums(UNITS, month, today, DIMS)
        cells = {(unit, dim, value): one for unit, dims in found.items() for dim, some in dims.items() for value, one in some.items()}
        assert cells == {key: one for key, one in record.counts(month, today).items() if key[0] in UNITS}
        assert cells[CAST.cntt, "total", ""].assigned == WRITERS * TASKS

    await check()
    await asyncio.gather(*(carry_out(Fold(), actor=None, now=now, source="job") for _ in range(3)))
    assert await rows("SELECT id FROM figure_move") == []
    await check()

"""``python -m tests.bench.figures``: what one page of figures reads of a province of a million tasks; folding; what the record costs.

The database is made once and kept beside the temporary files. ``--postgres`` copies it into a server of its own and asks that too.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from server.ledger.fold import MEASURES
from server.ledger.grains import PARTS, Period
from server.ledger.listing import Only, plan_states, standings_at
from server.ledger.read import medians, series, sums
from server.ledger.rules import DIMENSIONS
from server.storage import engine
from tests.bench.figures_fill import CENTRES, PROVINCE, TODAY, centre, fill, room

#: Another layout of the tables is another file.
LAYOUT = 2
Work = Callable[[], Awaitable[object]]


def place(tasks: int) -> Path:
    """The file of so many tasks."""
    folder = Path(os.environ.get("SOVIEC_BENCH", Path(tempfile.gettempdir()) / "soviec-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"figures-{LAYOUT}-{len(MEASURES)}-{tasks}.sqlite3"


async def made(tasks: int) -> Path:
    """The file, made if it is not there."""
    path = place(tasks)
    if not path.exists():
        began = time.perf_counter()
        unfinished = path.with_suffix(".unfinished")
        for one in (unfinished, *unfinished.parent.glob(f"{unfinished.name}-*")):
            one.unlink(missing_ok=True)
        await fill(unfinished, tasks)
        unfinished.rename(path)
        print(f"made {path} ({path.stat().st_size / 1e6:.0f} MB) in {time.perf_counter() - began:.0f} s")
    return path


async def timed(work: Work, times: int = 5) -> float:
    """Milliseconds, the best of some warm tries: whatever else the machine does is not what is measured."""
    await work()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


def parts_of(unit: str, below: list[str], period: Period) -> dict[str, Work]:
    """What a page of a unit reads, by name."""
    of_parts = PARTS[period.grain]
    return {
        "sums": lambda: sums([unit], period, TODAY, DIMENSIONS),
        "before": lambda: sums([unit], period.before, TODAY, ("total", "lead", "home")),
        "a year before": lambda: sums([unit], period.year_before, TODAY),
        "units below": lambda: sums(below or [unit], period, TODAY),
        "days": lambda: series(unit, period, "d"),
        "parts": lambda: series(unit, period, of_parts),
        "medians": lambda: medians([unit, *below], period),
        "plans": lambda: plan_states(unit, period, TODAY),
    }


async def measure() -> None:
    """Print what each part of each page takes."""
    units = {
        "province": (PROVINCE, [centre(n) for n in range(CENTRES)]),
        "centre": (centre(7), [room(35 + n) for n in range(5)]),
        "room": (room(37), []),
    }
    for code in ("2026", "2026-Q4", "2026-11", "2026-W47", "2025", "2025-03"):
        for name, (unit, below) in units.items():
            took = {part: await timed(work) for part, work in parts_of(unit, below, Period.read(code)).items()}
            said = ", ".join(f"{part} {milliseconds:.0f}" for part, milliseconds in took.items())
            print(f"{code:9} {name:9} {sum(took.values()):6.0f} ms   ({said})", flush=True)
    year = Period.read("2026")
    for of in ("done", "open", "overdue"):
        for name, (unit, _) in units.items():
            found = await standings_at(unit, year, of, TODAY)
            counts = (await sums([unit], year, TODAY))[unit]["total"][""]
            assert found.total == getattr(counts, of), (of, name, found.total, counts)
            took_list = await timed(lambda unit=unit, of=of: standings_at(unit, year, of, TODAY, Only(), limit=50), 2)  # type: ignore[misc]
            print(f"the {found.total} tasks of {of} of the {name}: {took_list:.0f} ms", flush=True)


async def main(tasks: int) -> None:
    """All of it."""
    path = await made(tasks)
    used = engine.use(engine.make(f"sqlite:///{path}"))
    await used.open()
    (cells,) = await engine.rows("SELECT count(*) AS n FROM figure_tally")
    print(f"SQLite, {tasks} tasks, {cells['n']} cells")
    await measure()
    await used.close()


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--tasks", type=int, default=1_000_000)
    asyncio.run(main(ask.parse_args().tasks))

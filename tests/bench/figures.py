"""``python -m tests.bench.figures``: what one page of figures reads of a province of a million tasks; folding; what the record costs.

The database is made once and kept beside the temporary files. ``--postgres`` copies it into a server of its own and asks that too.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from server.ledger.fold import MEASURES
from server.ledger.grains import PARTS, Period
from server.ledger.listing import Only, plan_states, standings_at
from server.ledger.read import medians, series, sums
from server.ledger.rules import DIMENSIONS
from server.schema.upgrade import upgrade
from server.storage import engine
from server.storage.postgres import PooledPostgres
from tests import postgres
from tests.bench import figures_cost
from tests.bench.figures_fill import CENTRES, PROVINCE, TODAY, centre, copied, fill, room

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


#: Units below the province, which has more people than a page lists.
MANY = 50


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
    """What a page of a unit reads, by name, as ``server/reports/build/read.py`` does: a very large one lists no people."""
    of_parts = PARTS[period.grain]
    dims = tuple(one for one in DIMENSIONS if one != "lead") if len(below) > MANY else DIMENSIONS
    return {
        "sums": lambda: sums([unit], period, TODAY, dims),
        "before": lambda: sums([unit, *below], period.before, TODAY, ("total",) if below else ("total", "lead")),
        "a year before": lambda: sums([unit], period.year_before, TODAY),
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
            took_list = await timed(partial(standings_at, unit, year, of, TODAY, Only(), limit=50), 2)
            print(f"the {found.total} tasks of {of} of the {name}: {took_list:.0f} ms", flush=True)


#: What is copied into PostgreSQL.
TABLES = ("unit", "person", "field", "task_standing", "task_flow", "figure_tally", "figure_days")


async def copy(path: Path, url: str) -> None:
    """The file's rows into PostgreSQL."""
    used = engine.make(url)
    assert isinstance(used, PooledPostgres)
    engine.use(used)
    await used.open()
    await upgrade()
    for table in TABLES:
        kinds = {one["column_name"]: one["data_type"] for one in await engine.rows(COLUMNS, table)}
        into = await used.get_new_connection()
        for names, some in copied(path, table):
            made = [tuple(_value(kinds[name], value) for name, value in zip(names, row, strict=True)) for row in some]
            await into.copy_records_to_table(table, records=made, columns=names)
        await into.close()
    await engine.rows("VACUUM ANALYZE")
    await used.close()


COLUMNS = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1"


def _value(kind: str, value: object) -> object:
    if value is None:
        return None
    if kind == "date":
        return date.fromisoformat(str(value))
    if kind.startswith("timestamp"):
        return datetime.fromisoformat(str(value))
    return bool(value) if kind == "boolean" else value


async def asked(url: str, tasks: int) -> None:
    """Measure on an engine."""
    used = engine.use(engine.make(url))
    await used.open()
    (cells,) = await engine.rows("SELECT count(*) AS n FROM figure_tally")
    print(f"\n{url.split(':')[0]}, {tasks} tasks, {cells['n']} cells")
    await measure()
    await used.close()


def main(words: list[str] | None = None) -> None:
    """All of it."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--tasks", type=int, default=1_000_000)
    ask.add_argument("--postgres", action="store_true")
    given = ask.parse_args(words)
    figures_cost.main()
    path = asyncio.run(made(given.tasks))
    asyncio.run(asked(f"sqlite:///{path}", given.tasks))
    if given.postgres:
        server = postgres.start()
        try:
            url = server.create()
            asyncio.run(copy(path, url))
            asyncio.run(asked(url, given.tasks))
        finally:
            postgres.stop(server)


if __name__ == "__main__":
    main()

"""Files of reports: the month of an office of 36 people as a workbook, the list of 50,000 tasks, and what pages take meanwhile."""

import asyncio
import os
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from server import settings
from server.ledger.grains import Period
from server.people.queries import directory
from server.reports.build import report_of
from server.reports.making.child import ordered
from server.reports.making.rules import What
from server.reports.making.wire import Order, Said
from server.reports.workbook import workbook
from server.settings import Settings
from server.storage import engine
from server.storage.ids import LOCAL, new_id, utc_now
from tests.bench import load
from tests.bench.__main__ import Person, free_port, process
from tests.bench.fill import PASSWORD, fill

TASKS = 50_000
#: What hangs on a task: its columns that hold its identifier, and those that are one of their own.
COPIED = {
    "task": ("id", ()),
    "task_standing": ("task", ("id",)),
    "task_flow": ("task", ("id",)),
    "assignment": ("task", ("id",)),
    "task_scope": ("task", ("id",)),
}


def multiply(path: Path, tasks: int) -> None:
    """Copy what a report counts until there are so many tasks; through the door that would take a quarter of an hour."""
    with sqlite3.connect(path) as database:
        (had,) = database.execute("SELECT count(*) FROM task").fetchone()
        times = -(-tasks // had) - 1
        counted = f"WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {times})"
        for table, (whose, own) in COPIED.items():
            columns = [one[1] for one in database.execute(f"PRAGMA table_info({table})")]
            taken = []
            for name in columns:
                if name == whose or name in own:
                    taken.append(f"printf('%06x', k) || substr(\"{name}\", 7)")
                elif table == "task" and name == "ordinal":
                    taken.append(f"ordinal + k * {had}")
                else:
                    taken.append(f'"{name}"')
            named = ", ".join(f'"{one}"' for one in columns)
            where = "WHERE id <> ''"
            database.execute(f"INSERT INTO {table} ({named}) {counted} SELECT {', '.join(taken)} FROM {table}, n {where}")
        database.execute("ANALYZE")


async def _ordered(given: Settings, what: What, period: str, unit: str, person: str) -> tuple[str, Said]:
    """How long it took, by the clock and of processors, and what was made."""
    path = given.data / new_id()
    order = Order(what=what, unit=unit, period=period, filed=None, person=person, now=utc_now(), path=str(path))
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    said = await ordered(order, given, lambda _: None)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    path.unlink()
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return f"{took:.2f} s, {processor:.2f} s of processors   {said.size // 1024} kB", said


async def _made(given: Settings) -> tuple[str, str]:
    """The office with its demo year; the centre and the director."""
    from server.schema.upgrade import upgrade

    used = engine.use(engine.make(given.database))
    await used.open()
    await upgrade()
    await fill(0)
    known = await directory()
    director = known.by_username("giamdoc")
    assert director is not None
    centre = known.centre_of(director.unit)
    assert centre is not None
    await _month(centre)
    await used.close()
    return centre, director.id


async def _month(centre: str) -> None:
    now = utc_now()
    period = Period.of("m", now.astimezone(LOCAL).date())
    report = await report_of(centre, period.before, now)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        workbook(report)
        took.append(time.perf_counter() - began)
    print(f"  the month's workbook without its tasks, written   {sorted(took)[2] * 1000:.0f} ms")


def _meanwhile(given: Settings, unit: str) -> None:
    port = free_port()
    env = {**os.environ, **settings.handed_down(given), "SOVIEC_HOST": "127.0.0.1", "SOVIEC_PORT": str(port), "SOVIEC_WORKERS": "0"}
    with process(["-m", "server", "run"], port, "/sign-in", env):
        boss = Person(port, "giamdoc")

        def again(_: int) -> Iterator[bytes]:
            while True:
                yield boss.get("/")

        print(f"  Hôm nay, nothing else   {asyncio.run(load.run(port, again, 1, 3)).line()}")
        year = str(utc_now().year)
        fields = {"period": year, "unit": unit, "format": "listing", "csrf_token": boss.csrf}
        page = boss.http.post("/reports/files", data=fields).headers["location"]
        print(f"  while a list is made    {asyncio.run(load.run(port, again, 1, 3)).line()}")
        while "Đang tạo" in boss.http.get(page).text:
            time.sleep(0.2)


def main() -> None:
    """Print the figures."""
    print("\nfiles of reports")
    with tempfile.TemporaryDirectory(prefix="soviec-bench-") as folder:
        given = settings.read({"SOVIEC_DATA_DIR": folder, "SOVIEC_DEMO_PASSWORD": PASSWORD})
        unit, person = asyncio.run(_made(given))
        month = Period.of("m", utc_now().astimezone(LOCAL).date()).before.code
        took, said = asyncio.run(_ordered(given, "xlsx", month, unit, person))
        print(f"  the month of 36 people with its tasks, its process too   {took}")
        multiply(given.data / "soviec.sqlite3", TASKS)
        # The same process with a short list first: what is above that is the length's.
        _, short = asyncio.run(_ordered(given, "listing", "2020", unit, person))
        took, said = asyncio.run(_ordered(given, "listing", str(utc_now().year), unit, person))
        print(
            f"  {TASKS} tasks as a list   {took}   "
            f"at most {said.memory // 2**20} MB, of which {(said.memory - short.memory) // 2**20} MB for the length"
        )
        _meanwhile(given, unit)


if __name__ == "__main__":
    main()

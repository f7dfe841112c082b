"""What writing the record costs: a report, a task given, a plan of 5,000 rows in one transaction; with the ledger and without it."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import server.tasks.commands  # noqa: F401  (registers the commands)
from server.ledger.fold import Fold
from server.ledger.hook import note
from server.storage import engine, transaction
from server.storage.door import Command, carry_out, command, handles, inside
from server.storage.engine import row
from server.storage.ids import new_id
from tests.office import CAST, NOW, fill

ROWS = 5000


class Many(Command, tag="bench.many"):
    """As a plan does it: many tasks in one transaction."""

    rows: int


@handles(Many)
async def many(tx: transaction.Transaction, given: Many) -> dict[str, object]:
    """Each with a due date of its own."""
    for n in range(given.rows):
        due = (date(2026, 12, 1) + timedelta(days=n % 90)).isoformat()
        await inside(
            tx, command("task.create", {"id": new_id(), "title": f"Việc {n}", "lead": CAST.officer, "due": due, "plan": CAST.cntt})
        )
    return {}


@contextmanager
def without() -> Iterator[None]:
    """Nothing is written into the ledger."""
    kept = transaction._additions[:]
    transaction._additions[:] = [one for one in kept if one is not note]
    try:
        yield
    finally:
        transaction._additions[:] = kept


async def reports(task: str, times: int) -> float:
    """Milliseconds of processor time of a progress report."""
    began = time.process_time()
    for n in range(times):
        asked = command("task.progress", {"id": new_id(), "task": task, "percent": n % 100, "note": "Đang làm"})
        await carry_out(asked, actor=CAST.officer, now=NOW, source="page", mutation=new_id())
    return (time.process_time() - began) / times * 1000


async def given(times: int) -> float:
    """Milliseconds of processor time of giving a task."""
    began = time.process_time()
    for n in range(times):
        asked = command("task.create", {"id": new_id(), "title": f"Việc {n}", "lead": CAST.officer, "due": "2026-12-31"})
        await carry_out(asked, actor=CAST.head, now=NOW, source="page", mutation=new_id())
    return (time.process_time() - began) / times * 1000


async def imported() -> float:
    """Seconds of processor time of the plan."""
    began = time.process_time()
    await carry_out(Many(rows=ROWS), actor=CAST.director, now=NOW, source="import")
    return time.process_time() - began


async def measure(url: str) -> None:
    """In turns, so that a busy moment of the machine hits both."""
    used = engine.use(engine.make(url))
    await used.open()
    task = new_id()
    await carry_out(command("task.create", {"id": task, "title": "Việc", "lead": CAST.officer}), actor=CAST.head, now=NOW, source="page")
    await reports(task, 20)
    for name, work, times in (
        ("a report", lambda: reports(task, 100), 7),
        ("giving a task", lambda: given(60), 7),
        ("5,000 rows (s)", imported, 2),
    ):
        bare, whole = [], []
        for _ in range(times):
            with without():
                bare.append(await work())
            whole.append(await work())
        low, high = statistics.median(bare), statistics.median(whole)
        print(f"{name}: {low:.2f} without, {high:.2f} with the ledger: {(high / low - 1) * 100:+.1f} %", flush=True)
    waits = await row("SELECT count(*) AS n FROM figure_move")
    assert waits is not None
    began, folded, longest = time.perf_counter(), 0, 0.0
    while True:
        one = time.perf_counter()
        taken = (await carry_out(Fold(), actor=None, now=NOW, source="job"))["folded"]
        longest = max(longest, time.perf_counter() - one)
        folded += taken
        if not taken:
            break
    took = time.perf_counter() - began
    print(f"{folded} moves folded in {took:.2f} s: {folded / took:.0f} a second; a writer waits at most {longest * 1000:.0f} ms")
    await used.close()


def main() -> None:
    """On SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/office.sqlite3"
        fill(url)
        asyncio.run(measure(url))


if __name__ == "__main__":
    main()

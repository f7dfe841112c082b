"""``python -m tests.bench.risks``: how long it takes to score every open task anew, from the record to the rows of ``risk``."""

import argparse
import asyncio
import random
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import server.insight.commands  # noqa: F401  (registers the commands)
from ml.model import SHIPPED
from server.demo.make import make_demo
from server.insight.life import store
from server.insight.risk.jobs import Scorer
from server.people.queries import directory
from server.schema.upgrade import upgrade
from server.storage import engine
from server.storage.door import carry_out, command
from server.storage.engine import row
from server.storage.ids import new_id, utc_now
from server.storage.transaction import together
from tests.bench.fill import PASSWORD, title

BATCH = 500


async def fill(tasks: int, now: datetime) -> None:
    """The demo office and so many open tasks that are due after now, with up to three reports each; one in five besides is finished."""
    await make_demo(PASSWORD, now)
    rng = random.Random(6)
    known = await directory()
    director = known.by_username("giamdoc")
    assert director is not None
    officers = [one for one in known.people.values() if one.position in ("officer", "deputy_head", "head")]
    for batch in range(0, tasks + tasks // 5, BATCH):
        async with together():
            for n in range(batch, min(batch + BATCH, tasks + tasks // 5)):
                begun, lead, task = now - timedelta(days=rng.uniform(1, 60)), rng.choice(officers), new_id()
                due = (now + timedelta(days=rng.randint(1, 60))).date().isoformat()
                given = {"id": task, "title": title(rng, n), "lead": lead.id, "due": due}
                await carry_out(command("task.create", given), actor=director.id, now=begun, source="demo")
                for step in range(rng.randint(0, 3)):
                    at = begun + (now - begun) * (step + 1) / 4
                    report = {"id": new_id(), "task": task, "percent": 20 * (step + 1), "note": "Đang làm"}
                    await carry_out(command("task.progress", report), actor=lead.id, now=at, source="demo")
                if n >= tasks:
                    await carry_out(command("task.submit", {"id": new_id(), "task": task}), actor=lead.id, now=now, source="demo")
        print(f"\r{min(batch + BATCH, tasks + tasks // 5)} tasks", end="", flush=True)
    print()


async def measure(tasks: int) -> None:
    """The first look of a worker that has just begun reads two years of the record; each later night's only what is new."""
    now = utc_now()
    with tempfile.TemporaryDirectory() as folder:
        used = engine.use(engine.make(f"sqlite:///{folder}/soviec.sqlite3"))
        await used.open()
        await upgrade()
        await fill(tasks, now)
        at = now + timedelta(minutes=1)
        scorer = Scorer(Path(folder), lambda: at)
        for what in ("first look", "the night's round", "another night's round"):
            began, used_before = time.perf_counter(), time.process_time()
            count = await scorer.tick()
            took, worked = time.perf_counter() - began, time.process_time() - used_before
            print(f"{what}: {count} tasks in {took:.2f} s ({worked:.2f} s of the processor)")
            at += timedelta(days=1)
        found = await row("SELECT count(*) AS n FROM risk")
        print(f"{found['n'] if found else 0} rows")
        await used.close()


def main() -> None:
    """The command."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tasks", type=int, default=10_000)
    asked.add_argument("--model", type=Path, default=SHIPPED, help="another model than the one that ships with the product")
    given = asked.parse_args()
    with patch.object(store, "SHIPPED", given.model):
        asyncio.run(measure(given.tasks))


if __name__ == "__main__":
    main()

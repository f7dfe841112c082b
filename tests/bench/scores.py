"""Scores: recomputing a month of 3,000 people with 40 lines each, and opening a room's month, on SQLite."""

import asyncio
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from server.kpi.queries.room import room
from server.kpi.queries.sheets import sheet
from server.kpi.record import book_of, computed
from server.kpi.rules.lines import Line
from server.kpi.rules.ruleset import RuleSet
from server.kpi.rules.score import score
from server.people.tables import Person, Unit
from server.schema.upgrade import upgrade
from server.storage import engine
from server.storage.door import carry_out, command
from server.storage.ids import new_id
from server.storage.transaction import together
from server.tasks.tables import Assignment, Report, Review, Task
from tests.bench.more import spread, timed

PEOPLE, LINES, ROOM = 3000, 40, 12
THEN, NOW = datetime(2026, 11, 2, 2, tzinfo=UTC), datetime(2026, 11, 28, 2, tzinfo=UTC)
#: One day in November for each line.
DUES = [datetime(2026, 11, 1 + n % 28, tzinfo=UTC).date() for n in range(LINES)]


def a_line(rng: random.Random, name: str) -> Line:
    """Some line."""
    return Line(
        id=name, k=rng.choice((800, 1000, 2700)), assigned=rng.choice((1000, 3000)), accepted=rng.choice((0, 800, 1000)),
        late=rng.choice((0, 0, 1, 4)), failed=rng.choice((0, 0, 1)),
    )  # fmt: skip


def pure() -> float:
    """Seconds for every person's score from lines that are at hand."""
    rng, rules = random.Random(1), RuleSet()
    people = [[a_line(rng, f"{person}-{n}") for n in range(LINES)] for person in range(PEOPLE)]
    began = time.perf_counter()
    for lines in people:
        score(lines, 28_000, rules)
    return time.perf_counter() - began


async def fill() -> tuple[str, str]:
    """Rooms of twelve with 40 tasks each, all handed in, nine of ten accepted; the director and a head."""
    centre, director = new_id(), new_id()
    rng = random.Random(2)
    units: list[dict[str, Any]] = [{"id": centre, "name": "Trung tâm", "short": "TT", "kind": "centre"}]
    people = [{"id": director, "username": "giamdoc", "name": "Giám đốc", "position": "director", "unit": centre}]
    for place in range(PEOPLE // ROOM):
        unit = new_id()
        units.append({"id": unit, "name": f"Phòng {place}", "short": f"P{place}", "parent": centre, "kind": "room", "sort": place})
        for n in range(ROOM):
            position = "officer" if n else "head"
            people.append({"id": new_id(), "username": f"p{place}.{n}", "name": f"Người {n}", "position": position, "unit": unit})
    await engine.insert(Unit, *units)
    await engine.insert(Person, *people)
    ordinal = 2_026_000_000
    for some in range(0, len(people), 100):
        tasks, parts, reports, reviews = [], [], [], []
        for one in people[some : some + 100]:
            for due in DUES:
                ordinal += 1
                task, day = new_id(), datetime(2026, 11, rng.randint(3, 28), 3, tzinfo=UTC)
                done = rng.random() < 0.9
                tasks.append({
                    "id": task, "ordinal": ordinal, "title": "Việc", "status": "completed" if done else "submitted",
                    "due": due, "unit": one["unit"], "creator": director, "assigner": director, "lead": one["id"],
                    "completed_at": day if done else None, "created_at": THEN, "changed_at": THEN,
                })  # fmt: skip
                parts.append({"id": new_id(), "task": task, "person": one["id"], "role": "lead", "share": 1000, "since": THEN})
                reports.append(
                    {"id": new_id(), "task": task, "person": one["id"], "kind": "submit", "percent": 100, "at": day, "received": day}
                )
                if done:
                    accepted = {"task": task, "person": one["id"], "reviewer": director, "verdict": "accept", "at": day}
                    reviews.append({"id": new_id(), **accepted})
        async with together():
            for table, found in ((Task, tasks), (Assignment, parts), (Report, reports), (Review, reviews)):
                await engine.insert(table, *found)
    await engine.rows("ANALYZE")
    return director, str(people[1]["id"])


async def measured(path: Path) -> None:
    """Print the figures of a filled database."""
    used = engine.use(engine.make(f"sqlite:///{path}"))
    await used.open()
    await upgrade()
    director, head = await fill()
    asked = command("kpi.period.open", {"id": new_id(), "year": 2026, "number": 11})
    period = str((await carry_out(asked, actor=director, now=NOW, source="page"))["id"])
    print(f"a room's month ({ROOM} people, {LINES} lines each)  {spread(await timed(lambda: room(head, period, NOW)))}")
    print(f"a person's sheet with its evidence  {spread(await timed(lambda: sheet(head, head, period, NOW)))}")
    stored = await engine.row("SELECT * FROM kpi_period WHERE id = $1", period)
    assert stored is not None
    people = [one["id"] for one in await engine.rows("SELECT id FROM person")]
    began = time.perf_counter()
    book = await book_of(stored, people, NOW, evidence=False)
    read = time.perf_counter() - began
    for one in people:
        computed(book, one)
    print(f"the whole office from its record: read in {read:.1f} s, scored in {time.perf_counter() - began - read:.2f} s")
    await used.close()


def main() -> None:
    """Print all figures of scores."""
    print(f"\nscores of {PEOPLE} people with {LINES} lines each, from lines at hand  {pure():.2f} s (wanted: under 2)")
    with tempfile.TemporaryDirectory(prefix="soviec-bench-") as folder:
        asyncio.run(measured(Path(folder) / "scores.sqlite3"))


if __name__ == "__main__":
    main()

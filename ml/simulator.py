"""An invented office with a history, from a seed: for load tests and for pages, never for a claim of accuracy.

python -m ml.simulator --tasks 10000 --out DIR      # tasks.csv and events.csv
"""

import argparse
import csv
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ml.commands import ended, say
from ml.tables import EventRow, TaskRow

TYPES = ("report", "plan", "inspection", "answer", "meeting", "procedure")
START = datetime(2025, 1, 6, 1, tzinfo=UTC)


def simulated(count: int, seed: int = 1, days: int = 365, rooms: int = 5, people: int = 40) -> tuple[list[TaskRow], list[EventRow]]:
    """``count`` tasks begun within ``days``, with their events up to the end of that time; the same for the same arguments."""
    chance = random.Random(seed)  # noqa: S311
    end = START + timedelta(days=days)
    staff = [(f"p{number:03}", f"room-{number % rooms}", chance.gauss(0, 0.35)) for number in range(people)]
    tasks: list[TaskRow] = []
    events: list[EventRow] = []
    for number in range(count):
        who, room, slow = chance.choice(staff)
        kind = chance.choice(TYPES)
        created = START + timedelta(days=days * chance.random())
        first = due = created + timedelta(days=chance.choice((5, 10, 15, 20, 30, 45)))
        pace = chance.lognormvariate(-0.2 + slow + 0.15 * TYPES.index(kind) / len(TYPES), 0.45)
        done = created + (due - created) * pace
        key = f"t{number:06}"
        mine = [EventRow(key, created, "head", "assign", who)]
        for step in range(1, chance.randint(2, 7)):
            share = step / 7 + 0.1 * chance.random()
            mine.append(EventRow(key, created + (done - created) * share, who, "progress", float(round(100 * share / 5) * 5)))
        if chance.random() < 0.15:
            mine.append(EventRow(key, created + (done - created) * 0.4, who, "comment"))
        if pace > 1 and chance.random() < 0.2:
            asked = created + (due - created) * 0.85
            due += timedelta(days=7)
            mine += [EventRow(key, asked, who, "extend_asked"), EventRow(key, asked + timedelta(hours=20), "head", "extended", due)]
        if chance.random() < 0.2:
            mine += [
                EventRow(key, created + (done - created) * 0.85, who, "submit"),
                EventRow(key, created + (done - created) * 0.9, "head", "return"),
            ]
        mine += [EventRow(key, done - timedelta(hours=3), who, "submit"), EventRow(key, done, "head", "accept")]
        known = [event for event in mine if event.ts <= end]
        said = max((event.value for event in known if isinstance(event.value, datetime)), default=first)
        closed = done if done <= end else None
        tasks.append(TaskRow(key, created, said, closed, kind, room, "normal", who, "officer", first))
        events += known
    return tasks, sorted(events, key=lambda event: (event.ts, event.id))


def text(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def write(folder: Path, tasks: Sequence[TaskRow], events: Sequence[EventRow]) -> tuple[Path, Path]:
    """Writes the two tables as the commands read them; their paths."""
    paths = folder / "tasks.csv", folder / "events.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with paths[0].open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(TaskRow._fields)
        out.writerows([text(cell) if isinstance(cell, datetime) else "" if cell is None else cell for cell in row] for row in tasks)
    with paths[1].open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(EventRow._fields)
        out.writerows([text(cell) if isinstance(cell, datetime) else "" if cell is None else cell for cell in row] for row in events)
    return paths


def main(given: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Invents an office with a history, for load tests and pages.")
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    said = parser.parse_args(given)
    tasks, events = simulated(max(said.tasks, 0), said.seed)
    paths = write(said.out, tasks, events)
    say(f"Wrote {len(tasks)} tasks and {len(events)} events to {paths[0]} and {paths[1]}")


if __name__ == "__main__":
    sys.exit(ended(main))

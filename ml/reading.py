"""Reads the two tables from CSV, plain or gzipped. A row that cannot be read is left out and counted; a file that cannot is a sentence."""

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ml.errors import BadLog
from ml.tables import EventRow, Log, TaskRow, log_of, seconds

TASK_COLUMNS = ("id", "created")
EVENT_COLUMNS = ("id", "ts")
YES = {"1", "true", "yes", "t", "y"}


def moment(text: str) -> datetime | None:
    """A moment as ISO 8601; without a zone it is UTC. None for an empty cell. Raises ValueError."""
    text = text.strip()
    if not text:
        return None
    found = datetime.fromisoformat(text)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if not 1900 <= found.year <= 2200:
        raise ValueError(f"the year {found.year}")
    return found


def rows_of(path: Path, needed: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows of one file by column name. Raises BadLog when the file cannot be read or lacks a column."""
    try:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise BadLog(f"{path} cannot be read: {error.strerror or error}.") from error
    except (EOFError, zlib.error, UnicodeDecodeError) as error:
        raise BadLog(f"{path} is neither CSV in UTF-8 nor a whole gzip file of it: {error}.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = [name.strip().lower() for name in reader.fieldnames or []]
        missing = [name for name in needed if name not in columns]
        if missing:
            raise BadLog(f"{path} has no column {', '.join(missing)}; it has {', '.join(columns) or 'none'}.")
        reader.fieldnames = columns
        for row in reader:
            yield {name: value for name, value in row.items() if isinstance(name, str) and isinstance(value, str)}
    except csv.Error as error:
        raise BadLog(f"{path} is not CSV: {error}.") from error


def task_rows(paths: Iterable[Path], skipped: Counter[str]) -> Iterator[TaskRow]:
    """The tasks of several files, in their order."""
    for path in paths:
        for row in rows_of(path, TASK_COLUMNS):
            try:
                dates = {name: moment(row.get(name, "")) for name in ("created", "due", "closed", "original_due")}
            except ValueError:
                skipped["task with a moment that cannot be read"] += 1
                continue
            created, key = dates["created"], row.get("id", "").strip()
            if created is None or not key:
                skipped["task without an id or a beginning"] += 1
                continue
            yield TaskRow(
                id=key,
                created=created,
                due=dates["due"],
                closed=dates["closed"],
                type=row.get("type", "").strip(),
                unit=row.get("unit", "").strip(),
                priority=row.get("priority", "").strip(),
                owner=(row.get("owner") or row.get("lead") or "").strip(),
                position=row.get("position", "").strip(),
                original_due=dates["original_due"],
                cancelled=row.get("cancelled", "").strip().lower() in YES,
                objective_cause=row.get("objective_cause", "").strip().lower() in YES,
            )


def event_rows(paths: Iterable[Path], skipped: Counter[str]) -> Iterator[EventRow]:
    """The events of several files, in their order."""
    for path in paths:
        for row in rows_of(path, EVENT_COLUMNS):
            try:
                ts = moment(row["ts"])
            except (KeyError, ValueError):
                skipped["event with a moment that cannot be read"] += 1
                continue
            if ts is None or not row.get("id", "").strip():
                skipped["event without an id or a moment"] += 1
                continue
            kind = row.get("kind", "").strip()
            yield EventRow(row["id"].strip(), ts, row.get("actor", "").strip(), kind, value_of(kind, row.get("value", "").strip()))


def value_of(kind: str, text: str) -> float | datetime | str | None:
    """What the cell of a value holds: a number, a moment, or else words (such as a person). None when it is empty."""
    if not text:
        return None
    if kind.startswith("assign"):
        return text
    try:
        return float(text.removesuffix("%"))
    except ValueError:
        pass
    try:
        return moment(text)
    except ValueError:
        return text


def nothing_in(tasks: Sequence[Path], skipped: Counter[str]) -> str:
    """The sentence where no task is left, with what was wrong with those there were."""
    why = ", ".join(f"{count} × {reason}" for reason, count in skipped.items() if count)
    why = f" Left out: {why}; a moment is written 2026-01-31 or 2026-01-31T08:00:00Z." if why else ""
    return f"There is no task to be read in {', '.join(path.name for path in tasks)}.{why}"


def read_log(tasks: Sequence[Path], events: Sequence[Path], ceiling: datetime | None = None) -> Log:
    """Reads everything as one log. ``ceiling``: what is said to have happened after it has not happened.

    Raises BadLog with a sentence when a file or a column is missing, or no task is left.
    """
    skipped: Counter[str] = Counter()
    log = log_of(task_rows(tasks, skipped), event_rows(events, skipped), ceiling=ceiling)
    skipped.update(log.skipped)
    if not len(log.tasks):
        raise BadLog(nothing_in(tasks, skipped))
    return replace(log, skipped=dict(skipped))


def read_offices(tasks: Sequence[Path], events: Sequence[Path], ceiling: datetime | None = None) -> tuple[list[Log], dict[str, int]]:
    """Reads several files as the logs of several offices, and how many rows were left out, by reason; ``ceiling`` as in ``read_log``.

    Each file of tasks is an office of its own, unless somebody acts in two of them: then they are parts of one. Loads and rates are
    those of an office. Raises BadLog as ``read_log`` does.
    """
    skipped: Counter[str] = Counter()
    home: dict[str, int] = {}
    rows: list[TaskRow] = []
    for number, path in enumerate(tasks):
        for task in task_rows([path], skipped):
            if home.setdefault(task.id, number) == number:
                rows.append(task)
            else:
                skipped["task with the id of another"] += 1
    if not rows:
        raise BadLog(nothing_in(tasks, skipped))
    known: list[EventRow] = []
    for event in event_rows(events, skipped):
        if event.id in home:
            known.append(event)
        else:
            skipped["event of an unknown task"] += 1
    office = joined(len(tasks), ((home[event.id], event.actor) for event in known if event.actor))
    logs = []
    for one in sorted(set(office)):
        its_tasks = (task for task in rows if office[home[task.id]] == one)
        log = log_of(its_tasks, (event for event in known if office[home[event.id]] == one), ceiling=ceiling)
        skipped.update(log.skipped)
        if len(log.tasks):
            logs.append(log)
    return logs, dict(skipped)


def joined(files: int, acts: Iterable[tuple[int, str]]) -> list[int]:
    """For each file the first file that it shares somebody with, directly or through others."""
    office = list(range(files))
    seen: dict[str, int] = {}
    for number, actor in acts:
        a, b = office[seen.setdefault(actor, number)], office[number]
        if a != b:
            office = [min(a, b) if one in (a, b) else one for one in office]
    return office


def utc_seconds(text: str) -> float:
    """A moment of the command line in seconds. Raises BadLog."""
    try:
        found = moment(text)
    except ValueError:
        found = None
    if found is None:
        raise BadLog(f"{text!r} is not a moment; one is written 2026-01-31 or 2026-01-31T08:00:00Z.")
    return seconds(found)

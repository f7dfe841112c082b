"""The process that reads one document: ``python -m server.plans.reading_process``.

Documents come from outside and their parsers are large, so each is read by a process of its own, with a limit on memory and time:
whatever a document does to it, the server goes on. One job arrives on the standard input; lines of JSON go to the standard output:
how far it is, and at the end the plan or the refusal.
"""

import resource
import sys
from datetime import date
from typing import Any

import msgspec

from server.calendar.rules import DayNotice, WorkingDays
from server.errors import Refusal
from server.plans.plan import read_pasted_plan, read_plan
from server.plans.reading import load_parsers
from server.plans.shapes import Plan, Unit

MEMORY = 1_500 * 1024 * 1024
CPU_SECONDS = 180


class Job(msgspec.Struct, kw_only=True):
    """A document, as a file or as pasted text."""

    name: str
    data: bytes = b""
    text: str | None = None
    units: list[Unit]
    today: date
    #: What an administrator entered of the calendar.
    days: list[DayNotice] = []


class Said(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One line of the answer: ``done`` of ``total`` lines, or the end: ``plan``, or the refusal's key, values and field."""

    done: int = 0
    total: int = 0
    plan: Plan | None = None
    key: str = ""
    values: dict[str, Any] = {}


def answer(said: Said) -> None:
    """Write one line."""
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Read one job and answer it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    load_parsers()
    given = sys.stdin.buffer.read()
    if not given:
        return
    job = msgspec.msgpack.decode(given, type=Job)
    is_working = WorkingDays(job.days).is_working

    def progress(done: int, total: int) -> None:
        answer(Said(done=done, total=total))

    try:
        if job.text is not None:
            plan = read_pasted_plan(job.text, job.units, is_working, job.today, progress)
        else:
            plan = read_plan(job.data, job.name, job.units, is_working, job.today, progress)
    except Refusal as refusal:
        answer(Said(key=refusal.key, values={name: _plain(value) for name, value in refusal.values.items()}))
    else:
        answer(Said(plan=plan))


def _plain(value: object) -> str | int | float:
    return value if isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    main()

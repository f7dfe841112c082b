"""Who is warned of a due date, and when: by the office's working days, each date once.

``task.due_soon``: so many working days before the due date as the setting says, to the lead and to collaborators whose part is
unfinished; not to whom the task or the date was given on that very day or later, for then that message said it. ``task.overdue``: on the
first working day after the due date, to the lead and the head of his room, if the date was known before it passed.

A task that waits for review or is paused presses nobody; nor does one that was handed back press the lead who handed it back. What was not
said in time (the server stood still) is said on the next working day as long as the date has not passed; of several warnings that are owed
then, the nearest alone. An extension that waits for its decision changes nothing but the words: until it is granted the date holds.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from server.calendar.rules import WorkingDays

#: States in which a due date presses whoever carries the task out.
RUNNING = ("not_started", "in_progress")
#: Working days after which a due date that passed is no news any more, where nobody was told of it.
REACH = 20
WHOLE = 100


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One person's part of a task. ``since`` is the local day on which he got it."""

    person: str
    lead: bool
    since: date
    percent: int = 0
    state: str = "active"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What of a task decides about warnings. ``given`` is the local day on which the due date was last set."""

    task: str
    status: str
    due: date
    given: date
    handed_back: bool = False
    parts: tuple[Part, ...] = ()
    #: The head of the lead's room; where there is none, its deputies.
    heads: tuple[str, ...] = ()


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is to be told, if ``keys[0]`` was not written before; the other keys are settled with it."""

    kind: Literal["task.due_soon", "task.overdue"]
    task: str
    people: tuple[str, ...]
    keys: tuple[str, ...]


def key_soon(task: str, due: date, offset: int) -> str:
    """Under which name a warning before the due date is kept."""
    return f"due:{task}:{due.isoformat()}:{offset}"


def key_overdue(task: str, due: date) -> str:
    """Under which name it is kept that a due date has passed."""
    return f"over:{task}:{due.isoformat()}"


def soon_on(due: date, offset: int, days: WorkingDays) -> date:
    """The working day that lies ``offset`` working days before the due date; with 0 the last one on which it still holds."""
    return days.add(due, -offset) if offset else days.last_working(due)


def overdue_on(due: date, days: WorkingDays) -> date:
    """The first working day after the due date."""
    return days.add(due, 1)


def window(today: date, offsets: Iterable[int], days: WorkingDays) -> tuple[date, date]:
    """Between which due dates anything can be owed on that day, both included."""
    return days.add(today, -REACH), days.add(today, max(offsets, default=0) + 1)


def owed(case: Case, today: date, offsets: Iterable[int], days: WorkingDays) -> Alert | None:
    """What is to be said of this task on that day, unless it was said before. Nothing on a day that is not worked."""
    if case.status not in RUNNING or not days.is_working(today):
        return None
    return _overdue(case, today, days) if case.due < today else _soon(case, today, offsets, days)


def _soon(case: Case, today: date, offsets: Iterable[int], days: WorkingDays) -> Alert | None:
    by_offset = {offset: soon_on(case.due, offset, days) for offset in sorted(set(offsets))}
    begun = [offset for offset, day in by_offset.items() if day <= today and case.given < day]
    if not begun:
        return None
    nearest = begun[0]
    people = [part.person for part in case.parts if part.since < by_offset[nearest] and _unfinished(part, case)]
    if not people:
        return None
    keys = tuple(key_soon(case.task, case.due, offset) for offset in begun)
    return Alert(kind="task.due_soon", task=case.task, people=tuple(people), keys=keys)


def _overdue(case: Case, today: date, days: WorkingDays) -> Alert | None:
    if case.given > case.due or today < overdue_on(case.due, days) or days.between(case.due, today) > REACH:
        return None
    leads = [part.person for part in case.parts if part.lead and part.since <= case.due and not case.handed_back]
    people = tuple(dict.fromkeys([*leads, *case.heads]))
    key = key_overdue(case.task, case.due)
    return Alert(kind="task.overdue", task=case.task, people=people, keys=(key,)) if people else None


def _unfinished(part: Part, case: Case) -> bool:
    if part.lead:
        return not case.handed_back
    return part.state == "active" and part.percent < WHOLE

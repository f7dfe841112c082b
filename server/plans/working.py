"""What is being read or created right now in this process, and how far it is.

It is not stored: a process that ends takes its work with it, and a plan that says "reading" without anybody reading it has failed.
"""

from typing import Literal

import msgspec


class Work(msgspec.Struct):
    """One piece of work. ``total`` is 0 as long as nobody knows how much there is; ``refusal`` is why it ended without a result."""

    stage: Literal["reading", "creating"]
    done: int = 0
    total: int = 0
    refusal: Exception | None = None


_running: dict[str, Work] = {}


def begin(plan: str, work: Work) -> Work:
    """Work on a plan has begun."""
    _running[plan] = work
    return work


def end(plan: str) -> None:
    """It is over, well or not."""
    _running.pop(plan, None)


def of(plan: str) -> Work | None:
    """The work on a plan, if there is any."""
    return _running.get(plan)


def tell(plan: str, done: int, total: int) -> None:
    """How far the work on a plan is."""
    work = _running.get(plan)
    if work is not None:
        work.done, work.total = done, total

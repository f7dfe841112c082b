"""What may be proposed, to whom, and what speaks for it.

Hard limits: only from people above 1.0; only tasks that were not begun in earnest and are due at least two working days ahead; only to
somebody whom the rules of R4 allow (the caller says who), of the same unit and position, who is not away for it and stands at most at 0.9
afterwards; and only what relieves the giver to a degree that can be seen. Whoever gives never receives, so any part of the proposals may
be accepted and the highest index never rises.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from server.insight.load.rules import HORIZON, OVER, index, indexes, spread

#: Nobody is proposed who would stand above this afterwards.
CAP: Final = 0.9
#: Working days to the due date that a handover wants.
NOTICE_DAYS: Final = 2
#: Progress from which work has begun in earnest, in percent.
BEGUN: Final = 20
#: Days within which somebody who has just received a task is spared.
JUST_RECEIVED: Final = 5
#: By how much one move has to ease the giver on some day: 4,36 to 4,34 helps nobody and costs a handover.
LEAST_RELIEF: Final = 0.05
#: Tasks proposed away from one person at a time.
MOST_A_PERSON: Final = 3


class Carrier(msgspec.Struct, frozen=True):
    """A person with what he carries: minutes of demand and capacity on each of the next working days."""

    id: str
    unit: str
    position: str
    demand: tuple[float, ...]
    capacity: tuple[float, ...]
    #: Working days since he last received a task; None: long ago.
    received_days_ago: int | None = None
    #: Finished work of the last year, by field and by product, and how much of it was on time.
    by_field: Mapping[str, int] = {}
    by_product: Mapping[str, int] = {}
    on_time: float | None = None

    @property
    def index(self) -> float:
        """His index now."""
        return index(self.demand, self.capacity)


class Movable(msgspec.Struct, frozen=True):
    """A task that its lead might hand over, with the minutes that are left of it."""

    id: str
    lead: str
    minutes: float
    days_left: int | None
    percent: int
    field: str | None = None
    product: str | None = None
    #: Higher for tasks that are risky to hand over: urgent ones.
    urgent: bool = False


class Effect(msgspec.Struct, frozen=True):
    """Both indexes, before and after this one move."""

    giver_before: float
    giver_after: float
    receiver_before: float
    receiver_after: float


def movable(task: Movable) -> bool:
    """Whether it may be handed over at all."""
    return task.minutes > 0 and task.percent < BEGUN and (task.days_left is None or task.days_left >= NOTICE_DAYS)


def days_of(task: Movable) -> list[float]:
    """What it asks for on each day."""
    return spread(task.minutes, task.days_left)


def away_for(task: Movable, receiver: Carrier) -> bool:
    """Whether the receiver is away for half of the days that are left, or on the last of them."""
    days = receiver.capacity[: min(task.days_left or HORIZON, HORIZON)]
    return not days or sum(one <= 0 for one in days) * 2 >= len(days) or days[-1] <= 0


def may_receive(task: Movable, giver: Carrier, receiver: Carrier) -> bool:
    """The hard limits between two people, but for what R4 allows."""
    return (
        giver.id != receiver.id
        and giver.index > OVER
        and giver.unit == receiver.unit
        and giver.position == receiver.position
        and movable(task)
        and not away_for(task, receiver)
        and relief(task, giver) >= LEAST_RELIEF
        and after(receiver, task, +1) <= CAP
    )


def relief(task: Movable, giver: Carrier) -> float:
    """By how much the giver's index falls on the day on which it falls most.

    Not the highest day alone: who is overdue today is there for work that cannot be moved, and is helped on the days after all the same.
    """
    left = [max(0.0, have - one) for have, one in zip(giver.demand, days_of(task), strict=True)]
    return max(
        (before - then for before, then in zip(indexes(giver.demand, giver.capacity), indexes(left, giver.capacity), strict=True)),
        default=0.0,
    )


def after(person: Carrier, task: Movable, sign: int) -> float:
    """The person's index with the task (+1) or without it (−1)."""
    days = [max(0.0, have + sign * one) for have, one in zip(person.demand, days_of(task), strict=True)]
    return index(days, person.capacity)


def effect(task: Movable, giver: Carrier, receiver: Carrier) -> Effect:
    """What one move alone does."""
    return Effect(giver.index, after(giver, task, -1), receiver.index, after(receiver, task, +1))


def cost(task: Movable, receiver: Carrier) -> float:
    """What speaks against this receiver: his load afterwards, the handover, having just received; less what fits. Below 1, above 0."""
    load = after(receiver, task, +1) * 0.4
    handover = 0.1 + task.percent / 100 * 0.5 + (0.1 if task.urgent else 0.0)
    fresh = 0.15 if receiver.received_days_ago is not None and receiver.received_days_ago < JUST_RECEIVED else 0.0
    knows = min(receiver.by_product.get(task.product or "", 0), 4) * 0.04 + min(receiver.by_field.get(task.field or "", 0), 4) * 0.03
    return max(0.01, load + handover + fresh - knows * (receiver.on_time if receiver.on_time is not None else 0.7))

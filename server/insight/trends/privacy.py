"""Which months of several people's work may be told without telling of one of them."""

from collections.abc import Iterable
from typing import Final

import msgspec

#: Fewer people than this are no crowd: two could each work out the other.
LEAST_PEOPLE: Final = 3
#: Whoever did more than this part of a month's work is the month.
MOST_OF_ONE: Final = 0.8


class Crowd(msgspec.Struct, frozen=True):
    """Of a month: how many people led tasks, how many the busiest of them led, and how many there were."""

    month: str
    people: int
    most: int
    tasks: int


def told_months(crowds: Iterable[Crowd]) -> frozenset[str]:
    """Months in which at least three people led tasks and none of them led more than four fifths."""
    return frozenset(one.month for one in crowds if one.people >= LEAST_PEOPLE and one.most <= MOST_OF_ONE * one.tasks)

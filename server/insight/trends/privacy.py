"""Which months of several people's work may be told without telling of one of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec

#: Fewer people than this are no crowd: two could each work out the other.
LEAST_PEOPLE: Final = 3
#: Whoever did more than this part of a month's work is the month.
MOST_OF_ONE: Final = 0.8


class Crowd(msgspec.Struct, frozen=True):
    """How many of a month's tasks one person led."""

    month: str
    person: str
    tasks: int


def told_months(crowds: Iterable[Crowd]) -> frozenset[str]:
    """Months in which at least three people led tasks and none of them led more than four fifths."""
    by_month: dict[str, list[int]] = defaultdict(list)
    for one in crowds:
        by_month[one.month].append(one.tasks)
    return frozenset(month for month, led in by_month.items() if len(led) >= LEAST_PEOPLE and max(led) <= MOST_OF_ONE * sum(led))

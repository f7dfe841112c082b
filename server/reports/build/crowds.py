"""Of which units scores may be told without telling of one or two people. Plain values.

A line that is left out must not come back as the difference of the others: whatever is left of a unit when the units told of are taken
away is nobody, or a crowd. That is decided from the top of the tree down, so that all reports together tell no more than one of them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from server.insight.trends.privacy import LEAST_PEOPLE


def told_of(people: Mapping[str, int], parents: Mapping[str, str | None], order: Sequence[str]) -> frozenset[str]:
    """The units whose scores may be told. ``people``: how many belong to each unit itself; ``order``: the units as they are listed.

    The smallest gives way where what is left would be too few; of several, the last.
    """
    under: dict[str | None, list[str]] = defaultdict(list)
    for unit in order:
        parent = parents.get(unit)
        under[parent if parent in parents else None].append(unit)

    def whole(unit: str) -> int:
        return people.get(unit, 0) + sum(whole(one) for one in under[unit])

    told: set[str] = set()

    def tell(unit: str) -> None:
        told.add(unit)
        rooms = {one: whole(one) for one in under[unit]}
        shown = [one for one in rooms if rooms[one] >= LEAST_PEOPLE]
        rest = people.get(unit, 0) + sum(rooms[one] for one in rooms if one not in shown)
        if 0 < rest < LEAST_PEOPLE and shown:
            shown.remove(min(reversed(shown), key=lambda one: rooms[one]))
        for one in shown:
            tell(one)

    for root in under[None]:
        if whole(root) >= LEAST_PEOPLE:
            tell(root)
    return frozenset(told)

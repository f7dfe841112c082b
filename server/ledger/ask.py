"""One statement that grows: its values and their places."""

from collections.abc import Sequence
from typing import Any

#: More units than these are sought in Python, not in the statement.
LIKES = 8


class Ask:
    """Conditions and their values, growing together."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.values: list[Any] = []

    def value(self, value: Any) -> str:
        """The place of one more value."""
        self.values.append(value)
        return f"${len(self.values)}"

    def listed(self, values: Sequence[Any]) -> str:
        """The places of values of an IN list; an empty list matches nothing."""
        return ", ".join(self.value(one) for one in values) or "NULL"

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition; ``{}`` stands for the place of each value in turn."""
        self.conditions.append(condition.format(*(self.value(one) for one in values)))

    def among(self, column: str, values: Sequence[Any]) -> None:
        """Add ``column IN (…)``."""
        self.conditions.append(f"{column} IN ({self.listed(values)})")

    def below(self, units: Sequence[str]) -> str:
        """A condition on ``path``: one of the units, or below one. Of many units it asks nothing: the reader looks for himself."""
        if len(units) > LIKES:
            return "TRUE"
        return "(" + " OR ".join(f"path LIKE {self.value(f'%/{one}/%')}" for one in units) + ")" if units else "FALSE"

    @property
    def where(self) -> str:
        """All conditions, joined."""
        return " AND ".join(self.conditions) or "TRUE"

"""Who scores whom and who sees a sheet: in Python, and in SQL for lists. Both come from ``rules.raters``."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.people.directory import Directory
from server.people.rules import Person


class Raters:
    """The chain of Đ10 on one day, over everybody. ``duties``: the row of ``KpiDuty`` in force, by person."""

    def __init__(self, directory: Directory, at: date, duties: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.directory = directory
        self.at = at
        self.duties = duties or {}

    def rater(self, person: str) -> str | None:
        """Who confirms this person's sheet; None for the director, whose rater is outside of the office."""
        raise NotImplementedError

    def may_see(self, actor: str, person: str) -> bool:
        """Whether the detailed sheet is for ``actor``: the person, who rates him, whoever confirms."""
        raise NotImplementedError

    def may_confirm(self, actor: str, person: str) -> bool:
        """Whether ``actor`` confirms it: the rater; for the director's own, whoever may enter for the centre. Nobody his own."""
        raise NotImplementedError

    def visible(self, actor: str) -> frozenset[str]:
        """Everybody whose sheets ``actor`` may see."""
        raise NotImplementedError

    def rated(self, actor: str) -> tuple[str, ...]:
        """Everybody whose sheets ``actor`` confirms, in order of rank."""
        raise NotImplementedError

    def led(self, actor: str) -> tuple[str, ...]:
        """Everybody whose work is part of what ``actor`` leads (Đ15.1b), by position; a deputy's groups of fields are not in it."""
        raise NotImplementedError

    def field_groups(self, actor: str) -> frozenset[str]:
        """The groups of fields that a deputy director follows."""
        raise NotImplementedError


def keeps(actor: Person, at: date) -> bool:
    """Whether he keeps the periods, the duties and the absences of the centre: its leaders, and who enters for it by delegation."""
    raise NotImplementedError


def decides(actor: Person, at: date) -> bool:
    """Whether he closes periods, puts rule sets in force and enters decisions: the director, or whoever holds the centre by delegation."""
    raise NotImplementedError


async def raters(at: date) -> Raters:
    """The chain of this day, read from the database."""
    raise NotImplementedError


async def may_see_sheet(actor: str, person: str, at: date) -> bool:
    """Whether the actor may see the person's detailed sheet."""
    return (await raters(at)).may_see(actor, person)


def sheet_scope(chain: Raters, actor: str, column: str, start: int = 1) -> tuple[str, list[str]]:
    """The same as a condition on ``column`` (a person's id) with its values from ``$start`` on."""
    raise NotImplementedError

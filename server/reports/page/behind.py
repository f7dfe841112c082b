"""The list of tasks behind one number of a report: what the address narrows it to, and who may see which of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from server.errors import Refusal
from server.ledger.grains import Period
from server.ledger.listing import LISTED, Listing, Only, standings_at
from server.ledger.read import NONE, sums
from server.people.directory import Directory
from server.people.rules import Person
from server.reports.build.lines import NOBODY, by_child, overseen
from server.reports.page.asked import TASKS, UNDER, Asked
from server.tasks.queries.scope import scopes

PAGE: Final = 50
#: ``total`` is no list of its own: what is left, what was done, what was cancelled, one after the other.
TOTAL: Final = ("open", "done", "cancelled")
#: Every figure with a list behind it.
HAS_LIST: Final = frozenset((*LISTED, "total"))
#: What an address may narrow a list by, besides the unit of the report.
PLAIN: Final = ("lead", "field", "priority", "origin")
BY_HOME: Final = (UNDER, "home", "overseer")


class Question(msgspec.Struct, frozen=True):
    """Which list is asked for: the figure, what it is narrowed to by name, and from which line on."""

    asked: Asked
    of: str
    narrowed: dict[str, str]
    start: int = 0

    def address(self, start: int) -> str:
        """Another page of the same list."""
        return self.asked.address(path=TASKS, more={**self.narrowed, "of": self.of, "start": str(start)})


def question_of(query: Mapping[str, str], asked: Asked) -> Question:
    """What the address asks for. Raises Refusal ``invalid`` for a figure without a list."""
    of = query.get("of", "").strip()
    if of not in HAS_LIST:
        raise Refusal("invalid", "report_page.unknown_figure", field="of", of=of[:40])
    start = query.get("start", "0")
    # A value that no database holds narrows the list to nothing; it is not asked.
    narrowed = {name: query[name].replace("\0", "\ufffd") for name in (*PLAIN, *BY_HOME) if query.get(name)}
    return Question(asked, of, narrowed, int(start) if start.isascii() and start.isdecimal() and len(start) < 8 else 0)


async def only_of(question: Question, directory: Directory, today: date) -> Only:
    """The same as the ledger narrows a list. Units below and overseeing leaders are what the report's own line was added up of."""
    value = {name: ("" if given == NOBODY else given) for name, given in question.narrowed.items()}
    homes: Sequence[str] | None = None
    if any(name in value for name in BY_HOME):
        unit, period = question.asked.unit, question.asked.period
        homes = list((await sums([unit], period, today, ("home",)))[unit]["home"])
        for name in (UNDER, "home"):
            if name in value:
                homes = [one for one in homes if next(iter(by_child(directory, unit, {one: NONE}))) == value[name]]
        if "overseer" in value:
            homes = overseen(directory, homes, period.last).get(value["overseer"], [])
    return Only(**{name: value.get(name) for name in PLAIN}, homes=homes)


def scopes_of(reader: Person, at: date, directory: Directory) -> list[str] | None:
    """The scopes in which the reader sees tasks; None where he sees every task of the only office there is."""
    held = scopes(reader, at)
    one_office = sum(unit.kind == "centre" for unit in directory.units.values()) == 1
    return None if one_office and held == [f"u:{reader.centre}"] else held


async def listed(question: Question, reader: Person, directory: Directory, today: date) -> Listing:
    """One page of the list, with how many there are and how many of them the reader may see."""
    only = await only_of(question, directory, today)
    held = scopes_of(reader, today, directory)
    figures = TOTAL if question.of == "total" else (question.of,)
    found = Listing(rows=[], total=0, seen=0)
    for of in figures:
        skip = max(0, question.start - found.seen)
        part = await standings_at(
            question.asked.unit,
            question.asked.period,
            of,
            today,
            only,
            scopes=held,
            limit=max(0, PAGE - len(found.rows)),
            offset=skip,
        )
        found = Listing(rows=[*found.rows, *part.rows], total=found.total + part.total, seen=found.seen + part.seen)
    return found


def running(period: Period, today: date) -> bool:
    """Whether the period is not over."""
    return period.last >= today

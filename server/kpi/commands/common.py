"""What the commands of scores share: who acts, periods and sheets under lock, texts and points."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from server.errors import Refusal
from server.kpi import rights
from server.kpi.rights import Raters
from server.people.directory import Directory
from server.people.rules import Person
from server.storage.engine import Row, is_sqlite, row
from server.storage.ids import is_id
from server.storage.transaction import Transaction
from server.tasks.commands.common import actor_of, today_of
from server.words import say

TEXT_LENGTH = 5000
#: So many people are named in a refusal, and the rest is counted.
NAMED = 12
FIRST_YEAR, LAST_YEAR = 2020, 2100


async def acting(tx: Transaction) -> tuple[Directory, Person, date]:
    """The organisation, the one who acts in it, and the day. Raises Refusal for a stranger."""
    directory, actor = await actor_of(tx)
    return directory, actor, today_of(tx)


async def chain_of(tx: Transaction) -> Raters:
    """Who rates whom today."""
    return await rights.raters(today_of(tx))


def demand_keeps(actor: Person, at: date) -> None:
    """Raises Refusal unless he keeps the periods of the centre."""
    if not rights.keeps(actor, at):
        raise Refusal("not_allowed", "kpi.period.only_keeper")


def demand_decides(actor: Person, at: date) -> None:
    """Raises Refusal unless he decides for the centre."""
    if not rights.decides(actor, at):
        raise Refusal("not_allowed", "kpi.period.only_decider")


def locked(strength: str = "FOR UPDATE") -> str:
    """What locks the rows of a question; SQLite has one writer anyway."""
    return "" if is_sqlite() else f" {strength}"


async def period_locked(period_id: str, *, alone: bool = False) -> Row:
    """The period, so that nobody closes it meanwhile; ``alone``: so that nobody else changes a sheet of it. Refusal ``not_found``."""
    found = await row(f"SELECT * FROM kpi_period WHERE id = $1{locked('FOR UPDATE' if alone else 'FOR SHARE')}", period_id)
    if found is None:
        raise Refusal("not_found", "kpi.period.unknown")
    return found


async def open_period_locked(period_id: str) -> Row:
    """The same; raises Refusal ``conflict`` for a closed one."""
    found = await period_locked(period_id)
    if found["state"] != "open":
        raise Refusal("conflict", "kpi.period.closed", when=called(found))
    return found


def called(period: Row) -> str:
    """What people call the period: Tháng 11/2026."""
    return say(f"kpi.period.{period['kind']}", number=period["number"], year=period["year"])


def names_of(directory: Directory, people: Iterable[str]) -> str:
    """Their names, the first ones and how many more."""
    listed = [directory.people[one].name for one in people if one in directory.people]
    names = ", ".join(listed[:NAMED])
    more = len(listed) - NAMED
    return say("kpi.period.and_more", names=names, count=more) if more > 0 else names


def check_id(given: str) -> str:
    """An identifier in its one spelling. Raises Refusal ``invalid``."""
    given = given.lower()
    if not is_id(given):
        raise Refusal("invalid", "people.bad_id", field="id")
    return given


def text_of(given: str, field: str) -> str:
    """A text, trimmed. Raises Refusal when it is too long."""
    text = given.strip()
    if len(text) > TEXT_LENGTH:
        raise Refusal("invalid", "kpi.period.text_long", field=field, length=len(text), limit=TEXT_LENGTH)
    return text


def reason_of(given: str, key: str = "kpi.period.reason_missing", field: str = "reason") -> str:
    """A text that must be there. Raises Refusal when it is not."""
    text = text_of(given, field)
    if not text:
        raise Refusal("invalid", key, field=field)
    return text


def thousandths(given: float, decimals: int) -> int | None:
    """A number with so many decimals at most in thousandths; None for any other, for infinity and for what is no number."""
    if not abs(given) < 1e9:
        return None
    found = round(given * 1000)
    exact = abs(found / 1000 - given) < 1e-9
    return found if exact and found % 10 ** (3 - decimals) == 0 else None


def plain(amount: int) -> str:
    """Thousandths as people write them: 5500 → 5,5."""
    return f"{amount / 1000:.3f}".rstrip("0").rstrip(".").replace(".", ",")


def own_row(found: dict[str, Any]) -> dict[str, Any]:
    """What a row says, for the chain: no big frozen text, no identifiers that stand beside it anyway."""
    return {name: value for name, value in found.items() if name not in ("frozen", "id")}

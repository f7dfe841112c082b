"""What the commands on the organisation share."""

from datetime import date

from server.errors import Refusal
from server.people import rules
from server.people.directory import Directory
from server.people.queries import VERSION_COUNTER, directory
from server.storage.engine import rows
from server.storage.ids import LOCAL, is_id
from server.storage.transaction import Transaction


def day_of(tx: Transaction) -> date:
    """The day of the office on which a command is carried out."""
    return tx.now.astimezone(LOCAL).date()


def unsigned(tx: Transaction) -> bool:
    """Whether the command comes from the server's own command line: whoever sits there needs no account."""
    return tx.actor is None and tx.source == "cli"


def actor_of(tx: Transaction, known: Directory) -> rules.Person:
    """The actor as the rules see him. Raises Refusal if there is none."""
    if tx.actor is None or tx.actor not in known.people:
        raise Refusal("not_allowed", "people.rule.only_admin")
    return known.actor(tx.actor)


async def administering(tx: Transaction) -> Directory:
    """The organisation, for an administrator or the command line. Raises Refusal for anybody else."""
    known = await directory()
    if not unsigned(tx):
        demand(rules.may(actor_of(tx, known), "administer", None, day_of(tx)))
    return known


def demand(verdict: rules.Verdict) -> None:
    """Raise Refusal with the rule's own sentence where the answer is no."""
    if not verdict:
        raise Refusal("not_allowed", verdict.rule)


def demand_id(identifier: str) -> None:
    """Raise Refusal for an identifier that is none."""
    if not is_id(identifier):
        raise Refusal("invalid", "people.bad_id")


async def raise_version() -> None:
    """Every kept copy of the organisation is old from the commit on."""
    await rows(
        "INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
        VERSION_COUNTER,
    )

"""The invented office, its accounts and its year of history, made through the one door."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from server.accounts.passwords import hash_password
from server.accounts.tables import Account
from server.calendar.rules import WorkingDays
from server.demo.history import story
from server.demo.kpi import kpi_steps, petition, products_in_force, with_products
from server.demo.office import Office, load_fields, load_office, months_from
from server.demo.plan import plan_steps, plan_titles
from server.errors import Refusal
from server.kpi import commands as score_commands
from server.kpi.commands.catalogue import BeginCatalogue, PutInForce
from server.people.queries import VERSION_COUNTER
from server.people.tables import Delegation, Field, Oversight, Person, Unit
from server.storage.door import Command, carry_out, command, handles
from server.storage.engine import row
from server.storage.ids import LOCAL
from server.storage.tables import Counter
from server.storage.transaction import Transaction, together
from server.tasks import commands as story_commands

SEED = 717
#: The story's commands register themselves when they are imported.
COMMANDS = (story_commands, score_commands)


class FoundOffice(Command, tag="demo.office"):
    """Make the invented units, people and accounts in an empty database."""

    day: date
    password_hash: str


class NotEmpty(Exception):
    """The database has people already: the demo office is made only in an empty one."""


async def is_empty() -> bool:
    """Whether nobody is stored yet."""
    return await row("SELECT id FROM person LIMIT 1") is None


@handles(FoundOffice)
async def found(tx: Transaction, given: FoundOffice) -> dict[str, Any]:
    """Everybody of the office, marked as invented."""
    office = load_office(given.day)
    groups = {group.id: group for group in load_fields()}
    await Unit.insert(
        *(Unit(id=one.id, name=one.name, short=one.short, parent=one.parent, kind=one.kind, sort=one.rank) for one in office.units)
    )
    people = [*office.people, office.administrator]
    await Person.insert(
        *(
            Person(
                id=one.id,
                username=one.username,
                name=one.name,
                position=one.position,
                unit=one.unit,
                rank=one.rank,
                demo=True,
                since=tx.now,
            )
            for one in people
        )
    )
    await Account.insert(*(Account(person=one.id, password_hash=given.password_hash, changed_at=tx.now) for one in people))
    fields = [(group, field) for group in groups.values() for field in group.fields]
    await Field.insert(
        *(
            Field(id=field.id, name=field.name, field_group=group.name, source=field.source, sort=place)
            for place, (group, field) in enumerate(fields)
        )
    )
    await Oversight.insert(
        *(
            Oversight(
                id=one.id,
                person=one.person,
                unit=one.unit,
                field_group=groups[one.group].name if one.group else None,
                since=one.starts,
                until=one.ends,
            )
            for one in office.oversight
        )
    )
    await Delegation.insert(
        *(
            Delegation(
                id=one.id,
                giver=one.giver,
                receiver=one.holder,
                powers=" ".join(one.powers),
                unit=one.unit,
                since=one.starts,
                until=one.ends,
                document=one.document,
            )
            for one in office.delegations
        )
    )
    await Counter.insert(Counter(name=VERSION_COUNTER, value=1))
    for one in people:
        tx.change("person", one.id)
    tx.audit("found", "office", office.units[0].id, after={"people": len(people), "demo": True})
    return {"people": len(people)}


async def make_demo(
    password: str, now: datetime, *, on_progress: Callable[[int, int], None] | None = None, history: bool = True
) -> dict[str, int]:
    """Make the whole demo office in one transaction: all or nothing. Raises NotEmpty where people are stored already.

    Returns how many people and tasks there are and how many steps of the story the rules refused (none, unless they changed).
    """
    if not await is_empty():
        raise NotEmpty
    today = now.astimezone(LOCAL).date()
    password_hash = await hash_password(password)
    days = WorkingDays()
    office = load_office(today)
    refused = 0
    async with together():
        begun = datetime.combine(months_from(today, -26), time(8), LOCAL).astimezone(UTC)
        await carry_out(FoundOffice(day=today, password_hash=password_hash), actor=None, now=begun, source="demo")
        await _catalogue(office, begun)
        if history:
            refused = await _tell(office, today, days, await products_in_force(), on_progress)
            await petition(days, today)
    tasks = await row("SELECT count(*) AS n FROM task")
    return {"people": len(office.people), "tasks": tasks["n"] if tasks else 0, "refused": refused}


async def _catalogue(office: Office, at: datetime) -> None:
    """The handbook's products, in force from the first day of the story."""
    director = next(one.id for one in office.people if one.position == "director")
    made = await carry_out(BeginCatalogue(), actor=director, now=at, source="demo")
    day = at.astimezone(LOCAL).date()
    asked = PutInForce(catalogue=made["id"], document="02/QĐ-TTPVHCC", document_date=day, since=day)
    await carry_out(asked, actor=director, now=at, source="demo")


async def _tell(
    office: Office, today: date, days: WorkingDays, products: dict[str, str], on_progress: Callable[[int, int], None] | None
) -> int:
    everybody = office.by_username
    told = story(SEED, today, office, load_fields(), plan_titles(), days.is_working)
    work = with_products(sorted([*told, *plan_steps(SEED, today, office, days)], key=lambda step: step.at), products, SEED)
    steps = sorted([*work, *kpi_steps(SEED, today, office, days)], key=lambda step: step.at)
    refused = 0
    for place, step in enumerate(steps):
        if on_progress is not None and place % 500 == 0:
            on_progress(place, len(steps))
        try:
            await carry_out(command(step.name, step.args), actor=everybody[step.actor].id, now=step.at, source="demo")
        except Refusal as refusal:
            # A step that the rules refuse is left out; the test of the demo office wants none.
            refused += 1
            REFUSED.append((step.name, step.actor, refusal.message))
    return refused


#: What the last run of the story was refused, for the test that wants it empty.
REFUSED: list[tuple[str, str, str]] = []


"""A plan as its reader sees it at one moment: each row with the task that it becomes, and what stands in the way."""

from datetime import date

import msgspec

from server.people.directory import Directory
from server.people.rules import Person
from server.plans.queries import Made, PlanFacts, made_of, seen_among, understood
from server.plans.rules.review import Chosen, Problem, Staff, edited, problems, proposed
from server.plans.shapes import Plan, Row
from server.plans.staff import staff_of


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """One row. ``made`` is the task that it is already, ``alike`` an open task much like it."""

    row: Row
    proposed: Chosen
    chosen: Chosen
    problems: list[Problem]
    made: Made | None = None
    alike: str | None = None

    @property
    def todo(self) -> bool:
        """Whether it becomes a task when the plan is confirmed."""
        return self.chosen.keep and self.made is None

    @property
    def wrong(self) -> bool:
        """Whether it would be refused."""
        return self.todo and bool(self.problems)

    @property
    def doubtful(self) -> bool:
        """Whether a person should look at it."""
        lacking = any(problem.field != "lead" or self.chosen.lead for problem in self.problems)
        return self.made is None and (bool(self.row.doubts) or self.alike is not None or (self.chosen.keep and lacking))


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """The whole plan."""

    facts: PlanFacts
    plan: Plan
    staff: Staff
    rows: list[Reviewed]
    #: Tasks named in the rows, as far as this person may see them.
    seen: dict[str, Made]

    @property
    def todo(self) -> list[Reviewed]:
        """The rows that become tasks."""
        return [one for one in self.rows if one.todo]


async def review(facts: PlanFacts, directory: Directory, actor: Person, today: date) -> Review:
    """The plan as things stand; ``actor`` is who gives the tasks (its author)."""
    plan = await understood(facts.id)
    staff = staff_of(directory, actor, today)
    made = await made_of([row.key for row in plan.rows])
    found = []
    for row in plan.rows:
        alike = facts.alike.get(row.row)
        bare = proposed(row, staff, facts.options, today, alike=alike is not None)
        chosen = edited(bare, facts.edits.get(row.row), facts.default_lead)
        found.append(Reviewed(row=row, proposed=bare, chosen=chosen, problems=problems(chosen, staff), made=made.get(row.key), alike=alike))
    named = [*(one.made.id for one in found if one.made), *(one.alike for one in found if one.alike and not one.made)]
    seen = await seen_among(named, actor, today, directory)
    return Review(facts=facts, plan=plan, staff=staff, rows=found, seen=seen)

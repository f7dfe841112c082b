"""The door of this area: a document or a pasted text → the plan understood."""

from collections.abc import Sequence
from datetime import date

from server.plans.reading import read_pasted, read_tables
from server.plans.rules.understand import understand
from server.plans.shapes import DEFAULT_LIMITS, IsWorkingDay, Limits, Plan, Progress, Unit
from server.words import say


def read_plan(
    data: bytes,
    name: str,
    units: Sequence[Unit],
    is_working_day: IsWorkingDay,
    today: date,
    on_progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Plan:
    """The plan in a file. Raises `Refusal` (code "invalid") for all that cannot be read, and nothing else."""
    tables = read_tables(data, name, limits, on_progress)
    return understand(tables, units, is_working_day, today, on_progress, name=name, limits=limits)


def read_pasted_plan(
    text: str,
    units: Sequence[Unit],
    is_working_day: IsWorkingDay,
    today: date,
    on_progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Plan:
    """The plan in a pasted text; refuses as `read_plan` does."""
    return understand(read_pasted(text, limits), units, is_working_day, today, on_progress, name=say("plans.pasted"), limits=limits)

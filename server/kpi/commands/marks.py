"""What is entered beside the record: objective causes, parts of months, absences, duties, decisions."""

from datetime import date
from typing import Any, Literal

import msgspec

from server.storage.door import Command, handles
from server.storage.transaction import Transaction


class ConfirmExcuse(Command, tag="kpi.excuse.confirm"):
    """An objective cause for one person's lateness or failed reviews on a task, by whoever may review his part. Answers ``{"id"}``."""

    id: str
    task: str
    person: str
    what: Literal["late", "failed"]
    reason: str
    document: str = ""


class WithdrawExcuse(Command, tag="kpi.excuse.withdraw"):
    """It counts no longer."""

    excuse: str
    reason: str


class MonthPart(msgspec.Struct, forbid_unknown_fields=True):
    """The part of one month, in units of the task's quantity."""

    year: int
    month: int
    quantity: float


class SetSplit(Command, tag="kpi.split.set"):
    """Split one person's quantity of a task over months; the parts add up to it exactly. No parts: not split. Answers ``{"parts"}``."""

    task: str
    person: str
    parts: list[MonthPart]


class SetAway(Command, tag="kpi.away.set", kw_only=True):
    """Sick or maternity leave (sick), leave without pay (unpaid), not in service; both days included. Answers ``{"id"}``."""

    id: str
    person: str
    since: date
    until: date | None = None
    kind: Literal["sick", "unpaid", "not_in_service"]
    document: str = ""


class WithdrawAway(Command, tag="kpi.away.withdraw"):
    """It was entered wrongly."""

    away: str
    reason: str


class SetDuty(Command, tag="kpi.duty.set", kw_only=True):
    """How somebody is scored from a day on, in place of what held before. Answers ``{"id"}``."""

    id: str
    person: str
    duty: Literal["officer", "leader", "support"]
    group_name: str = ""
    rater: str | None = None
    since: date
    until: date | None = None


class SetDecision(Command, tag="kpi.decision.set"):
    """A decision that forces the lowest rating of a year (Đ11.3, Đ20.4). Answers ``{"id"}``."""

    id: str
    person: str
    year: int
    case_of: Literal["decline", "discipline", "corruption"]
    document: str
    document_date: date | None = None
    note: str = ""


class WithdrawDecision(Command, tag="kpi.decision.withdraw"):
    """It was entered wrongly, or lifted."""

    decision: str
    reason: str


@handles(ConfirmExcuse)
async def confirm_excuse(tx: Transaction, given: ConfirmExcuse) -> dict[str, Any]:
    """By whoever may review the line (R5); nobody for himself."""
    raise NotImplementedError


@handles(WithdrawExcuse)
async def withdraw_excuse(tx: Transaction, given: WithdrawExcuse) -> dict[str, Any]:
    """By whoever might confirm it."""
    raise NotImplementedError


@handles(SetSplit)
async def set_split(tx: Transaction, given: SetSplit) -> dict[str, Any]:
    """By whoever manages the task or reviews the part."""
    raise NotImplementedError


@handles(SetAway)
async def set_away(tx: Transaction, given: SetAway) -> dict[str, Any]:
    """By the rater, or whoever keeps the periods."""
    raise NotImplementedError


@handles(WithdrawAway)
async def withdraw_away(tx: Transaction, given: WithdrawAway) -> dict[str, Any]:
    """By whoever might enter it."""
    raise NotImplementedError


@handles(SetDuty)
async def set_duty(tx: Transaction, given: SetDuty) -> dict[str, Any]:
    """By whoever keeps the periods of the centre."""
    raise NotImplementedError


@handles(SetDecision)
async def set_decision(tx: Transaction, given: SetDecision) -> dict[str, Any]:
    """By the director, or whoever holds the centre by delegation."""
    raise NotImplementedError


@handles(WithdrawDecision)
async def withdraw_decision(tx: Transaction, given: WithdrawDecision) -> dict[str, Any]:
    """By whoever might enter it."""
    raise NotImplementedError

"""Opening, closing and reopening a month or a quarter."""

from typing import Any, Literal

from server.storage.door import Command, handles
from server.storage.transaction import Transaction


class OpenPeriod(Command, tag="kpi.period.open"):
    """Open a month or a quarter: everybody in service gets a sheet. Answers ``{"id", "sheets"}``; opened before: the same answer."""

    id: str
    year: int
    number: int
    kind: Literal["month", "quarter"] = "month"


class ClosePeriod(Command, tag="kpi.period.close"):
    """Close it: every sheet is frozen with its lines, rule set and result. Refused while a sheet is missing or not confirmed, by name.

    ``without_data`` are people whose sheet closes without a total ("chưa đủ dữ liệu"), said one by one. ``early``: before the period's end.
    Answers ``{"id", "closed", "without_data"}``.
    """

    period: str
    without_data: list[str] = []
    early: bool = False


class ReopenPeriod(Command, tag="kpi.period.reopen"):
    """A new version of a closed period, with its reason (Đ21.3); the old one stays. Answers ``{"id", "version"}``.

    ``people``: only their sheets open again, the others are taken over closed as they are; empty: all.
    """

    id: str
    period: str
    reason: str
    people: list[str] = []


@handles(OpenPeriod)
async def open_period(tx: Transaction, given: OpenPeriod) -> dict[str, Any]:
    """Whoever keeps the periods of the centre opens them."""
    raise NotImplementedError


@handles(ClosePeriod)
async def close_period(tx: Transaction, given: ClosePeriod) -> dict[str, Any]:
    """The director, or whoever holds the centre by delegation."""
    raise NotImplementedError


@handles(ReopenPeriod)
async def reopen_period(tx: Transaction, given: ReopenPeriod) -> dict[str, Any]:
    """The director, or whoever holds the centre by delegation."""
    raise NotImplementedError

"""A person scores himself; whoever rates him confirms."""

from typing import Any

from server.storage.door import Command, handles
from server.storage.transaction import Transaction


class ScoreSelf(Command, tag="kpi.sheet.self"):
    """One's own ten criteria (points, at most two decimals; names of ``rules.general``), all of them, and the remarks of Mẫu số 01.

    May be sent again until it is confirmed. Answers ``{"id", "state", "general"}``.
    """

    period: str
    points: dict[str, float]
    strengths: str = ""
    weaknesses: str = ""


class ConfirmSheet(Command, tag="kpi.sheet.confirm"):
    """Confirm somebody's sheet; ``points`` that are not named stay as he scored them, and a change wants ``reason``.

    A leader: ``organising`` (đ) and ``uniting`` (e), 100 or 50, with ``leading_reason``. Support staff: percents 0 to 100. The director's
    own: ``outside_rater`` and ``document``. ``without_self``: he did not score himself, and all ten are given. May be sent again until the
    period is closed. Answers ``{"id", "state", "general", "total", "band"}``.
    """

    period: str
    person: str
    points: dict[str, float] = {}
    reason: str = ""
    comment: str = ""
    organising: int | None = None
    uniting: int | None = None
    leading_reason: str = ""
    quality: float | None = None
    compliance: float | None = None
    effect: float | None = None
    outside_rater: str = ""
    document: str = ""
    without_self: bool = False


class ReturnSheet(Command, tag="kpi.sheet.return"):
    """Send it back for a new self-score, with the reason. Answers ``{"id", "state"}``."""

    period: str
    person: str
    reason: str


@handles(ScoreSelf)
async def score_self(tx: Transaction, given: ScoreSelf) -> dict[str, Any]:
    """Only one's own, and only while it is not confirmed."""
    raise NotImplementedError


@handles(ConfirmSheet)
async def confirm(tx: Transaction, given: ConfirmSheet) -> dict[str, Any]:
    """By the rater; nobody his own."""
    raise NotImplementedError


@handles(ReturnSheet)
async def give_back(tx: Transaction, given: ReturnSheet) -> dict[str, Any]:
    """By the rater, as long as the period is open."""
    raise NotImplementedError

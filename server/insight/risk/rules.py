"""What is done with what the model says: bands, when somebody is told, what a reason is called."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import msgspec

BANDS: Final = ("low", "watch", "high")
#: Shares of the term, in percent, at which what the model says is kept for judging it later.
MARKS: Final = (10, 25, 50, 75, 90)
#: Millionths by which a probability has to move before replicas hear of it; the band always counts.
MOVED: Final = 50_000
#: A paused task waits by somebody's decision, and what was handed in is not its lead's to hasten: neither is scored.
SCORED: Final = ("not_started", "in_progress")
MILLION: Final = 1_000_000


class Told(msgspec.Struct, frozen=True):
    """The highest band of which people were told, and the due date that stood then."""

    band: str = "low"
    due: date | None = None


def rises(told: Told | None, band: str, due: date | None, *, other_model: bool = False) -> bool:
    """Whether the band is higher than what people were told for this due date: then they are told, once for each band.

    Nobody was told of a task that is scored for the first time: then only "high" is worth a message, so that a new office is not flooded.
    Nor did a task change where another model judges it than before: then, too, only "high" is news.
    """
    if band != "high" and (told is None or other_model):
        return False
    if told is None:
        return True
    known = told.band if told.due == due else "low"
    return BANDS.index(band) > BANDS.index(known)


def next_told(told: Told | None, band: str, due: date | None) -> Told:
    """What people have been told afterwards. A band that fell is not forgotten: up and down again is one message, not many."""
    if told is not None and told.due == due and BANDS.index(told.band) >= BANDS.index(band):
        return told
    return Told(band, due)


def mark(begins: datetime, ends: datetime, now: datetime) -> int | None:
    """The largest share of the term, one of ``MARKS``, that has passed; None before the first or without a term."""
    length = (ends - begins).total_seconds()
    if length <= 0:
        return None
    gone = 100 * (now - begins).total_seconds() / length
    return max((share for share in MARKS if share <= gone), default=None)


def rounded(values: Mapping[str, float]) -> dict[str, float]:
    """Values of a reason as they are kept: enough digits for words, no more, and none of the counts of single kinds of steps."""
    return {name: round(value, 3) for name, value in values.items() if not name.startswith("step")}

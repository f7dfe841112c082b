"""What the outcome of an attempt makes of a letter: gone, once more later, given up, or nobody knows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

#: Seconds after the first, second, … attempt that was refused for now; the last one holds for all that follow. A service that comes back
#: after an hour finds everybody told within minutes; a crowd of letters is held by the channel's rest, not by these.
PAUSES: Sequence[float] = (5, 30, 120, 300, 450, 600)
#: Seconds after an attempt whose answer was lost: a service that was slow gets time to come round.
LOST_PAUSE = 60.0
#: Attempts without an answer after which nobody tries again: two letters are the most that anybody gets of one.
MOST_LOST = 2
#: Older than this a letter is of no use: the message stands in the inbox.
TOO_OLD = timedelta(hours=48)
#: A service that asks for more patience than this is asked again in between.
MOST_PATIENCE = 3600.0
#: Seconds after which a claim is one of a worker that died; more than any letter may take.
LEASE = 90.0
#: Letters in a row that a channel could not carry until it is left in peace, and for how many seconds, at first and at the most.
STREAK = 20
REST, MOST_REST = 15.0, 300.0

Result = Literal["sent", "later", "never", "lost"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A letter before its outcome; ``attempts`` counts the one that has just ended."""

    attempts: int
    unknowns: int
    made_at: datetime


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one attempt. ``why`` is a key of the words, ``detail`` what the service said; ``chance`` (0–1) spreads retries."""

    delivery: str
    claim: str
    result: Result
    ref: str = ""
    why: str = ""
    detail: str = ""
    retry_after: float | None = None
    whole_channel: bool = False
    address_ended: str = ""
    #: The receiver sees a letter that comes twice once.
    idempotent: bool = False
    chance: float = 0.5


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter is from now on; ``next_at`` only where it waits."""

    state: Literal["sent", "waiting", "failed", "unknown"]
    unknowns: int
    next_at: datetime | None = None
    why: str = ""


def pause(attempts: int, chance: float) -> float:
    """Seconds until the next attempt: longer each time, spread by a quarter to both sides so that a crowd does not come back as one."""
    return PAUSES[min(max(attempts, 1), len(PAUSES)) - 1] * (0.75 + 0.5 * chance)


def next_of(before: Standing, outcome: Outcome, now: datetime) -> Next:
    """What the outcome makes of the letter."""
    if outcome.result == "sent":
        return Next(state="sent", unknowns=before.unknowns)
    if outcome.result == "never":
        return Next(state="failed", unknowns=before.unknowns, why=outcome.why)
    unknowns = before.unknowns
    if outcome.result == "lost" and not outcome.idempotent:
        unknowns += 1
        if unknowns >= MOST_LOST:
            return Next(state="unknown", unknowns=unknowns, why=outcome.why)
        seconds = LOST_PAUSE * (0.75 + 0.5 * outcome.chance)
    else:
        seconds = pause(before.attempts, outcome.chance)
    if outcome.retry_after is not None:
        # Never sooner than asked; a little later, each at its own moment.
        seconds = min(max(outcome.retry_after, 0.0), MOST_PATIENCE) + outcome.chance
    at = now + timedelta(seconds=seconds)
    if at - before.made_at > TOO_OLD:
        return Next(state="failed", unknowns=unknowns, why="sending.why.too_old")
    return Next(state="waiting", unknowns=unknowns, next_at=at, why=outcome.why)


def is_too_old(made_at: datetime, now: datetime) -> bool:
    """Whether nobody wants it any more."""
    return now - made_at > TOO_OLD


def rest(streak: int) -> float | None:
    """Seconds that a channel is left in peace after so many failures in a row; None: it goes on."""
    if streak < STREAK:
        return None
    return min(MOST_REST, REST * 2.0 ** (streak // STREAK - 1))

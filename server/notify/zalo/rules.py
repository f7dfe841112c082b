"""What is true of Zalo's tokens: when one is used, when another is asked for, and when nothing helps but an administrator."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

#: An access token lives 25 hours; another one is asked for while the old one still works, so that a lost answer stops nothing at once.
EARLY = timedelta(hours=1)
#: Who asks for a token has this long. Longer than a call can take: whoever is silent for so long has died, or lost the answer.
TURN = timedelta(seconds=60)
#: Between two tries after an answer that was lost.
PAUSE = timedelta(seconds=60)

Step = Literal["use", "refresh", "wait", "doubtful", "missing", "spent"]


class Tokens(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is kept, encrypted. A refresh token is good for one use, and its answer holds the next one."""

    access: str = ""
    refresh: str = ""
    expires_at: datetime | None = None
    #: The hashes of the settings that it ever began with: one that is new here is a new authorisation, an old one is a process that
    #: was not started again yet.
    seeds: list[str] = []
    #: The hash of the application's number and secret, with which the service refused: with others it is worth another try.
    app: str = ""
    #: Who is asking for a token now, since when.
    turn: str = ""
    turn_at: datetime | None = None
    #: The last answer was lost: the refresh token may be spent. Not before this it is tried again.
    doubt_until: datetime | None = None
    #: The service refused the refresh token: it is of no use any more.
    spent: bool = False

    def __repr__(self) -> str:
        return "Tokens()"


def begun(kept: Tokens, *, first: str, seed: str, app: str) -> Tokens:
    """What is kept, or the beginning of a new authorisation where the setting ``first`` is another one than that which it began with."""
    if first and seed not in kept.seeds:
        return Tokens(refresh=first, seeds=[*kept.seeds, seed], app=app)
    if kept.app != app:
        return msgspec.structs.replace(kept, app=app, spent=False)
    return kept


def works(kept: Tokens, stale: str, now: datetime, left: timedelta = timedelta(0)) -> bool:
    """Whether the access token is good for longer than ``left``; ``stale`` is one that the service just refused."""
    return bool(kept.access) and kept.access != stale and kept.expires_at is not None and kept.expires_at - now > left


def step(kept: Tokens, stale: str, now: datetime) -> Step:
    """What to do for somebody who needs an access token."""
    if works(kept, stale, now, EARLY):
        return "use"
    instead: Step | None = "use" if works(kept, stale, now) else None
    if kept.turn and kept.turn_at is not None and now - kept.turn_at < TURN:
        return instead or "wait"
    if kept.spent:
        return instead or "spent"
    if not kept.refresh:
        return instead or "missing"
    if kept.doubt_until is not None and now < kept.doubt_until:
        return instead or "doubtful"
    return "refresh"

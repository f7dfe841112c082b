"""Which messages to one address go together in one letter."""

from collections.abc import Sequence

import msgspec

#: More messages than this that wait for one address at one moment are one letter: nobody reads a phone that rings ten times.
SINGLE = 3


class Waiting(msgspec.Struct, frozen=True):
    """A letter that was not tried yet, and how many messages are in it; ``alone``: it takes in nothing and goes into nothing."""

    delivery: str
    messages: int
    alone: bool = False


def taken_in(new: int, waiting: Sequence[Waiting], beside: int = 0) -> list[str] | None:
    """The letters whose messages go into one letter with the new ones; None: each new message is a letter of its own.

    ``beside``: so many new ones are letters of their own in any case (a morning's summary); they count, for the phone rings for them too.
    Nothing is ever held back for this: only what waits anyway (quiet hours, a limit, a pause) is taken in.
    """
    if new + beside + sum(one.messages for one in waiting) <= SINGLE:
        return None
    return [one.delivery for one in waiting if not one.alone]

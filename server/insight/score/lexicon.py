"""The lexicon of reports, from the catalogue of words: the device has the same with its release."""

from functools import cache

from server.insight.score.rules.lexicon import Lexicon
from server.words import say

LISTS = (
    "done", "did", "finished", "next", "obstacle", "vague", "counted", "joining", "papers", "numbered",
    "days", "quarters", "weeks", "weekdays", "now", "calendar",
)  # fmt: skip


@cache
def lexicon() -> Lexicon:
    """Every list, as it stands below ``insight.lexicon``."""
    return Lexicon(**{name: tuple(say(f"insight.lexicon.{name}").split(", ")) for name in LISTS})

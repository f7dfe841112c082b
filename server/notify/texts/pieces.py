"""Pieces of a message: texts of people cut to a length, days as people say them."""

import unicodedata
from datetime import date
from typing import Any

from server.tasks.show.values import WEEKDAYS
from server.words import say

TITLE, REASON, NAME = 120, 200, 60
JOINER = "\u200d"
#: What a cut never stands before: marks, selectors, skin tones and whatever a joiner holds together.
_ATTACHED = ("Mn", "Me", "Mc", "Sk")


def short(text: object, most: int) -> str:
    """One line of at most ``most`` characters, cut at a word where there is one.

    Control characters and those that turn the direction of writing are left out; an emoji of several parts is kept whole or not at all.
    """
    if not isinstance(text, str):
        return ""
    # Four times as much is enough to see whether it must be cut; a title may have thousands of characters.
    kept = "".join(letter if _shown(letter) else " " for letter in text[: 4 * most + 100] if not _hidden(letter))
    line = " ".join(kept.split())
    if len(line) <= most:
        return line
    cut = line.rfind(" ", most // 2, most)
    if cut < 0:
        cut = most - 1
        while cut > 0 and (line[cut - 1] == JOINER or _attached(line[cut])):
            cut -= 1
    # A joiner at the end of a word joins nothing any more.
    return line[:cut].rstrip(f" ,;:.–-{JOINER}") + "…"


def _shown(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Zl", "Zp")


def _hidden(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cf", "Cs", "Co") and letter != JOINER


def _attached(letter: str) -> bool:
    return letter == JOINER or unicodedata.category(letter) in _ATTACHED


def day_of(value: object) -> date | None:
    """The day behind ``2026-11-24``, or None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def day_words(day: date, seen: date) -> str:
    """``thứ Ba, 24/11``, with the year where it is not that of ``seen``."""
    weekday = say(f"tasks.weekday.{WEEKDAYS[day.weekday()]}")
    shown = f"{day:%d/%m}" if day.year == seen.year else f"{day:%d/%m/%Y}"
    return say("notify.text.day.on", weekday=weekday[0].lower() + weekday[1:], day=shown)


def near_words(day: date, today: date) -> str:
    """``hôm nay``, ``ngày mai``, or the day."""
    if day == today:
        return say("notify.text.day.today")
    return say("notify.text.day.tomorrow") if (day - today).days == 1 else day_words(day, today)


def count_of(data: dict[str, Any], name: str) -> int:
    """A number of a message's data; 0 where it is none."""
    value = data.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0

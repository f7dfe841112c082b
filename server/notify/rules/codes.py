"""One-time codes that tie a chat to a person: how they look, how long they hold, what is kept of them."""

import hashlib
import re
from datetime import timedelta

#: Capital letters that nobody takes for another one. No vowel, no D and no W: a Vietnamese keyboard (Telex) turns those into â, đ, ư
#: while a person types the code, and without them no code spells a word either. 17 letters in 8 places are 7 thousand million codes.
LETTERS = "BCFGHJKMNPQRSTVXZ"
LENGTH = 8
LASTS = timedelta(minutes=15)

_BETWEEN = re.compile(r"[\s\-.·]+")


def normal(typed: str) -> str:
    """The code as it was made, however somebody typed it: "bcfg hjkm" is "BCFGHJKM"."""
    return _BETWEEN.sub("", typed).upper()


def is_code(text: str) -> bool:
    """Whether this, made normal, can be a code at all."""
    return len(text) == LENGTH and all(letter in LETTERS for letter in text)


def hash_of(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(normal(code).encode()).hexdigest()

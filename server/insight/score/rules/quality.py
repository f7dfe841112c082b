"""How much a report tells (R11): a check by rules, advisory, never a bar to sending and never called the judgement of a model.

A report is read for its length, a result, a document, a date, a quantity, a next step, an obstacle, phrases that say nothing, repetition
of an earlier report (4-grams of letters, numbers masked: last week's report with new dates is the same report), an echo of the title,
and words strung together to please these rules. Output: points from 0 to 100, a band, and hints (keys of the words, with their values).

The device reads in the same way, without a network: ``static/js/check`` mirrors this file, and a test holds the two together. So no pattern
here means one thing in Python and another in JavaScript: blanks and word boundaries are written out, numbers are rounded half up.
"""

import math
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from typing import Final, Literal

import msgspec

from server.insight.score.rules.lexicon import Lexicon, Words, bare, words_of

Band = Literal["good", "fair", "poor"]
Mark = Literal["result", "document", "date", "quantity", "next", "obstacle"]
Whose = Literal["own", "colleague"]

#: Points for what a report holds; a full one has more than a hundred, for nobody needs everything.
BASE: Final = 20
WORTH: Final[dict[Mark, int]] = {"result": 28, "quantity": 24, "document": 16, "date": 10, "next": 14, "obstacle": 14}
#: Fewer words than this tell nothing; from so many on, length is no more an argument.
SHORT: Final = 5
ENOUGH: Final = 12
#: Up from here a report repeats another one, or the title.
SAME: Final = 0.85
ECHO: Final = 0.75
#: Below this share of different words, or above that share of words from our lists, it was written for the rules.
VARIED: Final = 0.5
VARIED_LONG: Final = 0.35
LONG: Final = 60
STUFFED: Final = 0.72
#: From this share on, words that join others make sentences.
JOINED: Final = 0.1
GOOD: Final = 65
FAIR: Final = 40
GRAM: Final = 4
#: A text this short repeats others by chance.
COMPARABLE: Final = 24

#: What nobody sees, and what stands between words.
UNSEEN: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
BLANKS: Final = re.compile("[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
LINES: Final = re.compile("[\n\r\u2028\u2029]+")
WORD: Final = re.compile(r"\w+")
SPACED: Final = re.compile(r"[\w%]+")
ENDS: Final = re.compile("[.;:!?-]+")
PIECE: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,/]\d+)*|%")
NUMBER: Final = re.compile(r"\d")
FRACTION: Final = re.compile(r"\d+/\d+")
NUMBERS: Final = re.compile(r"\d+")
RUN: Final = re.compile("#(?:[ /.,:-]*#)+")


class Earlier(msgspec.Struct, frozen=True):
    """A report that was sent before: whose it is and what it says."""

    text: str
    whose: Whose = "own"


class Hint(msgspec.Struct, frozen=True):
    """Something to make better: a key below ``insight.check``, and what goes into its words."""

    key: str
    values: dict[str, int] = {}


class Quality(msgspec.Struct, frozen=True):
    """What a report is worth to its reader.

    ``marks`` is what was found in it, ``same`` the likeness to the nearest earlier report, 0 to 1, and ``like`` which one, -1 for none.
    """

    points: int
    band: Band
    hints: list[Hint]
    marks: list[Mark]
    same: float
    like: int


def half_up(number: float) -> int:
    """The nearest whole number; Python's own ``round`` goes to the even one, other languages do not."""
    return math.floor(number + 0.5)


def normal(text: str) -> str:
    """NFC, lower case, one blank between words, nothing unseen."""
    return BLANKS.sub(" ", unicodedata.normalize("NFC", UNSEEN.sub("", text)).lower()).strip(" ")


def masked(text: str) -> str:
    """Every run of digits as one sign: the same report with new dates and numbers is the same report."""
    return RUN.sub("#", NUMBERS.sub("#", normal(text)))


def grams(text: str) -> Counter[str]:
    """The 4-grams of letters of a masked text."""
    said = masked(text)
    return Counter(said[at : at + GRAM] for at in range(len(said) - GRAM + 1))


def likeness(a: Counter[str], b: Counter[str]) -> float:
    """The cosine of two bags, 0 to 1."""
    if not a or not b:
        return 0.0
    dot = sum(count * b[gram] for gram, count in a.items())
    return min(1.0, dot / math.sqrt(sum(x * x for x in a.values()) * sum(x * x for x in b.values())))


def check(text: str, lexicon: Lexicon, title: str = "", earlier: list[Earlier] | None = None, files: int = 0) -> Quality:
    """What a report tells its reader. ``files`` is how many are attached: a picture stands for a quantity."""
    said = normal(text)
    words = WORD.findall(said)
    if not words:
        return Quality(FAIR if files else 0, "fair" if files else "poor", [Hint("files_only" if files else "empty")], [], 0.0, -1)
    known = words_of(lexicon, bare(said) == said)
    marks = _marks(text, said, known)
    hints: list[Hint] = []

    points = BASE + sum(WORTH[mark] for mark in marks)
    if files and "quantity" not in marks and "document" not in marks:
        points += WORTH["document"]
    if len(words) < SHORT:
        points -= 25
        hints.append(Hint("short", {"words": len(words)}))
    elif len(words) < ENOUGH:
        points -= 6

    vague = [one for one in known.lists.vague if f" {one} " in _spaced(said)]
    told = sum(len(one.split(" ")) for one in vague)
    if vague and "quantity" not in marks and "document" not in marks:
        points -= 18 + (12 if told * 2 >= len(words) else 0)
        hints.append(Hint("vague"))

    same, like = _repeats(said, earlier or [])
    if same >= SAME:
        whose = (earlier or [])[like].whose
        points = min(points, half_up(100 * (1 - same)) + 10)
        hints.append(Hint("same_own" if whose == "own" else "same_colleague", {"percent": half_up(100 * same)}))

    if _echoes(words, title):
        points -= 30
        hints.append(Hint("echo"))

    if _stuffed(words, said, known.lists):
        points = min(points, FAIR - 10)
        hints.append(Hint("stuffed"))

    if all(one.key in ("vague", "short", "echo") for one in hints):
        if "result" not in marks:
            hints.append(Hint("no_result"))
        if "quantity" not in marks and "document" not in marks and not files:
            hints.append(Hint("no_figures"))
    points = max(0, min(100, points))
    band: Band = "good" if points >= GOOD else "fair" if points >= FAIR else "poor"
    return Quality(points, band, hints, marks, half_up(1000 * same) / 1000, like)


def _spaced(text: str) -> str:
    return " " + " ".join(SPACED.findall(text)) + " "


def _marks(text: str, said: str, known: Words) -> list[Mark]:
    lists = known.lists
    words = _spaced(said)
    found: list[Mark] = []
    # A list of lines says in each what was done, with no full stop between.
    starts = [_spaced(one) for line in LINES.split(text) for one in ENDS.split(normal(line))]
    if any(f" {one} " in words for one in lists.finished) or any(
        any(f" {did} {verb} " in words for did in lists.did) or any(start.startswith(f" {verb} ") for start in starts)
        for verb in lists.done
    ):
        found.append("result")
    without = said
    if known.document.search(said):
        found.append("document")
        without = known.document.sub(" ", said)
    part = _is_part(without, lists)
    if known.date.search(without):
        found.append("date")
        without = known.date.sub(" ", without)
    if part or _counts(without, lists):
        found.append("quantity")
    if any(f" {one} " in words for one in lists.next):
        found.append("next")
    if any(f" {one} " in words for one in lists.obstacle):
        found.append("obstacle")
    return found


def _counted(after: str, lists: Lexicon) -> bool:
    return any(f"{after} ".startswith(f"{one} ") for one in lists.counted)


def _is_part(text: str, lists: Lexicon) -> bool:
    """Whether so many of so many were done ("5/12 xã"), which looks like a day: what is counted follows, no calendar before."""
    pieces = PIECE.findall(text)
    return any(
        FRACTION.fullmatch(piece) and not (at and pieces[at - 1] in lists.calendar) and _counted(" ".join(pieces[at + 1 : at + 3]), lists)
        for at, piece in enumerate(pieces)
    )


def _counts(text: str, lists: Lexicon) -> bool:
    """Whether a number stands beside what is counted: "12 hồ sơ", "45/60 thủ tục", "hồ sơ: 12", "70 %"."""
    pieces = PIECE.findall(text)
    for at, piece in enumerate(pieces):
        if not NUMBER.match(piece) or (at and pieces[at - 1] in lists.calendar):
            continue
        before = " " + " ".join(pieces[max(0, at - 2) : at])
        if _counted(" ".join(pieces[at + 1 : at + 3]), lists) or any(before.endswith(f" {one}") for one in lists.counted):
            return True
        # A number in front of any word but one of the calendar is a count as well: "3 chuyến".
        if at + 1 < len(pieces) and pieces[at + 1] != "%" and not NUMBER.match(pieces[at + 1]) and len(pieces) > SHORT:
            return True
    return False


def _repeats(said: str, earlier: list[Earlier]) -> tuple[float, int]:
    """How like the nearest earlier report is, and which it is."""
    if len(said) < COMPARABLE:
        exact = next((at for at, one in enumerate(earlier) if masked(one.text) == masked(said)), -1)
        return (1.0, exact) if exact >= 0 else (0.0, -1)
    own = grams(said)
    best, like = 0.0, -1
    for at, one in enumerate(earlier):
        found = likeness(own, grams(one.text))
        if found > best:
            best, like = found, at
    return best, like


def _echoes(words: list[str], title: str) -> bool:
    """Whether the report is little but the title: most of its pairs of words stand there."""
    pairs = set(pairwise(WORD.findall(normal(title))))
    own = list(pairwise(words))
    return len(own) >= 3 and bool(pairs) and sum(pair in pairs for pair in own) / len(own) >= ECHO


def _stuffed(words: list[str], said: str, lists: Lexicon) -> bool:
    """Whether words were strung together for the rules: hardly any that is not of our lists, or the same ones again and again."""
    if len(words) < ENOUGH:
        return False
    if len(set(words)) / len(words) < (VARIED if len(words) < LONG else VARIED_LONG):
        return True
    tokens = SPACED.findall(said)
    if sum(token in lists.joining for token in tokens) / len(tokens) >= JOINED:
        return False
    listed: set[int] = set()
    for phrases in (lists.done, lists.finished, lists.next, lists.obstacle, lists.vague, lists.counted):
        for one in phrases:
            parts = one.split(" ")
            for at in range(len(tokens) - len(parts) + 1):
                if tokens[at : at + len(parts)] == parts:
                    listed.update(range(at, at + len(parts)))
    joins = sum(mark in said for mark in ".,;:")
    return len(listed) / len(tokens) >= STUFFED and joins <= len(tokens) // 8

"""How much a report tells (R11): a check by rules, advisory, never a bar to sending and never called the judgement of a model.

A report is read for its length, a result, a document, a date, a quantity, a next step, an obstacle, phrases that say nothing, repetition
of an earlier report (4-grams of letters, numbers masked: last week's report with new dates is the same report), an echo of the title,
and words strung together to please these rules. Output: points from 0 to 100, a band, and hints (keys of the words, with their values).
"""

import math
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from typing import Final, Literal

import msgspec

from server.insight.score.rules import lexicon

Band = Literal["good", "fair", "poor"]
Mark = Literal["result", "document", "date", "quantity", "next", "obstacle"]

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
STUFFED: Final = 0.72
#: From this share on, words that join others make sentences.
JOINED: Final = 0.1
GOOD: Final = 65
FAIR: Final = 40
GRAM: Final = 4
#: A text this short repeats others by chance.
COMPARABLE: Final = 24

DOCUMENT: Final = re.compile(
    r"\b\d{1,6}\s?/\s?(?:\d{4}/)?[a-zđ]{2,}[a-zđ0-9]*(?:-[a-zđ0-9]+)*"
    r"|\b(?:qđ|cv|bc|tb|kh|ttr|công văn|quyết định|tờ trình|thông báo|kế hoạch|báo cáo|văn bản)\s+(?:số\s*)?\d+"
)
DATE: Final = re.compile(
    r"\b\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{2,4})?\b|\bngày\s+\d{1,2}\b|\btháng\s+\d{1,2}\b|\bquý\s+[1-4ivx]+\b"
    r"|\bthứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])\b|\bhôm (?:nay|qua)\b"
)
WORD: Final = re.compile(r"\w+")


class Earlier(msgspec.Struct, frozen=True):
    """A report that was sent before: whose it is ("own" or "colleague") and what it says."""

    text: str
    whose: Literal["own", "colleague"] = "own"


class Hint(msgspec.Struct, frozen=True):
    """Something to make better: a key below ``insight.check``, and what goes into its words."""

    key: str
    values: dict[str, int] = {}


class Quality(msgspec.Struct, frozen=True):
    """What a report is worth to its reader. ``marks`` is what was found in it, ``same`` the likeness to an earlier report, 0 to 1."""

    points: int
    band: Band
    hints: list[Hint]
    marks: list[Mark]
    same: float


def normal(text: str) -> str:
    """NFC, lower case, one blank between words."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def bare(text: str) -> str:
    """Without marks, for reports typed without them."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def masked(text: str) -> str:
    """Every run of digits as one sign: the same report with new dates and numbers is the same report."""
    return re.sub(r"#(?:[\s/.,:-]*#)+", "#", re.sub(r"\d+", "#", normal(text)))


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


def _lists(plain: bool) -> dict[str, tuple[str, ...]]:
    made = {
        "done": lexicon.DONE,
        "finished": lexicon.FINISHED,
        "next": lexicon.NEXT,
        "obstacle": lexicon.OBSTACLE,
        "vague": lexicon.VAGUE,
        "counted": lexicon.COUNTED,
        "joining": lexicon.JOINING,
    }
    # Without marks some short words mean many things ("in", "sở" → "so"): those of one syllable and fewer than three letters are left out.
    return {key: tuple(bare(one) for one in words if len(one) > 2) for key, words in made.items()} if plain else made


_MARKED: Final = _lists(plain=False)
_PLAIN: Final = _lists(plain=True)


def _has(text: str, phrase: str) -> bool:
    return f" {phrase} " in text


def _spaced(text: str) -> str:
    return " " + " ".join(re.findall(r"[\w%]+", text)) + " "


def _hits(text: str, phrases: tuple[str, ...]) -> list[str]:
    return [one for one in phrases if _has(text, one)]


def _marks(said: str, lists: dict[str, tuple[str, ...]], plain: bool) -> list[Mark]:
    words = _spaced(said)
    found: list[Mark] = []
    done = "da" if plain else "đã"
    starts = [_spaced(one) for one in re.split(r"[.;:!?\n-]+", said) if one.strip()]
    if _hits(words, lists["finished"]) or any(
        _has(words, f"{done} {verb}") or any(start.startswith(f" {verb} ") for start in starts) for verb in lists["done"]
    ):
        found.append("result")
    without = said
    if DOCUMENT.search(said):
        found.append("document")
        without = DOCUMENT.sub(" ", said)
    if DATE.search(without):
        found.append("date")
        without = DATE.sub(" ", without)
    if _counts(without, lists["counted"]):
        found.append("quantity")
    if _hits(words, lists["next"]):
        found.append("next")
    if _hits(words, lists["obstacle"]):
        found.append("obstacle")
    return found


def _counts(text: str, counted: tuple[str, ...]) -> bool:
    """Whether a number stands beside what is counted: "12 hồ sơ", "12/15 hồ sơ", "hồ sơ: 12", "70 %"."""
    pieces = re.findall(r"[^\W\d_]+|\d+(?:[.,/]\d+)*|%", text)
    for at, piece in enumerate(pieces):
        if piece[0].isdigit():
            after = " ".join(pieces[at + 1 : at + 3])
            before = " ".join(pieces[max(0, at - 2) : at])
            if any(after == one or after.startswith(f"{one} ") or before.endswith(one) for one in counted if one):
                return True
            # A number in front of any word but one of the calendar is a count as well: "3 chuyến".
            if at + 1 < len(pieces) and pieces[at + 1].isalpha() and len(pieces) > SHORT:
                return True
    return False


def check(text: str, title: str = "", earlier: list[Earlier] | None = None, files: int = 0) -> Quality:
    """What a report tells its reader. ``files`` is how many are attached: a picture stands for a quantity."""
    said = normal(text)
    words = WORD.findall(said)
    if not words:
        return Quality(FAIR if files else 0, "fair" if files else "poor", [Hint("files_only" if files else "empty")], [], 0.0)
    plain = bare(said) == said
    lists = _PLAIN if plain else _MARKED
    marks = _marks(said, lists, plain)
    hints: list[Hint] = []

    points = BASE + sum(WORTH[mark] for mark in marks)
    if files and "quantity" not in marks and "document" not in marks:
        points += WORTH["document"]
    if len(words) < SHORT:
        points -= 25
        hints.append(Hint("short", {"words": len(words)}))
    elif len(words) < ENOUGH:
        points -= 6

    vague = _hits(_spaced(said), lists["vague"])
    told = sum(len(one.split()) for one in vague)
    if vague and (not {"quantity", "document"} & set(marks)):
        points -= 18 + (12 if told * 2 >= len(words) else 0)
        hints.append(Hint("vague"))

    same, whose = _repeats(said, earlier or [])
    if same >= SAME:
        points = min(points, round(100 * (1 - same)) + 10)
        hints.append(Hint("same_own" if whose == "own" else "same_colleague", {"percent": round(100 * same)}))

    if _echoes(said, title):
        points -= 30
        hints.append(Hint("echo"))

    if _stuffed(words, said, lists):
        points = min(points, FAIR - 10)
        hints.append(Hint("stuffed"))

    if not hints or all(one.key in ("vague", "short", "echo") for one in hints):
        if "result" not in marks:
            hints.append(Hint("no_result"))
        if "quantity" not in marks and "document" not in marks and not files:
            hints.append(Hint("no_figures"))
    points = max(0, min(100, points))
    band: Band = "good" if points >= GOOD else "fair" if points >= FAIR else "poor"
    return Quality(points, band, hints, marks, round(same, 3))


def _repeats(said: str, earlier: list[Earlier]) -> tuple[float, str]:
    if len(said) < COMPARABLE:
        exact = next((one for one in earlier if masked(one.text) == masked(said)), None)
        return (1.0, exact.whose) if exact else (0.0, "own")
    own = grams(said)
    best, whose = 0.0, "own"
    for one in earlier:
        found = likeness(own, grams(one.text))
        if found > best:
            best, whose = found, one.whose
    return best, whose


def _echoes(said: str, title: str) -> bool:
    """Whether the report is little but the title: most of its pairs of words stand there."""
    words = WORD.findall(said)
    of_title = WORD.findall(normal(title))
    pairs = set(pairwise(of_title))
    own = list(pairwise(words))
    return len(own) >= 3 and bool(pairs) and sum(pair in pairs for pair in own) / len(own) >= ECHO


def _stuffed(words: list[str], said: str, lists: dict[str, tuple[str, ...]]) -> bool:
    """Whether words were strung together for the rules: hardly any that is not of our lists, or the same ones again and again."""
    if len(words) < ENOUGH:
        return False
    if len(set(words)) / len(words) < VARIED * (1 if len(words) < 60 else 0.7):
        return True
    spaced = _spaced(said)
    listed: set[int] = set()
    tokens = spaced.split()
    if sum(token in lists["joining"] for token in tokens) / len(tokens) >= JOINED:
        return False
    for key, phrases in lists.items():
        for one in phrases if key != "joining" else ():
            parts = one.split()
            for at in range(len(tokens) - len(parts) + 1):
                if tokens[at : at + len(parts)] == parts:
                    listed.update(range(at, at + len(parts)))
    joins = sum(mark in said for mark in (".", ",", ";", ":"))
    return len(listed) / len(tokens) >= STUFFED and joins <= len(tokens) // 8

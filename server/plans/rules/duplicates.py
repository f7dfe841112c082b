"""When two tasks are the same: by normalised words exactly, or nearly, by the share of words they have in common."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from server.plans.rules.agencies import agency_key
from server.plans.rules.text import words
from server.plans.shapes import Row

#: From this share of common words on, two titles are shown as near.
NEAR = 0.8


class Duplicate(msgspec.Struct, frozen=True):
    """A row (its index) and the id of a task like it; ``ratio`` is 1.0 when the words are the same."""

    row: int
    task: str
    ratio: float


def title_key(title: str) -> str:
    """The words of a title, without marks, case and punctuation: equal keys are the same task."""
    return " ".join(words(title))


def similar(a: str, b: str) -> float:
    """How alike two titles are, 0 to 1: twice the common words (as often as they occur) over all words."""
    return _ratio(Counter(words(a)), Counter(words(b)))


def _ratio(a: Counter[str], b: Counter[str]) -> float:
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def duplicates(titles: Sequence[str], existing: Mapping[str, str], near: float = NEAR) -> list[Duplicate]:
    """For each title the most similar of the ``existing`` tasks (id → title), where one is near enough."""
    counted = {task: Counter(words(title)) for task, title in existing.items()}
    exact: dict[str, str] = {}
    by_word: dict[str, list[str]] = defaultdict(list)
    for task, title in existing.items():
        exact.setdefault(title_key(title), task)
        for word in counted[task]:
            by_word[word].append(task)
    found: list[Duplicate] = []
    for place, title in enumerate(titles):
        same = exact.get(title_key(title)) if title.strip() else None
        if same is not None:
            found.append(Duplicate(place, same, 1.0))
            continue
        mine = Counter(words(title))
        # Two titles with a ratio of 0.8 share most words, so they share one of the rarest third.
        rare = sorted((word for word in mine if word in by_word), key=lambda word: len(by_word[word]))[: max(3, len(mine) // 3)]
        candidates = Counter(task for word in rare for task in by_word[word][:400])
        ratios = [(_ratio(mine, counted[task]), task) for task, _ in candidates.most_common(40)]
        best = max(ratios, default=(0.0, ""))
        if best[0] >= near:
            found.append(Duplicate(place, best[1], round(best[0], 3)))
    return found


def row_key(row: Row, occurrence: int = 0) -> str:
    """32 hexadecimal digits that stay the same for the same row read again, from any form of the document.

    ``occurrence`` tells apart rows of one plan that are alike in everything.
    """
    parts = [
        *map(title_key, row.group_path),
        title_key(row.title),
        agency_key(row.lead_text),
        title_key(row.due_text),
        title_key(row.product),
        str(occurrence),
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]

"""Words for the story: titles, descriptions, notes and reasons, drawn from the data files beside this module."""

import tomllib
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from server.demo.office import HERE

_ROMAN = ("I", "II", "III", "IV")


@cache
def phrases() -> dict[str, Any]:
    """The places, systems and sentences of ``phrases.toml``."""
    return tomllib.loads((HERE / "phrases.toml").read_text(encoding="utf-8"))


@cache
def works() -> dict[str, list[str]]:
    """The patterns of titles by the slug of their field."""
    found: dict[str, list[str]] = {}
    for path in sorted((HERE / "works").glob("*.toml")):
        found.update(tomllib.loads(path.read_text(encoding="utf-8")))
    return found


class Texts:
    """Draws texts with one random source and repeats no title, nor any of ``taken``."""

    def __init__(self, rng: Random, taken: set[str]) -> None:
        self._rng = rng
        self._taken = taken

    def title(self, field: str, day: date) -> str:
        """A title of 30 to 300 characters for a task in ``field`` that is made on ``day``."""
        for attempt in range(60):
            title = self._fill(self._rng.choice(works()[field]), day)
            if len(title) < 30 or self._rng.random() < 0.13 or attempt > 40:
                title += self._rng.choice(phrases()["tails"])
            if attempt > 50:
                title += f" (đợt ngày {day:%d/%m/%Y})"
            if title not in self._taken and len(title) <= 300:
                break
        self._taken.add(title)
        return title

    def description(self) -> str:
        """Zero to five sentences, at most 600 characters."""
        sentences = self._rng.sample(phrases()["descriptions"], self._rng.choices((0, 1, 2, 3, 5), (25, 25, 25, 17, 8))[0])
        while len(" ".join(sentences)) > 600:
            sentences.pop()
        return " ".join(sentences)

    def say(self, kind: str) -> str:
        """A sentence of one kind of ``phrases.toml``, its places filled."""
        return self._fill(self._rng.choice(phrases()[kind]), date.min)

    def progress(self, percent: int) -> str:
        """A note that fits how far the work is."""
        return self.say("notes_early" if percent < 30 else "notes_middle" if percent < 75 else "notes_late")

    def checklist(self) -> list[str]:
        """The items of a checklist; often none."""
        return list(self._rng.choice(phrases()["checklists"])) if self._rng.random() < 0.28 else []

    def source(self, day: date) -> dict[str, str] | None:
        """The document that a task comes from, dated one to nine days before ``day``; often none."""
        if self._rng.random() < 0.45:
            return None
        symbol, issuer = self._rng.choice(phrases()["issuers"])
        issued = day - timedelta(days=self._rng.randint(1, 9))
        return {"number": f"{self._rng.randint(12, 4800)}/{symbol}", "date": issued.isoformat(), "issuer": issuer}

    def _fill(self, pattern: str, day: date) -> str:
        words = phrases()
        pick = self._rng.choice
        sector, keeper = pick(list(words["sectors"].items()))
        text = pattern.format(
            xa=pick(words["places"]),
            so=keeper if "{linhvuc}" in pattern else pick(words["departments"]),
            linhvuc=sector,
            hethong=pick(words["systems"]),
            n=self._rng.randint(5, 60),
            dot=f"đợt {self._rng.randint(1, 4)}",
            thang=f"tháng {day.month} năm {day.year}",
            quy=f"quý {_ROMAN[(day.month - 1) // 3]} năm {day.year}",
            nam=day.year,
            nam_sau=day.year + 1,
        )
        return text[:1].upper() + text[1:]

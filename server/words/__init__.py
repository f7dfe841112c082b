"""The catalogue of Vietnamese sentences that Python says: one TOML file an area."""

import tomllib
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def catalogue() -> dict[str, str]:
    """Every sentence by its key, ``area.name``; nested tables join with dots."""
    sentences: dict[str, str] = {}

    def take(prefix: str, table: dict[str, object]) -> None:
        for name, value in table.items():
            key = f"{prefix}.{name}"
            if isinstance(value, dict):
                take(key, value)
            else:
                sentences[key] = str(value)

    for path in sorted(_HERE.glob("*.toml")):
        take(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    return sentences


def say(key: str, **values: object) -> str:
    """The sentence ``key`` with its places filled. An unknown key is a programming error and raises KeyError."""
    sentence = catalogue()[key]
    return sentence.format(**values) if values else sentence

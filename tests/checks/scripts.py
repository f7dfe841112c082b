"""What the checks read of JavaScript: its strings, its templates, and the sentences that it says. No parser: a reader of tokens."""

import re
from collections.abc import Iterator

#: A comment, a string, or a piece of a template; what comes first is what it is.
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|"(?P<double>(?:[^"\\\n]|\\.)*)"|'(?P<single>(?:[^'\\\n]|\\.)*)'|`(?P<template>(?:[^`\\]|\\.)*)`""",
    re.DOTALL,
)
SAID = re.compile(r"""\bsay\(\s*"(?P<key>[a-z0-9_.]+)"\s*(?:(?P<alone>\))|,\s*(?P<object>\{))""")


def strings_in(text: str) -> Iterator[str]:
    """Every quoted string that is not in a comment, and the fixed parts of every template."""
    for found in TOKEN.finditer(text):
        if found["comment"] is not None:
            continue
        if found["template"] is not None:
            yield from re.split(r"\$\{[^{}]*\}", found["template"])
            # What stands inside the places of a template.
            yield from (inner for place in re.findall(r"\$\{([^{}]*)\}", found["template"]) for inner in strings_in(place))
        else:
            yield found["double"] if found["double"] is not None else found["single"]


def templates_in(text: str) -> Iterator[list[str]]:
    """The fixed parts of every template that has places."""
    for found in TOKEN.finditer(text):
        if found["template"] is not None and "${" in found["template"]:
            yield re.split(r"\$\{[^{}]*\}", found["template"])


def said_in(text: str) -> Iterator[tuple[str, set[str]]]:
    """Every call ``say("key", {…})`` with the names that it fills; those that fill from a variable are left out."""
    for found in SAID.finditer(text):
        if found["alone"]:
            yield found["key"], set()
            continue
        names = _names(text[found.end() :])
        if names is not None:
            yield found["key"], names


def _names(rest: str) -> set[str] | None:
    """The names of an object whose brace was just opened; None where it takes in another object."""
    names: set[str] = set()
    depth, part = 1, ""
    for letter in re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', rest):
        depth += (letter in "{[(") - (letter in "}])")
        if depth == 0 or (depth == 1 and letter == ","):
            name = part.split(":")[0].strip()
            if name.startswith("..."):
                return None
            names |= {name} if name else set()
            part = ""
            if depth == 0:
                return names
        else:
            part += letter
    return names

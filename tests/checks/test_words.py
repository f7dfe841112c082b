"""The interface is Vietnamese and stands in one catalogue: none of it inline in Python or in the worker, nothing in it unused."""

import ast
import re
import string
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

from tests.checks import source
from tests.checks.scripts import said_in, strings_in, templates_in

#: What is matched against documents, the notices of working days, and the invented office: data that happens to be Python.
VOCABULARIES = ("server/plans/rules/", "server/calendar/rules.py", "server/demo/", "server/reports/filed/rules.py")
#: Names of mutations that have the shape of a key, for their area has words as well.
MUTATIONS = {"insight.accept", "insight.decline"}
#: Names of products, which are the same in every language.
NAMES = {"Cốc Cốc"}


def is_vietnamese(text: str) -> bool:
    """Whether a word of the text has a đ or a letter with a mark. Single letters are what searching folds, not words."""
    return len(text) > 2 and any(letter in "đĐ" or len(unicodedata.normalize("NFD", letter)) > 1 for letter in text if letter.isalpha())


@cache
def catalogue() -> dict[str, str]:
    sentences: dict[str, str] = {}

    def take(prefix: str, table: dict[str, object]) -> None:
        for name, value in table.items():
            if isinstance(value, dict):
                take(f"{prefix}.{name}", value)
            else:
                sentences[f"{prefix}.{name}"] = str(value)

    for name in source.files(".toml", "server/words"):
        take(Path(name).stem, tomllib.loads(source.text(name)))
    return sentences


def places(sentence: str) -> set[str]:
    """The names in braces of a sentence."""
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}


#: What the worker and its rooms are made of; the scripts of the page (`static/js/*.js`) have their sentences in `static/js/words.js`.
ROOMS = ("static/js/base", "static/js/replica", "static/js/outbox", "static/js/show", "static/js/worker")


@cache
def literals() -> frozenset[str]:
    """Every string of our Python, and every word of the worker's scripts: there the names in an object are words too."""
    python = {
        node.value for name in source.files(".py", "server", "sync", "ml") for node in source.strings(name) if isinstance(node.value, str)
    }
    return frozenset(python | {word for name in source.files(".js", *ROOMS) for word in re.findall(r"\w+", source.text(name))})


@cache
def quoted_in_scripts() -> dict[str, str]:
    """Every string of the worker's scripts that has the shape of a key, and where it stands."""
    areas = "|".join(sorted({key.split(".")[0] for key in catalogue()}))
    shape = re.compile(rf"(?:{areas})(?:\.[a-z0-9_]+)+")
    return {
        text: name
        for name in source.files(".js", *ROOMS)
        for text in strings_in(source.text(name))
        if shape.fullmatch(text) and text not in MUTATIONS
    }


def patterns() -> list[re.Pattern[str]]:
    """f-strings that build a key (`f"people.position.{position}"`), as patterns."""
    areas = {key.split(".")[0] for key in catalogue()}
    found = []
    for name in source.files(".py", "server", "sync", "ml"):
        for node in ast.walk(source.tree(name)):
            if not isinstance(node, ast.JoinedStr):
                continue
            parts = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
            if parts and parts[0] and "." in parts[0] and parts[0].split(".")[0] in areas:
                found.append(re.compile("".join("([a-z0-9_.]+)" if part is None else re.escape(part) for part in parts)))
    return found + [pattern for _, pattern in built_in_scripts()]


@cache
def built_in_scripts() -> list[tuple[str, re.Pattern[str]]]:
    """Keys that the worker's scripts build from parts, as patterns, each with where it stands."""
    areas = {key.split(".")[0] for key in catalogue()}
    return [
        (name, re.compile("([a-z0-9_.]+)".join(re.escape(part) for part in fixed)))
        for name in source.files(".js", *ROOMS)
        for fixed in templates_in(source.text(name))
        if "." in fixed[0] and fixed[0].split(".")[0] in areas
    ]


def key_of(call: ast.Call) -> ast.expr | None:
    """The argument that is a key of the catalogue: the first of `say`, the second of `Refusal`."""
    at = {"say": 0, "words.say": 0, "Refusal": 1}.get(ast.unparse(call.func))
    if at is None:
        return None
    for word in call.keywords:
        if word.arg == "key":
            return word.value
    return call.args[at] if len(call.args) > at else None


def spoken() -> list[tuple[str, str, ast.Call]]:
    """Every call that says a sentence by a literal key: (where, key, call)."""
    return [
        (f"{name}:{call.lineno}", key.value, call)
        for name in source.files(".py", "server", "sync")
        for call in source.calls(name)
        if isinstance(key := key_of(call), ast.Constant) and isinstance(key.value, str)
    ]


def test_no_sentence_stands_inline_in_python():
    found = [
        f"{name}:{node.lineno}: {node.value!r}"
        for name in source.files(".py", "server", "sync")
        if not name.startswith(VOCABULARIES)
        for node in source.strings(name)
        if isinstance(node.value, str) and node.value not in NAMES and is_vietnamese(node.value)
    ]
    assert found == [], "say it in server/words/*.toml"


def test_no_sentence_stands_inline_in_the_worker():
    found = [f"{name}: {text!r}" for name in source.files(".js", *ROOMS) for text in strings_in(source.text(name)) if is_vietnamese(text)]
    assert found == [], "say it in server/words/*.toml"


def test_every_key_that_is_said_exists():
    unknown = [f"{where}: {key}" for where, key, _ in spoken() if key not in catalogue()]
    unknown += [f"{where}: {key}" for key, where in quoted_in_scripts().items() if key not in catalogue()]
    unknown += [f"{where}: {one.pattern}" for where, one in built_in_scripts() if not any(one.fullmatch(key) for key in catalogue())]
    assert unknown == []


def test_every_sentence_is_said_somewhere():
    templates = "\n".join(source.text(name) for name in source.files(".html", "templates"))
    quoted = set(re.findall(r"""["']([a-z0-9_.]+)["']""", templates))
    built = patterns()

    def used(key: str) -> bool:
        if key in literals() or key in quoted or key in quoted_in_scripts():
            return True
        # Built from parts: then the part that varies must be a word that the code has.
        return any((match := pattern.fullmatch(key)) and set(match.groups()) <= literals() for pattern in built)

    assert [key for key in catalogue() if not used(key)] == []


def test_the_places_of_a_sentence_are_filled_where_it_is_said():
    wrong = []
    for where, key, call in spoken():
        given = {word.arg for word in call.keywords} - {"field", "key", "code"}
        if None in given or key not in catalogue():  # **values: known at run time only
            continue
        if given != places(catalogue()[key]):
            wrong.append(f"{where}: {key} has {sorted(places(catalogue()[key]))}, given {sorted(str(name) for name in given)}")
    for name in source.files(".js", *ROOMS):
        for key, filled in said_in(source.text(name)):
            if key in catalogue() and filled != places(catalogue()[key]):
                wrong.append(f"{name}: {key} has {sorted(places(catalogue()[key]))}, given {sorted(filled)}")
    assert wrong == []


def test_every_sentence_can_be_formatted_and_is_composed():
    for key, sentence in catalogue().items():
        places(sentence)
        assert sentence == unicodedata.normalize("NFC", sentence), f"{key} is not NFC: searches would miss it"
        assert sentence == sentence.strip(), key

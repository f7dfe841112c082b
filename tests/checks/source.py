"""What the checks read: the files of the project, and its Python as trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def project_files() -> tuple[str, ...]:
    """Every file that git keeps, or would keep, as a path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return tuple(sorted(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()))


@cache
def files(suffix: str, *folders: str) -> tuple[str, ...]:
    """The project's files with this suffix below these folders; other people's (`static/vendor`) are left out."""
    starts = tuple(f"{folder}/" for folder in folders)
    return tuple(
        name for name in project_files() if name.endswith(suffix) and name.startswith(starts) and not name.startswith("static/vendor/")
    )


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(text(name), filename=name)


def docstrings(module: ast.Module) -> set[int]:
    """The ids of the nodes that are docstrings, of attributes too."""
    found: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.update(
                id(statement.value)
                for statement in node.body
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
            )
    return found


def strings(name: str) -> Iterator[ast.Constant]:
    """Every string literal of a module that is not a docstring."""
    module = tree(name)
    skip = docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip:
            yield node


def called(call: ast.Call) -> str:
    """The last name of what is called: `say` for `say(…)` and for `words.say(…)`."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def calls(name: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(name)) if isinstance(node, ast.Call))

"""What a module may be: small, and honest about what it leans on."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.checks import source

LONGEST = 400
# The holidays package is a table of days: no input, no output.
RULES_MAY_IMPORT = sys.stdlib_module_names | {"msgspec", "holidays"}
#: Of our own: other rules, the plain structs that areas hand to each other, refusals, and the catalogue of sentences, which never changes.
RULES_MAY_IMPORT_OURS = {"rules", "shapes", "shape", "grains", "errors", "words"}
#: The standard library's ways to the world outside: a rule gets time, chance and data as arguments.
NOT_IN_RULES = {"os", "io", "random", "secrets", "socket", "sqlite3", "subprocess", "time", "urllib.request", "asyncio", "pathlib"}


def imported(name: str) -> set[str]:
    """The modules that a module imports, in full."""
    found: set[str] = set()
    for node in ast.walk(source.tree(name)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            if node.module.startswith("server"):
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def project() -> dict[str, list[str]]:
    said = tomllib.loads(source.text("pyproject.toml"))["project"]
    return {"run": said["dependencies"], "dev": said["optional-dependencies"]["dev"]}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def locked(lock: str) -> set[str]:
    return {
        canonicalize_name(line.split("==")[0])
        for line in source.text(lock).splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    }


def test_no_module_is_longer_than_a_person_reads_at_once():
    long = {
        name: lines
        for name in (*source.files(".py", "server", "sync", "ml", "tests"), *source.files(".js", "static"))
        if "/migrations/" not in name and (lines := source.text(name).count("\n")) > LONGEST
    }
    assert long == {}


def rules() -> list[str]:
    return [
        name
        for name in source.files(".py", "server", "ml")
        if name.endswith(("/rules.py", "/shapes.py", "/shape.py", "/grains.py")) or "/rules/" in name
    ]


@pytest.mark.parametrize("name", rules())
def test_rules_are_plain_functions_on_plain_values(name):
    def fits(module: str) -> bool:
        if module.startswith("server"):
            parts_of_it = [other for other in imported(name) if other == module or other.startswith(f"{module}.")]
            return any(RULES_MAY_IMPORT_OURS & set(other.split(".")) for other in parts_of_it)
        return module.split(".")[0] in RULES_MAY_IMPORT and not {module, module.split(".")[0]} & NOT_IN_RULES

    assert [module for module in imported(name) if not fits(module)] == []


def test_every_library_that_is_imported_is_declared():
    provides = packages_distributions()
    wanted: dict[str, str] = {}
    for folder, groups in {"server": ["run"], "sync": ["run"], "tests": ["run", "dev"]}.items():
        declared = names([line for group in groups for line in project()[group]])
        for name in source.files(".py", folder):
            for module in {full.split(".")[0] for full in imported(name)} - sys.stdlib_module_names - {"server", "sync", "ml", "tests"}:
                owners = {canonicalize_name(owner) for owner in provides.get(module, [module])}
                # pytest brings packaging and says so in its own interface.
                if not owners & (declared | {"packaging"}):
                    wanted[module] = name
    assert wanted == {}, "declare it in pyproject.toml, then: make lock"


def test_the_lock_files_pin_everything_that_is_declared():
    assert names(project()["run"]) <= locked("requirements.lock")
    assert names(project()["run"] + project()["dev"]) <= locked("requirements-dev.lock")
    assert locked("requirements.lock") <= locked("requirements-dev.lock")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_has_a_hash_for_every_pin_and_no_address(lock):
    text = source.text(lock)
    for block in text.split("\n")[6:]:
        assert not block or block.startswith((" ", "#")) or block.endswith("\\"), block
    assert "--index-url" not in text
    assert "://" not in text

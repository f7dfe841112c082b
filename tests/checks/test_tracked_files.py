"""What must not be in the repository: addresses of registries, paths of a machine, secrets."""

import re

import pytest

from tests.checks import source

# Put together from halves, so that this file does not hold what it looks for.
REGISTRIES = [
    "py" + r"pi\.org",
    "python" + r"hosted\.org",
    "npm" + r"js\.(org|com)",
    "deb" + r"\.debian\.org",
    "un" + r"pkg\.com",
    "js" + r"delivr\.net",
    "cdn" + r"js\.",
]
MACHINE_PATHS = [r"(?<![\w./-])/" + folder + r"/[\w.-]" for folder in ("work", "root", "home", "Users", "opt")]
SECRETS = [
    "-----BEGIN [A-Z ]*PRIVATE " + "KEY",
    "AKIA" + "[0-9A-Z]{16}",
    "gh[pousr]" + "_[A-Za-z0-9]{36}",
    r"\b[0-9]{8,10}:AA" + "[A-Za-z0-9_-]{33}",
    r"://[a-zA-Z_]+:(?!password@|soviec@|\$|\{)[^/@\s'\"`{}]+@(?!127\.0\.0\.1)",
]
# Other people's files as they gave them; what they load is looked at in test_templates.
VENDOR = "static/vendor/"


def lines() -> list[tuple[str, str]]:
    found = []
    for name in source.project_files():
        raw = (source.ROOT / name).read_bytes()
        if b"\0" not in raw[:4000]:
            found += [(f"{name}:{number}", line) for number, line in enumerate(raw.decode("utf-8", errors="replace").splitlines(), 1)]
    return found


@pytest.mark.parametrize(
    ("wanted", "vendor_too"),
    [(REGISTRIES, True), (MACHINE_PATHS, False), (SECRETS, True)],
    ids=["addresses of package registries", "paths of a machine", "secrets"],
)
def test_the_repository_has_none_of(wanted, vendor_too):
    pattern = re.compile("|".join(wanted))
    read = [(where, line) for where, line in lines() if vendor_too or not where.startswith(VENDOR)]
    found = [f"{where}: {line.strip()[:100]}" for where, line in read if pattern.search(line)]
    assert found == []


def test_nothing_that_is_made_or_private_is_tracked():
    wrong = re.compile(r"(^|/)(\.env|secret\.key|.*\.(sqlite3?|pyc|pem|log))$|^data/|^\.venv/|__pycache__")
    assert [name for name in source.project_files() if wrong.search(name)] == []


def test_the_top_level_is_the_one_agreed_on():
    folders = {"server", "templates", "static", "ml", "sync", "tests", "docs"}
    agreed = folders | {"Dockerfile", "pyproject.toml", "README.md", "Makefile", "compose.yaml"}
    top = {name.split("/")[0] for name in source.project_files()}
    assert {name for name in top - agreed if not name.startswith(".") and not name.endswith(".lock")} == set()

"""docs/settings.md, written from server/settings.py: `python -m tests.checks.settings_doc --write`."""

import sys

from server.settings import described
from tests.checks.source import ROOT

PAGE = ROOT / "docs" / "settings.md"

HEAD = """# Settings

Everything an installation decides comes from the environment. This page is written from `server/settings.py` by `make settings`;
a test holds them together.

| variable | default | meaning |
|---|---|---|
"""


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def page() -> str:
    rows = (f"| `{name}` | {f'`{cell(default)}`' if default else 'empty'} | {cell(meaning)} |\n" for name, default, meaning in described())
    return HEAD + "".join(rows)


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())

"""The stylesheet keeps its promises: contrast, weight, and nothing from other sites."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
CSS = (STATIC / "css/soviec.css").read_text(encoding="utf-8")
TOKENS = {name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS)}
STATUSES = ("wait", "doing", "review", "done", "soon", "late")
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3", "do", *STATUSES) for ground in ("card", "paper")],
    *[(status, f"{status}-soft") for status in STATUSES],
    *[("ink", f"{status}-soft") for status in STATUSES],
    *[("ink-2", ground) for ground in ("sunk", "do-soft")],
    *[("do", "do-soft"), ("do-ink", "do"), ("do-ink", "do-over"), ("ink-3", "do-soft")],
]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_it_keeps_text_readable(ink: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["card", "paper"])
def test_it_keeps_the_edge_of_a_field_visible(ground: str, theme: int) -> None:
    assert contrast(TOKENS["edge"][theme], TOKENS[ground][theme]) >= 3


IMPORTED = re.compile(r'^(?:import|export) (?:[^"\n]* from )?"([^"]+)"', re.MULTILINE)


def with_imports(*names: str) -> set[Path]:
    """Scripts of ``static/`` and all that they import."""
    found: set[Path] = set()
    left = [(STATIC / name).resolve() for name in names]
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            left += [(here.parent / one).resolve() for one in IMPORTED.findall(here.read_text(encoding="utf-8"))]
    return found


def packed(files: set[Path]) -> int:
    """Bytes over the line."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)


def test_it_keeps_the_first_visit_small() -> None:
    """What the frame of every page names; the service worker is fetched when the page stands."""
    layout = (STATIC.parent / "templates/shared/layout.html").read_text(encoding="utf-8").replace("v-{{ asset_version }}/", "")
    named = re.findall(r'(?:src|href)="/static/([^"]+\.(?:js|css|svg))"', layout)
    assert {"css/soviec.css", "js/app.js"} <= set(named)
    weight = packed(with_imports(*(name for name in named if name.endswith(".js"))) | {STATIC / name for name in (*named, "icons.svg")})
    assert weight < 70_000, f"{weight} bytes"


def test_it_keeps_what_the_device_takes_for_working_offline_small() -> None:
    """Budgets of pages leave the offline engine out; this keeps it from growing unseen (200 kB before foresight)."""
    weight = packed(with_imports("js/worker/main.js"))
    assert weight < 210_000, f"{weight} bytes"


def test_it_loads_nothing_from_elsewhere() -> None:
    for path in STATIC.rglob("*"):
        if path.suffix in (".css", ".svg") or (path.suffix == ".js" and "vendor" not in path.parts):
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://|(?:url\(\"?|from \"|import\(\")//", text), path


def test_it_says_in_its_first_line_what_each_script_is_for() -> None:
    for path in (STATIC / "js").glob("*.js"):
        assert path.read_text(encoding="utf-8").startswith("// "), path

"""axe finds nothing on the sample pages; text at twice its size still fits a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.static.office import Office
from tests.templates.preview import PAGES

LOOKED_AT = [
    ("list", 1440, "dark"), ("detail", 360, "light"), ("detail", 360, "dark"), ("empty", 820, "light"), ("error", 360, "dark"),
    ("sign_in", 360, "light"),
]  # fmt: skip


def show(window: Office, name: str, width: int, theme: str) -> Page:
    """One of the sample pages at that width."""
    template, context = PAGES[name]
    return window.look(template, context | {"theme": theme}, width)


@pytest.mark.parametrize(("name", "width", "theme"), LOOKED_AT)
def test_it_has_no_violation_that_axe_finds(window: Office, name: str, width: int, theme: str) -> None:
    found = Axe().run(show(window, name, width, theme)).response
    assert len(found["passes"]) > 15, "axe did not look"
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found["violations"]] == []


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_a_phone_with_text_twice_as_large(window: Office, name: str) -> None:
    page = show(window, name, 360, "light")
    page.add_style_tag(content="html:root { font-size: 200%; }")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

"""axe finds nothing on a task's page and its forms, with every form open; text at twice its size still fits a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.static.office import Office
from tests.templates import task_samples

PAGES = {f"task: {name}": ("shared/tasks/task.html", context) for name, context in task_samples.PAGES.items()} | {
    f"{template}: {name}": (f"shared/tasks/{template}.html", context)
    for template in ("new", "edit", "assign")
    for name, context in task_samples.FORMS.items()
}
#: Every other page is looked at in the dark.
THEMES = [(name, "dark" if place % 2 else "light") for place, name in enumerate(PAGES)]


@pytest.fixture(scope="module", params=THEMES, ids="-".join)
def page(request: pytest.FixtureRequest, window: Office) -> Page:
    """One page on a phone, its panels and folded parts open; both tests look at it before the next one is loaded."""
    name, theme = request.param
    template, context = PAGES[name]
    shown = window.look(template, context | {"theme": theme}, 360)
    shown.evaluate(
        "document.querySelectorAll('.panel').forEach(panel => panel.classList.add('open'));"
        "document.querySelectorAll('main details').forEach(folded => folded.open = true)"
    )
    return shown


def test_it_has_no_violation_that_axe_finds(page: Page) -> None:
    found = Axe().run(page).response
    assert len(found["passes"]) > 15, "axe did not look"
    assert [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found["violations"]] == []


def test_it_fits_a_phone_with_text_twice_as_large(page: Page) -> None:
    larger = page.add_style_tag(content="html:root { font-size: 200%; }")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
    wide = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] : [...document.querySelectorAll('main *')]"
        ".filter(one => one.getBoundingClientRect().right > 361).map(one => one.outerHTML.slice(0, 120))"
    )
    larger.evaluate("style => style.remove()")
    assert wide == []

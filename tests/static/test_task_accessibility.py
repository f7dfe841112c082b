"""axe finds nothing on a task's page and its forms, with every form open; text at twice its size still fits a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.static.office import Office
from tests.templates import task_samples

PAGES = {f"task: {name}": ("shared/tasks/task.html", context) for name, context in task_samples.PAGES.items()} | {
    f"{template}: {name}": (f"shared/tasks/{template}.html", context)
    for template in ("new", "edit", "assign")
    for name, context in task_samples.FORMS.items()
}
THEMES = [(name, theme) for place, name in enumerate(PAGES) for theme in (("dark",) if place % 2 else ("light",))]


def show(browser: Browser, name: str, theme: str) -> Page:
    """One page on a phone, its panels and folded parts open."""
    template, context = PAGES[name]
    page = browser.new_page(viewport={"width": 360, "height": 800}, bypass_csp=True)
    office = Office(page)
    office.answers["GET", "/look"] = lambda route: office.show(route, context | {"theme": theme}, 200, template)
    page.goto("http://office.test/look")
    page.evaluate(
        "document.querySelectorAll('.panel').forEach(panel => panel.classList.add('open'));"
        "document.querySelectorAll('main details').forEach(folded => folded.open = true)"
    )
    return page


@pytest.mark.parametrize(("name", "theme"), THEMES)
def test_it_has_no_violation_that_axe_finds(browser: Browser, name: str, theme: str) -> None:
    page = show(browser, name, theme)
    found = Axe().run(page).response
    page.close()
    assert len(found["passes"]) > 15, "axe did not look"
    assert [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found["violations"]] == []


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_a_phone_with_text_twice_as_large(browser: Browser, name: str) -> None:
    page = show(browser, name, "light")
    page.add_style_tag(content="html:root { font-size: 200%; }")
    wide = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] : [...document.querySelectorAll('main *')]"
        ".filter(one => one.getBoundingClientRect().right > 361).map(one => one.outerHTML.slice(0, 120))"
    )
    page.close()
    assert wide == []

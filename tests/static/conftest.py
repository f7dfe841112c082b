"""The browser and the page that the tests of static/ share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.chromium import launched
from tests.static.office import Office


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as shown:
        yield shown


@pytest.fixture
def office(browser: Browser) -> Iterator[Office]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    made = Office(page)
    page.goto("http://office.test/tasks")
    yield made
    assert made.complaints == []
    page.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Office]:
    """A page that shows one sample after the other; the tools that look at it may add scripts and styles of their own."""
    page = browser.new_page(bypass_csp=True)
    yield Office(page)
    page.close()

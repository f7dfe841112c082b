"""The browser and the page that the tests of static/ share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.static.office import CHROMIUM, Office


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        shown = play.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield shown
        shown.close()


@pytest.fixture
def office(browser: Browser) -> Iterator[Office]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    made = Office(page)
    yield made
    assert made.complaints == []
    page.close()

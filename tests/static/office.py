"""A browser's page with canned answers in place of a server, under the product's content security policy."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route

from tests.templates.test_two_renderers import CONTEXTS, ROOT, by_jinja2

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; form-action 'self'"
)
FULL = CONTEXTS["full"] | {"notice": None}
Answer = Callable[[Route], None]


class Office:
    """A page, what it asked for, and what is answered: `answers[(method, path)]`, else the sample page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.complaints: list[str] = []
        self.answers: dict[tuple[str, str], Answer] = {}
        page.route("**/*", self.answer)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None)

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = ROOT / re.sub(r"^/static/v-[^/]+/", "/static/", path)[1:]
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "font/woff2")
            return
        self.asked.append((route.request.method, path))
        self.headers.append(route.request.headers)
        found = self.answers.get((route.request.method, path))
        if found:
            found(route)
        else:
            self.show(route, FULL)

    def look(self, template: str, context: dict[str, object], width: int) -> Page:
        """The page of this template, on a screen of that width."""
        self.page.set_viewport_size({"width": width, "height": 800})
        self.answers["GET", "/look"] = lambda route: self.show(route, context, 200, template)
        self.page.goto("http://office.test/look")
        return self.page

    @staticmethod
    def show(route: Route, context: dict[str, object], status: int = 200, template: str = "pieces.html") -> None:
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(status=status, body=by_jinja2(template, context), headers=headers)

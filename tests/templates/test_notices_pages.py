"""The inbox: the same in both engines, what is not read said in words, opened by a form that has its token."""

from __future__ import annotations

import pytest
from lxml import html

from tests.js.node import run
from tests.templates.notices_samples import FULL, PAGES
from tests.templates.test_two_renderers import ROOT, by_jinja2, by_minijinja, shape


@pytest.mark.parametrize(("name", "said", "context"), PAGES, ids=[said for _, said, _ in PAGES])
def test_it_renders_the_same_in_both_engines(name: str, said: str, context: dict[str, object]) -> None:
    assert shape(by_jinja2(name, context)) == shape(by_minijinja(name, context))


def test_it_renders_the_same_in_the_engine_of_the_browser() -> None:
    texts = run("render.mjs", [{"template": name, "context": context} for name, _, context in PAGES])
    for (name, said, context), text in zip(PAGES, texts, strict=True):
        assert shape(text) == shape(by_jinja2(name, context)), said


def test_what_is_not_read_is_a_form_and_says_so_in_words() -> None:
    page = html.document_fromstring(by_jinja2("shared/notices/list.html", FULL))
    rows = page.xpath("//li[@data-row]")
    assert ["Chưa đọc" in row.text_content() for row in rows] == [True, True, False, False, False]
    assert [bool(row.xpath(".//form[@method='post']//input[@name='csrf_token']")) for row in rows] == [True, True, False, False, False]
    assert rows[2].xpath(".//a/@href") == ["/conflicts"] and "Cần chọn" in rows[2].text_content()
    known = {symbol.get("id") for symbol in html.etree.parse(str(ROOT / "static/icons.svg")).getroot()}
    assert {use.get("href").partition("#")[2] for use in page.xpath("//use")} <= known

"""The pages of foresight: the same in all engines, a band never said by colour alone, the filters kept in the address."""

from __future__ import annotations

import pytest
from lxml import html

from tests.js.node import run
from tests.templates.foresight_samples import NARROWED, PAGES, RISKS
from tests.templates.test_two_renderers import ROOT, by_jinja2, by_minijinja, shape


@pytest.mark.parametrize(("name", "said", "context"), PAGES, ids=[f"{name}-{said}" for name, said, _ in PAGES])
def test_it_renders_the_same_in_both_engines(name: str, said: str, context: dict[str, object]) -> None:
    assert shape(by_jinja2(name, context)) == shape(by_minijinja(name, context))


def test_it_renders_the_same_in_the_engine_of_the_browser() -> None:
    texts = run("render.mjs", [{"template": name, "context": context} for name, _, context in PAGES])
    for (name, said, context), text in zip(PAGES, texts, strict=True):
        assert shape(text) == shape(by_jinja2(name, context)), said


def test_a_mark_has_an_icon_a_word_and_the_first_reason_and_the_prior_is_said_once_at_the_top() -> None:
    page = html.document_fromstring(by_jinja2("shared/foresight/tasks.html", RISKS))
    marks = page.xpath("//article//p[starts-with(@class, 'risk ')]")
    assert [mark.xpath("string(.//b)") for mark in marks] == ["Nguy cơ cao", "Cần chú ý"] and all(mark.xpath("./svg") for mark in marks)
    assert "9 ngày chưa cập nhật" in marks[0].text_content() and "%" not in marks[1].text_content()
    assert not page.xpath("//article[contains(., 'hiệu chỉnh')]") and "Chưa hiệu chỉnh theo cơ quan" in page.xpath(
        "string(//div[@class='head'])"
    )
    known = {symbol.get("id") for symbol in html.etree.parse(str(ROOT / "static/icons.svg")).getroot()}
    assert {use.get("href").partition("#")[2] for use in page.xpath("//use")} <= known


def test_the_form_keeps_the_band_and_shows_what_was_chosen() -> None:
    page = html.document_fromstring(by_jinja2("shared/foresight/tasks.html", NARROWED))
    assert page.xpath("//form[@action='/foresight/tasks']/input[@name='band']/@value") == ["high"]
    assert page.xpath("//select[@name='person']//option[@selected]/@value") == ["p3"]
    assert "/foresight/tasks?band=high" in page.xpath("//form[@action='/foresight/tasks']//a/@href")

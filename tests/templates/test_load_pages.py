"""Cân tải and Dự báo render the same in all engines; a number and a word stand beside each colour; labels and ids are in order."""

from __future__ import annotations

import pytest
from lxml import html

from tests.js.node import run
from tests.templates.load_samples import LOAD, MORNING, OWN, PAGES
from tests.templates.test_two_renderers import ROOT, by_jinja2, by_minijinja, shape


@pytest.mark.parametrize(("name", "said", "context"), PAGES, ids=[f"{name}-{said}" for name, said, _ in PAGES])
def test_it_renders_the_same_in_both_engines(name: str, said: str, context: dict[str, object]) -> None:
    assert shape(by_jinja2(name, context)) == shape(by_minijinja(name, context))


def test_it_renders_the_same_in_the_engine_of_the_browser() -> None:
    texts = run("render.mjs", [{"template": name, "context": context} for name, _, context in PAGES])
    for (name, said, context), text in zip(PAGES, texts, strict=True):
        assert shape(text) == shape(by_jinja2(name, context)), said


def test_the_table_says_each_day_in_words_and_keeps_its_roles_when_it_is_a_list() -> None:
    page = html.document_fromstring(by_jinja2("shared/foresight/load.html", LOAD))
    cells = page.xpath("//tr[@id='p-p1']/td[contains(@class, 'cell')]")
    assert [one.xpath("string(./span[@class='sr'])") for one in cells] == [
        "Thứ Hai, 23/11: 131%, quá tải nặng", "Thứ Tư, 25/11: 96%, nghỉ một phần ngày", "Thứ Năm, 26/11: chưa tính",
    ]  # fmt: skip
    assert page.xpath("//table/@role") == ["table"] and all(
        one.get("role") for one in page.xpath("//table//*[self::tr or self::th or self::td]")
    )
    assert "quá tải nặng" in page.xpath("string(//tr[@id='p-p1']/td[last()])")
    known = {symbol.get("id") for symbol in html.etree.parse(str(ROOT / "static/icons.svg")).getroot()}
    assert {use.get("href").partition("#")[2] for use in page.xpath("//use")} <= known


@pytest.mark.parametrize("context", [LOAD, OWN, MORNING], ids=["load", "own", "morning"])
def test_every_field_has_its_label_and_no_id_comes_twice(context: dict[str, object]) -> None:
    name = "morning" if context is MORNING else "load"
    page = html.document_fromstring(by_jinja2(f"shared/foresight/{name}.html", context))
    ids = page.xpath("//@id")
    assert sorted(ids) == sorted(set(ids))
    named = {one for text in page.xpath("//main//@aria-describedby | //main//@aria-labelledby") for one in text.split()}
    assert named <= set(ids)
    fields = page.xpath("//main//*[self::select or self::textarea or self::input[not(@type='hidden')]]/@id")
    assert set(fields) <= set(page.xpath("//label/@for"))
    for form in page.xpath("//main//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']") and form.xpath(".//button")

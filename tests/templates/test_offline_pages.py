"""The pages of the device: the same in both engines, every form with its token, every field with its name, no script needed."""

from __future__ import annotations

import pytest
from lxml import html

from tests.js.node import run
from tests.templates import offline_samples, task_samples
from tests.templates.samples import HOSTILE
from tests.templates.test_two_renderers import ROOT, by_jinja2, by_minijinja, shape

named = pytest.mark.parametrize(
    ("name", "said", "context"), offline_samples.PAGES, ids=[f"{name}-{said}" for name, said, _ in offline_samples.PAGES]
)


@named
def test_it_renders_the_same_in_both_engines(name: str, said: str, context: dict[str, object]) -> None:
    assert shape(by_jinja2(name, context)) == shape(by_minijinja(name, context))


def test_it_renders_the_same_in_the_engine_of_the_browser() -> None:
    texts = run("render.mjs", [{"template": name, "context": context} for name, _, context in offline_samples.PAGES])
    for (name, said, context), text in zip(offline_samples.PAGES, texts, strict=True):
        assert shape(text) == shape(by_jinja2(name, context)), (name, said)


def test_what_was_shared_goes_with_the_report() -> None:
    shown = {
        **task_samples.page("progress", *task_samples.LEAD),
        "shared": [{"id": "x", "text": "Biên bản", "files": [{"name": HOSTILE, "size": "1 kB", "picture": True}]}],
    }
    for text in (
        by_jinja2("shared/tasks/task.html", shown),
        run("render.mjs", [{"template": "shared/tasks/task.html", "context": shown}])[0],
    ):
        panel = html.document_fromstring(text).get_element_by_id("do-progress")
        assert "open" in panel.get("class").split()
        assert panel.xpath(".//input[@name='shared']/@value") == ["x"]
        assert HOSTILE in panel.text_content()


@named
def test_it_names_every_field_once_and_guards_every_form(name: str, said: str, context: dict[str, object]) -> None:
    page = html.document_fromstring(by_jinja2(name, context))
    ids = [node.get("id") for node in page.xpath("//*[@id]")]
    assert len(ids) == len(set(ids)), "an id occurs twice"
    for form in page.xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']"), form.get("action")
    for node in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        found = node.get("aria-label") or page.xpath(f"//label[@for='{node.get('id')}']") or node.xpath("ancestor::label")
        assert found, html.tostring(node)
    for node in page.xpath("//main//button | //main//a | //main//summary"):
        assert node.get("aria-label") or node.text_content().strip(), html.tostring(node)
    for place in ("aria-describedby", "aria-labelledby"):
        for node in page.xpath(f"//*[@{place}]"):
            assert set(node.get(place).split()) <= set(ids), html.tostring(node)
    known = {symbol.get("id") for symbol in html.etree.parse(str(ROOT / "static/icons.svg")).getroot()}
    assert {use.get("href").partition("#")[2] for use in page.xpath("//use")} <= known
    assert not page.xpath("//@style | //style | //*[starts-with(name(@*), 'on')]")


def test_it_escapes_what_people_wrote() -> None:
    for name, said, context in offline_samples.PAGES:
        assert HOSTILE not in by_jinja2(name, context), (name, said)


def of(page: str, said: str) -> html.HtmlElement:
    """The main part of a sample page."""
    name, _, context = next(one for one in offline_samples.PAGES if one[0].endswith(f"/{page}.html") and one[1] == said)
    return html.document_fromstring(by_jinja2(name, context)).get_element_by_id("main")


def test_only_what_was_never_sent_can_be_changed_or_taken_back() -> None:
    main = of("outbox", "twelve")
    assert main.xpath("//form[@action='/outbox/4/change']") and main.xpath("//form[@action='/outbox/4/take-back']")
    assert not main.xpath("//form[@action='/outbox/2/change'] | //form[@action='/outbox/2/take-back']")
    assert "chưa nghe máy chủ" in main.xpath("//li[@id='entry-2']")[0].text_content()


def test_taking_back_names_what_goes_along_before_it_does() -> None:
    asked = of("outbox", "asked, refused").xpath("//section[@aria-labelledby='ask-title']")[0]
    assert "Báo cáo tiến độ 5 %" in asked.text_content()
    form = asked.xpath(".//form")[0]
    assert (form.get("action"), form.xpath(".//input[@name='sure']/@value")) == ("/outbox/1/take-back", ["1"])


def test_a_refused_change_stands_open_with_its_sentence_at_the_field() -> None:
    entry = of("outbox", "asked, refused").xpath("//li[@id='entry-2']")[0]
    assert entry.xpath(".//details[@open]//textarea[@name='note'][@aria-invalid='true']")
    assert "tối đa 20000" in entry.text_content()


def test_a_conflict_shows_both_states() -> None:
    main = of("conflicts", "both kinds")
    first = main.xpath("//article[@id='refused-1']")[0]
    assert [node.get("aria-label") for node in first.xpath(".//section")] == ["Bạn đã nhập", "Hiện nay"]
    assert "không trình nghiệm thu được" in first.text_content() and "100 %" in first.text_content()
    assert main.xpath("//article[@id='refused-2']//input[@name='field']/@value") == ["title", "due"]
    assert main.xpath("//article[@id='clash-a']//button[@formaction='/conflicts/a/keep']")
    assert not main.xpath("//article[@id='clash-b']//input[@type='checkbox']"), "what may not be edited can only be put aside"


def test_leaving_says_what_each_way_does() -> None:
    forms = of("leave", "full").xpath("//form")
    assert [form.xpath(".//input[@name='leave']/@value")[0] for form in forms] == ["send", "keep", "discard"]
    assert [form.get("action") for form in forms] == ["/sign-out"] * 3
    assert "mất hẳn" in forms[2].text_content() and "đăng nhập lại trên chính máy này" in forms[1].text_content()
    assert [form.xpath(".//input[@name='leave']/@value")[0] for form in of("leave", "refused only").xpath("//form")] == ["keep", "discard"]


def test_a_page_that_needs_the_network_says_what_is_kept_and_where_to_go() -> None:
    assert "3 mục bạn đã ghi" in of("none", "known").text_content() and of("none", "known").xpath("//a[@href='/me?a=1&b=2']")
    assert "Không có gì bị mất" in of("none", "bare").text_content()
    assert "Chưa có gì được gửi" in of("none", "sent").text_content()

"""The lists of tasks: the same in both engines, every form with its token, every field with its name, and fast."""

from __future__ import annotations

import time

import pytest
from lxml import html

from tests.templates import list_samples
from tests.templates.samples import HOSTILE, LONGEST
from tests.templates.test_task_pages import JINJA, by_jinja2, by_minijinja
from tests.templates.test_two_renderers import ROOT, shape

ALL = [(f"shared/tasks/{page}.html", said, context) for page, some in list_samples.ALL.items() for said, context in some.items()]
named = pytest.mark.parametrize(("name", "said", "context"), ALL, ids=[f"{name}-{said}" for name, said, _ in ALL])


@named
def test_it_renders_the_same_in_both_engines(name: str, said: str, context: dict[str, object]) -> None:
    assert shape(by_jinja2(name, context)) == shape(by_minijinja(name, context))


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
    for node in page.xpath("//button | //a | //summary"):
        assert node.get("aria-label") or node.text_content().strip(), html.tostring(node)
    for place in ("aria-describedby", "aria-labelledby"):
        for node in page.xpath(f"//*[@{place}]"):
            assert set(node.get(place).split()) <= set(ids), html.tostring(node)
    known = {symbol.get("id") for symbol in html.etree.parse(str(ROOT / "static/icons.svg")).getroot()}
    assert {use.get("href").partition("#")[2] for use in page.xpath("//use")} <= known
    assert not page.xpath("//@style | //style | //*[starts-with(name(@*), 'on')]")


def test_it_escapes_what_people_wrote() -> None:
    for name, said, context in ALL:
        assert HOSTILE not in by_jinja2(name, context), (name, said)


def test_it_says_nothing_where_nothing_is_alike() -> None:
    assert JINJA.get_template("shared/tasks/alike.html").render(alike=[]).strip() == ""
    assert LONGEST in by_jinja2("shared/tasks/alike.html", list_samples.ALIKE["some"])


def test_only_who_assigns_gets_tick_boxes() -> None:
    officer, leader = (
        html.document_fromstring(by_jinja2("shared/tasks/list.html", list_samples.LISTS[who]))
        for who in ("an officer's", "a leader's, narrowed")
    )
    assert not officer.xpath("//input[@name='task'] | //form[@action='/tasks/bulk']")
    form = leader.xpath("//form[@action='/tasks/bulk']")[0]
    assert [box.get("value") for box in form.xpath(".//input[@name='task']")] == [card["id"] for card in list_samples.CARDS]
    assert form.xpath("string(.//input[@name='next']/@value)") == "/tasks?q=a&person=p3"
    assert form.get("method") == "get", "nothing changes before its own page has asked for the reason"
    assert [(button.get("name"), button.get("value")) for button in form.xpath(".//button")] == [("what", "assign"), ("what", "due")]


def test_the_list_leads_to_the_form_of_its_filters_and_does_not_hold_it() -> None:
    page = html.document_fromstring(by_jinja2("shared/tasks/list.html", list_samples.LISTS["a leader's, narrowed"]))
    link = page.xpath("//a[@data-toggles='narrow']")[0]
    assert link.get("href") == link.get("hx-get") == "/tasks/filter?q=a&person=p3"
    assert page.xpath("//*[@id='narrow' and not(*)]")
    assert not page.xpath("//select")


def test_the_form_of_filters_keeps_what_it_does_not_ask_and_can_be_closed_only_in_place() -> None:
    page, placed = (html.document_fromstring(by_jinja2("shared/tasks/narrow.html", list_samples.FORMS[who])) for who in list_samples.FORMS)
    assert not page.xpath("//input[@type='hidden'] | //button[@data-closes]")
    kept = {node.get("name"): node.get("value") for node in placed.xpath("//form[@action='/tasks']//input[@type='hidden']")}
    assert kept == {"q": HOSTILE, "plan": "k1", "parent": "t9"}
    assert placed.xpath("//form[@data-in-place]//button[@data-closes and @type='button']")
    assert (
        placed.xpath("string(//select[@name='field']/option[@selected]/@value | //select[@name='field']//option[@selected]/@value)") == "f1"
    )


def test_a_refused_change_of_many_shows_what_was_entered_beside_the_sentence() -> None:
    page = html.document_fromstring(by_jinja2("shared/tasks/bulk_page.html", list_samples.BULKS["nobody chosen"]))
    assert [node.get("value") for node in page.xpath("//input[@name='task']")] == [card["id"] for card in list_samples.CARDS]
    assert page.xpath("string(//textarea[@name='reason'])").strip() == HOSTILE
    lead = page.xpath("//select[@name='lead']")[0]
    assert lead.get("aria-invalid") == "true"
    assert page.xpath(f"string(//*[@id='{lead.get('aria-describedby')}'])") == "Hãy chọn người chủ trì."


def test_each_card_of_reviews_posts_to_its_own_task() -> None:
    page = html.document_fromstring(by_jinja2("shared/tasks/reviews.html", list_samples.REVIEWS["all"]))
    for form in page.xpath("//article//form"):
        assert form.xpath("string(.//input[@name='next']/@value)") == "/reviews"
        assert form.xpath("string(.//input[@name='mutation']/@value)").startswith("0190")
    accepts = page.xpath("//form[.//input[@name='verdict' and @value='accept']]")
    assert [form.get("action") for form in accepts] == ["/tasks/t0/review", "/tasks/t2/review"]
    assert not accepts[0].xpath(".//*[@required]"), "one tap is enough"
    late = "//input[@name='objective_cause']"
    assert not accepts[0].xpath("." + late)
    assert accepts[1].xpath("." + late), "asked only where the result came late"
    for form in page.xpath("//form[.//input[@value='return' or @value='decline']]"):
        assert form.xpath(".//textarea[@required]"), form.get("action")


def test_thirty_rows_take_a_few_milliseconds_at_most() -> None:
    context = list_samples.PLAIN | {"tasks": [list_samples.CARDS[place % 7] for place in range(30)]}
    template = JINJA.get_template("shared/tasks/list.html")
    template.render(**context)
    spent = []
    for _ in range(20):
        begun = time.perf_counter()
        template.render(**context)
        spent.append(time.perf_counter() - begun)
    assert min(spent) < 0.004, "about 0.6 ms on an idle machine"

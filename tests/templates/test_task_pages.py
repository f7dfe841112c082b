"""A task's page and its forms: the same in both engines, every form with its token, every field with its name."""

from __future__ import annotations

import jinja2
import minijinja
import pytest
from lxml import html

from tests.templates import task_samples
from tests.templates.samples import HOSTILE
from tests.templates.test_two_renderers import ROOT, load, shape

JINJA = jinja2.Environment(loader=jinja2.FunctionLoader(load), autoescape=True)
MINIJINJA = minijinja.Environment(loader=load, auto_escape_callback=lambda _: True, pycompat=False)

WHOLE = ("task.html", "detail.html", "history.html", "history_page.html")
FORMS = ("new.html", "edit.html", "assign.html")
ALL = [(f"shared/tasks/{name}", said, context) for name in WHOLE for said, context in task_samples.PAGES.items()] + [
    (f"shared/tasks/{name}", said, context) for name in FORMS for said, context in task_samples.FORMS.items()
]
named = pytest.mark.parametrize(("name", "said", "context"), ALL, ids=[f"{name}-{said}" for name, said, _ in ALL])


def by_jinja2(name: str, context: dict[str, object]) -> str:
    return f"<div>{JINJA.get_template(name).render(**context)}</div>"


def by_minijinja(name: str, context: dict[str, object]) -> str:
    return f"<div>{MINIJINJA.render_template(name, **context)}</div>"


@named
def test_it_renders_the_same_in_both_engines(name: str, said: str, context: dict[str, object]) -> None:
    more = {"back": "/tasks/t1"} if name.endswith("history_page.html") else {}
    assert shape(by_jinja2(name, context | more)) == shape(by_minijinja(name, context | more))


@named
def test_it_names_every_field_once_and_guards_every_form(name: str, said: str, context: dict[str, object]) -> None:
    page = html.document_fromstring(by_jinja2(name, context))
    ids = [node.get("id") for node in page.xpath("//*[@id]")]
    assert len(ids) == len(set(ids)), "an id occurs twice"
    for form in page.xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']"), form.get("action")
    for node in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert node.get("aria-label") or page.xpath(f"//label[@for='{node.get('id')}']") or node.xpath("ancestor::label"), html.tostring(
            node
        )
    for node in page.xpath("//button | //a | //summary"):
        assert node.get("aria-label") or node.text_content().strip(), html.tostring(node)
    for node in page.xpath("//*[@aria-describedby]"):
        assert set(node.get("aria-describedby").split()) <= set(ids), html.tostring(node)
    known = {symbol.get("id") for symbol in html.etree.parse(str(ROOT / "static/icons.svg")).getroot()}
    assert {use.get("href").partition("#")[2] for use in page.xpath("//use")} <= known


@pytest.mark.parametrize("said", task_samples.PAGES)
def test_every_button_that_opens_has_its_form(said: str) -> None:
    page = html.document_fromstring(by_jinja2("shared/tasks/task.html", task_samples.PAGES[said]))
    wanted = {link.get("href")[1:] for link in page.xpath("//a[@data-panel]")}
    assert wanted == {panel.get("id") for panel in page.xpath("//*[contains(@class, 'panel card')]")}


@pytest.mark.parametrize("said", [said for said in task_samples.PAGES if "refused" in said])
def test_a_refused_form_stands_open_with_its_sentence(said: str) -> None:
    page = html.document_fromstring(by_jinja2("shared/tasks/task.html", task_samples.PAGES[said]))
    assert page.text_content().count("Hãy ghi lý do.") == 1
    wrong = page.xpath("//*[@aria-invalid='true']")
    assert len(wrong) == 1
    assert all("open" in panel.get("class").split() for panel in wrong[0].xpath("ancestor::*[contains(@class, 'panel')]"))
    assert not wrong[0].xpath("ancestor::details[not(@open)]")


def test_a_form_that_is_gone_leaves_what_was_written() -> None:
    page = html.document_fromstring(by_jinja2("shared/tasks/task.html", task_samples.PAGES["overtaken"]))
    said = page.xpath("//*[@role='alert']")[0].text_content()
    assert "Đã tạm dừng." in said and HOSTILE in said

"""Every template of templates/shared/ gives the same page in Jinja2 (the server) and in MiniJinja (the worker)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jinja2
import minijinja
import pytest
from lxml import html

from tests.templates import samples

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "templates", Path(__file__).parent / "looks")
SHARED = sorted(p.relative_to(ROOT / "templates").as_posix() for p in (ROOT / "templates/shared").rglob("*.html"))
#: The pages of tasks, of foresight and of the device have contexts of their own, in modules beside this one.
SHARED = [name for name in SHARED if not name.startswith(("shared/tasks/", "shared/offline/", "shared/notices/", "shared/foresight/"))]
LOOKS = sorted(p.name for p in FOLDERS[1].glob("*.html"))
SIGNED_OUT: dict[str, object] = samples.FRAME | {"me": None, "nav": []}
CONTEXTS: dict[str, dict[str, object]] = {
    "full": samples.FRAME | samples.EVERYTHING | {"notice": samples.UNDO},
    "phone detail, error said": samples.FRAME
    | samples.EVERYTHING
    | {"shows": "detail", "notice": {"kind": "error", "text": samples.HOSTILE}},
    "empty": samples.FRAME | samples.EMPTY,
    "signed out": SIGNED_OUT | samples.EMPTY,
}


def load(name: str) -> str | None:
    """The source of a template, or None when no folder has it."""
    for folder in FOLDERS:
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    return None


def by_jinja2(name: str, context: dict[str, object]) -> str:
    env = jinja2.Environment(loader=jinja2.FunctionLoader(load), autoescape=True)
    return env.get_template(name).render(**context)


def by_minijinja(name: str, context: dict[str, object]) -> str:
    env = minijinja.Environment(loader=load, auto_escape_callback=lambda _: True, pycompat=False)
    return env.render_template(name, **context)


def shape(text: str) -> list[object]:
    """The document as nested lists; space between words counts, how much of it does not."""

    def of(node: html.HtmlElement) -> list[object]:
        parts: list[object] = [node.tag, sorted(node.attrib.items()), " ".join((node.text or "").split())]
        for child in node.iterchildren(tag=html.etree.Element):
            parts.append([of(child), " ".join((child.tail or "").split())])
        return parts

    return of(html.document_fromstring(text or "<p></p>"))


@pytest.mark.parametrize("said", CONTEXTS)
@pytest.mark.parametrize("name", [*SHARED, *LOOKS])
def test_it_renders_the_same_in_both_engines(name: str, said: str) -> None:
    context = CONTEXTS[said]
    assert shape(by_jinja2(name, context)) == shape(by_minijinja(name, context))


def test_it_notices_a_difference() -> None:
    assert shape("<p class='a'>Việc</p>") != shape("<p class='b'>Việc</p>")
    assert shape("<p>Việc</p>") != shape("<p>Viec</p>")


@pytest.mark.parametrize("engine", [by_jinja2, by_minijinja])
def test_it_escapes_hostile_text(engine: Callable[[str, dict[str, object]], str]) -> None:
    page = html.document_fromstring(engine("pieces.html", CONTEXTS["full"]))
    assert len(page.xpath("//script")) == 2, "only htmx and app.js"
    assert page.xpath("//textarea[@name='note']")[0].text.strip() == samples.HOSTILE


def test_it_draws_only_icons_that_exist() -> None:
    page = html.document_fromstring(by_jinja2("pieces.html", CONTEXTS["full"]))
    known = {s.get("id") for s in html.etree.parse(str(ROOT / "static/icons.svg")).getroot()}
    used = {use.get("href").partition("#")[2] for use in page.xpath("//use")}
    assert used <= known, used - known


@pytest.mark.parametrize("said", CONTEXTS)
def test_it_obeys_the_content_security_policy(said: str) -> None:
    page = html.document_fromstring(by_jinja2("pieces.html", CONTEXTS[said]))
    assert not page.xpath("//@style | //style | //script[not(@src)]")
    assert not [name for node in page.iter() for name in node.attrib if name.startswith(("on", "hx-on"))]


def test_it_labels_every_field_and_button() -> None:
    page = html.document_fromstring(by_jinja2("pieces.html", CONTEXTS["full"]))
    ids = [node.get("id") for node in page.xpath("//*[@id]")]
    assert len(ids) == len(set(ids)), "an id occurs twice"
    for node in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = node.get("aria-label") or page.xpath(f"//label[@for='{node.get('id')}']") or node.xpath("ancestor::label")
        assert named, html.tostring(node)
    for node in page.xpath("//button | //a"):
        assert node.get("aria-label") or node.text_content().strip(), html.tostring(node)


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 500, 503])
def test_it_says_what_happened_what_was_kept_and_what_to_do(code: int) -> None:
    text = html.document_fromstring(by_jinja2("web/error.html", samples.FRAME | {"code": code, "message": None})).text_content()
    assert "Đã giữ lại" in text and "Việc cần làm" in text and "Về trang chính" in text


def test_it_asks_for_name_and_password() -> None:
    page = html.document_fromstring(by_jinja2("web/sign_in.html", SIGNED_OUT | {"message": "Sai mật khẩu.", "next": "/tasks?q=a&b"}))
    form = page.forms[0]
    assert (form.action, form.method, set(form.fields)) == ("/sign-in", "POST", {"csrf_token", "next", "username", "password"})
    assert form.fields["next"] == "/tasks?q=a&b"
    assert not page.xpath("//nav")

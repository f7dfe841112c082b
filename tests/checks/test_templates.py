"""Templates: no Python in the shared ones, nothing inline that the content policy forbids, nothing from elsewhere, a token in every form.

Templates are read as they are written, so that a branch which no test renders is looked at too.
"""

import re

import jinja2
import minijinja
import pytest
from jinja2 import nodes

from tests.checks import source

TEMPLATES = source.files(".html", "templates")
SHARED = source.files(".html", "templates/shared")

#: Filters that Jinja2 and MiniJinja both have, with the same meaning. `format` is neither's alike, so it is out.
COMMON_FILTERS = frozenset(
    "abs batch capitalize default d dictsort e escape first float groupby indent int items join last length count list lower map max min "
    "reject rejectattr replace reverse round safe select selectattr slice sort string sum title tojson trim unique upper urlencode".split()
)
COMMON_TESTS = frozenset(
    "defined undefined none true false string number mapping sequence iterable boolean odd even divisibleby eq equalto == ne != lt "
    "lessthan < le <= gt greaterthan > ge >= in sameas lower upper integer float escaped".split()
)
COMMON_FUNCTIONS = {"range", "dict", "namespace", "caller", "super"}

INLINE = {
    "a style": r"""\sstyle\s*=|<style\b""",
    "a script": r"""<script\b(?![^>]*\bsrc\s*=)(?![^>]*type="(application/(ld\+)?json|importmap)")""",
    "a handler": r"""\s(on[a-z]+|hx-on[:a-z-]*)\s*=\s*["']""",
    "a script as an address": r"""javascript:""",
    "a script in an attribute of htmx": r"""hx-(vals|headers|vars)\s*=\s*["']?\s*js(avascript)?:""",
}
#: Names of standards, which nobody fetches.
NAMES_NOT_ADDRESSES = ("http://www.w3.org/",)
ADDRESS = re.compile(r"""https?://[^\s"'`)<>]+|(?:src|href|action)\s*=\s*["']//[^"']+|url\(\s*["']?//[^)]+|@import\s+["']//[^"']+""")


def environment() -> jinja2.Environment:
    return jinja2.Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])


def markup(name: str) -> str:
    """A template without its comments, its expressions kept out of the way of tags."""
    text = re.sub(r"\{#.*?#\}", "", source.text(name), flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", lambda found: found.group().replace(">", "›").replace("<", "‹"), text, flags=re.DOTALL)


def own_pages() -> tuple[str, ...]:
    return (*TEMPLATES, *source.files(".css", "static"), *source.files(".js", "static"), *source.files(".svg", "static"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_parses(name):
    environment().parse(source.text(name), name, name)


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_template_parses_in_the_browser_too(name):
    minijinja.Environment().add_template(name, source.text(name))


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_template_uses_only_what_both_engines_have(name):
    # The strict grammar: no `do`, no loop controls.
    parsed = jinja2.Environment(autoescape=True).parse(source.text(name), name, name)
    imported = {node.target for node in parsed.find_all(nodes.Import)} | {"loop"}
    known = COMMON_FUNCTIONS | {node.name for node in parsed.find_all(nodes.Macro)}
    for node in parsed.find_all(nodes.FromImport):
        known |= {word if isinstance(word, str) else word[1] for word in node.names}
    wrong = [f"{name}:{node.lineno}: filter {node.name}" for node in parsed.find_all(nodes.Filter) if node.name not in COMMON_FILTERS]
    wrong += [f"{name}:{node.lineno}: test {node.name}" for node in parsed.find_all(nodes.Test) if node.name not in COMMON_TESTS]
    for call in parsed.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr):
            if not (isinstance(call.node.node, nodes.Name) and call.node.node.name in imported):
                wrong.append(f"{name}:{call.lineno}: the method {call.node.attr}()")
        elif isinstance(call.node, nodes.Name) and call.node.name not in known:
            wrong.append(f"{name}:{call.lineno}: the function {call.node.name}()")
    assert wrong == []


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("what", INLINE)
def test_nothing_stands_inline_that_the_content_policy_forbids(name, what):
    assert [found.group() for found in re.finditer(INLINE[what], markup(name), re.IGNORECASE)] == []


def test_nothing_loads_from_another_host():
    found = [
        f"{name}: {address.group()}"
        for name in own_pages()
        for address in ADDRESS.finditer(source.text(name))
        if not address.group().startswith(NAMES_NOT_ADDRESSES)
    ]
    assert found == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_form_that_writes_carries_the_token(name):
    text = markup(name)
    forms = re.findall(r"<form\b[^>]*>.*?</form>", text, re.DOTALL | re.IGNORECASE)
    assert len(forms) == len(re.findall(r"<form\b", text, re.IGNORECASE)), "a form that does not end"
    for form in forms:
        if re.match(r"""<form\b[^>]*(method\s*=\s*["']?post|hx-(post|put|patch|delete)\b)""", form, re.IGNORECASE):
            assert re.search(r"\bcsrf", form), f"no csrf_token: {form[:120]}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_included_template_is_there(name):
    parsed = environment().parse(source.text(name), name, name)
    for node in parsed.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        wanted = getattr(node, "template", None)
        if isinstance(wanted, nodes.Const):
            assert f"templates/{wanted.value}" in TEMPLATES, f"{name}:{node.lineno}: {wanted.value}"

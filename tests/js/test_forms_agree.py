"""The same form makes the same mutation on the server and on the device, or is refused with the same sentence at the same field."""

import dataclasses
import math
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from server.errors import Refusal
from server.storage.door import Command
from server.tasks.commands.assign import Assign
from server.tasks.commands.edit import Edit
from server.tasks.pages import bulk, forms
from server.tasks.pages.actions import MAKERS
from server.web.forms import Form
from server.words import catalogue
from tests.js.node import run

TASK = "01890000-0000-7000-8000-000000000001"
ID = "01890000-0000-7000-8000-0000000000aa"
LEAD = "01890000-0000-7000-8000-0000000000b1"
OTHER = "01890000-0000-7000-8000-0000000000b2"
SHA = "ab" * 32
HOSTILE = "  <script>alert('Việc')</script>\r\n\u00a0\"ngoặc\" {không} \x1f"
Fields = list[tuple[str, str]]


@dataclasses.dataclass
class Posted:
    """A form of this kind with these fields, and the files that came with it."""

    kind: str
    fields: Fields
    files: list[str] = dataclasses.field(default_factory=list)
    checked: bool = False


def by_server(posted: Posted) -> dict[str, Any]:
    """What the server's page code makes of it, as the protocol writes it down."""
    form = Form([*posted.fields])
    done = ""
    values: dict[str, Any] = {}
    try:
        if posted.kind in ("create", "propose"):
            asked: Command = forms._new_command(form, proposes=posted.kind == "propose")
            if not form.raw("due") and not form.raw("no_due"):
                raise Refusal("invalid", "tasks.due_missing", field="due")
        elif posted.kind == "edit":
            base = {name: form.text(f"base-{name}") for name in (*forms.FIELDS, "source_number", "source_date", "source_issuer")}
            asked = Edit(task=TASK, fields=forms._edited(form, base), base=forms._seen_before(form, base), reason=form.text("reason"))
        elif posted.kind == "assign":
            asked = Assign(
                task=TASK,
                lead=form.text("lead"),
                collaborators=[one for one in forms._shares(form) if one.person != form.text("lead")],
                followers=form.many("followers") if "has_followers" in form else None,
                reason=form.text("reason"),
            )
        elif posted.kind == "bulk":
            asked = bulk._command(form)(TASK)
        else:
            asked, done, values = MAKERS[posted.kind](form, TASK, posted.files)
    except Refusal as refusal:
        return {"refused": refusal.message, "field": refusal.field or "", "status": refusal.status}
    made = msgspec.to_builtins(asked)
    return {"name": made.pop("type"), "args": made, "done": done, "values": values}


def by_device(posted: list[Posted]) -> list[dict[str, Any]]:
    """What the scripts make of them."""
    asked = [dataclasses.asdict(one) for one in posted]
    found: list[dict[str, Any]] = run("forms.mjs", {"words": catalogue(), "asked": asked, "task": TASK})
    return found


def normal(answer: dict[str, Any]) -> dict[str, Any]:
    """What a command leaves at its default need not be said; a number is a number however it is written."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items() if name not in DEFAULTS or plain(one) != DEFAULTS[name]}
        if isinstance(value, list):
            return [plain(one) for one in value]
        if isinstance(value, float) and not math.isfinite(value):
            return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[str(value)]
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    return {name: plain(value) for name, value in answer.items()}


#: What only imports and other clients fill.
DEFAULTS: dict[str, Any] = {
    "cadence": None,
    "due_text": "",
    "outside_leads": "",
    "outside_partners": "",
    "plan": None,
    "plan_row": None,
}
NEW: Fields = [("mutation", ID), ("id", ID), ("title", "Báo cáo tháng"), ("lead", LEAD), ("due", "2026-12-31"), ("priority", "urgent")]
BASE: Fields = [
    ("base-title", "Cũ"),
    ("base-description", ""),
    ("base-due", "2026-12-01"),
    ("base-no_due", ""),
    ("base-quantity", "1.234,5"),
]

EXAMPLES = [
    Posted("progress", [("mutation", ID), ("percent", "45"), ("note", HOSTILE), ("quantity", "1.234,5")], [SHA]),
    Posted("progress", [("mutation", ID), ("percent", "")]),
    Posted("progress", [("mutation", ID), ("percent", "nửa")]),
    Posted("progress", [("mutation", ID), ("percent", "4,5")]),
    Posted("progress", [("mutation", ID), ("percent", "45"), ("quantity", "nhiều")]),
    Posted("progress", [("mutation", ID), ("percent", "10"), ("percent", " +4_5 ")]),
    Posted("submit", [("mutation", ID), ("note", "Xong.\r\nGửi."), ("quantity", "12")], [SHA, SHA]),
    Posted("hand_back", [("reason", " Không thuộc việc của tôi ")]),
    Posted("hand_back", []),
    Posted("extend", [("due", "23/11/2026"), ("reason", "Chờ")]),
    Posted("extend", [("due", ""), ("reason", "Chờ")]),
    Posted("extend", [("due", "31/02/2026"), ("reason", "Chờ")]),
    Posted("extend", [("due", HOSTILE), ("reason", "")]),
    Posted("decide", [("decision", "approve"), ("lead", LEAD), ("due", "2026-12-01")]),
    Posted("decide", [("decision", "decline"), ("reason", "Đã có")]),
    Posted("decide", [("decision", HOSTILE)]),
    Posted("review", [("mutation", ID), ("person", LEAD), ("verdict", "accept"), ("score", "95,5"), ("objective_cause", "1")]),
    Posted("review", [("mutation", ID), ("person", ""), ("verdict", "return"), ("note", "Thiếu"), ("major_error", "1"), ("score", "")]),
    Posted("review", [("mutation", ID), ("verdict", "accept"), ("score", "tốt")]),
    Posted("review_undo", [("person", LEAD)]),
    Posted("status", [("to", "paused"), ("reason", "Chờ")]),
    *(Posted("status", [("to", to)]) for to in ("in_progress", "not_started", "cancelled", "", "constructor", HOSTILE)),
    Posted("comment", [("mutation", ID), ("text", HOSTILE), ("mentions", LEAD), ("mentions", ""), ("mentions", OTHER)], [SHA]),
    Posted("check", [("item", ID), ("done", "1")]),
    Posted("check", [("item", ID), ("done", "0")]),
    Posted("check", [("item", ID), ("done", "false")]),
    Posted("item", [("mutation", ID), ("text", " a  b ")]),
    Posted("item", [("remove", ID)]),
    Posted("follow", [("on", "1")]),
    Posted("follow", [("on", "0")]),
    Posted("bin", [("reason", "")]),
    Posted("restore", []),
    Posted("create", NEW),
    Posted("propose", [*NEW, ("lead", "")]),
    Posted("create", [*NEW, ("due", "")]),
    Posted("create", [*NEW, ("no_due", "ongoing")]),
    Posted("create", [*NEW, ("no_due", "mãi mãi" * 30)]),
    Posted("create", [*NEW, ("priority", "<b>")]),
    Posted("create", [*NEW, ("kind", "constructor")]),
    Posted("create", [*NEW, ("start", "hôm qua")]),
    Posted("create", [*NEW, ("source_date", "99/99/9999"), ("due", "mai")]),
    Posted("create", [*NEW, ("source_number", " 12/KH "), ("source_date", "1/2/2026"), ("source_issuer", HOSTILE)]),
    Posted("create", [*NEW, ("collaborators", LEAD), ("collaborators", OTHER), (f"share-{OTHER}", "12,5"), ("followers", LEAD)]),
    Posted("create", [*NEW, ("collaborators", OTHER), (f"share-{OTHER}", "nửa")]),
    Posted("create", [*NEW, ("checklist", "Một\r\n\n  Hai \u2028Ba\x1eBốn\x85Năm"), ("quantity", "0")]),
    Posted("create", [*NEW, ("parent", TASK), ("unit", "u"), ("field", "f"), ("description", HOSTILE), ("product_text", "Báo cáo")]),
    Posted("create", [*NEW, ("product", TASK)]),
    Posted("edit", [*BASE, ("product", OTHER), ("base-product", TASK)]),
    Posted("edit", [*BASE, ("product", ""), ("base-product", TASK)]),
    Posted("edit", [*BASE, ("product", TASK), ("base-product", "")]),
    Posted("edit", [*BASE, ("title", "Mới"), ("quantity", "1.234,5"), ("due", "2026-12-01")]),
    Posted("edit", [*BASE, ("quantity", "2"), ("due", ""), ("no_due", "none"), ("reason", "Vì")]),
    Posted("edit", [*BASE, ("due", "2026-12-31"), ("no_due", "ongoing")]),
    Posted("edit", [*BASE, ("due", "mai")]),
    Posted("edit", [*BASE, ("quantity", "một")]),
    Posted("edit", [*BASE, ("source_number", "5"), ("source_date", ""), ("source_issuer", "")]),
    Posted("edit", [*BASE, ("source_number", ""), ("source_date", "x")]),
    Posted("edit", [*BASE, ("description", HOSTILE), ("field", ""), ("base-field", "f"), ("start", ""), ("base-start", "2026-01-01")]),
    Posted("edit", BASE),
    Posted("assign", [("lead", LEAD), ("collaborators", LEAD), ("collaborators", OTHER), (f"share-{OTHER}", "30"), ("reason", "Đổi")]),
    Posted("assign", [("lead", LEAD), ("has_followers", "1"), ("followers", OTHER)]),
    Posted("assign", [("lead", ""), ("collaborators", OTHER), (f"share-{OTHER}", "x")]),
    Posted("bulk", [("what", "assign"), ("lead", LEAD), ("reason", "Đổi")]),
    Posted("bulk", [("what", "assign"), ("lead", ""), ("reason", "")]),
    Posted("bulk", [("what", "due"), ("due", "31/12/2026"), ("reason", "Lùi")]),
    Posted("bulk", [("what", "due"), ("due", ""), ("reason", "Lùi")]),
    Posted("bulk", [("what", "due"), ("due", "31/12/2026"), ("reason", "  ")]),
    Posted("bulk", [("what", HOSTILE), ("due", "x")]),
]


@pytest.fixture(scope="module")
def made() -> list[dict[str, Any]]:
    """Every example by the scripts, in one run."""
    return by_device(EXAMPLES)


@pytest.mark.parametrize("at", range(len(EXAMPLES)), ids=lambda at: f"{EXAMPLES[at].kind}-{at}")
def test_it_makes_the_same_of_a_form_on_both_sides(made: list[dict[str, Any]], at: int) -> None:
    server, device = normal(by_server(EXAMPLES[at])), normal(made[at])
    if not any(name == "mutation" for name, _ in EXAMPLES[at].fields):
        for one in (server, device):
            one.get("args", {}).pop("id", None)
    assert device == server


def test_it_has_an_example_of_every_form() -> None:
    assert {one.kind for one in EXAMPLES} == {*MAKERS, "create", "propose", "edit", "assign", "bulk"}


LETTERS = "0123456789-+/.,_eEW ​ nafiy٠٥०๙\u00a0\u2003\ufeff\x1c"
NUMBERS = some.one_of(
    some.text(LETTERS, max_size=12),
    some.floats().map(str),
    some.integers(-(10**7), 10**7).map(lambda number: f"{number:,}".replace(",", ".")),
    some.text(max_size=6),
)
DAYS = some.one_of(
    some.text("0123456789-/W", min_size=6, max_size=10),
    some.dates().map(str),
    some.dates().map(lambda day: f"{day:%d/%m/%Y}"),
    some.dates().map(lambda day: day.strftime("%G-W%V-%u")),
    some.dates().map(lambda day: day.strftime("%Y%m%d")),
    some.tuples(some.integers(1, 10000), some.integers(0, 54), some.integers(0, 8)).map(lambda one: f"{one[0]:04d}-W{one[1]:02d}-{one[2]}"),
    some.tuples(some.integers(0, 33), some.integers(0, 14), some.integers(0, 10001)).map(lambda one: f"{one[0]}/{one[1]}/{one[2]}"),
)


@settings(max_examples=6, deadline=None)
@given(some.lists(some.tuples(NUMBERS, NUMBERS, DAYS), min_size=60, max_size=60))
@example(
    [
        ("1.234", "1_0", "0001-01-01"),
        ("nan", "٤٥", "20261123"),
        ("-inf", "+7", "2026-W53-7"),
        (".5", "1" * 5000, "9999-W52-7"),
        ("1e400", "-0", "1/1/1"),
    ]
)
def test_it_reads_numbers_and_days_alike(given_: list[tuple[str, str, str]]) -> None:
    posted = []
    for number, whole, day in given_:
        posted.append(Posted("progress", [("mutation", ID), ("percent", whole), ("quantity", number)]))
        posted.append(Posted("extend", [("due", day), ("reason", whole)]))
    for one, device in zip(posted, by_device(posted), strict=True):
        assert normal(device) == normal(by_server(one)), one

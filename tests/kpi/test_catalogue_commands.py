"""Versions of the catalogue on both engines: who drafts, what comes into force and when not, and what tasks keep."""

import asyncio
from datetime import date
from typing import Any

import pytest

import server.kpi.commands  # noqa: F401  (registers the commands)
from server.errors import Refusal
from server.kpi.commands.catalogue import NotInForce
from server.kpi.queries.catalogue import Row, Version, entries_of, of_state, outside_work, products_of, versions
from server.kpi.rules.entries import Entry
from server.people.queries import directory
from server.storage.engine import rows
from server.storage.ids import new_id
from server.tasks.queries.products import active_products
from tests.office import CAST, TODAY
from tests.sync.device import Device
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio

DOCUMENT: dict[str, Any] = {"document": "12/QĐ-TTPVHCC", "document_date": "2026-11-20", "since": "2026-11-23"}


class Office(Desk):
    """A desk at which the catalogue is kept."""

    async def draft(self) -> Version:
        found = await of_state("draft")
        assert found is not None
        return found

    async def by_code(self, catalogue: Version) -> dict[str, Row]:
        return {one.code: one for one in await products_of(catalogue.id)}

    async def now_in_force(self) -> dict[str, Row]:
        found = await of_state("in_force")
        assert found is not None
        return await self.by_code(found)

    async def product_of(self, task: str) -> str | None:
        [found] = await rows("SELECT product FROM task WHERE id = $1", task)
        return found["product"]

    async def in_force(self, by: str = CAST.director, **more: Any) -> Version:
        """The draft, in force."""
        await self.do(by, "kpi.catalogue.put_in_force", catalogue=(await self.draft()).id, **{**DOCUMENT, **more})
        found = await of_state("in_force")
        assert found is not None
        return found

    async def given(self, which: str, /, **changes: Any) -> dict[str, Any]:
        """A row of the draft as its form sends it."""
        one = (await self.by_code(await self.draft()))[which]
        fields = {name: getattr(one, name) for name in Row.__struct_fields__ if name not in ("id", "catalogue", "sort")}
        return {"product": one.id, "given": {**fields, **changes}}


@pytest.fixture
async def office(engine: Any) -> Office:
    """With the first draft."""
    made = Office()
    await made.do(CAST.director, "kpi.catalogue.begin")
    return made


async def test_the_first_draft_is_the_handbooks_and_is_made_once(office: Office) -> None:
    again = await asyncio.gather(*(Office().do(CAST.officer, "kpi.catalogue.begin") for _ in range(4)))
    assert [one["made"] for one in again] == [False] * 4
    [first] = await versions()
    assert (first.number, first.state, first.size, first.name) == (1, "draft", 17, "Danh mục khởi đầu theo Sổ tay")
    products = await office.by_code(first)
    assert first.standard == products["SP01"].id
    assert [products[f"SP{n:02d}"].k for n in (1, 2, 4, 5, 16, 17)] == [1000, 800, 1600, 8000, 100_000, 90_000]
    assert await active_products() == [], "nothing of a draft can be given to anybody"


async def test_two_processes_that_begin_at_once_make_one(engine: Any) -> None:
    made = await asyncio.gather(*(Office().do(CAST.director, "kpi.catalogue.begin") for _ in range(5)))
    assert sorted(one["made"] for one in made) == [False] * 4 + [True]
    assert len(await versions()) == 1


@pytest.mark.parametrize("who", [CAST.director, CAST.delegate])
async def test_the_director_and_whoever_enters_for_the_centre_keep_it(office: Office, who: str) -> None:
    found = await office.in_force(who)
    assert (found.number, found.state, found.document, found.document_date, found.since, found.until) == (
        1, "in_force", "12/QĐ-TTPVHCC", date(2026, 11, 20), TODAY, None,
    )  # fmt: skip
    [entry] = await rows("SELECT on_behalf FROM audit_entry WHERE action = 'put_in_force'")
    assert entry["on_behalf"] == (CAST.director if who == CAST.delegate else None)


@pytest.mark.parametrize("who", [CAST.deputy, CAST.head, CAST.deputy_head, CAST.officer, CAST.stranger])
async def test_nobody_else_does(office: Office, who: str) -> None:
    draft = await office.draft()
    rule = "kpi.catalogue.rule.keeper"
    await office.refused("not_allowed", rule, who, "kpi.catalogue.put_in_force", catalogue=draft.id, **DOCUMENT)
    await office.refused("not_allowed", rule, who, "kpi.catalogue.draft")
    await office.refused("not_allowed", rule, who, "kpi.catalogue.drop", catalogue=draft.id)
    await office.refused("not_allowed", rule, who, "kpi.catalogue.describe", catalogue=draft.id, title="Khác")
    await office.refused("not_allowed", rule, who, "kpi.catalogue.import", rows=[], standard="")
    await office.refused("not_allowed", rule, who, "kpi.product.change", **await office.given("SP02"))
    await office.refused("not_allowed", rule, who, "kpi.product.remove", product=(await office.given("SP02"))["product"])
    await office.refused("not_allowed", rule, who, "kpi.product.add", id=new_id(), given={"name": "X", "complexity": 1, "points": 1000})


async def test_the_administrator_does_not_either(office: Office) -> None:
    await office.refused("not_allowed", "people.rule.admin_no_tasks", CAST.admin, "kpi.catalogue.draft")


async def test_a_version_replaces_the_one_before_it_which_never_changes(office: Office) -> None:
    first = await office.in_force(since="2026-11-01")
    before = await products_of(first.id)
    await office.do(CAST.director, "kpi.catalogue.draft", title="Danh mục 2027")
    await office.do(CAST.director, "kpi.product.change", **await office.given("SP02", points=6000))
    second = await office.in_force()
    assert (second.number, second.name) == (2, "Danh mục 2027")
    [_, old] = await versions()
    assert (old.state, old.since, old.until) == ("replaced", date(2026, 11, 1), date(2026, 11, 22))
    assert await products_of(first.id) == before
    assert {one.id for one in before}.isdisjoint(one.id for one in await products_of(second.id))
    assert (await office.by_code(second))["SP02"].k == 1200
    for one in (before[1].id, (await office.by_code(second))["SP02"].id):
        await office.refused("conflict", "kpi.catalogue.frozen", CAST.director, "kpi.product.remove", product=one)
    await office.refused("gone", "kpi.catalogue.no_draft", CAST.director, "kpi.catalogue.put_in_force", catalogue=second.id, **DOCUMENT)


async def test_a_draft_with_faults_does_not_come_into_force_and_all_of_them_are_named(office: Office) -> None:
    draft = await office.draft()
    products = await office.by_code(draft)
    part: dict[str, Any] = {"name": "Đề cương", "complexity": 4, "points": 1000, "parent": products["SP14"].id}
    for k in (50_000, 31_000):
        await office.do(CAST.director, "kpi.product.add", id=new_id(), given={**part, "k": k})
    # What no form stores, a careless import of another program might: the check does not lean on the forms.
    await rows("UPDATE kpi_product SET name = ' ' WHERE id = $1", products["SP03"].id)
    asked = {"catalogue": draft.id, **DOCUMENT}
    refusal = await office.refused("invalid", "kpi.catalogue.faults", CAST.director, "kpi.catalogue.put_in_force", **asked)
    assert isinstance(refusal, NotInForce)
    assert [(one.fault, one.code) for one in refusal.found] == [("name_missing", "SP03"), ("parts", "SP14")]
    assert "SP03" in refusal.message and "Thiếu tên" in refusal.message


@pytest.mark.parametrize(
    ("key", "field", "given"),
    [
        ("kpi.catalogue.document_missing", "document", {"document": "  "}),
        ("kpi.catalogue.since_future", "since", {"since": "2026-11-24"}),
        ("kpi.catalogue.document_future", "document_date", {"document_date": "2026-11-24"}),
    ],
)
async def test_it_comes_into_force_by_a_document_and_not_before_its_day(
    office: Office, key: str, field: str, given: dict[str, Any]
) -> None:
    draft = await office.draft()
    asked = {**DOCUMENT, **given}
    refusal = await office.refused("invalid", key, CAST.director, "kpi.catalogue.put_in_force", catalogue=draft.id, **asked)
    assert refusal.field == field


async def test_a_version_is_not_in_force_before_the_one_that_it_replaces(office: Office) -> None:
    await office.in_force()
    await office.do(CAST.director, "kpi.catalogue.draft")
    draft = await office.draft()
    asked = {**DOCUMENT, "since": "2026-11-22"}
    await office.refused("invalid", "kpi.catalogue.since_before", CAST.director, "kpi.catalogue.put_in_force", catalogue=draft.id, **asked)


async def test_there_is_one_draft(office: Office) -> None:
    await office.refused("conflict", "kpi.catalogue.draft_there", CAST.director, "kpi.catalogue.draft")
    await office.do(CAST.director, "kpi.catalogue.drop", catalogue=(await office.draft()).id)
    await office.do(CAST.director, "kpi.catalogue.draft")
    assert (await office.draft()).size == 17


async def test_coefficients_follow_the_points_and_the_standard_product(office: Office) -> None:
    draft = await office.draft()
    await office.do(CAST.director, "kpi.product.change", **await office.given("SP02", points=4500))
    assert (await office.by_code(draft))["SP02"].k == 900
    other = (await office.by_code(draft))["SP05"].id
    await office.do(CAST.director, "kpi.catalogue.describe", catalogue=draft.id, title="Khác", standard=other)
    products = await office.by_code(draft)
    assert (products["SP05"].k, products["SP01"].k, products["SP16"].k) == (1000, 100, 12_500)


async def test_rows_are_added_with_the_next_code_and_taken_out(office: Office) -> None:
    made = await office.do(CAST.director, "kpi.product.add", id=new_id(), given={"name": " Sổ  tay ", "complexity": 2, "points": 150_000})
    one = (await office.by_code(await office.draft()))[made["code"]]
    assert (made["code"], one.name, one.k, one.most_points) == ("SP18", "Sổ tay", 30_000, 200_000)
    await office.do(CAST.director, "kpi.product.remove", product=one.id)
    assert (await office.draft()).size == 17
    standard = (await office.given("SP01"))["product"]
    await office.refused("conflict", "kpi.catalogue.remove_standard", CAST.director, "kpi.product.remove", product=standard)


@pytest.mark.parametrize(
    ("key", "field", "changes"),
    [
        ("kpi.catalogue.fault.code_twice", "code", {"code": "sp01"}),
        ("kpi.catalogue.fault.name_missing", "name", {"name": " "}),
        ("kpi.catalogue.fault.group", "complexity", {"complexity": 6}),
        ("kpi.catalogue.points_bad", "points", {"points": 100_001}),
        ("kpi.catalogue.points_bad", "points", {"points": 0}),
        ("kpi.catalogue.most_bad", "most_points", {"most_points": 100_001}),
        ("kpi.catalogue.too_long", "name", {"name": "x" * 2001}),
        ("kpi.catalogue.too_long", "code", {"code": "x" * 21}),
        ("kpi.catalogue.parent_bad", "parent", {"parent": "ai đó"}),
    ],
)
async def test_a_row_that_can_not_be_is_refused_at_its_field(office: Office, key: str, field: str, changes: dict[str, Any]) -> None:
    asked = await office.given("SP02", **changes)
    assert (await office.refused("invalid", key, CAST.director, "kpi.product.change", **asked)).field == field


async def test_an_import_replaces_the_draft_whole_or_not_at_all(office: Office) -> None:
    first, second = {"code": "A", "name": "Văn bản", "points": 5000}, {"code": "B", "name": "Lượt", "points": 4000}
    good = [{**one, "complexity": 1} for one in (first, second)]
    bad = [*good, {"code": "a", "name": "Hai", "complexity": 1, "points": 4000}]
    await office.refused("invalid", "kpi.catalogue.faults_file", CAST.director, "kpi.catalogue.import", rows=bad, standard="A")
    await office.do(CAST.director, "kpi.catalogue.import", rows=good, standard="A", file="danh-muc.xlsx")
    found = await products_of((await office.draft()).id)
    assert [(one.code, one.k) for one in found] == [("A", 1000), ("B", 800)]
    await office.in_force()
    await office.do(CAST.director, "kpi.catalogue.import", rows=good, standard="B")
    assert ((await office.draft()).number, [one.k for one in await products_of((await office.draft()).id)]) == (2, [1300, 1000])


async def test_a_task_names_a_product_in_force_and_keeps_it(office: Office) -> None:
    draft_row = (await office.by_code(await office.draft()))["SP05"].id
    asked = {"title": "Báo cáo", "lead": CAST.officer, "product": draft_row}
    await office.refused("invalid", "tasks.product_unknown", CAST.head, "task.create", **asked)
    await office.in_force(since="2026-11-01")
    task = await office.task(product=draft_row)
    await office.do(CAST.director, "kpi.catalogue.draft")
    await office.in_force()
    now = await office.now_in_force()
    assert await office.product_of(task) == draft_row
    await office.do(CAST.head, "task.edit", task=task, fields={"title": "Tên khác", "product": draft_row})
    assert await office.product_of(task) == draft_row
    late = await office.task(product=draft_row)
    assert await office.product_of(late) == now["SP05"].id, "the row of that code now"


async def test_another_product_is_told_in_the_timeline(office: Office) -> None:
    await office.in_force()
    products = await office.now_in_force()
    task = await office.task(product=products["SP05"].id)
    await office.do(CAST.head, "task.edit", task=task, fields={"product": products["SP04"].id})
    [entry] = await rows("SELECT before, after FROM audit_entry WHERE action = 'edit'")
    assert "Báo cáo thông tin, số liệu theo yêu cầu (hệ số 8)" in entry["before"]
    assert "Hậu cần phục vụ cuộc họp (hệ số 1,6)" in entry["after"]


async def test_children_make_at_most_what_their_parents_product_is_worth(office: Office) -> None:
    await office.in_force()
    products = await office.now_in_force()
    parent = await office.task(CAST.head, CAST.head, product=products["SP05"].id, quantity=2)  # 16
    small, large = products["SP06"].id, products["SP08"].id  # 6 and 10
    child = await office.task(parent=parent, product=large)
    other = await office.task(parent=parent, product=small)
    await office.refused("invalid", "tasks.parts_over", CAST.head, "task.create", title="Nữa", lead=CAST.officer, parent=parent,
                         product=products["SP01"].id)  # fmt: skip
    refusal = await office.refused("invalid", "tasks.parts_over", CAST.head, "task.edit", task=other, fields={"quantity": 1.1})
    assert "16,6" in refusal.message and "16 " in refusal.message and "Đ18.1c" in refusal.message
    await office.refused("invalid", "tasks.parts_over", CAST.head, "task.edit", task=parent, fields={"quantity": 1})
    await office.do(CAST.head, "task.status", task=child, to="cancelled", reason="Trùng")
    await office.do(CAST.head, "task.edit", task=other, fields={"quantity": 2})
    await office.refused("invalid", "tasks.parts_over", CAST.head, "task.status", task=child, to="not_started")


async def test_replicas_have_what_is_and_what_was_in_force(office: Office) -> None:
    device = await Device(CAST.officer).pull()
    assert not [one for kind, one in device.rows if kind == "product"], "a draft is nobody's yet"
    first = await office.in_force(since="2026-11-01")
    await device.pull()
    mine = {one: data for (kind, one), data in device.rows.items() if kind == "product"}
    assert len(mine) == 17
    one = (await office.by_code(first))["SP04"]
    assert mine[one.id] == {
        "code": "SP04", "name": "Hậu cần phục vụ cuộc họp", "group": 1, "k": 1.6, "unit": "cuộc họp", "sort": 4, "active": True,
    }  # fmt: skip
    await office.do(CAST.director, "kpi.catalogue.draft")
    await device.pull()
    await office.in_force()
    await device.pull()
    mine = {one: data for (kind, one), data in device.rows.items() if kind == "product"}
    assert sum(data["active"] for data in mine.values()) == 17 and len(mine) == 34 and mine[one.id]["active"] is False
    assert await device.agrees()


async def test_work_without_a_product_waits_for_the_next_version(office: Office) -> None:
    await office.in_force()
    products = await office.now_in_force()
    for text in ("Bản tin nội bộ", "bản tin  nội bộ.", ""):
        await office.task(title="Làm bản tin", product_text=text)
    await office.task(title="Trong danh mục", product=products["SP05"].id)
    await office.proposal(title="Chưa duyệt")
    known = await directory()
    found = await outside_work(known.actor(CAST.director), TODAY, known)
    assert [(one.name.lower().rstrip("."), one.count, one.units) for one in found] == [
        ("bản tin nội bộ", 2, ["Phòng Ứng dụng CNTT"]),
        ("làm bản tin", 1, ["Phòng Ứng dụng CNTT"]),
    ]
    assert await outside_work(known.actor(CAST.stranger), TODAY, known) == [], "only of what he sees"


async def test_what_a_version_says_can_be_taken_into_the_next(office: Office) -> None:
    draft = await office.draft()
    entries = entries_of(await products_of(draft.id))
    assert all(isinstance(one, Entry) for one in entries) and entries[0].code == "SP01"
    with pytest.raises(Refusal):
        await office.do(CAST.director, "kpi.catalogue.draft")

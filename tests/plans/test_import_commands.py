"""A plan becomes tasks: all of them or none, and none twice. On both engines."""

import asyncio
from datetime import date

import pytest
from msgspec import structs

from server.errors import Refusal
from server.people.commands import EndDelegation
from server.people.queries import directory
from server.plans.commands.confirm import ConfirmPlan, RowsRefused
from server.plans.commands.drafts import DropPlan, EditPlan, FailPlan, KeepPlan, TakePlan
from server.plans.plan import read_plan
from server.plans.queries import plan as stored_plan
from server.plans.rules.review import Edit
from server.plans.shapes import Row
from server.plans.staff import units_of
from server.storage.door import carry_out
from server.storage.engine import rows
from server.storage.ids import new_id
from server.tasks.commands.edit import Bin
from tests.office import NOW
from tests.plans.helpers import DATA, TODAY, WORKING, pasted

pytestmark = pytest.mark.anyio

SMALL = "\n".join(
    [
        "TT\tNhiệm vụ\tĐơn vị chủ trì\tThời hạn",
        "1\tRà soát quy trình nội bộ\tPhòng HCTH\t31/12/2026",
        "2\tTập huấn cán bộ một cửa\tPhòng CNTT\t15/01/2027",
    ]
)


async def do(asked, actor, **more):
    return await carry_out(asked, actor=actor, now=NOW, source="page", **more)


async def annex(form="qd-717-phu-luc.docx"):
    return read_plan((DATA / form).read_bytes(), form, units_of(await directory()), WORKING, TODAY)


async def kept(plan, actor, **edit):
    made = new_id()
    await do(KeepPlan(id=made, name="ke-hoach.docx", sha256="", plan=plan), actor)
    if edit:
        await do(EditPlan(id=made, **edit), actor)
    return made


async def state_of(plan):
    found = await stored_plan(plan)
    return found.state if found else None


async def tasks():
    return await rows("SELECT * FROM task ORDER BY ordinal")


async def test_the_annex_becomes_18_tasks_numbered_without_a_gap(engine, cast):
    plan = await kept(await annex(), cast.delegate, default_lead=cast.officer)
    made = await do(ConfirmPlan(id=plan), cast.delegate)
    stored = await tasks()
    assert made["count"] == len(stored) == 18
    assert [one["ordinal"] % 1_000_000 for one in stored] == list(range(1, 19))
    first = stored[0]
    assert (first["source_number"], first["source_date"], first["source_issuer"]) == (
        "717/QĐ-UBND",
        date(2021, 6, 16),
        "UBND tỉnh Bắc Ninh",
    )
    assert (first["cadence"], first["no_due"], first["due_text"]) == ("ongoing", "ongoing", "Duy trì thường xuyên")
    assert first["outside_leads"].startswith("Các sở, ngành") and first["outside_partners"].startswith("Sở Thông tin và Truyền thông")
    assert "Củng cố, đổi mới hệ thống" in first["description"]
    assert {one["plan"] for one in stored} == {plan}
    # The head of HCTH assigns by delegation: it is the director's order.
    assert {(one["assigner"], one["delegate"]) for one in stored} == {(cast.director, cast.delegate)}
    assert await state_of(plan) == "done"


async def test_the_same_plan_again_creates_nothing(engine, cast):
    for form in ("qd-717-phu-luc.docx", "qd-717-phu-luc.xlsx"):
        plan = await kept(await annex(form), cast.delegate, default_lead=cast.officer)
        if form.endswith("docx"):
            await do(ConfirmPlan(id=plan), cast.delegate)
        else:
            with pytest.raises(Refusal) as refused:
                await do(ConfirmPlan(id=plan), cast.delegate)
            assert refused.value.key == "plans.all_created"
    assert len(await tasks()) == 18


async def test_confirming_twice_creates_once(engine, cast):
    plan = await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer)
    mutation = new_id()
    first = await do(ConfirmPlan(id=plan), cast.delegate, mutation=mutation)
    assert await do(ConfirmPlan(id=plan), cast.delegate, mutation=mutation) == first
    again = await do(ConfirmPlan(id=plan), cast.delegate)
    assert (again["count"], again["again"]) == (2, True)
    assert len(await tasks()) == 2


async def test_two_drafts_of_one_plan_confirmed_at_once_create_it_once(engine, cast):
    plans = [await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer) for _ in range(3)]
    answers = await asyncio.gather(*(do(ConfirmPlan(id=plan), cast.delegate) for plan in plans), return_exceptions=True)
    assert sorted(getattr(answer, "key", "made") for answer in answers) == ["made", "plans.all_created", "plans.all_created"]
    assert len(await tasks()) == 2


async def test_one_refused_row_and_nothing_is_created(engine, cast):
    plan = await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer, rows=[Edit(row=2, title="")])
    with pytest.raises(RowsRefused) as refused:
        await do(ConfirmPlan(id=plan), cast.delegate)
    assert [(one.row, one.field) for one in refused.value.problems] == [(2, "title")]
    assert "Dòng 2 (“chưa có tên”)" in refused.value.message
    assert await tasks() == []
    assert await state_of(plan) == "draft"
    assert (await rows("SELECT count(*) AS many FROM counter WHERE name LIKE 'task:%'"))[0]["many"] == 0


async def test_a_due_date_before_the_start_is_refused_by_its_row(engine, cast):
    edit = Edit(row=1, start=date(2027, 2, 1))
    plan = await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer, rows=[edit])
    with pytest.raises(RowsRefused) as refused:
        await do(ConfirmPlan(id=plan), cast.delegate)
    assert "31/12/2026" in refused.value.message and "01/02/2027" in refused.value.message
    assert await tasks() == []


async def test_a_head_creates_only_inside_his_room(engine, cast):
    plan = await kept(pasted(SMALL), cast.head, rows=[Edit(row=1, lead=cast.stranger), Edit(row=2, lead=cast.officer)])
    with pytest.raises(RowsRefused) as refused:
        await do(ConfirmPlan(id=plan), cast.head)
    assert [(one.row, one.field) for one in refused.value.problems] == [(1, "lead")]
    await do(EditPlan(id=plan, rows=[Edit(row=1, keep=False), Edit(row=2, lead=cast.officer)]), cast.head)
    assert (await do(ConfirmPlan(id=plan), cast.head))["count"] == 1


async def test_a_row_in_the_bin_may_be_created_again(engine, cast):
    plan = await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer)
    await do(ConfirmPlan(id=plan), cast.delegate)
    await do(Bin(task=(await tasks())[0]["id"]), cast.delegate)
    again = await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer)
    assert (await do(ConfirmPlan(id=again), cast.delegate))["count"] == 1


async def test_the_groups_become_parents_when_asked(engine, cast):
    plan = await kept(await annex(), cast.delegate, default_lead=cast.officer, parents=True)
    assert (await do(ConfirmPlan(id=plan), cast.delegate))["count"] == 21
    stored = await tasks()
    parents = [one for one in stored if one["parent"] is None]
    assert [one["children"] for one in parents] == [7, 5, 6]
    # Bring one row back to the bin: the next reading finds the parents that stand.
    await do(Bin(task=stored[1]["id"]), cast.delegate)
    again = await kept(await annex(), cast.delegate, default_lead=cast.officer, parents=True)
    assert (await do(ConfirmPlan(id=again), cast.delegate))["count"] == 1


async def test_it_leaves_out_what_is_not_ticked(engine, cast):
    plan = await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer, rows=[Edit(row=1, keep=False), Edit(row=2, keep=False)])
    with pytest.raises(Refusal) as refused:
        await do(ConfirmPlan(id=plan), cast.delegate)
    assert refused.value.key == "plans.nothing_to_create"


@pytest.mark.parametrize("who", ["officer", "admin", "deputy_head"])
async def test_it_takes_no_plan_from_whoever_may_not_enter(engine, cast, who):
    with pytest.raises(Refusal) as refused:
        await kept(pasted(SMALL), getattr(cast, who))
    assert refused.value.code == "not_allowed"
    assert await rows("SELECT id FROM plan_import") == []


async def test_a_draft_belongs_to_its_author(engine, cast):
    plan = await kept(pasted(SMALL), cast.head)
    for asked in (ConfirmPlan(id=plan), EditPlan(id=plan), DropPlan(id=plan), FailPlan(id=plan, message="x")):
        with pytest.raises(Refusal) as refused:
            await do(asked, cast.delegate)
        assert refused.value.code == "not_found"


async def test_a_delegation_that_ended_between_reading_and_confirming_counts_no_more(engine, cast):
    plan = await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer)
    await do(EndDelegation(delegation=cast.delegation), cast.director)
    with pytest.raises(RowsRefused):
        await do(ConfirmPlan(id=plan), cast.delegate)
    assert await tasks() == []


async def test_a_draft_is_dropped_but_not_a_plan_with_tasks(engine, cast):
    plan = await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer)
    await do(DropPlan(id=plan), cast.delegate)
    assert await stored_plan(plan) is None
    plan = await kept(pasted(SMALL), cast.delegate, default_lead=cast.officer)
    await do(ConfirmPlan(id=plan), cast.delegate)
    for asked in (DropPlan(id=plan), EditPlan(id=plan, default_lead=None)):
        with pytest.raises(Refusal) as refused:
            await do(asked, cast.delegate)
        assert refused.value.key == "plans.done_already"


async def test_a_plan_that_is_read_for_long_is_kept_or_fails_under_its_first_name(engine, cast):
    plan = new_id()
    await do(TakePlan(id=plan, name="dai.xlsx", sha256=""), cast.head)
    assert await state_of(plan) == "reading"
    await do(KeepPlan(id=plan, name="dai.xlsx", sha256="", plan=pasted(SMALL)), cast.head)
    assert await state_of(plan) == "draft"
    with pytest.raises(Refusal):
        await do(KeepPlan(id=plan, name="khac.xlsx", sha256="", plan=pasted(SMALL)), cast.head)
    other = new_id()
    await do(TakePlan(id=other, name="hong.xlsx", sha256=""), cast.head)
    await do(FailPlan(id=other, message="Hỏng"), cast.head)
    found = await stored_plan(other)
    assert found is not None and (found.state, found.message) == ("failed", "Hỏng")


async def test_a_row_that_does_not_exist_is_refused(engine, cast):
    plan = await kept(pasted(SMALL), cast.head)
    with pytest.raises(Refusal) as refused:
        await do(EditPlan(id=plan, rows=[Edit(row=3, keep=False)]), cast.head)
    assert refused.value.key == "plans.no_such_row"


async def test_thousands_of_rows_are_created_at_once(engine, cast):
    small = pasted(SMALL)
    many = [structs.replace(small.rows[0], row=n, title=f"Nhiệm vụ số {n}", key=f"key-{n}") for n in range(1, 1201)]
    assert all(isinstance(one, Row) for one in many)
    plan = await kept(structs.replace(small, rows=many), cast.delegate, default_lead=cast.officer)
    assert (await do(ConfirmPlan(id=plan), cast.delegate))["count"] == 1200
    assert (await rows("SELECT count(*) AS many FROM task"))[0]["many"] == 1200

"""What is changed of a task and by whom: edits, reassigning, delegation, parents and children, limits; on both engines."""

from datetime import date
from typing import Any

import orjson
import pytest

from server.errors import Refusal
from server.storage.door import command
from server.storage.engine import Engine, rows
from server.storage.ids import new_id
from tests.office import CAST, Cast
from tests.tasks.desk import Desk, audit, check_whole, followers, parts, stored, told

pytestmark = pytest.mark.anyio


async def test_two_edits_of_one_field_leave_both_values_and_tell_the_earlier_author(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(title="Cũ", due="2026-12-10")
    await desk.do(cast.head, "task.edit", task=task, fields={"title": "Của trưởng phòng"}, base={"title": "Cũ"})
    await desk.do(cast.deputy, "task.edit", task=task, fields={"priority": "urgent"}, base={"priority": "normal"})
    answer = await desk.do(cast.director, "task.edit", task=task, fields={"title": "Của giám đốc", "kind": "ad_hoc"}, base={"title": "Cũ"})
    assert answer["clashes"] == ["title"]
    assert (await stored(task))["title"] == "Của giám đốc"
    assert await told(task, "task.edited_over") == [("task.edited_over", cast.head)], "who wrote the title, not who wrote last"
    last = (await audit(task))[-1]
    assert orjson.loads(last["before"])["title"] == "Của trưởng phòng"
    assert orjson.loads(last["after"])["title"] == "Của giám đốc"
    await check_whole([task])


async def test_a_due_date_and_the_reason_for_having_none_exclude_each_other(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    assert (await stored(task))["no_due"] == "none"
    for fields, expected in (
        ({"due": "2026-12-10"}, (date(2026, 12, 10), None)),
        ({"no_due": "ongoing"}, (date(2026, 12, 10), None)),
        ({"due": None, "no_due": "ongoing"}, (None, "ongoing")),
        ({"due": "2026-12-11", "no_due": "none"}, (date(2026, 12, 11), None)),
        ({"due": None}, (None, "none")),
    ):
        await desk.do(cast.head, "task.edit", task=task, fields=fields)
        assert ((await stored(task))["due"], (await stored(task))["no_due"]) == expected, fields
        await check_whole([task])


async def test_a_room_that_hands_an_order_on_leaves_it_its_givers(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.director, cast.head)
    await desk.refused("invalid", "tasks.reason_missing", cast.head, "task.assign", task=task, lead=cast.officer)
    await desk.do(cast.head, "task.assign", task=task, lead=cast.officer, reason="Đúng chuyên môn")
    now = await stored(task)
    assert (now["lead"], now["assigner"], now["assigner_position"], now["delegate"]) == (cast.officer, cast.director, "director", None)
    assert set(await told(task)) >= {("task.assigned", cast.officer)}
    await desk.do(cast.head, "task.assign", task=task, lead=cast.colleague, reason="Nghỉ phép")
    assert ("task.unassigned", cast.officer) in await told(task) and ("task.assigned", cast.colleague) in await told(task)
    await desk.do(cast.colleague, "task.submit", task=task)
    await desk.refused("not_allowed", "people.rule.review_by_leader", cast.head, "task.review", task=task, verdict="accept")
    await desk.do(cast.director, "task.review", task=task, verdict="accept")
    await check_whole([task])


async def test_a_deputy_head_with_his_rooms_powers_does_not_make_the_directors_order_his(engine: Engine, cast: Cast, desk: Desk) -> None:
    """Otherwise the room would review what the director gave."""
    lent: dict[str, Any] = {"receiver": cast.deputy_head, "powers": ["enter", "assign"], "unit": cast.cntt}
    lent |= {"since": "2026-11-01", "document": "5/UQ"}
    await desk.do(cast.head, "delegation.grant", id=new_id(), **lent)
    task = await desk.task(cast.director, cast.officer)
    await desk.do(cast.deputy_head, "task.assign", task=task, lead=cast.colleague, reason="Nghỉ phép")
    now = await stored(task)
    assert (now["assigner"], now["assigner_position"]) == (cast.director, "director")
    assert (await audit(task))[-1]["on_behalf"] == cast.head


async def test_what_is_done_by_delegation_has_both_names(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.delegate, cast.officer)
    now = await stored(task)
    assert (now["creator"], now["assigner"], now["assigner_position"], now["delegate"]) == (
        cast.delegate,
        cast.director,
        "director",
        cast.delegate,
    )
    assert [(one["actor"], one["on_behalf"]) for one in await audit(task)] == [(cast.delegate, cast.director)]
    own = await stored(await desk.task(cast.delegate, cast.stranger))
    assert (own["assigner"], own["delegate"]) == (cast.delegate, None), "inside his own room he needs nobody's power"


async def test_who_stays_keeps_what_was_accepted_of_him(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.submitted(collaborators=[{"person": cast.colleague, "share": 0.3}])
    await desk.do(cast.head, "task.review", task=task, person=cast.colleague, verdict="accept")
    await desk.do(cast.head, "task.review", task=task, verdict="return", note="Làm tiếp")
    await desk.do(cast.head, "task.assign", task=task, lead=cast.deputy_head, reason="Đổi chủ trì")
    assert (await parts(task))[cast.colleague]["state"] == "accepted"
    await desk.do(cast.head, "task.assign", task=task, lead=cast.officer, collaborators=[], reason="Đổi lại")
    past = await rows("SELECT state FROM assignment WHERE task = $1 AND person = $2", task, cast.colleague)
    assert past == [{"state": "accepted"}]
    await check_whole([task])


async def test_a_follower_who_is_given_the_work_no_longer_only_watches(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.proposal(cast.officer, cast.officer, followers=[cast.colleague, cast.stranger])
    await desk.do(cast.head, "task.decide", task=task, decision="approve", changes={"lead": cast.colleague})
    assert await followers(task) == [cast.stranger]
    await check_whole([task])


async def test_children_roll_up_and_hold_their_parent_open(engine: Engine, cast: Cast, desk: Desk) -> None:
    top = await desk.task(cast.director, cast.head)
    one, other = [await desk.task(cast.head, cast.officer, parent=top) for _ in range(2)]
    await desk.do(cast.officer, "task.progress", task=one, percent=50)
    now = await stored(top)
    assert (now["percent"], now["status"], now["children"]) == (25, "in_progress", 2)
    await desk.refused("conflict", "tasks.state.parent_rolls_up", cast.head, "task.progress", task=top, percent=90)
    await desk.refused("conflict", "tasks.state.children_open", cast.head, "task.submit", task=top)
    await desk.refused("conflict", "tasks.state.bin_parent", cast.director, "task.bin", task=top)
    await desk.do(cast.head, "task.status", task=other, to="cancelled", reason="Gộp")
    assert (await stored(top))["percent"] == 50
    await desk.do(cast.officer, "task.submit", task=one)
    await desk.do(cast.head, "task.review", task=one, verdict="accept")
    assert (await stored(top))["percent"] == 100
    await desk.do(cast.head, "task.submit", task=top)
    await desk.refused("conflict", "tasks.illegal.split", cast.head, "task.create", title="Muộn", lead=cast.officer, parent=top)
    await check_whole([top, one, other])


async def test_an_approved_child_counts_and_a_binned_one_does_not(engine: Engine, cast: Cast, desk: Desk) -> None:
    top = await desk.task(cast.director, cast.head)
    one = await desk.task(cast.head, cast.officer, parent=top)
    await desk.do(cast.officer, "task.progress", task=one, percent=80)
    proposed = await desk.proposal(cast.head, cast.officer, parent=top)
    assert (await stored(top))["percent"] == 80
    await desk.do(cast.director, "task.decide", task=proposed, decision="approve")
    assert (await stored(top))["percent"] == 40
    await desk.do(cast.director, "task.bin", task=proposed)
    assert ((await stored(top))["percent"], (await stored(top))["children"]) == (80, 1)


async def test_a_task_is_never_above_itself_nor_too_deep(engine: Engine, cast: Cast, desk: Desk) -> None:
    chain = [await desk.task(cast.director, cast.head)]
    for _ in range(3):
        chain.append(await desk.task(cast.director, cast.head, parent=chain[-1]))
    await desk.refused("invalid", "tasks.parent_deep", cast.director, "task.create", title="5", lead=cast.head, parent=chain[-1])
    for below in chain:
        await desk.refused("invalid", "tasks.parent_cycle", cast.director, "task.edit", task=chain[0], fields={"parent": below})
    other = await desk.task(cast.director, cast.head)
    pair = await desk.task(cast.director, cast.head, parent=other)
    await desk.refused("invalid", "tasks.parent_deep", cast.director, "task.edit", task=other, fields={"parent": chain[2]})
    await desk.do(cast.director, "task.edit", task=other, fields={"parent": chain[1]})
    assert [(await stored(one))["children"] for one in (chain[1], chain[2], other)] == [2, 1, 1]
    await desk.do(cast.director, "task.edit", task=other, fields={"parent": ""})
    assert (await stored(other))["parent"] is None
    await check_whole([*chain, other, pair])


async def test_a_proposal_is_not_approved_under_itself(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.proposal()
    changes = {"parent": task}
    await desk.refused("invalid", "tasks.parent_cycle", cast.head, "task.decide", task=task, decision="approve", changes=changes)


async def test_an_approved_title_is_found_by_its_new_words(engine: Engine, cast: Cast, desk: Desk) -> None:
    from tests.tasks.test_search import find

    task = await desk.proposal(title="Tên cũ")
    await desk.do(cast.head, "task.decide", task=task, decision="approve", changes={"title": "Chuyên đề mới"})
    assert await find(cast.head, "chuyên đề") == [task]
    assert await find(cast.head, "tên cũ") == []


async def test_the_checklist_is_ticked_by_those_on_the_task(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(checklist=["Dự thảo", " ", "Ký"])
    items = await rows("SELECT id, text, done FROM checklist_item WHERE task = $1 ORDER BY sort", task)
    assert [one["text"] for one in items] == ["Dự thảo", "Ký"]
    await desk.refused(
        "not_allowed", "people.rule.manage_others", cast.deputy_head, "checklist.set", task=task, item=items[0]["id"], done=True
    )
    await desk.do(cast.officer, "checklist.set", task=task, item=items[0]["id"], done=True)
    before = len(await audit(task))
    await desk.do(cast.officer, "checklist.set", task=task, item=items[0]["id"], done=True)
    assert len(await audit(task)) == before, "ticked twice is ticked once"
    new = new_id()
    await desk.do(cast.officer, "checklist.add", id=new, task=task, text="Gửi")
    await desk.refused("conflict", "tasks.id_taken", cast.officer, "checklist.add", id=new, task=task, text="Gửi")
    await desk.do(cast.officer, "checklist.remove", task=task, item=items[1]["id"])
    await desk.refused("not_found", "tasks.item_unknown", cast.officer, "checklist.set", task=task, item=items[1]["id"], done=True)


async def test_only_those_who_may_see_the_task_hear_that_they_were_named(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    await desk.do(
        cast.officer,
        "task.comment",
        task=task,
        text="@mọi người",
        mentions=[cast.stranger, cast.head, cast.director, cast.admin, cast.officer, "x"],
    )
    assert {person for _, person in await told(task, "task.mentioned")} == {cast.head, cast.director}


ORDERS = [
    ("officer", "colleague", "people.rule.officer_proposes"),
    ("officer", "director", "people.rule.officer_proposes"),
    ("deputy_head", "officer", "people.rule.deputy_head_room"),
    ("deputy_head", "stranger", "people.rule.other_room"),
    ("head", "stranger", "people.rule.head_own_room"),
    ("head", "director", "people.rule.head_own_room"),
    ("admin", "officer", "people.rule.admin_no_tasks"),
    ("director", "admin", "people.rule.target_admin"),
]


async def test_a_refused_order_names_the_rule(engine: Engine, cast: Cast, desk: Desk) -> None:
    for actor, lead, key in ORDERS:
        await desk.refused("not_allowed", key, getattr(cast, actor), "task.create", title="Việc", lead=getattr(cast, lead))


async def test_nobody_who_left_gets_work_and_his_own_is_handed_on(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    await desk.do(cast.admin, "person.disable", person=cast.officer)
    await desk.refused("invalid", "tasks.lead_left", cast.head, "task.create", title="Việc", lead=cast.officer)
    await desk.refused("not_found", "tasks.not_found", cast.officer, "task.progress", task=task, percent=10)
    await desk.do(cast.head, "task.assign", task=task, lead=cast.colleague, reason="Nghỉ việc")
    assert (await stored(task))["lead"] == cast.colleague
    await check_whole([task])


async def test_another_rooms_task_is_not_found_by_any_command(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    asked: list[tuple[str, dict[str, Any]]] = [
        ("task.progress", {"percent": 10}),
        ("task.submit", {}),
        ("task.comment", {"text": "Ai đấy"}),
        ("task.follow", {}),
        ("task.edit", {"fields": {"title": "Của tôi"}}),
        ("task.assign", {"lead": cast.stranger, "reason": "Lấy"}),
        ("task.status", {"to": "cancelled", "reason": "Phá"}),
        ("task.bin", {}),
        ("task.restore", {}),
        ("task.hand_back", {"reason": "Trả"}),
        ("task.extend", {"due": "2026-12-30", "reason": "Chờ"}),
        ("task.decide", {"decision": "approve"}),
        ("task.review", {"verdict": "accept"}),
        ("task.review_undo", {}),
        ("checklist.set", {"item": new_id(), "done": True}),
        ("checklist.add", {"text": "Một"}),
    ]
    for actor in (cast.stranger, cast.admin):
        for name, more in asked:
            await desk.refused("not_found", "tasks.not_found", actor, name, task=task, **more)
    await desk.refused("not_found", "tasks.not_found", cast.stranger, "task.progress", task=new_id(), percent=10)


async def test_a_look_at_another_rooms_task_is_written_down(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    await desk.do(cast.stranger, "task.look_refused", task=task)
    await desk.do(cast.stranger, "task.look_refused", task=new_id())
    found = await rows("SELECT actor, subject FROM audit_entry WHERE action = 'refused_look'")
    assert found == [{"actor": cast.stranger, "subject": task}]


LONG = "Đ" * 1000
BAD: list[tuple[str, str, dict[str, Any]]] = [
    ("tasks.title_missing", "title", {"title": " \n "}),
    ("tasks.title_long", "title", {"title": LONG + "!"}),
    ("tasks.lead_missing", "lead", {"lead": None}),
    ("people.unknown_person", "lead", {"lead": "nobody"}),
    ("tasks.person_twice", "collaborators", {"collaborators": [{"person": CAST.officer}]}),
    ("tasks.person_twice", "collaborators", {"followers": [CAST.colleague, CAST.colleague]}),
    ("tasks.shares_bad", "collaborators", {"collaborators": [{"person": CAST.colleague, "share": 100}]}),
    ("tasks.due_before_start", "due", {"start": "2026-12-02", "due": "2026-12-01"}),
    ("tasks.quantity_bad", "quantity", {"quantity": 0}),
    ("tasks.quantity_bad", "quantity", {"quantity": 2_000_000}),
    ("tasks.field_unknown", "field", {"field": "nothing"}),
    ("people.unknown_unit", "unit", {"unit": "nowhere"}),
    ("people.unknown_unit", "unit", {"unit": CAST.ministry}),
    ("tasks.id_bad", "id", {"id": "1"}),
    ("tasks.checklist_many", "checklist", {"checklist": ["Việc"] * 101}),
    ("tasks.text_long", "description", {"description": "x" * 20_001}),
    ("tasks.text_long", "checklist", {"checklist": ["x" * 20_001]}),
    ("tasks.field_value_bad", "product", {"product": "x" * 37}),
    ("tasks.field_value_bad", "plan_row", {"plan_row": "x" * 65}),
]


async def test_what_a_new_task_may_not_say_is_refused_at_its_field(engine: Engine, cast: Cast, desk: Desk) -> None:
    for key, field, more in BAD:
        refusal = await desk.refused("invalid", key, cast.head, "task.create", **{"title": "Việc", "lead": cast.officer, **more})
        assert refusal.field == field, key


async def test_a_title_of_a_thousand_letters_is_kept_on_one_line(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(title=f"{LONG[:500]}\n{LONG[:499]}")
    assert (await stored(task))["title"] == f"{LONG[:500]} {LONG[:499]}"


SENSELESS: list[dict[str, Any]] = [
    {"title": 5},
    {"due": "2026-02-30"},
    {"due": 7},
    {"priority": "soon"},
    {"quantity": "nhiều"},
    {"quantity": None},
    {"unit": ["x"]},
    {"unit": None},
    {"field": 7},
    {"parent": 7},
    {"product": "x" * 40},
    {"source": {"number": 1}},
    {"lead": CAST.colleague},
    {"status": "completed"},
    {"percent": 100},
]


async def test_a_base_that_no_field_can_hold_now_is_a_difference_and_no_refusal(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(cast.head, cast.officer)
    answer = await desk.do(cast.head, "task.edit", task=task, fields={"unit": cast.hcth}, base={"unit": None})
    assert answer["clashes"] == ["unit"]


async def test_an_edit_that_makes_no_sense_is_refused_with_a_sentence(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    for fields in SENSELESS:
        with pytest.raises(Refusal) as caught:
            await desk.do(cast.head, "task.edit", task=task, fields=fields)
        assert caught.value.code == "invalid" and caught.value.field in fields, fields
    assert (await stored(task))["version"] == 1


async def test_files_hang_on_the_report_they_came_with_and_only_their_senders_do(engine: Engine, cast: Cast, desk: Desk) -> None:
    task, sha = await desk.task(), "a" * 64
    await rows(
        "INSERT INTO file (id, size, media_type, created_at, created_by, attached, sent_at) VALUES ($1, 9, 'image/png', $2, $3, $4, $2)",
        sha, desk.now, cast.officer, False,
    )  # fmt: skip
    await rows(
        "INSERT INTO upload (id, sent, file, name, person, at) VALUES ($1, $2, $2, 'ảnh.png', $3, $4)",
        new_id(),
        sha,
        cast.officer,
        desk.now,
    )
    await desk.refused("invalid", "files.not_yours", cast.head, "task.comment", task=task, text="Ảnh", files=[sha])
    await desk.refused("invalid", "files.not_yours", cast.officer, "task.progress", task=task, percent=5, files=[sha, "b" * 64])
    made = await desk.do(cast.officer, "task.progress", task=task, percent=5, files=[sha])
    found = await rows("SELECT task, file, report, name FROM attachment")
    assert found == [{"task": task, "file": sha, "report": made["report"], "name": "ảnh.png"}]


def test_a_command_with_unknown_words_is_refused() -> None:
    for name, arguments in (
        ("task.fly", {}),
        ("task.create", {"colour": "red"}),
        ("task.progress", {"id": "1", "task": "2", "percent": "x"}),
    ):
        with pytest.raises(Refusal) as caught:
            command(name, arguments)
        assert caught.value.code == "invalid"

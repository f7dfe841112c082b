"""The life of a task, on both engines: from the first word to the last."""

from datetime import date, timedelta

import pytest

from server.storage.engine import Engine, row, rows
from server.storage.ids import new_id
from server.tasks.rules import number
from tests.office import Cast
from tests.tasks.desk import Desk, audit, check_whole, followers, parts, stored, told

pytestmark = pytest.mark.anyio
DUE = date(2026, 12, 10)


async def test_it_goes_from_proposal_to_acceptance(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.proposal(cast.officer, cast.officer, due="2026-12-10", checklist=["Dự thảo", "Ký"])
    await check_whole([task])
    assert told_to(await told(task), "task.proposed") == [cast.head]
    await desk.do(cast.head, "task.decide", task=task, decision="approve")
    await check_whole([task])
    assert (await stored(task))["status"] == "not_started"
    await desk.do(cast.officer, "task.progress", task=task, percent=40, note="Đã có dự thảo")
    assert (await stored(task))["status"] == "in_progress"
    await desk.do(cast.officer, "task.submit", task=task, quantity=1)
    assert set(told_to(await told(task), "task.submitted")) == {cast.head, cast.deputy_head}
    await desk.do(cast.head, "task.review", task=task, verdict="accept", score=92.5, quantity=1)
    await check_whole([task])
    done = await stored(task)
    assert (done["status"], done["percent"], done["lead"], done["assigner"]) == ("completed", 100, cast.officer, cast.head)
    assert [one["action"] for one in await audit(task)] == ["propose", "approve", "progress", "submit", "accept"]
    review = await row("SELECT * FROM review WHERE task = $1", task)
    assert review is not None and (review["score"], review["reviewer"]) == (92_500, cast.head)


def told_to(said: list[tuple[str, str]], kind: str) -> list[str]:
    return [person for what, person in said if what == kind]


async def test_a_returned_result_is_done_again_and_submitted_again(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.submitted()
    await desk.refused("invalid", "tasks.reason_missing", cast.head, "task.review", task=task, verdict="return", note="  ")
    await desk.do(cast.head, "task.review", task=task, verdict="return", note="Thiếu số liệu")
    back = await stored(task)
    assert (back["status"], back["submitted_at"]) == ("in_progress", None)
    await desk.do(cast.officer, "task.progress", task=task, percent=95)
    await desk.do(cast.officer, "task.submit", task=task)
    await desk.do(cast.deputy_head, "task.review", task=task, verdict="accept")
    await check_whole([task])
    assert [one["verdict"] for one in await rows("SELECT verdict FROM review WHERE task = $1 ORDER BY at", task)] == ["return", "accept"]


async def test_collaborators_have_shares_and_reviews_of_their_own(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(collaborators=[{"person": cast.colleague, "share": 0.3}])
    assert {person: part["share"] for person, part in (await parts(task)).items()} == {cast.officer: 700, cast.colleague: 300}
    await desk.do(cast.colleague, "task.progress", task=task, percent=80)
    assert ((await stored(task))["percent"], (await stored(task))["status"]) == (0, "in_progress")
    await desk.refused("not_allowed", "tasks.right.lead", cast.colleague, "task.submit", task=task)
    await desk.refused("conflict", "tasks.illegal.review", cast.head, "task.review", task=task, person=cast.colleague, verdict="accept")
    await desk.do(cast.officer, "task.submit", task=task)
    await desk.do(cast.head, "task.review", task=task, person=cast.colleague, verdict="accept", score=70)
    assert (await stored(task))["status"] == "submitted"
    again = await desk.refused(
        "conflict", "tasks.reviewed_already", cast.deputy_head, "task.review", task=task, person=cast.colleague, verdict="accept"
    )
    assert "Đặng Hoài Sang" in again.message
    await desk.do(cast.head, "task.review", task=task, verdict="accept", score=90)
    assert {one["person"]: one["score"] for one in await rows("SELECT person, score FROM review WHERE task = $1", task)} == {
        cast.colleague: 70_000,
        cast.officer: 90_000,
    }
    await check_whole([task])


async def test_what_is_handed_back_goes_to_another_lead(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    await desk.refused("invalid", "tasks.reason_missing", cast.officer, "task.hand_back", task=task, reason="")
    await desk.do(cast.officer, "task.hand_back", task=task, reason="Đi công tác")
    await desk.refused("conflict", "tasks.state.handed_back", cast.officer, "task.progress", task=task, percent=10)
    await desk.refused("conflict", "tasks.state.handed_back", cast.officer, "task.hand_back", task=task, reason="Lần nữa")
    await desk.do(cast.head, "task.assign", task=task, lead=cast.colleague, reason="Đổi người")
    now = await stored(task)
    assert (now["lead"], now["handed_back"], now["handed_back_reason"]) == (cast.colleague, False, "")
    past = await row("SELECT state FROM assignment WHERE task = $1 AND person = $2", task, cast.officer)
    assert past == {"state": "handed_back"}
    assert ("task.assigned", cast.colleague) in await told(task)
    assert ("task.unassigned", cast.officer) in await told(task)
    await desk.refused("not_allowed", "tasks.right.assignee", cast.officer, "task.progress", task=task, percent=10)
    await check_whole([task])


async def test_a_hand_back_that_is_not_taken_leaves_the_work_where_it_was(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    await desk.do(cast.officer, "task.hand_back", task=task, reason="Quá tải")
    await desk.refused("invalid", "tasks.reason_missing", cast.head, "task.decide", task=task, decision="decline")
    await desk.do(cast.head, "task.decide", task=task, decision="decline", reason="Cố gắng")
    assert (await parts(task))[cast.officer]["state"] == "active"
    await desk.do(cast.officer, "task.progress", task=task, percent=10)
    assert [one["action"] for one in await audit(task)][1:3] == ["hand_back", "refuse_hand_back"]
    await check_whole([task])


async def test_a_collaborator_hands_back_his_part_and_goes_on_watching(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(collaborators=[{"person": cast.colleague}])
    await desk.do(cast.officer, "task.hand_back", task=task, reason="Quá tải")
    await desk.do(cast.colleague, "task.hand_back", task=task, reason="Không thuộc phần việc")
    assert list(await parts(task)) == [cast.officer]
    assert await followers(task) == [cast.colleague]
    await check_whole([task])


async def test_a_later_due_date_is_asked_for_once_and_decided(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(due="2026-12-10")
    for no_later in ("2026-12-10", "2026-12-01"):
        await desk.refused("invalid", "tasks.due_earlier", cast.officer, "task.extend", task=task, due=no_later, reason="Chờ")
    await desk.refused("invalid", "tasks.due_past", cast.officer, "task.extend", task=task, due="2026-11-22", reason="Chờ")
    await desk.do(cast.officer, "task.extend", task=task, due="2026-12-20", reason="Chờ ý kiến")
    await desk.refused("conflict", "tasks.state.extension_waiting", cast.officer, "task.extend", task=task, due="2026-12-21", reason="Nữa")
    await desk.refused("not_allowed", "tasks.right.extension_own", cast.officer, "task.decide", task=task, decision="approve")
    await desk.refused("invalid", "tasks.reason_missing", cast.head, "task.decide", task=task, decision="decline")
    await desk.do(cast.head, "task.decide", task=task, decision="decline", reason="Không đủ lý do")
    assert (await stored(task))["due"] == DUE
    await desk.do(cast.officer, "task.extend", task=task, due="2026-12-20", reason="Chờ ý kiến")
    await desk.do(cast.head, "task.decide", task=task, decision="approve", changes={"due": "2026-12-15"})
    assert (await stored(task))["due"] == date(2026, 12, 15)
    states = await rows("SELECT state, due, decided_by FROM extension WHERE task = $1 ORDER BY at", task)
    assert [(one["state"], one["decided_by"]) for one in states] == [("refused", cast.head), ("granted", cast.head)]
    await desk.refused("conflict", "tasks.nothing_to_decide", cast.head, "task.decide", task=task, decision="approve")
    await check_whole([task])


async def test_an_edited_due_date_is_the_one_that_an_extension_moves(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(due="2026-12-10")
    await desk.do(cast.officer, "task.extend", task=task, due="2026-12-20", reason="Chờ")
    await desk.do(cast.head, "task.edit", task=task, fields={"due": "2026-12-12"})
    await desk.do(cast.head, "task.decide", task=task, decision="approve")
    said = (await audit(task))[-1]
    assert '"due":"2026-12-12"' in said["before"] and '"due":"2026-12-20"' in said["after"]


@pytest.mark.parametrize("end", ["completed", "cancelled", "bin"])
async def test_no_due_date_moves_when_the_task_has_ended(engine: Engine, cast: Cast, desk: Desk, end: str) -> None:
    task = await desk.task(due="2026-12-10")
    await desk.do(cast.officer, "task.extend", task=task, due="2026-12-20", reason="Chờ")
    if end == "completed":
        await desk.do(cast.officer, "task.submit", task=task)
        await desk.do(cast.head, "task.review", task=task, verdict="accept")
    elif end == "cancelled":
        await desk.do(cast.head, "task.status", task=task, to="cancelled", reason="Thôi")
    else:
        await desk.do(cast.head, "task.bin", task=task)
    key = ("gone", "tasks.state.in_bin") if end == "bin" else ("conflict", "tasks.nothing_to_decide")
    await desk.refused(*key, cast.head, "task.decide", task=task, decision="approve")
    assert (await stored(task))["due"] == DUE


async def test_it_pauses_resumes_cancels_and_reopens(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    status = "task.status"
    await desk.refused("not_allowed", "people.rule.manage_own_task", cast.officer, status, task=task, to="paused", reason="Bận")
    await desk.refused("invalid", "tasks.reason_missing", cast.head, status, task=task, to="paused")
    await desk.do(cast.head, status, task=task, to="paused", reason="Chờ văn bản")
    await desk.refused("conflict", "tasks.illegal.progress", cast.officer, "task.progress", task=task, percent=10)
    await desk.do(cast.head, status, task=task, to="in_progress")
    assert (await stored(task))["status"] == "not_started", "nobody had begun"
    await desk.do(cast.officer, "task.progress", task=task, percent=10)
    await desk.do(cast.head, status, task=task, to="paused", reason="Chờ")
    await desk.do(cast.head, status, task=task, to="cancelled", reason="Không cần nữa")
    await desk.refused("conflict", "tasks.illegal.edit", cast.head, "task.edit", task=task, fields={"title": "Khác"})
    await desk.do(cast.head, status, task=task, to="in_progress")
    assert (await stored(task))["status"] == "in_progress"
    refusal = await desk.refused("conflict", "tasks.illegal.resume", cast.head, status, task=task, to="in_progress")
    assert "Đang thực hiện" in refusal.message
    await desk.refused("invalid", "tasks.status_unknown", cast.head, status, task=task, to="completed", reason="Xong")
    await desk.refused("invalid", "tasks.status_unknown", cast.head, status, task=task, to="bay lên", reason="Xong")
    await check_whole([task])


async def test_what_was_paused_before_it_began_has_not_begun_when_it_is_reopened(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    await desk.do(cast.head, "task.status", task=task, to="paused", reason="Chờ")
    await desk.do(cast.head, "task.status", task=task, to="cancelled", reason="Thôi")
    await desk.do(cast.head, "task.status", task=task, to="not_started")
    now = await stored(task)
    assert (now["status"], now["started_at"]) == ("not_started", None)


async def test_a_cancelled_proposal_reopens_as_a_proposal(engine: Engine, cast: Cast, desk: Desk) -> None:
    """Otherwise an officer would give anybody work: propose it, cancel it, reopen it."""
    task = await desk.proposal(cast.officer, cast.director)
    await desk.do(cast.officer, "task.status", task=task, to="cancelled", reason="Nhầm")
    await desk.do(cast.officer, "task.status", task=task, to="in_progress")
    await check_whole([task])
    assert (await stored(task))["status"] == "proposed"


async def test_the_bin_keeps_a_task_for_thirty_days(engine: Engine, cast: Cast, desk: Desk) -> None:
    task, other = await desk.task(), await desk.task()
    for one in (task, other):
        await desk.do(cast.head, "task.bin", task=one, reason="Nhập nhầm")
    await desk.refused("gone", "tasks.state.in_bin", cast.officer, "task.progress", task=task, percent=10)
    await desk.refused("gone", "tasks.state.in_bin", cast.officer, "task.comment", task=task, text="Ơ kìa")
    desk.now += timedelta(days=30) - timedelta(minutes=1)
    await desk.do(cast.head, "task.restore", task=task)
    assert (await stored(task))["deleted_at"] is None
    await desk.refused("conflict", "tasks.state.not_in_bin", cast.head, "task.restore", task=task)
    desk.now += timedelta(minutes=2)
    await desk.refused("gone", "tasks.state.bin_over", cast.head, "task.restore", task=other)
    await check_whole([task, other])


async def test_whoever_may_not_bin_a_task_is_refused_also_when_it_is_there_already(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task()
    await desk.do(cast.head, "task.bin", task=task, reason="Nhập nhầm")
    before = await stored(task)
    await desk.refused("not_allowed", "people.rule.manage_own_task", cast.officer, "task.bin", task=task)
    await desk.refused("not_found", "tasks.not_found", cast.stranger, "task.bin", task=task)
    await desk.do(cast.head, "task.bin", task=task)
    assert await stored(task) == before, "who may is told that it is there, and nothing happens twice"


async def test_a_proposal_in_the_bin_is_not_approved(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.proposal()
    await desk.do(cast.officer, "task.bin", task=task)
    for decision in ("approve", "decline"):
        await desk.refused("gone", "tasks.state.in_bin", cast.head, "task.decide", task=task, decision=decision, reason="Có")


async def test_scored_work_never_goes_into_the_bin(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.completed()
    await desk.refused("conflict", "tasks.illegal.bin", cast.head, "task.bin", task=task)
    part = await desk.submitted(collaborators=[{"person": cast.colleague}])
    await desk.do(cast.head, "task.review", task=part, person=cast.colleague, verdict="accept")
    await desk.do(cast.head, "task.review", task=part, verdict="return", note="Làm lại")
    await desk.refused("conflict", "tasks.state.bin_reviewed", cast.head, "task.bin", task=part)


async def test_a_reviewer_takes_back_his_own_acceptance_within_a_week(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.completed()
    await desk.refused("not_allowed", "tasks.take_back_own", cast.deputy_head, "task.review_undo", task=task)
    await desk.do(cast.head, "task.review_undo", task=task)
    assert (await stored(task))["status"] == "submitted"
    await check_whole([task])
    undone = await row("SELECT id FROM review WHERE task = $1 AND verdict = 'undone'", task)
    assert undone is not None
    assert await row("SELECT seq FROM change WHERE kind = 'review' AND subject = $1", undone["id"]), "no replica would hear of it"
    await desk.refused("conflict", "tasks.nothing_to_take_back", cast.head, "task.review_undo", task=task)
    await desk.do(cast.head, "task.review", task=task, verdict="accept")
    desk.now += timedelta(days=7)
    await desk.refused("conflict", "tasks.take_back_late", cast.head, "task.review_undo", task=task)


async def test_the_same_mutation_has_one_effect_and_one_answer(engine: Engine, cast: Cast, desk: Desk) -> None:
    mutation, task = new_id(), new_id()
    said = {"id": task, "title": "Một lần", "lead": cast.officer}
    first = await desk.do(cast.head, "task.create", mutation=mutation, **said)
    assert await desk.do(cast.head, "task.create", mutation=mutation, **said) == first
    assert await rows("SELECT count(*) AS n FROM outbox WHERE subject = $1", task) == [{"n": 1}]
    await desk.refused("conflict", "door.mutation_reused", cast.head, "task.create", mutation=mutation, **{**said, "title": "Hai lần"})
    await desk.refused("conflict", "door.mutation_reused", cast.director, "task.create", mutation=mutation, **said)
    await desk.refused("conflict", "tasks.id_taken", cast.head, "task.create", **said)
    ordinal = (await stored(task))["ordinal"]
    assert first["number"] == number(ordinal) == "#26-001"


async def test_an_accepted_part_is_not_reported_on_any_more(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.submitted(collaborators=[{"person": cast.colleague}])
    await desk.do(cast.head, "task.review", task=task, person=cast.colleague, verdict="accept")
    await desk.do(cast.head, "task.review", task=task, verdict="return", note="Làm lại")
    await desk.refused("conflict", "tasks.part_accepted", cast.colleague, "task.progress", task=task, percent=10)
    await desk.refused("conflict", "tasks.part_accepted", cast.colleague, "task.hand_back", task=task, reason="Thôi")
    await desk.do(cast.officer, "task.progress", task=task, percent=90)


async def test_a_child_comes_back_to_life_only_under_a_living_parent(engine: Engine, cast: Cast, desk: Desk) -> None:
    parent = await desk.task(lead=cast.officer)
    child = await desk.task(lead=cast.colleague, parent=parent)
    await desk.refused("conflict", "tasks.state.children_cancel", cast.head, "task.status", task=parent, to="cancelled", reason="Thôi")
    await desk.do(cast.head, "task.status", task=child, to="cancelled", reason="Thôi")
    await desk.do(cast.head, "task.status", task=parent, to="cancelled", reason="Thôi")
    await desk.refused("conflict", "tasks.parent_over", cast.head, "task.status", task=child, to="not_started", reason="Lại")
    await desk.do(cast.head, "task.status", task=parent, to="not_started", reason="Lại")
    await desk.do(cast.head, "task.status", task=child, to="not_started", reason="Lại")
    await check_whole([parent, child])

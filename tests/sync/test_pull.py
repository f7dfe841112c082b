"""What a replica gets and loses, on both engines: promise 5 case by case, and the cursor."""

from datetime import timedelta

import pytest

from server.people.commands import DisablePerson, EditPerson, EndDelegation, GrantDelegation, SetOversight
from server.storage.door import carry_out
from server.storage.engine import counted as statements
from server.storage.engine import rows
from server.storage.ids import new_id
from sync.pull import pull
from tests.office import CAST, NOW, TODAY, Clock
from tests.sync.device import Device, report, task

pytestmark = pytest.mark.anyio


@pytest.fixture
async def boss(engine) -> Device:
    return await Device(CAST.director).pull()


async def device(person: str, clock: Clock | None = None) -> Device:
    return await Device(person, clock or Clock()).pull()


async def with_everything(boss: Device, lead: str = CAST.officer, **more) -> str:
    """A task that has a report, a comment and a review."""
    task_id = (await boss.done("task.create", **task(lead, checklist=["một", "hai"], **more)))["id"]
    worker = Device(lead)
    await worker.done("task.progress", **report(task_id, 40, note="được một nửa", quantity=1.5))
    await worker.done("task.comment", id=new_id(), task=task_id, text="Xin ý kiến", mentions=[CAST.director])
    await worker.done("task.submit", id=new_id(), task=task_id, note="xong", quantity=2, files=[])
    await boss.done(
        "task.review", id=new_id(), task=task_id, person=lead, verdict="return", quantity=1.5, major_error=False,
        objective_cause=True, score=61.5, note="làm lại",
    )  # fmt: skip
    return str(task_id)


def of_task(one: Device, task_id: str) -> list[str]:
    return sorted(kind for (kind, identifier), data in one.rows.items() if task_id in (identifier, data.get("task")) and kind != "notice")


async def test_the_first_pull_brings_everything_that_he_may_see_in_pages(boss):
    task_id = await with_everything(boss)
    officer = Device(CAST.officer)
    pages = 1
    while await officer.page(7):
        pages += 1
    assert pages >= 3 and await officer.agrees()
    kinds = {kind for kind, _ in officer.rows}
    assert kinds == {"office", "calendar", "unit", "person", "task", "report", "review", "comment", "event", "suggestion", "notice"}
    data = officer.rows[("task", task_id)]
    assert (data["number"], data["status"], data["lead"], data["due"], data["quantity"]) == (
        "#26-001",
        "in_progress",
        CAST.officer,
        "2026-12-31",
        1,
    )
    assert [item["text"] for item in data["checklist"]] == ["một", "hai"]
    assert data["can"]["progress"] is True and data["can"]["review"] is False
    [first, _] = sorted(officer.of("report").values(), key=lambda one: one["percent"])
    assert (first["percent"], first["note"], first["quantity"], first["at"]) == (40, "được một nửa", 1.5, "2026-11-23T08:15:00.000+07:00")
    me = officer.rows[("person", CAST.officer)]
    assert me["username"] == "cntt.cv1" and me["may_assign"] == []
    assert set(boss.rows[("person", CAST.director)]["may_assign"]) >= {CAST.officer, CAST.head}
    assert "may_assign" not in boss.rows[("person", CAST.officer)]


async def test_of_oneself_one_learns_what_the_pages_have_room_for(boss):
    officer, delegate = await device(CAST.officer), await device(CAST.delegate)
    own = officer.rows[("person", CAST.officer)]
    assert [one["key"] for one in own["nav"]] == ["today", "tasks", "add", "notices", "foresight", "kpi", "reports", "people", "me"]
    assert own["nav"][0] == {"key": "today", "href": "/", "label": "Hôm nay", "icon": "home", "wide": False}
    assert own["nav"][2]["label"] == "Đề xuất"
    assert (own["judges"], own["enters_plans"], own["demo"]) == (False, False, False)
    lent = delegate.rows[("person", CAST.delegate)]
    assert (lent["judges"], lent["enters_plans"]) == (True, True)
    assert [one["key"] for one in lent["nav"] if one["wide"]] == ["plans", "foresight", "kpi", "reports", "people"]
    assert "nav" not in officer.rows[("person", CAST.delegate)]


async def test_nothing_new_costs_little(boss):
    with statements() as asked:
        answer = await pull(CAST.director, NOW, boss.cursor)
    assert (answer.changes, answer.more, answer.reset) == ([], False, False)
    assert len(asked) <= 4


async def test_a_changed_task_is_read_by_few_statements_however_many_there_are(boss):
    for _ in range(3):
        await boss.done("task.create", **task())
    with statements() as few:
        await boss.page()
    for _ in range(30):
        await boss.done("task.create", **task())
    with statements() as many:
        await boss.page()
    assert len(many) <= len(few)


async def test_who_loses_a_task_drops_all_that_hangs_on_it(boss):
    task_id = await with_everything(boss)
    stranger = await device(CAST.stranger)
    officer = await device(CAST.officer)
    assert of_task(stranger, task_id) == []
    assert of_task(officer, task_id) == ["comment", "event", "report", "report", "review", "suggestion", "task"]
    await boss.done("task.assign", task=task_id, lead=CAST.stranger, collaborators=[], followers=[], reason="đổi phòng")
    await boss.done("task.edit", task=task_id, fields={"unit": CAST.hcth}, base={})
    assert await officer.agrees() and await stranger.agrees() and await boss.agrees()
    assert of_task(officer, task_id) == []
    assert of_task(stranger, task_id) == ["comment", "event", "event", "event", "report", "report", "review", "task"]


async def test_who_never_saw_a_task_does_not_hear_of_it(boss):
    stranger = await device(CAST.stranger)
    task_id = await with_everything(boss)
    await boss.done("task.assign", task=task_id, lead=CAST.colleague, collaborators=[], followers=[], reason="đổi người")
    await boss.done("task.status", task=task_id, to="cancelled", reason="thôi")
    await boss.done("task.bin", task=task_id)
    answer = await pull(CAST.stranger, NOW, stranger.cursor)
    assert answer.changes == []


async def test_the_bin_takes_a_task_from_every_replica_and_gives_it_back(boss):
    task_id = (await boss.done("task.create", **task()))["id"]
    await boss.done("task.comment", id=new_id(), task=task_id, text="ghi chú", mentions=[])
    officer = await device(CAST.officer)
    await boss.done("task.bin", task=task_id)
    assert await officer.agrees() and await boss.agrees()
    assert of_task(officer, task_id) == []
    await boss.done("task.restore", task=task_id)
    assert await officer.agrees() and await boss.agrees()
    assert of_task(officer, task_id) == ["comment", "event", "event", "event", "task"]


async def test_a_move_to_another_room_changes_what_he_and_the_leaders_see(boss):
    task_id = await with_everything(boss)
    replicas = [await device(one) for one in (CAST.officer, CAST.colleague, CAST.stranger, CAST.delegate, CAST.head, CAST.deputy)]
    moved = EditPerson(person=CAST.officer, unit=CAST.hcth)
    await carry_out(moved, actor=CAST.admin, now=NOW, source="page")
    assert all([await one.agrees() for one in [*replicas, boss]])
    assert replicas[0].resets == 1
    assert of_task(replicas[0], task_id), "his own task goes with him"


async def test_an_ended_delegation_purges_what_it_showed(boss):
    task_id = await with_everything(boss)
    delegate = await device(CAST.delegate)
    assert of_task(delegate, task_id)
    await carry_out(EndDelegation(delegation=CAST.delegation), actor=CAST.director, now=NOW, source="page")
    assert await delegate.agrees()
    assert of_task(delegate, task_id) == [] and delegate.resets == 1


async def test_a_delegation_begins_and_ends_by_the_date_though_nobody_touches_anything(boss):
    task_id = await with_everything(boss)
    lent = GrantDelegation(
        id=new_id(), receiver=CAST.stranger, powers=["assign"], unit=CAST.centre, document="12/QĐ",
        since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=2),
    )  # fmt: skip
    await carry_out(lent, actor=CAST.director, now=NOW, source="page")
    clock = Clock()
    stranger = await device(CAST.stranger, clock)
    seen = []
    for _ in range(4):
        seen.append(bool(of_task(stranger, task_id)))
        clock.later(days=1)
        assert await stranger.agrees()
    assert seen == [False, True, True, False]


async def test_a_task_grows_late_at_midnight(boss):
    task_id = (await boss.done("task.create", **task(due=TODAY.isoformat())))["id"]
    clock = Clock()
    officer = await device(CAST.officer, clock)
    assert officer.rows[("task", task_id)]["overdue"] is False
    clock.later(days=1)
    assert await officer.agrees()
    assert officer.rows[("task", task_id)]["overdue"] is True


async def test_the_detail_of_a_review_is_for_whom_it_belongs_to_who_scores_him_and_who_gave_it(boss):
    await with_everything(boss)
    shown = {}
    for person in (CAST.officer, CAST.head, CAST.director, CAST.colleague, CAST.deputy):
        [review] = (await device(person)).of("review").values()
        assert (review["verdict"], review["note"]) == ("return", "làm lại"), "what became of it is for all who see the task"
        shown[person] = [review[name] for name in ("detail", "quantity", "score", "major_error", "objective_cause")]
    told, not_told = [True, 1.5, 61.5, False, True], [False, None, None, None, None]
    assert shown == {CAST.officer: told, CAST.head: told, CAST.director: told, CAST.colleague: not_told, CAST.deputy: not_told}


async def test_notices_are_their_owners_alone(boss):
    head, officer = await device(CAST.head), await device(CAST.officer)
    task_id = (await boss.done("task.create", **task()))["id"]
    [notice] = (await officer.pull()).of("notice").values()
    assert (notice["kind"], notice["task"], notice["read"]) == ("task.assigned", task_id, False)
    assert notice["text"].startswith("Việc mới: 26-001 ") and notice["link"] == "/tasks/26-001" and notice["group"] == "assigned"
    assert (await head.pull()).of("notice") == {}


async def test_a_notice_names_people_as_they_are_called_today(engine):
    await Device(CAST.officer).done("task.propose", **task())
    head = await device(CAST.head)
    await carry_out(EditPerson(person=CAST.officer, name="Nông Quế Anh"), actor=CAST.admin, now=NOW, source="page")
    assert await head.agrees()
    assert [data["detail"].splitlines()[-1] for data in head.of("notice").values()] == ["Người đề xuất: Nông Quế Anh"]


async def test_somebody_who_left_changes_what_may_be_done(boss):
    proposal = (await Device(CAST.colleague).done("task.propose", **task(CAST.officer)))["id"]
    await with_everything(boss)
    replicas = [await device(one) for one in (CAST.head, CAST.colleague, CAST.deputy)]
    assert replicas[0].rows[("task", proposal)]["can"]["decide"] is True
    await carry_out(DisablePerson(person=CAST.officer), actor=CAST.admin, now=NOW, source="page")
    assert all([await one.agrees() for one in [*replicas, boss]])
    assert replicas[0].rows[("task", proposal)]["can"]["decide"] is False


async def test_an_acceptance_that_is_taken_back_reaches_the_replicas(boss):
    task_id = await with_everything(boss)
    officer = await device(CAST.officer)
    await Device(CAST.officer).done("task.submit", id=new_id(), task=task_id, note="", quantity=None, files=[])
    await boss.done("task.review", id=new_id(), task=task_id, person=CAST.officer, verdict="accept", note="")
    await boss.done("task.review_undo", task=task_id)
    assert await officer.agrees()
    assert sorted(one["verdict"] for one in officer.of("review").values()) == ["accept", "return", "undone"]


async def test_children_change_what_their_parent_allows(boss):
    parent = (await boss.done("task.create", **task()))["id"]
    child = (await boss.done("task.create", **task(CAST.colleague, parent=parent)))["id"]
    proposed = (await boss.done("task.propose", **task(CAST.colleague, parent=parent)))["id"]
    officer = await device(CAST.officer)
    assert officer.rows[("task", parent)]["can"]["submit"] is False
    await boss.done("task.status", task=child, to="cancelled", reason="thôi")
    await boss.done("task.decide", task=proposed, decision="decline", reason="không cần")
    assert await officer.agrees()
    assert officer.rows[("task", parent)]["can"]["submit"] is True


@pytest.mark.parametrize("word", ["xyz", "", "AAAA", "W10", "WzEsMTBd", "đ", "a" * 5000, "WzEsLTEsIngiLDAsIjIwMjYtMTEtMjMiXQ"])
async def test_a_cursor_that_means_nothing_starts_anew(boss, word):
    answer = await pull(CAST.director, NOW, word)
    assert answer.reset is bool(word)
    assert ("person", CAST.director) in {(one.kind, one.id) for one in answer.changes}


async def test_a_cursor_of_another_database_starts_anew(boss):
    """One that has come further, in which other things happened: nothing but the chain tells the two apart."""
    task_id = (await boss.done("task.create", **task()))["id"]
    await boss.pull()
    await rows("UPDATE audit_entry SET hash = $1 WHERE seq = (SELECT max(seq) FROM audit_entry)", "0" * 64)
    await Device(CAST.officer).done("task.progress", **report(task_id, 10))
    await boss.page()
    assert boss.resets == 1 and await boss.agrees()


async def test_a_restored_database_starts_every_replica_anew(boss):
    await boss.done("task.create", **task())
    await boss.pull()
    await rows("DELETE FROM change WHERE seq >= (SELECT max(seq) - 1 FROM change)")
    assert (await boss.pull()).resets == 1


async def test_the_administrator_sees_the_office_and_no_task(boss):
    await with_everything(boss)
    admin = await device(CAST.admin)
    assert {kind for kind, _ in admin.rows} == {"office", "calendar", "unit", "person"}


async def test_a_task_says_who_follows_it_and_who_may_review_what_waits(boss):
    task_id = (await boss.done("task.create", **task(unit=CAST.cntt)))["id"]
    officer = await device(CAST.officer)
    data = officer.rows[("task", task_id)]
    assert (data["overseer"], data["reviewers"], data["parent_task"], data["attachments"]) == (CAST.deputy, [], None, [])
    await Device(CAST.officer).done("task.submit", id=new_id(), task=task_id, note="", quantity=None, files=[])
    await officer.pull()
    assert officer.rows[("task", task_id)]["reviewers"] == [CAST.director], "who assigned it, and nobody else"


async def test_another_leader_who_follows_the_room_is_on_every_task_of_it(boss):
    task_id = (await boss.done("task.create", **task(unit=CAST.cntt)))["id"]
    officer = await device(CAST.officer)
    took = SetOversight(id=new_id(), person=CAST.director, unit=CAST.cntt, since=TODAY)
    await carry_out(took, actor=CAST.director, now=NOW, source="page")
    assert await officer.agrees() and await boss.agrees()
    assert officer.rows[("task", task_id)]["overseer"] == CAST.director and officer.resets == 1


async def test_a_leader_who_leaves_is_no_longer_awaited(boss):
    task_id = (await Device(CAST.head).done("task.create", **task()))["id"]
    await Device(CAST.officer).done("task.submit", id=new_id(), task=task_id, note="", quantity=None, files=[])
    officer = await device(CAST.officer)
    assert officer.rows[("task", task_id)]["reviewers"] == [CAST.head, CAST.deputy_head]
    await carry_out(DisablePerson(person=CAST.head), actor=CAST.admin, now=NOW, source="page")
    assert await officer.agrees()
    assert officer.rows[("task", task_id)]["reviewers"] == [CAST.deputy_head]


async def test_a_task_says_what_its_parent_is_called_also_after_the_parent_is_renamed(boss):
    parent = (await boss.done("task.create", **task(title="Chuẩn bị hội nghị")))["id"]
    child = (await boss.done("task.create", **task(CAST.colleague, parent=parent)))["id"]
    colleague = await device(CAST.colleague)
    assert colleague.rows[("task", child)]["parent_task"] == {"number": "#26-001", "title": "Chuẩn bị hội nghị"}
    await boss.done("task.edit", task=parent, fields={"title": "Chuẩn bị hội nghị sơ kết"}, base={})
    assert await colleague.agrees()
    assert colleague.rows[("task", child)]["parent_task"]["title"] == "Chuẩn bị hội nghị sơ kết"


async def test_a_part_that_is_accepted_is_not_reviewable_any_more(boss):
    asked = task(collaborators=[{"person": CAST.colleague, "share": 0.3}])
    task_id = (await boss.done("task.create", **asked))["id"]
    await Device(CAST.officer).done("task.submit", id=new_id(), task=task_id, note="", quantity=None, files=[])
    assert (await boss.pull()).rows[("task", task_id)]["reviewable"] == [CAST.officer, CAST.colleague]
    await boss.done("task.review", id=new_id(), task=task_id, person=CAST.colleague, verdict="accept", note="")
    assert (await boss.pull()).rows[("task", task_id)]["reviewable"] == [CAST.officer]


async def test_who_has_pulled_to_the_end_is_not_behind_what_came_while_he_copied(boss):
    await with_everything(boss)
    officer = Device(CAST.officer)
    assert await officer.page(7)
    late = await with_everything(boss)
    while await officer.page(7):
        pass
    assert ("task", late) in officer.rows and await officer.agrees()
    assert not await officer.page(7), "and then there is an end"

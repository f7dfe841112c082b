"""Promises 1, 2, 6 and 9 of the sync protocol, on both engines."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from server.audit.queries import broken_at
from server.errors import Refusal
from server.people.commands import EndDelegation
from server.storage.door import carry_out, command
from server.storage.engine import row, rows
from server.storage.ids import new_id
from tests.office import CAST, NOW, Clock
from tests.sync.device import Device, counted, report, task

pytestmark = pytest.mark.anyio


@pytest.fixture
async def boss(engine) -> Device:
    return Device(CAST.director)


async def given(boss, **more) -> str:
    made = await boss.done("task.create", **task(**more))
    return str(made["id"])


async def test_the_effect_the_answer_and_the_place_in_the_queue_are_one(boss):
    first = boss.mutation("task.create", **task())
    last, results = await boss.push(first)
    assert (last, results[0].status, results[0].id) == (1, "applied", first["id"])
    stored = await row("SELECT person, status, result FROM mutation WHERE id = $1", first["id"])
    assert stored and (stored["person"], stored["status"]) == (CAST.director, "applied")
    queue = await row("SELECT last_seq FROM sync_client WHERE client = $1", boss.client)
    assert queue == {"last_seq": 1}
    assert await row("SELECT id FROM task WHERE id = $1", first["args"]["id"])


async def test_a_replay_gets_the_first_answer_and_has_no_second_effect(boss):
    mutations = [boss.mutation("task.create", **task()) for _ in range(3)]
    last, results = await boss.push(*mutations)
    before = await counted()
    assert await boss.push(*mutations) == (last, results), "the whole batch"
    assert await boss.push(mutations[1]) == (last, results[1:2]), "one of it alone"
    more = boss.mutation("task.create", **task())
    last, results = await boss.push(*mutations, more)
    assert last == 4 and results[3].status == "applied", "with a new one behind it"
    after = await counted()
    assert {name: after[name] - before[name] for name in ("task", "mutation", "outbox", "audit_entry")} == {
        "task": 1,
        "mutation": 1,
        "outbox": 1,
        "audit_entry": 1,
    }


async def test_the_same_mutation_at_one_moment_happens_once(boss):
    mutations = [boss.mutation("task.create", **task()) for _ in range(5)]
    answers = await asyncio.gather(*(boss.push(*mutations) for _ in range(6)))
    assert all(results == answers[0][1] for _, results in answers)
    assert [one.status for one in answers[0][1]] == ["applied"] * 5
    assert (await counted())["task"] == 5
    assert await broken_at() is None


async def test_it_is_once_though_the_device_was_set_up_anew(boss):
    first = boss.mutation("task.create", **task())
    _, [answer] = await boss.push(first)
    again = Device(CAST.director)
    again.seq = 1
    last, [repeated] = await again.push(first)
    assert (last, repeated) == (1, answer)
    assert (await counted())["task"] == 1


async def test_a_page_and_a_device_that_send_one_form_are_one(boss):
    args, mutation = task(), new_id()
    page = await carry_out(command("task.create", args), actor=CAST.director, now=NOW, source="page", mutation=mutation)
    boss.seq = 1
    last, [result] = await boss.push({"seq": 1, "id": mutation, "name": "task.create", "at": NOW.isoformat(), "args": args})
    assert (last, result.status, result.data) == (1, "applied", page)
    assert (await counted())["task"] == 1


async def test_the_same_identifier_with_other_content_is_rejected(boss):
    first = boss.mutation("task.create", **task())
    await boss.push(first)
    other = {**first, "args": task(title="Việc khác")}
    before = await counted()
    _, [replayed] = await boss.push(other)
    assert (replayed.status, replayed.code) == ("rejected", "conflict")
    boss.seq += 1
    last, [next_one] = await boss.push({**other, "seq": 2})
    assert (last, next_one.status, next_one.code) == (2, "rejected", "conflict"), "and the queue goes on"
    assert await counted() == before
    assert (await boss.do("task.create", **task())).status == "applied"


async def test_another_number_for_a_known_mutation_tells_nothing_to_another_person(boss):
    first = boss.mutation("task.create", **task(title="Chuyện riêng của lãnh đạo"))
    await boss.push(first)
    stranger = Device(CAST.stranger)
    stranger.seq = 1
    last, [result] = await stranger.push(first)
    assert (last, result.status, result.code, result.data) == (1, "rejected", "conflict", {})
    assert "riêng" not in result.message
    _, [mine] = await boss.push(first)
    assert mine.status == "applied", "and it is still its owner's"


async def test_the_same_device_in_other_hands_has_a_queue_of_its_own(boss):
    await given(boss)
    other = Device(CAST.head, client=boss.client)
    last, [result] = await other.push(other.mutation("task.create", **task()))
    assert (last, result.status) == (1, "applied")


async def test_a_gap_stops_the_batch_there(boss):
    one, two, three = (boss.mutation("task.create", **task()) for _ in range(3))
    assert await boss.push(two, three) == (0, [])
    last, results = await boss.push(one, three)
    assert last == 1 and [result.seq for result in results] == [1]
    last, results = await boss.push(one, two, three)
    assert last == 3 and [result.status for result in results] == ["applied"] * 3
    assert (await counted())["task"] == 3


async def test_a_rejection_advances_the_queue_and_is_given_again(boss):
    officer = Device(CAST.officer)
    refused = officer.mutation("task.create", **task(CAST.director))
    after = officer.mutation("task.propose", **task(CAST.officer))
    last, [first, second] = await officer.push(refused, after)
    assert (last, first.status, first.code, second.status) == (2, "rejected", "not_allowed", "applied")
    assert first.message and first.data == {}
    before = await counted()
    assert await officer.push(refused, after) == (2, [first, second])
    assert await counted() == before
    kept = await row("SELECT status FROM mutation WHERE id = $1", refused["id"])
    assert kept == {"status": "rejected"}


async def test_a_refused_form_may_be_corrected_on_the_page_under_its_own_identifier(boss):
    mutation = new_id()
    asked = command("task.create", task(title=" "))
    for _ in range(2):
        with pytest.raises(Refusal):
            await carry_out(asked, actor=CAST.director, now=NOW, source="page", mutation=mutation)
    boss.seq = 1
    _, [result] = await boss.push({"seq": 1, "id": mutation, "name": "task.create", "at": NOW.isoformat(), "args": task(title=" ")})
    assert result.status == "rejected"
    answer = await carry_out(command("task.create", task()), actor=CAST.director, now=NOW, source="page", mutation=mutation)
    assert answer["status"] == "not_started"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("person.add", {"id": new_id(), "username": "moi", "name": "Mới", "position": "director", "unit": CAST.cntt}),
        ("account.set_password", {"person": CAST.director, "password_hash": "x"}),
        ("task.look_refused", {"task": new_id()}),
        ("task.fly", {}),
        ("task.create", []),
        ("task.create", None),
        ("task.create", {"id": "không phải mã", "title": "x", "lead": CAST.officer}),
        ("task.create", {**task(), "plan": new_id()}),
        ("task.create", {**task(), "title": "có ký tự \0 bên trong"}),
        ("task.create", {**task(), "quantity": 10**40}),
        ("task.create", {**task(), "product": "x" * 500}),
        ("task.progress", {"id": new_id(), "task": new_id(), "percent": 10**60}),
        ("task.edit", {"task": new_id(), "fields": {"unit": {}, "field": [[]]}, "base": {}}),
        ("\0" * 300, {}),
    ],
)
async def test_what_makes_no_sense_is_rejected_and_blocks_nothing(boss, name, args):
    last, [result] = await boss.push(boss.mutation(name) | {"args": args})
    if not (name == "task.create" and result.status == "applied"):
        # SQLite keeps any length of text; everything else is refused on both.
        assert (result.status, result.code in ("invalid", "not_found")) == ("rejected", True), result
    assert last == 1
    assert (await boss.do("task.create", **task())).status == "applied"


@pytest.mark.parametrize(
    "at", [None, 5, "", "hôm qua", "2026-11-23T08:15:00", "2026-13-45T00:00:00Z", "0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-07:00"]
)
async def test_a_time_that_is_none_is_rejected(boss, at):
    last, [result] = await boss.push(boss.mutation("task.create", **task()) | {"at": at})
    assert (last, result.status, result.code) == (1, "rejected", "invalid")


async def test_an_identifier_that_is_none_is_rejected_and_stays_so(boss):
    bad = boss.mutation("task.create", **task()) | {"id": "7"}
    last, [result] = await boss.push(bad)
    assert (last, result.status, result.code) == (1, "rejected", "invalid")
    assert await boss.push(bad) == (1, [result])


async def test_both_times_are_kept_and_a_skewed_clock_gains_nothing(boss):
    task_id = await given(boss)
    officer = Device(CAST.officer)
    years_ago = (NOW - timedelta(days=700)).isoformat()
    sent = officer.mutation("task.progress", **report(task_id, 40)) | {"at": years_ago}
    _, [result] = await officer.push(sent)
    assert result.status == "applied"
    kept = await row("SELECT at, received FROM report WHERE task = $1", task_id)
    assert kept == {"at": NOW - timedelta(days=700), "received": NOW}
    stored = await row("SELECT at, device_at FROM mutation WHERE id = $1", sent["id"])
    assert stored == {"at": NOW, "device_at": NOW - timedelta(days=700)}
    started = await row("SELECT started_at FROM task WHERE id = $1", task_id)
    assert started == {"started_at": NOW}, "the task's own times are the server's"


async def test_reports_and_comments_of_two_devices_never_conflict(boss):
    task_id = await given(boss, collaborators=[{"person": CAST.colleague, "share": 0.3}])
    officer, colleague = Device(CAST.officer), Device(CAST.colleague)
    answers = await asyncio.gather(
        *(one.push(*(one.mutation("task.progress", **report(task_id, n)) for n in range(5))) for one in (officer, colleague)),
        boss.push(*(boss.mutation("task.comment", id=new_id(), task=task_id, text=f"nhắc {n}", mentions=[]) for n in range(5))),
    )
    assert {result.status for _, results in answers for result in results} == {"applied"}
    found = await rows("SELECT person, percent FROM report WHERE task = $1", task_id)
    assert len(found) == 10


async def test_edits_merge_field_by_field_and_the_earlier_author_is_told(boss):
    task_id = await given(boss)
    deputy = Device(CAST.deputy)
    seen = {"title": "Rà soát thủ tục hành chính quý IV", "priority": "normal"}
    await boss.done("task.edit", task=task_id, fields={"title": "Tên mới"}, base=seen)
    merged = await deputy.done("task.edit", task=task_id, fields={"priority": "urgent"}, base=seen)
    assert merged["clashes"] == []
    clash = await deputy.done("task.edit", task=task_id, fields={"title": "Tên khác"}, base=seen)
    assert clash["clashes"] == ["title"]
    assert await row("SELECT title, priority FROM task WHERE id = $1", task_id) == {"title": "Tên khác", "priority": "urgent"}
    assert clash["clash_values"]["title"] == {
        "label": "Tên nhiệm vụ",
        "mine": "Tên khác",
        "mine_text": "Tên khác",
        "now": "Tên khác",
        "now_text": "Tên khác",
        "theirs": "Tên mới",
        "theirs_text": "Tên mới",
        "by": CAST.director,
    }
    [notice] = [one for one in (await boss.pull()).of("notice").values() if one["kind"] == "task.edited_over"]
    assert (notice["data"]["fields"], notice["data"]["by"]) == (["title"], CAST.deputy)
    assert notice["data"]["values"] == {
        "title": {"label": "Tên nhiệm vụ", "mine": "Tên mới", "mine_text": "Tên mới", "now": "Tên khác", "now_text": "Tên khác"}
    }
    before = [one["before"] for one in await rows("SELECT before FROM audit_entry WHERE action = 'edit' AND subject = $1", task_id)]
    assert any("Tên mới" in one for one in before), "both values stay on record"


async def test_each_author_is_told_of_his_own_values_as_people_write_them(boss):
    task_id = await given(boss)
    parent = (await boss.done("task.create", **task(title="Việc mẹ")))["id"]
    deputy, head = Device(CAST.deputy), Device(CAST.delegate)
    seen = {"due": "2026-12-31", "quantity": 1, "priority": "normal", "unit": CAST.cntt, "parent": None, "description": ""}
    long = "Nội dung dài. " * 400
    await boss.done("task.edit", task=task_id, fields={"due": "2027-01-05", "quantity": 2.5, "description": long}, base=seen)
    await deputy.done("task.edit", task=task_id, fields={"priority": "urgent", "unit": CAST.hcth, "parent": parent}, base=seen)
    later = {"due": None, "quantity": 3, "priority": "critical", "unit": CAST.leadership, "parent": None, "description": "ngắn"}
    answer = await head.done("task.edit", task=task_id, fields=later, base=seen)
    told = {}
    for one in (boss, deputy):
        [notice] = [data for data in (await one.pull()).of("notice").values() if data["kind"] == "task.edited_over"]
        told[one.person] = notice["data"]["values"]
    mine = {name: (one["mine"], one["mine_text"], one["now"], one["now_text"]) for name, one in told[CAST.director].items()}
    assert mine == {
        "due": ("2027-01-05", "05/01/2027", None, "–"),
        "quantity": (2.5, "2,5", 3, "3"),
        "description": (long.strip(), long.strip(), "ngắn", "ngắn"),
    }
    assert {name: (one["mine_text"], one["now_text"]) for name, one in told[CAST.deputy].items()} == {
        "priority": ("Khẩn", "Hỏa tốc"),
        "unit": ("Phòng Hành chính - Tổng hợp", "Ban Lãnh đạo"),
        "parent": ("#26-002 Việc mẹ", "–"),
    }
    assert {one["by"] for one in answer["clash_values"].values()} == {CAST.director, CAST.deputy}


async def test_a_notice_that_is_read_after_a_newer_one_took_its_place_is_gone_from_every_device(boss):
    task_id = await given(boss)
    phone, tablet = await Device(CAST.officer).pull(), await Device(CAST.officer).pull()
    [(_, old)] = phone.of("notice")
    await boss.do("task.assign", task=task_id, lead=CAST.colleague, reason="Bận việc khác")
    await tablet.do("notice.read", notice=old)
    assert await phone.agrees() and ("notice", old) not in phone.rows


async def test_a_notice_is_read_once_by_its_owner_and_on_all_his_devices(boss):
    task_id = await given(boss)
    phone, desk = await Device(CAST.officer).pull(), await Device(CAST.officer).pull()
    [(key, notice)] = phone.of("notice").items()
    assert (notice["task"], notice["read"]) == (task_id, False)
    assert await phone.done("notice.read", notice=key[1]) == {"read": [key[1]]}
    first = await row("SELECT read_at FROM outbox WHERE id = $1", key[1])
    desk.clock.now += timedelta(minutes=5)
    assert await desk.agrees() and desk.rows[key]["read"] is True
    assert await desk.done("notice.read", notices=[key[1], new_id()]) == {"read": []}
    assert await row("SELECT read_at FROM outbox WHERE id = $1", key[1]) == first, "the first reading stays"
    for args in ({"notice": key[1]}, {"notices": [new_id()]}):
        assert (await boss.do("notice.read", **args)).code == "not_found", "somebody else's, or none"
    for args in ({}, {"notices": [new_id() for _ in range(2001)]}):
        assert (await boss.do("notice.read", **args)).code == "invalid"


async def test_who_lost_the_right_in_the_meantime_is_told_and_holds_up_nothing(boss):
    task_id = await given(boss)
    officer, delegate = Device(CAST.officer), await Device(CAST.delegate).pull()
    assert delegate.rows[("task", task_id)]["can"]["cancel"] is True
    late = [
        officer.mutation("task.progress", **report(task_id, 50)),
        officer.mutation("task.propose", **task(CAST.officer)),
    ]
    await boss.done("task.assign", task=task_id, lead=CAST.stranger, collaborators=[], followers=[CAST.officer], reason="đổi người")
    last, (refused, taken) = await officer.push(*late)
    assert (last, refused.status, refused.code, taken.status) == (2, "rejected", "not_allowed", "applied")
    assert refused.message.endswith(".") and len(refused.message) > 20
    await carry_out(EndDelegation(delegation=CAST.delegation), actor=CAST.director, now=NOW, source="page")
    assert (await delegate.do("task.create", **task())).code == "not_allowed"
    await boss.done("task.assign", task=task_id, lead=CAST.colleague, collaborators=[], followers=[], reason="đổi người")
    gone = await Device(CAST.stranger).do("task.comment", id=new_id(), task=task_id, text="còn tôi?", mentions=[])
    assert (gone.status, gone.code) == ("rejected", "not_found") and gone.message


async def test_a_status_change_that_no_longer_fits_is_rejected_with_its_state(boss):
    task_id = await given(boss)
    await boss.done("task.status", task=task_id, to="cancelled", reason="không cần nữa")
    result = await Device(CAST.officer).do("task.submit", id=new_id(), task=task_id, note="", quantity=None, files=[])
    assert (result.status, result.code) == ("rejected", "conflict")
    assert "Đã hủy" in result.message


async def test_a_server_time_is_the_moment_of_each_mutation(boss):
    moments = iter(datetime(2026, 11, 23, 1, minute, tzinfo=UTC) for minute in range(60))

    class Running(Clock):
        def __call__(self) -> datetime:
            return next(moments)

    first, second = boss.mutation("task.create", **task()), boss.mutation("task.create", **task())
    boss.clock = Running()
    await boss.push(first, second)
    created = [one["created_at"] for one in await rows("SELECT created_at FROM task ORDER BY ordinal")]
    assert created[0] < created[1]

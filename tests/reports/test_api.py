"""What other systems are given: by which key, of which unit, and nothing that a page does not say as well."""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from server.kpi.tables import KpiPeriod, KpiSheet
from server.ledger.grains import Period
from server.reports.api import guard
from server.reports.api.operations import OPERATIONS
from server.reports.api.queries import OVERLAP
from server.reports.build import report_of
from server.reports.filed.commands import FileReport, FixReport
from server.reports.shape import Part, Writing, encoded
from server.storage.door import carry_out
from server.storage.engine import insert, row, rows
from server.storage.ids import new_id
from tests.keys.ring import Ring
from tests.office import CAST, NOW, Clock, Visit, fixed_id

pytestmark = pytest.mark.anyio

HARD = '=HYPERLINK("http://x","y") 🗓 ' + "ữ" * 660
ALL = ["reports", "tasks", "scores"]
NOBODY = fixed_id("nobody")
Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def ring() -> Ring:
    return Ring()


@pytest.fixture
async def ask(visit: Visit, ring: Ring, clock: Clock) -> Ask:
    """``await ask("/tasks?limit=1", scopes=["tasks"], unit=…)``: with one key for each sort of key, at the desk's moment."""
    client = await visit()
    made: dict[str, str] = {}

    async def asked(path: str, scopes: list[str] | None = None, unit: str | None = None, **headers: str) -> httpx.Response:
        sort = json.dumps([scopes, unit])
        if sort not in made:
            made[sort] = await ring.make(CAST.director, "api", scopes=scopes or ALL, unit=unit)
        clock.now = max(clock.now, ring.now)
        return await client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {ring.secrets[made[sort]]}", **headers})

    return asked


def told(answer: httpx.Response, status: int) -> dict[str, Any]:
    """A refusal as it must be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json" and answer.headers["cache-control"] == "no-store"
    said: dict[str, Any] = answer.json()
    assert said["status"] == status and said["title"] and said["detail"] and "set-cookie" not in answer.headers
    return said


async def filed_report(ring: Ring, unit: str, *, fix: bool = True) -> str:
    """October's report of a unit: fixed, with a number, or still a draft."""
    made = await report_of(unit, Period.read("2026-10"), NOW)
    writing = Writing([Part("a", "I. KẾT QUẢ", ["Tốt."])])
    identifier = new_id()
    ring.now += timedelta(seconds=1)
    draft = FileReport(id=identifier, unit=unit, period="2026-10", report=made, writing=writing)
    answer = await carry_out(draft, actor=CAST.director, now=ring.now, source="page")
    if fix:
        await carry_out(FixReport(id=answer["id"], version=1), actor=CAST.director, now=ring.now, source="page")
    return str(answer["id"])


async def published(unit: str = CAST.cntt, person: str = CAST.officer, total: int = 87_125, state: str = "closed") -> None:
    period = new_id()
    when = {"starts": date(2026, 10, 1), "ends": date(2026, 10, 31), "opened_at": NOW, "closed_at": NOW if state == "closed" else None}
    if (known := await row("SELECT id FROM kpi_period")) is None:
        await insert(KpiPeriod, {"id": period, "year": 2026, "number": 10, "kind": "month", "state": state, **when})
    else:
        period = known["id"]
    words = {"unit": unit, "position": "officer", "title": "Chuyên viên", "state": state, "total": total, "band": "good"}
    await insert(KpiSheet, {"id": new_id(), "period": period, "person": person, **words})


#: Each operation with an address of it, and what of its answer counts what was given out.
ADDRESSES = {
    "units": "/units",
    "report": "/reports?period=2026-10",
    "filed_list": "/reports/filed",
    "filed_one": "/reports/filed/{filed}",
    "tasks": "/tasks",
    "task": "/tasks/{task}",
    "scores": "/scores?period=2026-10",
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
async def test_a_key_opens_its_own_kind_of_data_and_every_answer_is_on_record(ask: Ask, ring: Ring, visit: Visit, operation: Any) -> None:
    task, filed = await ring.task(due="2026-11-30"), await filed_report(ring, CAST.centre)
    await published()
    address = ADDRESSES[operation.id].format(task=task, filed=filed)
    assert told(await (await visit()).get(f"/api/v1{address}"), 401)["code"] == "no_key"
    assert (await (await visit("giamdoc")).get(f"/api/v1{address}")).status_code == 401, "a session opens nothing here"
    for scope in ALL:
        answer = await ask(address, scopes=[scope])
        if scope == operation.scope or not operation.scope:
            assert answer.status_code == 200 and answer.headers["content-type"] == "application/json", answer.text
            assert "set-cookie" not in answer.headers and "access-control-allow-origin" not in answer.headers
        else:
            assert told(answer, 403)["code"] == "not_allowed"
    answers = 3 if not operation.scope else 1
    noted = await rows("SELECT operation, times, items FROM api_fetch")
    assert len(noted) == answers and all((one["operation"], one["times"]) == (operation.id, 1) and one["items"] for one in noted)
    assert (await ask("/units?key=abc")).status_code == 422 and len(await rows("SELECT id FROM api_fetch")) == answers


async def test_a_key_of_a_unit_sees_that_unit_and_what_is_below_it(ask: Ask, ring: Ring) -> None:
    mine, other = await ring.task(due="2026-11-30"), await ring.task(by=CAST.delegate, lead=CAST.stranger, due="2026-11-30")
    own, foreign = await filed_report(ring, CAST.cntt), await filed_report(ring, CAST.hcth)
    draft = await filed_report(ring, CAST.cntt, fix=False)
    await published()
    await published(CAST.hcth, CAST.stranger)
    room = {"unit": CAST.cntt}
    (unit,) = (await ask("/units", **room)).json()["units"]
    assert (unit["id"], unit["parent"], unit["kind"]) == (CAST.cntt, None, "room")
    assert [one["id"] for one in (await ask("/tasks", **room)).json()["tasks"]] == [mine]
    assert [one["id"] for one in (await ask("/reports/filed", **room)).json()["reports"]] == [own]
    assert [one["id"] for one in (await ask("/scores?period=2026-10", **room)).json()["scores"]] == [CAST.officer]
    assert (await ask("/reports", **room)).json()["report"]["unit"] == CAST.cntt
    for path in ("/reports", "/tasks", "/reports/filed"):
        for unit_asked in (CAST.hcth, CAST.centre):
            assert told(await ask(f"{path}?unit={unit_asked}", **room), 403)["field"] == "unit"
        assert told(await ask(f"{path}?unit={NOBODY}", **room), 404)["field"] == "unit"
    for path in (f"/tasks/{other}", f"/tasks/{NOBODY}", "/tasks/26-9", f"/reports/filed/{foreign}", f"/reports/filed/{draft}"):
        assert told(await ask(path, **room), 404)["code"] == "not_found"
    assert {one["id"] for one in (await ask("/tasks")).json()["tasks"]} == {mine, other}
    assert len((await ask("/units")).json()["units"]) == 4 and len((await ask("/scores?period=2026-10")).json()["scores"]) == 2


@pytest.mark.parametrize("how", ["revoked", "holder left", "not his any more", "over", "early", "wall", "unknown", "basic"])
async def test_a_key_that_opens_nothing_is_refused_at_once_without_a_word_about_why(
    visit: Visit, ring: Ring, clock: Clock, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    maker = CAST.delegate if how == "not his any more" else CAST.director
    more = {"since": "2026-12-01"} if how == "early" else {"until": "2026-11-30"} if how == "over" else {}
    key = await ring.make(maker, "wall" if how == "wall" else "api", **more)
    client, secret = await visit(), ring.secrets[key]
    scheme = "Basic" if how == "basic" else "Bearer"
    client.headers["Authorization"] = f"{scheme} {'A' * 43 if how == 'unknown' else secret}"
    clock.now = ring.now
    caplog.set_level(logging.DEBUG)
    if how in ("revoked", "holder left", "not his any more", "over"):
        assert (await client.get("/api/v1/units")).status_code == 200
    if how == "revoked":
        await ring.do(CAST.admin, "key.revoke", id=key)
    elif how == "holder left":
        await ring.do(CAST.admin, "person.disable", person=CAST.director)
    elif how == "not his any more":
        await ring.do(CAST.director, "delegation.end", delegation=CAST.delegation)
    elif how == "over":
        clock.later(days=8)
    answer = await client.get("/api/v1/units")
    assert told(answer, 401)["code"] == ("no_key" if how == "basic" else "bad_key")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert secret not in caplog.text


async def test_who_asks_too_often_hears_when_to_ask_again(ask: Ask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "REQUESTS", 3)
    for _ in range(3):
        assert (await ask("/units")).status_code == 200
        clock.later(seconds=10)
    answer = await ask("/units")
    assert (told(answer, 429)["code"], answer.headers["retry-after"]) == ("too_many", "30")
    assert (await ask("/units", scopes=["tasks"])).status_code == 200, "another key"
    clock.later(seconds=30)
    assert (await ask("/units")).status_code == 200


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/reports?period=2027-01", "period"), ("/reports?period=2026-13", "period"), ("/reports?perod=2026", "perod"),
        ("/scores", "period"), ("/scores?period=2026-W47", "period"), ("/scores?period=2026", "period"),
        ("/tasks?limit=0", "limit"), ("/tasks?limit=501", "limit"), ("/tasks?limit=1&limit=2", "limit"), ("/tasks?status=late", "status"),
        ("/tasks?updated_since=2026-11-01", "updated_since"), ("/tasks?updated_since=2026-11-01T00:00:00", "updated_since"),
        ("/tasks?updated_since=0001-01-01T00:00:00%2B14:00", "updated_since"), ("/tasks?due_from=22/11/2026", "due_from"),
        ("/tasks?cursor=abc", "cursor"), ("/tasks?cursor=%00", "cursor"), ("/reports/filed?cursor=WyJ4Il0=", "cursor"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_an_address_is_said_by_the_name_of_the_parameter(ask: Ask, path: str, field: str) -> None:
    assert told(await ask(path), 422)["field"] == field


async def test_a_report_is_that_of_the_page_and_one_of_the_past_is_not_sent_twice(ask: Ask, ring: Ring, clock: Clock) -> None:
    await ring.completed(due="2026-11-25")
    await ring.task(due="2026-11-30")
    now = (await ask("/reports?period=2026-11")).json()
    made = await report_of(CAST.centre, Period.read("2026-11"), clock.now)
    assert now["report"] == json.loads(encoded(made))
    assert now["figures"] == {key: made.figure(key) for key in now["figures"]}
    assert {key: now["figures"][key] for key in ("total", "done", "on_time", "open")} == {"total": 2, "done": 1, "on_time": 1, "open": 1}
    past = await ask("/reports?period=2026-10")
    again = await ask("/reports?period=2026-10", **{"If-None-Match": past.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"") and past.headers["cache-control"] == "private, no-cache"
    assert "etag" not in (await ask("/reports")).headers
    packed = await ask("/reports", **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip" and packed.json()["report"]["period"] == "2026-11"


async def test_a_fixed_report_is_given_as_it_was_fixed(ask: Ask, ring: Ring) -> None:
    old, new = await filed_report(ring, CAST.centre), await filed_report(ring, CAST.centre)
    first = (await ask("/reports/filed?limit=1")).json()
    second = (await ask(f"/reports/filed?limit=1&cursor={first['next_cursor']}")).json()
    assert [one["id"] for one in first["reports"] + second["reports"]] == [old, new] and second["next_cursor"] is None
    stored = await row("SELECT sha256, code, report FROM filed_report WHERE id = $1", old)
    assert stored is not None
    whole = (await ask(f"/reports/filed/{old}")).json()
    expected = (f"1/{stored['code']}", "2026-10", stored["sha256"], None, new)
    assert tuple(whole[name] for name in ("number", "period", "sha256", "replaces", "replaced_by")) == expected
    assert whole["writing"]["parts"][0]["title"] == "I. KẾT QUẢ" and whole["report"] == json.loads(stored["report"])
    since = second["reports"][0]["fixed_at"].replace("Z", " 00:00")
    assert [one["id"] for one in (await ask(f"/reports/filed?since={since}")).json()["reports"]] == [new], "a plus sign was lost on the way"


async def test_a_task_says_what_it_is_letter_by_letter_and_nothing_of_its_score(ask: Ask, ring: Ring) -> None:
    hard = await ring.task(due="2026-11-20", title=HARD[:690], source={"number": "12/KH-UBND"}, priority="urgent")
    late = await ring.completed(due="2026-11-20", title="Xong muộn")
    await ring.proposal(title="Chỉ là đề xuất")
    stored = await row("SELECT ordinal FROM task WHERE id = $1", hard)
    assert stored is not None
    found = {one["id"]: one for one in (await ask("/tasks")).json()["tasks"]}
    assert set(found) == {hard, late}
    one = found[hard]
    assert one["title"] == HARD[:690] and one["overdue"] and one["source"]["number"] == "12/KH-UBND" and one["unit"] == CAST.cntt
    assert one["lead"] == {"id": CAST.officer, "name": "Trần Bảo Kha", "position": "officer", "title": "Chuyên viên"}
    assert (found[late]["outcome"], found[late]["handed"], found[late]["status"]) == ("late", "2026-11-23", "completed")
    assert not {"score", "note", "reviews", "description"} & set(one)
    assert (await ask(f"/tasks/26-{stored['ordinal'] % 1_000_000:03d}")).json() == one
    for status, expected in {"open": [hard], "overdue": [hard], "completed": [late], "paused": []}.items():
        assert [task["id"] for task in (await ask(f"/tasks?status={status}")).json()["tasks"]] == expected
    assert (await ask("/tasks?due_from=2026-11-21")).json()["tasks"] == []


async def everything(ask: Ask, query: str, between: Callable[[int], Awaitable[None]]) -> tuple[dict[str, Any], set[str], str]:
    """All pages of a question, with something happening after each: the copy of whoever asks, what went away, the next moment."""
    copy: dict[str, Any] = {}
    gone: set[str] = set()
    cursor, count = "", 0
    while True:
        page = (await ask(f"/tasks?limit=2{query}{cursor}")).json()
        copy |= {one["id"]: one for one in page["tasks"]}
        gone |= {one["id"] for one in page["removed"]}
        count += 1
        await between(count)
        if page["next_cursor"] is None:
            return copy, gone, page["next_since"]
        cursor = f"&cursor={page['next_cursor']}"


async def test_a_copy_loses_nothing_while_tasks_change_come_move_away_and_go(ask: Ask, ring: Ring) -> None:
    begun = ring.now
    tasks = [await ring.task(title=f"Việc {number}", due="2026-11-30") for number in range(6)]
    parent = await ring.task(lead=CAST.head, by=CAST.director, title="Việc lớn")
    child = await ring.task(parent=parent, title="Việc nhỏ")
    ring.now += OVERLAP * 2

    async def happens(page: int) -> None:
        if page == 1:
            await ring.do(CAST.head, "task.edit", task=tasks[0], fields={"title": "Đã đổi"})
            await ring.do(CAST.head, "task.edit", task=tasks[5], fields={"title": "Cũng đổi"})
        elif page == 2:
            tasks.append(await ring.task(title="Mới"))

    copy, gone, since = await everything(ask, "", happens)
    assert set(copy) == {*tasks, parent, child} and not gone
    assert copy[tasks[0]]["title"] == "Đã đổi" and copy[tasks[5]]["title"] == "Cũng đổi"

    ring.now += OVERLAP * 2
    await ring.do(CAST.head, "task.bin", task=tasks[1])
    await ring.do(CAST.officer, "task.progress", task=child, percent=40)
    await ring.do(CAST.director, "task.edit", task=tasks[2], fields={"unit": CAST.hcth}, reason="Việc của phòng kia")

    async def nothing(_: int) -> None:
        """Nobody does anything."""

    later, gone, _ = await everything(ask, f"&updated_since={since}", nothing)
    assert gone == {tasks[1]} and later[child]["percent"] == 40
    assert later[parent]["percent"] == 40, "what a child does to its parent is news of the parent"
    whole, _, _ = await everything(ask, "", nothing)
    kept = {name: one for name, one in {**copy, **later}.items() if name not in gone}
    assert kept == whole
    assert not {tasks[3], tasks[4]} & set(later), "what has not changed is not sent again"
    room, left, _ = await everything(ask, f"&unit={CAST.cntt}&updated_since={begun.isoformat().replace('+', '%2B')}", nothing)
    assert left == {tasks[1], tasks[2]} and set(room) == set(whole) - {tasks[2]}


async def test_scores_are_told_of_closed_months_alone_and_to_the_thousandth(ask: Ask, ring: Ring) -> None:
    before = (await ask("/scores?period=2026-10")).json()
    assert (before["published"], before["scores"]) == (False, [])
    await published(state="open")
    assert (await ask("/scores?period=2026-10")).json()["published"] is False
    await KpiPeriod.update({"state": "closed", "closed_at": NOW}).where(KpiPeriod.year == 2026)
    await KpiSheet.update({"state": "closed"}).where(KpiSheet.person == CAST.officer)
    (score,) = (await ask("/scores?period=2026-10")).json()["scores"]
    assert score == {
        "id": CAST.officer, "name": "Trần Bảo Kha", "position": "officer", "title": "Chuyên viên", "unit": CAST.cntt, "points": 87.125,
        "band": "good",
    }  # fmt: skip


async def test_a_key_tells_no_score_that_its_holder_may_not_see(visit: Visit, ring: Ring, clock: Clock) -> None:
    await published()
    key = await ring.make(CAST.delegate, "api", scopes=["scores"])
    clock.now = ring.now
    client = await visit()
    client.headers["Authorization"] = f"Bearer {ring.secrets[key]}"
    answer = (await client.get("/api/v1/scores?period=2026-10")).json()
    assert answer["published"] and answer["scores"] == [], "the head of another room, who acts for the director in assigning"


async def test_the_record_is_for_those_who_see_the_key(ask: Ask, visit: Visit, ring: Ring) -> None:
    await ring.task(due="2026-11-30")
    for path in (f"/tasks?unit={CAST.cntt}", f"/tasks?unit={CAST.cntt}&limit=5", "/reports?period=2026-10"):
        assert (await ask(path)).status_code == 200
    noted = await rows("SELECT operation, asked, times, items FROM api_fetch ORDER BY operation")
    assert [tuple(one.values()) for one in noted] == [("report", "period=2026-10", 1, 1), ("tasks", f"unit={CAST.cntt}", 2, 2)]
    for name in ("giamdoc", "quantri"):
        page = (await (await visit(name)).get("/keys/log")).text
        assert "Trục liên thông của tỉnh" in page and "Phòng Ứng dụng CNTT" in page
    page = (await (await visit("cntt.cv1")).get("/keys/log")).text
    assert "Trục liên thông" not in page and "Không có khóa nào để xem" in page
    assert (await (await visit()).get("/keys/log")).status_code == 303

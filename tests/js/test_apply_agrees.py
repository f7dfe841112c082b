"""What a device shows of a mutation before the server has answered is what the server says afterwards, as far as it claims to know it.

Each mutation is applied to the pulled rows in Node, then pushed, then pulled; the two states are compared field by field.
"""

from datetime import timedelta
from typing import Any

import pytest

from server.storage.ids import LOCAL, new_id
from server.words import catalogue
from sync.allowed import PUSHED
from tests.js.node import run
from tests.office import CAST, Clock
from tests.sync.device import Device, task
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio

#: Fields of a task that the device can't know, and why. `can` is compared apart.
UNKNOWN = {
    "number": "the server gives it",
    "version": "the server counts it",
    "changed_at": "the server's clock",
    "created_at": "the server's clock",
    "started_at": "the server's clock",
    "submitted_at": "the server's clock",
    "completed_at": "the server's clock",
    "reviewers": "by the rules of the whole office",
    "overseer": "by who oversees whom",
    "can": "compared by what it claims",
    "waits": "of the device alone",
    "pending": "of the device alone",
}
#: Moments are of two clocks.
MOMENTS = ("done_at", "at")


def plain(value: Any) -> Any:
    """Without moments and the identifier of an extension, which the server makes; people in one order, for they have none of their own."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if name not in MOMENTS and not (name == "id" and "old_due" in value)}
    if not isinstance(value, list):
        return value
    return sorted(
        (plain(one) for one in value),
        key=lambda one: str(one.get("person", "") or one.get("id", "")) if isinstance(one, dict) else str(one),
    )


class Screen:
    """A device of somebody, with what it would show."""

    def __init__(self, person: str, clock: Clock) -> None:
        self.device = Device(person, clock)
        self.clock = clock

    def shown(self, entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        rows = [
            {"kind": kind, "id": one, "task": one if kind == "task" else data.get("task"), "data": data}
            for (kind, one), data in self.device.rows.items()
        ]
        given = {
            "words": catalogue(),
            "person": self.device.person,
            "now": self.clock().astimezone(LOCAL).isoformat(),
            "rows": rows,
            "entries": entries,
            "kinds": ["task", "report", "review", "comment", "event"],
        }
        return {kind: {row["id"]: row for row in found} for kind, found in run("apply.mjs", given).items()}

    def entry(self, n: int, *, id: str, name: str, at: str, args: dict[str, Any], seq: int | None = None) -> dict[str, Any]:
        """A mutation as the outbox holds it."""
        about = args.get("task") or args.get("id")
        return {
            "n": n, "id": id, "name": name, "args": args, "at": at, "person": self.device.person, "task": about,
            "files": [], "state": "waiting", "seq": seq,
        }  # fmt: skip

    async def agrees(self, *asked: tuple[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Apply these on the device, push them, pull, and compare; what the device showed."""
        await self.device.pull()
        before = {one: data["can"] for (kind, one), data in self.device.rows.items() if kind == "task"}
        had = {one for kind, one in self.device.rows if kind == "event"}
        mutations = []
        for name, args in asked:
            self.clock.now += timedelta(seconds=1)
            mutations.append(self.device.mutation(name, **args))
        entries = [self.entry(place, **one) for place, one in enumerate(mutations, 1)]
        shown = self.shown(entries)
        _, results = await self.device.push(*mutations)
        for result in results:
            assert result.status == "applied", result
        await self.device.pull()
        touched = {entry["task"] for entry in entries}
        for one in touched:
            self._same_task(one, shown["task"].get(one), before.get(one, {}))
        self._same_rows(shown, touched)
        self._same_events(shown["event"], had, touched)
        return shown

    def _same_task(self, one: str, here: dict[str, Any] | None, had: dict[str, bool]) -> None:
        there = self.device.rows.get(("task", one))
        if there is None or here is None:
            assert (there, here) == (None, None)
            return
        names = (there.keys() | here.keys()) - UNKNOWN.keys() - {"id"}
        wrong = {name: (here.get(name), there.get(name)) for name in names if plain(here.get(name)) != plain(there.get(name))}
        assert not wrong, f"(device, server): {wrong}"
        claimed = {move: may for move, may in here["can"].items() if had.get(move) != may}
        lied = {move: may for move, may in claimed.items() if there["can"][move] != may}
        assert not lied, f"the device claims to know of `can`: {lied}"

    def _same_rows(self, shown: dict[str, dict[str, Any]], touched: set[str]) -> None:
        for kind in ("report", "review", "comment"):
            there = {one: data for (of, one), data in self.device.rows.items() if of == kind and data["task"] in touched}
            pending = {one: row for one, row in shown[kind].items() if row.get("pending")}
            for one, row in pending.items():
                if row.get("verdict") == "undone":
                    one = next(other for other, data in there.items() if data["verdict"] == "undone")
                without = {"received", "seq", "pending", "id"}
                wanted = {name: value for name, value in there[one].items() if name not in without}
                assert plain(wanted) == plain({name: value for name, value in row.items() if name not in without})
            assert len(there) == sum(row["task"] in touched for row in shown[kind].values()), kind

    def _same_events(self, shown: dict[str, Any], had: set[str], touched: set[str]) -> None:
        rows = self.device.of("event").items()
        new = [data for (_, one), data in sorted(rows, key=lambda row: row[1]["seq"]) if one not in had and data["task"] in touched]
        here = [row for row in shown.values() if row.get("pending")]
        names = ("task", "person", "action", "icon", "kind", "title", "note", "reason")
        for name in names:
            assert [row[name] for row in here] == [row[name] for row in new], name


@pytest.fixture
def desk(engine, clock) -> Desk:
    return Desk(now=clock.now)


@pytest.fixture
def screen(engine, clock):
    return lambda person: Screen(person, clock)


async def made(desk: Desk, clock: Clock, **more: Any) -> str:
    one = await desk.task(**more)
    clock.now = desk.now
    return one


def report(one: str, percent: int, **more: Any) -> tuple[str, dict[str, Any]]:
    return "task.progress", {
        "id": new_id(),
        "task": one,
        "percent": percent,
        "note": " Đã có dự thảo ",
        "quantity": None,
        "files": [],
        **more,
    }


async def test_reports_of_the_lead_and_of_a_collaborator(desk, clock, screen):
    one = await made(desk, clock, collaborators=[{"person": CAST.colleague, "share": 0.3}])
    shown = await screen(CAST.colleague).agrees(report(one, 20))
    assert (shown["task"][one]["status"], shown["task"][one]["percent"]) == ("in_progress", 0)
    shown = await screen(CAST.officer).agrees(report(one, 40), report(one, 55, quantity=2.5))
    assert shown["task"][one]["percent"] == 55


async def test_a_result_is_handed_in_returned_accepted_and_the_acceptance_taken_back(desk, clock, screen):
    one = await made(desk, clock, due="2026-11-20")
    submit = ("task.submit", {"id": new_id(), "task": one, "note": "Xong", "quantity": 1, "files": []})
    shown = await screen(CAST.officer).agrees(submit)
    assert (shown["task"][one]["status"], shown["task"][one]["overdue"]) == ("submitted", False)
    head = screen(CAST.head)
    judged = {"task": one, "person": None, "quantity": None, "major_error": False, "objective_cause": False, "score": None, "note": ""}
    await head.agrees(("task.review", {**judged, "id": new_id(), "verdict": "return", "note": "Thiếu số liệu"}))
    again: dict[str, Any] = {"id": new_id(), "task": one, "note": "Đã bổ sung", "quantity": None, "files": []}
    await screen(CAST.officer).agrees(("task.submit", again))
    accepted = {**judged, "id": new_id(), "verdict": "accept", "score": 87.5, "quantity": 1, "major_error": True}
    shown = await head.agrees(("task.review", accepted))
    assert shown["task"][one]["status"] == "completed"
    await head.agrees(("task.review_undo", {"task": one, "person": None}))


async def test_the_part_of_a_collaborator_is_judged_by_itself(desk, clock, screen):
    one = await made(desk, clock, collaborators=[{"person": CAST.colleague, "share": 0.3}])
    await screen(CAST.officer).agrees(("task.submit", {"id": new_id(), "task": one, "note": "", "quantity": None, "files": []}))
    head = screen(CAST.head)
    judged = {"id": new_id(), "task": one, "person": CAST.colleague, "verdict": "accept", "score": 90, "note": "Tốt"}
    shown = await head.agrees(("task.review", judged))
    assert shown["task"][one]["collaborators"][0]["state"] == "accepted"
    await head.agrees(("task.review_undo", {"task": one, "person": CAST.colleague}))


@pytest.mark.parametrize("creator", ["head", "director"])
async def test_a_new_task_with_everything(clock, screen, engine, creator):
    args = task(
        title="  Rà soát   thủ tục ",
        description=" Theo kế hoạch ",
        collaborators=[{"person": CAST.colleague, "share": 25}, {"person": CAST.deputy_head, "share": None}],
        followers=[CAST.stranger],
        start="2026-11-01",
        due="2026-11-20",
        checklist=["Một", "  ", "Hai "],
        source={"number": "12/KH-UBND", "date": "2026-10-01", "issuer": "UBND tỉnh"},
        quantity=2,
        product_text="Báo cáo",
    )
    await screen(getattr(CAST, creator)).agrees(("task.create", args))


async def test_a_new_task_without_a_due_date_and_for_oneself(clock, screen, engine):
    await screen(CAST.head).agrees(("task.create", task(lead=CAST.head, due=None, no_due="ongoing")))
    await screen(CAST.head).agrees(("task.create", task(due=None)))


async def test_a_new_task_below_another_and_what_follows_on_it(desk, clock, screen):
    above = await made(desk, clock)
    args = task(parent=above, checklist=["Một", "Hai"])
    head = screen(CAST.head)
    await head.agrees(("task.create", args))
    ticked = head.device.rows["task", args["id"]]["checklist"][1]["id"]
    fresh = task(checklist=["A", "B"])
    await head.agrees(("task.create", fresh), ("task.comment", {"id": new_id(), "task": fresh["id"], "text": "Lưu ý", "mentions": []}))
    await head.agrees(("checklist.set", {"task": args["id"], "item": ticked, "done": True}))


@pytest.mark.parametrize("lead", [CAST.officer, None])
async def test_a_proposal_is_made_and_decided(clock, screen, engine, lead):
    args = task(lead=lead, collaborators=[])
    await screen(CAST.officer).agrees(("task.propose", args))
    changes = {"lead": CAST.colleague, "due": "2026-12-15", "title": "Tên khác", "quantity": 3}
    decided = {"task": args["id"], "decision": "approve", "reason": "Đồng ý", "changes": changes}
    shown = await screen(CAST.head).agrees(("task.decide", decided))
    assert shown["task"][args["id"]]["lead"] == CAST.colleague


async def test_a_proposal_is_declined(clock, screen, engine):
    args = task()
    await screen(CAST.officer).agrees(("task.propose", args))
    await screen(CAST.head).agrees(("task.decide", {"task": args["id"], "decision": "decline", "reason": "Trùng việc", "changes": {}}))


@pytest.mark.parametrize("decision", ["approve", "decline"])
async def test_more_time_is_asked_for_and_decided(desk, clock, screen, decision):
    one = await made(desk, clock, due="2026-11-30")
    await screen(CAST.officer).agrees(("task.extend", {"task": one, "due": "2026-12-10", "reason": " Chờ ý kiến "}))
    decided = {"task": one, "decision": decision, "reason": "Được" if decision == "approve" else "Không", "changes": {}}
    shown = await screen(CAST.head).agrees(("task.decide", decided))
    assert shown["task"][one]["due"] == ("2026-12-10" if decision == "approve" else "2026-11-30")


async def test_work_is_handed_back_kept_and_given_to_another(desk, clock, screen):
    one = await made(desk, clock, collaborators=[{"person": CAST.colleague, "share": 0.3}])
    back = ("task.hand_back", {"task": one, "reason": "Trùng lịch"})
    await screen(CAST.officer).agrees(back)
    await screen(CAST.head).agrees(("task.decide", {"task": one, "decision": "decline", "reason": "Vẫn phụ trách", "changes": {}}))
    shown = await screen(CAST.colleague).agrees(back)
    assert shown["task"][one]["lead_share"] == 1
    await screen(CAST.officer).agrees(back)
    named = {"task": one, "lead": CAST.colleague, "collaborators": None, "followers": None, "reason": "Đổi người"}
    await screen(CAST.head).agrees(("task.assign", named))


async def test_other_people_are_named_and_keep_what_they_did(desk, clock, screen):
    one = await made(desk, clock, collaborators=[{"person": CAST.colleague, "share": 0.3}], followers=[CAST.stranger])
    await screen(CAST.colleague).agrees(report(one, 70))
    await screen(CAST.officer).agrees(report(one, 30))
    named = {
        "task": one,
        "lead": CAST.colleague,
        "collaborators": [{"person": CAST.officer, "share": 40}],
        "followers": [],
        "reason": "Đổi vai",
    }
    shown = await screen(CAST.head).agrees(("task.assign", named))
    assert shown["task"][one]["percent"] == 70
    more: dict[str, Any] = {"task": one, "lead": CAST.colleague, "collaborators": [], "followers": None, "reason": "Một người đủ"}
    await screen(CAST.head).agrees(("task.assign", more))


async def test_fields_are_edited(desk, clock, screen):
    one = await made(desk, clock, due="2026-12-31")
    head = screen(CAST.head)
    source = {"number": "5/CV", "date": "2026-11-01", "issuer": "Sở Tư pháp"}
    fields = {"title": " Tên  mới ", "due": "2026-11-20", "priority": "urgent", "quantity": 1.5, "source": source, "description": "x" * 3}
    shown = await head.agrees(("task.edit", {"task": one, "fields": fields, "base": {"title": "khác"}, "reason": "Theo chỉ đạo"}))
    assert shown["task"][one]["overdue"] is True
    await head.agrees(("task.edit", {"task": one, "fields": {"due": None, "no_due": "ongoing"}, "base": {}, "reason": ""}))
    await head.agrees(("task.edit", {"task": one, "fields": {"due": "2026-12-01", "source": None}, "base": {}, "reason": ""}))
    await head.agrees(("task.edit", {"task": one, "fields": {"due": "2026-12-01"}, "base": {}, "reason": "như cũ"}))


async def test_a_task_is_paused_resumed_cancelled_and_reopened(desk, clock, screen):
    one = await made(desk, clock)
    head = screen(CAST.head)
    await head.agrees(("task.status", {"task": one, "to": "paused", "reason": "Chờ"}))
    await head.agrees(("task.status", {"task": one, "to": "in_progress", "reason": ""}))
    await screen(CAST.officer).agrees(report(one, 10))
    await head.agrees(("task.status", {"task": one, "to": "cancelled", "reason": "Thôi"}))
    shown = await head.agrees(("task.status", {"task": one, "to": "not_started", "reason": "Làm tiếp"}))
    assert shown["task"][one]["status"] == "in_progress"


async def test_the_bin_hides_a_task_and_gives_it_back(desk, clock, screen):
    one, other = await made(desk, clock), await made(desk, clock, title="Việc thứ hai")
    head = screen(CAST.head)
    shown = await head.agrees(("task.bin", {"task": one, "reason": "Nhầm"}))
    assert one not in shown["task"]
    both = (("task.bin", {"task": other, "reason": "Nhầm"}), ("task.restore", {"task": other}))
    await head.device.pull()
    entries = [head.entry(n, id=new_id(), name=name, at=clock().isoformat(), args=args) for n, (name, args) in enumerate(both, 1)]
    assert head.shown(entries)["task"][other]["title"] == "Việc thứ hai"


async def test_lines_of_the_checklist_are_added_ticked_and_taken_off(desk, clock, screen):
    one = await made(desk, clock, checklist=["Một", "Hai"])
    officer = screen(CAST.officer)
    await officer.device.pull()
    first, second = (item["id"] for item in officer.device.rows["task", one]["checklist"])
    new = new_id()
    shown = await officer.agrees(
        ("checklist.set", {"task": one, "item": first, "done": True}),
        ("checklist.set", {"task": one, "item": first, "done": True}),
        ("checklist.add", {"id": new, "task": one, "text": "  Ba   việc "}),
        ("checklist.set", {"task": one, "item": new, "done": True}),
        ("checklist.set", {"task": one, "item": first, "done": False}),
        ("checklist.remove", {"task": one, "item": second}),
    )
    assert [item["done"] for item in shown["task"][one]["checklist"]] == [False, True]


async def test_remarks_and_following(desk, clock, screen):
    one = await made(desk, clock)
    said = {"id": new_id(), "task": one, "text": " Xin ý kiến ", "mentions": [CAST.officer, CAST.officer], "files": []}
    shown = await screen(CAST.head).agrees(("task.comment", said), ("task.follow", {"task": one, "on": True}))
    assert shown["task"][one]["followers"] == [CAST.head]
    await screen(CAST.head).agrees(("task.follow", {"task": one, "on": True}), ("task.follow", {"task": one, "on": False}))
    await screen(CAST.officer).agrees(("task.follow", {"task": one, "on": True}))


async def test_a_task_that_the_device_does_not_hold_shows_nothing(desk, clock, screen):
    stranger = screen(CAST.stranger)
    gone = new_id()
    args = {"task": gone, "id": new_id(), "percent": 5, "reason": "", "text": "x", "item": gone, "person": gone, "lead": gone}
    names = [name for name in PUSHED if name not in ("task.create", "task.propose")]
    entries = [
        stranger.entry(n, id=new_id(), name=name, at=clock().isoformat(), args=args) for n, name in enumerate([*names, "unknown"], 1)
    ]
    await stranger.device.pull()
    assert gone not in stranger.shown(entries)["task"]

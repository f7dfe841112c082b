"""The kinds of foresight in a replica, on both engines: who gets them, that a change comes, that a lost right drops them."""

from datetime import timedelta

import pytest

from server.insight.load.commands import SayEstimate
from server.insight.load.jobs import Counter
from server.insight.proposals.jobs import PAUSE, Proposer
from server.insight.risk.commands import KeepRisks, Reasoned, Scored
from server.people.commands import EditPerson, EndDelegation
from server.storage.door import carry_out
from server.storage.ids import new_id
from sync.feed import brings, last
from sync.reader import reader_of
from tests.office import CAST, NOW, TODAY, Clock
from tests.sync.device import Device, report, task

pytestmark = pytest.mark.anyio
FRIDAY = (TODAY + timedelta(days=4)).isoformat()
EVERYBODY = {name: getattr(CAST, name) for name in CAST.usernames}


@pytest.fixture
async def boss(engine) -> Device:
    return await Device(CAST.director).pull()


async def replicas() -> dict[str, Device]:
    return {name: await Device(person).pull() for name, person in EVERYBODY.items()}


async def who(devices: dict[str, Device], kind: str, row: str) -> set[str]:
    """Those whose replica has the row after a pull, each being what the server would show."""
    for one in devices.values():
        assert await one.agrees()
    return {name for name, one in devices.items() if (kind, row) in one.rows}


def scored(task_id: str, probability: int = 700_000, band: str = "high", days: float = 9.2) -> Scored:
    return Scored(task_id, probability, band, [Reasoned("quiet", 0.2, {"elapsed": 0.5, "quiet_days": days, "updates": 3})])


async def keep(*scores: Scored, over: tuple[str, ...] = (), now=NOW) -> None:
    await carry_out(KeepRisks("thử", False, list(scores), list(over)), actor=None, now=now, source="job")


async def test_a_risk_comes_to_who_sees_the_task_in_words_and_goes_with_it(boss):
    task_id = (await boss.done("task.create", **task()))["id"]
    devices = await replicas()
    await keep(scored(task_id))
    assert await who(devices, "risk", task_id) == {"director", "deputy", "delegate", "head", "deputy_head", "officer", "colleague"}
    assert devices["officer"].rows[("risk", task_id)] == {
        "task": task_id, "band": "high", "reasons": ["9 ngày chưa cập nhật"], "local": False, "at": "2026-11-23T08:15:00.000+07:00",
    }  # fmt: skip
    await keep(scored(task_id, 200_000, "watch", 10.0))
    await who(devices, "risk", task_id)
    assert devices["officer"].rows[("risk", task_id)]["reasons"] == ["10 ngày chưa cập nhật"]
    await boss.done("task.assign", task=task_id, lead=CAST.stranger, collaborators=[], followers=[], reason="đổi phòng")
    await boss.done("task.edit", task=task_id, fields={"unit": CAST.hcth}, base={})
    assert await who(devices, "risk", task_id) == {"director", "deputy", "delegate", "stranger"}
    await keep(over=(task_id,))
    assert await who(devices, "risk", task_id) == set()


async def test_what_goes_wakes_nobody_who_never_had_it(boss):
    task_id = (await boss.done("task.create", **task()))["id"]
    await keep(scored(task_id))
    since = await last()
    await keep(over=(task_id,))
    woken = {name for name, person in EVERYBODY.items() if await brings(await reader_of(person, NOW), since, await last())}
    assert "stranger" not in woken and "admin" not in woken and {"officer", "head", "director"} <= woken


async def test_a_load_is_for_oneself_the_leaders_of_the_room_and_who_sees_the_whole_centre(boss):
    task_id = (await boss.done("task.create", **task(due=FRIDAY)))["id"]
    devices = await replicas()
    clock = Clock()
    await Counter(clock).tick()
    assert await who(devices, "load", CAST.officer) == {"director", "deputy", "delegate", "head", "deputy_head", "officer"}
    assert await who(devices, "load", CAST.stranger) == {"director", "deputy", "delegate", "stranger"}
    mine = devices["officer"].rows[("load", CAST.officer)]
    assert [one["task"] for one in mine["tasks"]] == [task_id] and mine["peak"] > 0 and len(mine["days"]) == 10
    assert set(mine["days"][0]) == {"day", "demand", "capacity", "index"}
    await carry_out(EndDelegation(delegation=CAST.delegation), actor=CAST.director, now=NOW, source="page")
    assert await who(devices, "load", CAST.officer) == {"director", "deputy", "head", "deputy_head", "officer"}
    await carry_out(EditPerson(person=CAST.officer, unit=CAST.hcth), actor=CAST.admin, now=NOW, source="page")
    assert await who(devices, "load", CAST.officer) == {"director", "deputy", "delegate", "officer"}


async def proposed(boss: Device) -> tuple[str, Proposer, Clock]:
    officer = Device(CAST.officer)
    for minutes in (700, 600, 400):
        one = (await boss.done("task.create", **task(due=FRIDAY)))["id"]
        await carry_out(SayEstimate(one, minutes), actor=CAST.officer, now=NOW, source="page")
    clock = Clock()
    proposer = Proposer(clock)
    assert await proposer.tick() == 1
    assert not (await officer.pull()).of("proposal")
    [(_, found)] = (await boss.pull()).of("proposal")
    return found, proposer, clock


async def test_a_proposal_is_for_who_may_decide_it_until_it_is_decided_or_the_task_goes_another_way(boss):
    devices = await replicas()
    found, proposer, clock = await proposed(boss)
    seen = await who(devices, "proposal", found)
    assert {"director", "delegate"} <= seen and seen.isdisjoint({"officer", "colleague", "stranger", "deputy_head", "admin"})
    data = devices["director"].rows[("proposal", found)]
    assert data["giver"] == CAST.officer and data["receiver"] == CAST.colleague
    assert data["effect"]["giver_before"] > 1 and all(isinstance(one, str) and one for one in data["reasons"])
    await boss.done("task.status", task=data["task"], to="paused", reason="chờ")
    await who(devices, "proposal", found)
    await boss.done("task.status", task=data["task"], to="not_started", reason="tiếp")
    assert await who(devices, "proposal", found) == seen
    assert (await devices["colleague"].do("insight.decline", proposal=found, reason="x")).code == "not_found"
    await devices["director"].done("insight.decline", proposal=found, reason="Đồng chí Kha nắm rõ việc")
    assert await who(devices, "proposal", found) == set()
    clock.later(seconds=PAUSE.total_seconds())
    await proposer.tick()


async def test_a_suggestion_is_for_whose_part_it_is_and_who_may_review_it(boss):
    devices = await replicas()
    head, officer = devices["head"], devices["officer"]
    task_id = (await head.done("task.create", **task()))["id"]
    await officer.done("task.progress", **report(task_id, 60, note="Đã rà soát 30/60 thủ tục"))
    await officer.done("task.submit", id=new_id(), task=task_id, note="Hoàn thành 60 thủ tục", quantity=1, files=[])
    await officer.pull()
    [(_, found)] = officer.of("suggestion")
    assert await who(devices, "suggestion", found) == {"officer", "head", "deputy_head"}
    data = officer.rows[("suggestion", found)]
    assert (data["task"], data["person"], data["round"]) == (task_id, CAST.officer, 1) and 0 <= data["total"] <= 100
    assert set(data["reasons"]) == {"progress", "quality", "frequency"} and all(data["reasons"].values())
    # Everybody's copy from nothing says the same, the room's colleague's among them.
    assert ("suggestion", found) not in (await Device(CAST.colleague).pull()).rows

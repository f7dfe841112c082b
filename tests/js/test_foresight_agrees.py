"""Cân tải and Dự báo of the device say what the server's say, to everybody; also after a move that nobody counted yet."""

from datetime import timedelta

import pytest
from litestar import Litestar

from server.insight import commands as _registers
from server.insight.load.jobs import Counter
from server.insight.proposals.jobs import Proposer
from server.storage.engine import rows
from server.storage.ids import new_id
from tests.js.agree import agree
from tests.js.life import Life, live
from tests.office import CAST, TODAY, Clock, Visit

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
assert _registers


async def counted(clock: Clock) -> Life:
    """An office with too much on one desk, leave, a standing duty and risks."""
    life = await live(clock)
    desk = life.desk
    for minutes in (900, 700, 500):
        task = await desk.task(CAST.head, CAST.officer, due=(TODAY + timedelta(days=9)).isoformat(), title="Rà soát quy trình một cửa")
        await desk.do(CAST.officer, "insight.estimate", task=task, minutes=minutes)
    since = (TODAY + timedelta(days=2)).isoformat()
    await desk.do(CAST.officer, "insight.leave", id=new_id(), person=CAST.officer, since=since, until=since, part="morning")
    await desk.do(CAST.head, "insight.leave", id=new_id(), person=CAST.deputy_head, since=since, until=since)
    # Everybody else has all but finished: somebody has room.
    for one in await rows("SELECT id FROM task WHERE lead <> $1 AND status IN ('not_started', 'in_progress')", CAST.officer):
        await desk.do(CAST.director, "insight.estimate", task=one["id"], minutes=1)
    # What he has to end first is small: an index at its very top is lowered by no move, and nothing would be proposed.
    first = TODAY + timedelta(days=8)
    for one in await rows(
        "SELECT id FROM task WHERE lead = $1 AND status IN ('not_started', 'in_progress') AND due <= $2", CAST.officer, first
    ):
        await desk.do(CAST.officer, "insight.estimate", task=one["id"], minutes=60)
    clock.now = desk.now
    await Counter(clock).tick()
    await Proposer(clock).tick()
    open_ones = await rows("SELECT id FROM task WHERE status IN ('not_started', 'in_progress') AND due >= $1 ORDER BY id", TODAY)
    scored = [
        {
            "task": one["id"],
            "probability": 700_000 - place,
            "band": ("high", "watch", "low")[place % 3],
            "reasons": [{"group": "progress", "values": {"elapsed": 0.75, "progress": 0.4}}],
        }
        for place, one in enumerate(open_ones)
    ]
    await rows("DELETE FROM risk WHERE model = 'test'")
    for one in scored:
        await rows(
            "INSERT INTO risk (id, probability, band, reasons, model, local, at, told) VALUES ($1, $2, $3, $4, 'test', FALSE, $5, 'low')",
            one["task"],
            one["probability"],
            one["band"],
            '[{"group": "progress", "values": {"elapsed": 0.75, "progress": 0.4}}]',
            clock.now,
        )
    return life


def asks(unit: str, task: str) -> list[str]:
    return [
        "/foresight",
        "/foresight/load",
        f"/foresight/load?person={CAST.officer}",
        f"/foresight/load?person={CAST.officer}&move={task}",
        f"/foresight/load?person={CAST.officer}&move={task}&to={CAST.colleague}",
        f"/foresight/load?person={CAST.officer}&move={task}&to={CAST.stranger}",
        f"/foresight/load?unit={unit}&person={CAST.colleague}",
        f"/foresight/load?unit={CAST.hcth}",
        "/foresight/load?unit=xyz&person=abc&start=-1",
        "/foresight/load?start=60",
    ]


async def test_the_pages_of_loads_are_the_servers(app: Litestar, visit: Visit, clock: Clock) -> None:
    await counted(clock)
    proposed = await rows("SELECT task FROM proposal WHERE state = 'waiting'")
    assert proposed, "nothing is proposed: the pages are tried with too little"
    for name in ("director", "delegate", "head", "deputy_head", "officer", "stranger", "admin"):
        await agree(await visit(CAST.usernames[name]), getattr(CAST, name), clock, *asks(CAST.cntt, proposed[0]["task"]))


async def test_a_task_that_was_moved_since_is_shown_where_it_is(app: Litestar, visit: Visit, clock: Clock) -> None:
    life = await counted(clock)
    (task, *_) = await rows("SELECT task FROM proposal WHERE state = 'waiting'")
    await life.desk.do(CAST.head, "task.assign", task=task["task"], lead=CAST.deputy_head, reason="Tôi nhờ đồng chí phó phòng")
    clock.now = life.desk.now
    browser = await visit(CAST.usernames["head"])
    said = (await browser.get(f"/foresight/load?person={CAST.deputy_head}")).text
    assert f'id="t-{task["task"]}"' in said
    assert f'id="t-{task["task"]}"' not in (await browser.get(f"/foresight/load?person={CAST.officer}")).text
    await agree(browser, CAST.head, clock, *asks(CAST.cntt, task["task"]), f"/foresight/load?person={CAST.deputy_head}")

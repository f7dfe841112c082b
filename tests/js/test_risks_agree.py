"""Nguy cơ on a device, and the marks of its lists and pages, say what the server's say."""

from datetime import timedelta

import pytest
from litestar import Litestar

from server.insight.risk.commands import KeepRisks, Reasoned, Scored
from server.storage.door import carry_out
from server.storage.engine import rows
from tests.js.agree import agree
from tests.js.life import live
from tests.office import CAST, Clock, Visit
from tests.sync.device import Device

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

WHY: tuple[list[Reasoned], ...] = (
    [Reasoned("progress", 0.3, {"elapsed": 0.753, "progress": 0.4}), Reasoned("quiet", 0.1, {"quiet_days": 9.4, "updates": 2.0})],
    [Reasoned("load", 0.2, {"owner_week": 5.0, "owner_open": 9.0})],
    [Reasoned("of a model to come", 0.2, {"x": 1.0})],
    [],
)


async def foretell(clock: Clock) -> list[str]:
    """A score of every task that is scored at all, the bands in turn."""
    found = await rows("SELECT id FROM task WHERE due IS NOT NULL AND deleted_at IS NULL ORDER BY ordinal")
    bands = ("high", "low", "watch", "low")
    scores = [Scored(one["id"], 300_000, bands[n % 4], WHY[(n // 2) % 4]) for n, one in enumerate(found)]
    for start, local in ((0, True), (1, False)):
        await carry_out(KeepRisks("thử", local, scores[start::2]), actor=None, now=clock.now - timedelta(hours=start), source="job")
    return [one["id"] for one in found]


async def test_the_page_and_the_marks_of_the_device_are_the_servers(app: Litestar, visit: Visit, clock: Clock) -> None:
    life = await live(clock)
    tasks = await foretell(clock)
    shown = (await (await visit("giamdoc")).get("/foresight/tasks")).text
    assert "Nguy cơ cao" in shown and "Đã dùng 75% thời hạn, tiến độ mới 40%" in shown and shown.count("Chưa hiệu chỉnh theo cơ quan") == 1
    asks = [
        "/foresight/tasks",
        *(f"/foresight/tasks?band={one}" for one in ("high", "watch", "low", "worse")),
        f"/foresight/tasks?unit={CAST.cntt}&band=high",
        f"/foresight/tasks?person={CAST.officer}",
        "/foresight/tasks?unit=xyz&person=%20abc%20&start=30",
        "/foresight/tasks?start=3e1&band=&unit=" + "a" * 61,
        "/",
        "/tasks",
        f"/tasks/{life.tasks['soon']}",
        f"/tasks/{life.tasks['overdue']}",
        f"/tasks/{tasks[0]}",
    ]
    for name in ("director", "delegate", "head", "officer", "stranger"):
        await agree(await visit(CAST.usernames[name]), getattr(CAST, name), clock, *asks)


async def test_what_grew_late_since_the_last_pull_has_no_mark(app: Litestar, visit: Visit, clock: Clock) -> None:
    await live(clock)
    await foretell(clock)
    device = await Device(CAST.head, clock).pull()
    clock.later(days=4)
    await agree(await visit(CAST.usernames["head"]), CAST.head, clock, "/foresight/tasks", "/tasks?status=overdue", device=device)

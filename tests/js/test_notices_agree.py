"""The inbox of the device says what the server's says, and so does the number that stands beside it on every page."""

import pytest
from litestar import Litestar

from server.notify.rules.kinds import KINDS
from server.storage.engine import insert
from server.storage.ids import new_id
from server.storage.tables import Outbox
from server.storage.transaction import as_json
from tests.js.agree import Ask, agree, shown
from tests.js.life import live
from tests.office import CAST, Clock, Visit
from tests.sync.device import Device

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PAGES = (
    "/notices",
    "/notices?show=unread",
    "/notices?start=30",
    "/notices?start=30&show=unread",
    "/notices?start=-1",
    "/notices?start=99999",
)

HUNG = Ask("/notices?start=30", htmx=True, target="notices")


async def tell(clock: Clock, person: str, *kinds: str) -> None:
    """A message of each kind, a few a day, half of them read."""
    for place, kind in enumerate(kinds):
        clock.later(hours=7, seconds=place)
        told = {"id": new_id(), "kind": kind, "person": person, "at": clock(), "read_at": clock() if place % 2 else None}
        await insert(
            Outbox, told | {"data": as_json({"number": "26-001", "title": "Rà soát", "due": "2026-11-30", "text": "Nhắc <b>bạn</b>"})}
        )


async def test_the_inbox_of_the_device_is_the_servers(app: Litestar, visit: Visit, clock: Clock) -> None:
    await live(clock)
    await tell(clock, CAST.officer, *KINDS, "nothing.known")
    for name in ("officer", "head", "director"):
        await agree(await visit(CAST.usernames[name]), getattr(CAST, name), clock, *PAGES, HUNG, "/", "/tasks")


async def test_a_week_without_a_network_moves_the_days_and_nothing_else(app: Litestar, visit: Visit, clock: Clock) -> None:
    await live(clock)
    device = await Device(CAST.officer, clock).pull()
    for days in (1, 6, 50, 20):
        clock.later(days=days)
        await agree(await visit("cntt.cv1"), CAST.officer, clock, *PAGES[:2], device=device)


async def test_what_was_read_here_is_read_before_the_server_has_heard_of_it(app: Litestar, visit: Visit, clock: Clock) -> None:
    await live(clock)
    device = await Device(CAST.officer, clock).pull()
    unread = [one for (kind, one), data in device.rows.items() if kind == "notice" and not data["read"]]
    entry = {
        "n": 1, "id": new_id(), "name": "notice.read", "args": {"notices": unread[:2]}, "at": clock().isoformat(), "person": CAST.officer,
        "task": None, "label": "", "files": [], "attachments": {}, "state": "waiting", "seq": None, "attempts": 0, "schema": 1,
    }  # fmt: skip
    [before] = shown(CAST.officer, clock(), device.rows, [Ask("/notices")])
    [after, today] = shown(CAST.officer, clock(), device.rows, [Ask("/notices"), Ask("/")], [entry])
    assert before is not None and after is not None and today is not None
    assert [before["context"]["unread"], after["context"]["unread"]] == [len(unread), len(unread) - 2]
    badges = [one["badge"] for one in today["context"]["nav"] if one["key"] == "notices"]
    assert badges == [len(unread) - 2 or None]

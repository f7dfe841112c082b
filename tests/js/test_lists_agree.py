"""The lists of the device say what the server's say, to everybody of the office, about tasks in every state."""

from urllib.parse import urlencode

import pytest
from litestar import Litestar

from tests.js.agree import Ask, agree
from tests.js.life import FIELD_IDS, HOSTILE, Life, live
from tests.office import CAST, Clock, Visit
from tests.sync.device import Device

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

STATUSES = (
    "open", "overdue", "soon", "submitted", "in_progress", "not_started", "paused", "proposed", "completed", "cancelled", "declined", "all",
)  # fmt: skip
WHOSE = ("all", "mine", "lead", "given", "room", "followed")
SORTS = ("due", "new", "changed", "priority")
EVERYBODY = [name for name in CAST.usernames if name != "admin"]


async def test_the_lists_of_the_device_are_the_servers(app: Litestar, visit: Visit, clock: Clock) -> None:
    asks = every_list(await live(clock))
    for name in EVERYBODY:
        await agree(await visit(CAST.usernames[name]), getattr(CAST, name), clock, *asks)


async def test_days_without_a_network_change_nothing_but_the_day(app: Litestar, visit: Visit, clock: Clock) -> None:
    """What is overdue, due soon or far is of today, not of the day of the last pull; the holidays on the way are known."""
    await live(clock)
    asks = [
        "/",
        "/tasks",
        "/tasks?start=30",
        "/tasks?status=overdue",
        "/tasks?status=soon",
        "/tasks/filter",
        "/tasks?status=all&sort=priority",
    ]
    devices = {name: await Device(getattr(CAST, name), clock).pull() for name in ("officer", "head")}
    for days in (1, 4, 35, 38):
        clock.later(days=days)
        for name, device in devices.items():
            await agree(await visit(CAST.usernames[name]), device.person, clock, *asks, device=device)


def every_list(life: Life) -> list[str | Ask]:
    """The addresses of all lists, with all filters."""
    some = [life.tasks[one] for one in ("soon", "completed", "overdue", "parent", "binned", "proposed_other")]
    ticked = "&".join(f"task={one}" for one in some)
    return [
        "/",
        "/tasks",
        *(f"/tasks?status={one}" for one in STATUSES),
        *(f"/tasks?status=all&whose={one}" for one in WHOSE),
        *(f"/tasks?status=all&sort={one}" for one in SORTS),
        *(f"/tasks?status=all&priority={one}" for one in ("normal", "urgent", "critical", "xyz")),
        *(f"/tasks?status=all&field={one}" for one in (FIELD_IDS[0], FIELD_IDS[2], "xyz")),
        *(f"/tasks?person={one}" for one in (CAST.officer, CAST.stranger, "xyz")),
        *(f"/tasks?unit={one}" for one in (CAST.cntt, CAST.hcth, CAST.centre, CAST.leadership, "xyz")),
        "/tasks?status=all&start=30",
        "/tasks?status=all&start=60&sort=new",
        "/tasks?start=3e1&status=all&due_from=2026-11-20&due_to=2026-12-05",
        "/tasks?start=-5&status=nonsense&sort=&whose=ALL&due_from=2026-02-30&due_to=null&start=100000000",
        "/tasks?status=all&due_to=2026-11-23",
        f"/tasks?status=all&parent={life.tasks['parent']}",
        "/tasks?plan=xyz",
        "/tasks?q=26-001",
        "/tasks?q=%2326-14&status=completed",
        "/tasks?q=26-999",
        "/tasks?toString=1&constructor=2&__proto__=3&q=%00",
        f"/tasks/pane?current={life.tasks['soon']}",
        f"/tasks/pane?status=all&sort=new&current={life.tasks['completed']}",
        "/tasks/filter",
        Ask("/tasks/filter?status=overdue&whose=mine&due_from=2026-11-01&q=a", htmx=True, target="narrow"),
        Ask("/tasks/filter?sort=changed", htmx=True, target="detail"),
        f"/tasks/bulk?{ticked}&what=assign&next=/tasks?status=all",
        f"/tasks/bulk?{ticked}&{ticked}&what=due&next=//evil.test",
        "/tasks/bulk?task=xyz&next=%2Ftasks%3Fq%3Da",
        f"/tasks/bulk?task={life.tasks['binned']}",
    ]


SEARCHES = (
    "duong truyen", "đường truyền", "ĐƯỜNG", "cơ sở", "co so", "cỡ số", "cơ", "717/QĐ-UBND", "717/qd", "to trinh", "việc con", "Trình",
    "trinh dung han", "script alert", "không có gì như vậy", "  rà   soát  ", "a" * 300, "🚀", "-- ; ' \" *", "%",
    "việc * ~ ' ( ) ! + = & # ? /",
)  # fmt: skip


async def test_searches_find_the_same_in_the_same_order(app: Litestar, visit: Visit, clock: Clock) -> None:
    await live(clock)
    asks = [f"/tasks?{urlencode({'q': q, 'status': status})}" for q in SEARCHES for status in ("open", "all")]
    titles = ("Trình đúng hạn nay", "ra soat thu tuc hanh chinh quy iv", "Việc đến hạn sau 5 ngày", "hai từ", *HOSTILE, "")
    asks += [f"/tasks/alike?{urlencode({'title': title})}" for title in titles]
    for name in ("head", "stranger", "director"):
        await agree(await visit(CAST.usernames[name]), getattr(CAST, name), clock, *asks)


async def test_an_administrator_is_led_to_the_people(visit: Visit, clock: Clock) -> None:
    await agree(await visit("quantri"), CAST.admin, clock, "/", "/tasks", "/tasks/filter")

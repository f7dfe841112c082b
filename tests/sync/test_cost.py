"""What a first copy and a quiet pull may cost, in bytes and in queries; ``make bench`` measures the seconds."""

import msgspec
import pytest

from server.storage import engine as engines
from sync.encoding import compressed
from sync.pull import pull
from tests.office import CAST
from tests.sync.device import Device, report, task

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
async def sqlite(sqlite_url, anyio_backend):
    used = engines.use(engines.make(sqlite_url))
    await used.open()
    yield used
    await used.close()


async def test_a_first_copy_of_two_thousand_tasks_is_small_and_a_quiet_pull_asks_little(sqlite):
    boss, officer = Device(CAST.director), Device(CAST.officer)
    tasks = [task(title=f"Rà soát thủ tục hành chính số {n}", checklist=["một", "hai"]) for n in range(2000)]
    for start in (0, 1000):
        _, results = await boss.push(*(boss.mutation("task.create", **one) for one in tasks[start : start + 1000]))
        assert {one.status for one in results} == {"applied"}
    reports = [officer.mutation("task.progress", **report(one["id"], 10, note=f"đã làm {one['title']}")) for one in tasks[:1000]]
    _, results = await officer.push(*reports)
    assert [one.status for one in results] == ["applied"] * 1000

    sizes, cursor = {"br": 0, "gzip": 0}, None
    while True:
        page = await pull(CAST.director, boss.clock(), cursor, 500)
        for encoding in sizes:
            sizes[encoding] += len(compressed(msgspec.json.encode(page), encoding)[0])
        cursor = page.cursor
        if not page.more:
            break
    assert sizes["br"] < 350_000 and sizes["gzip"] < 600_000, sizes
    with engines.counted() as asked:
        await pull(CAST.director, boss.clock(), cursor)
    assert len(asked) <= 4

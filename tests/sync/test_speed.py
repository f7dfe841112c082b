"""What a day offline and a first copy may cost, on SQLite; the bounds leave room for a slow machine."""

import gzip
import time

import pytest

from server.storage import engine as engines
from sync.api import GZIP_LEVEL
from tests.office import CAST
from tests.sync.device import Device, report, task

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
async def sqlite(sqlite_url, anyio_backend):
    used = engines.use(engines.make(sqlite_url))
    await used.open()
    yield used
    await used.close()


async def test_a_thousand_mutations_and_a_first_copy_of_two_thousand_tasks_take_seconds(sqlite):
    import msgspec

    from sync.pull import pull

    boss, officer = Device(CAST.director), Device(CAST.officer)
    tasks = [task(title=f"Rà soát thủ tục hành chính số {n}", checklist=["một", "hai"]) for n in range(2000)]
    for start in (0, 1000):
        _, results = await boss.push(*(boss.mutation("task.create", **one) for one in tasks[start : start + 1000]))
        assert {one.status for one in results} == {"applied"}
    reports = [officer.mutation("task.progress", **report(one["id"], 10, note=f"đã làm {one['title']}")) for one in tasks[:1000]]
    began = time.perf_counter()
    _, results = await officer.push(*reports)
    assert time.perf_counter() - began < 5
    assert [one.status for one in results] == ["applied"] * 1000

    size, cursor, began = 0, None, time.perf_counter()
    while True:
        page = await pull(CAST.director, boss.clock(), cursor, 500)
        size += len(gzip.compress(msgspec.json.encode(page), GZIP_LEVEL))
        cursor = page.cursor
        if not page.more:
            break
    assert time.perf_counter() - began < 2
    assert size < 600_000
    with engines.counted() as asked:
        began = time.perf_counter()
        await pull(CAST.director, boss.clock(), cursor)
    assert time.perf_counter() - began < 0.05 and len(asked) <= 4
    print(f"{size} bytes")

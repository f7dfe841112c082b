"""Search over a hundred thousand tasks, and how fast plans are read."""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from server import settings
from server.people.queries import directory
from server.storage import engine
from server.storage.ids import new_id, utc_now
from server.storage.transaction import together
from server.tasks import rules, search
from server.tasks.queries.lists import Filters, listed
from server.tasks.tables import Task, TaskScope
from tests.bench.fill import title

ASKED = (
    "thu tuc",
    "duong",
    "đường",
    "số hóa hồ sơ",
    "ho so dat dai",
    "kế hoạch tập huấn xã",
    "zzz",
    "thu tuc hanh chinh duong 123",
    "26-00077",
)


def spread(times: list[float]) -> str:
    """Median and the range, in milliseconds."""
    return f"median {statistics.median(times):.1f} ms ({min(times):.1f} to {max(times):.1f})"


async def timed(what: Callable[[], Awaitable[object]], times: int = 9) -> list[float]:
    """Milliseconds of each run."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await what()
        took.append((time.perf_counter() - began) * 1000)
    return took


async def many(count: int) -> None:
    """Rows straight into the tables: how they came there does not change how they are found."""
    people = await directory()
    rng = random.Random(5)
    officers = [one for one in people.people.values() if one.position == "officer"]
    now = utc_now()
    for batch in range(0, count, 1000):
        async with together():
            tasks, scopes = [], []
            for n in range(batch, batch + 1000):
                task, lead = new_id(), rng.choice(officers)
                ordinal = 2020 * 1_000_000 + n + 1
                name = title(rng, n)
                tasks.append(
                    Task(
                        id=task,
                        ordinal=ordinal,
                        title=name,
                        status="completed" if n % 20 else "in_progress",
                        unit=lead.unit,
                        lead=lead.id,
                        creator=lead.id,
                        due=date(2026, 1, 1) + timedelta(days=n % 300),
                        created_at=now,
                        changed_at=now,
                    )
                )
                for scope in (f"p:{lead.id}", f"u:{lead.unit}", f"r:{lead.unit}"):
                    scopes.append(TaskScope(id=f"{task}:{scope}", task=task, scope=scope))
                await search.index(task, ordinal, f"{rules.number(ordinal)} {name}")
            for start in range(0, 1000, 400):
                await Task.insert(*tasks[start : start + 400])
            for start in range(0, len(scopes), 4000):
                await TaskScope.insert(*scopes[start : start + 4000])
    await engine.rows("ANALYZE")


async def searching(data: str) -> None:
    """Each question, as the director and as an officer."""
    from server.demo.make import make_demo
    from server.schema.upgrade import upgrade

    used = engine.use(engine.make(settings.read({"SOVIEC_DATA_DIR": data}).database))
    await used.open()
    await upgrade()
    await make_demo("x", utc_now(), history=False)
    await many(100_000)
    people = await directory()
    print("\nsearch over 100,000 tasks")
    for username in ("giamdoc", "cntt.cv1"):
        profile = people.by_username(username)
        assert profile is not None
        actor = people.actor(profile.id)
        for asked in ASKED:
            filters = Filters(q=asked, status="all")
            took = await timed(lambda filters=filters, actor=actor: listed(filters, actor, date(2026, 11, 23), people))  # type: ignore[misc]
            print(f"  {username:9} {asked:32} {spread(took)}")
    await used.close()


def plans() -> None:
    """Reading the annex and a plan of 5,000 rows."""
    import openpyxl

    from server.calendar.rules import WorkingDays
    from server.plans.plan import read_plan

    annex = Path(__file__).parent.parent / "data" / "plans" / "qd-717-phu-luc.docx"
    is_working = WorkingDays().is_working
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn", "Sản phẩm"])
    rng = random.Random(3)
    for n in range(5000):
        sheet.append([n + 1, title(rng, n), "Phòng Hành chính - Tổng hợp", "Sở Tài chính", "Quý IV/2026", "Báo cáo"])
    out = BytesIO()
    book.save(out)
    print("\nreading plans")
    for name, data in (("annex of QĐ 717 (.docx)", annex.read_bytes()), ("5,000 rows (.xlsx)", out.getvalue())):
        took = []
        for _ in range(3):
            began = time.perf_counter()
            read = read_plan(data, name, [], is_working, date(2026, 11, 22))
            took.append((time.perf_counter() - began) * 1000)
        print(f"  {name:26} {len(read.rows)} rows  {spread(took)}")


async def replicas(data: str) -> None:
    """A push of a thousand reports, a first copy of two thousand tasks, a quiet pull."""
    import msgspec

    from server.schema.upgrade import upgrade
    from server.storage.door import carry_out, command
    from sync.encoding import compressed
    from sync.pull import pull
    from sync.push import push
    from sync.shapes import Push
    from tests.bench.fill import fill

    used = engine.use(engine.make(settings.read({"SOVIEC_DATA_DIR": data}).database))
    await used.open()
    await upgrade()
    await fill(2000)
    people = await directory()
    boss, officer = people.by_username("giamdoc"), people.by_username("cntt.cv1")
    assert boss is not None and officer is not None
    task, client = new_id(), new_id()
    new = {"id": task, "title": "Việc đo tốc độ", "lead": officer.id, "due": "2027-12-31"}
    await carry_out(command("task.create", new), actor=boss.id, now=utc_now(), source="page")
    at = utc_now().isoformat()
    reports = [
        {
            "seq": n + 1,
            "id": new_id(),
            "name": "task.progress",
            "at": at,
            "args": {"id": new_id(), "task": task, "percent": n % 100, "note": "Đang làm"},
        }
        for n in range(1000)
    ]
    given = msgspec.convert({"client_id": client, "schema": 1, "mutations": reports}, Push)
    began = time.perf_counter()
    await push(given, officer.id, utc_now)
    print(f"\nreplicas\n  push of 1,000 reports       {time.perf_counter() - began:.2f} s")
    for _ in range(3):
        pages, cursor, began = [], None, time.perf_counter()
        while True:
            page = await pull(boss.id, utc_now(), cursor, 500)
            body = msgspec.json.encode(page)
            pages.append((body, len(compressed(body, "br")[0])))
            cursor = page.cursor
            if not page.more:
                break
        took_s = time.perf_counter() - began
        brotli, gzip = sum(size for _, size in pages) / 1000, sum(len(compressed(body, "gzip")[0]) for body, _ in pages) / 1000
        print(f"  first copy of 2,000 tasks   {took_s:.2f} s, {brotli:.0f} kB with brotli, {gzip:.0f} kB with gzip")
    took = await timed(lambda: pull(boss.id, utc_now(), cursor, 500), 20)
    print(f"  quiet pull                  {spread(took)}")
    await used.close()


def main() -> None:
    """All of it."""
    with tempfile.TemporaryDirectory(prefix="soviec-bench-") as data:
        asyncio.run(replicas(data))
    with tempfile.TemporaryDirectory(prefix="soviec-bench-") as data:
        asyncio.run(searching(data))
    plans()


if __name__ == "__main__":
    main()

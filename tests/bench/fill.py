"""An office of 36 people with many tasks, made through the one door."""

import random
from datetime import timedelta

from server.demo.make import make_demo
from server.errors import Refusal
from server.people.queries import directory
from server.storage.door import carry_out, command
from server.storage.engine import row
from server.storage.ids import new_id, utc_now
from server.storage.transaction import together

PASSWORD = "Thu-nghiem-2026!x"
WORDS = (
    "rà soát", "thủ tục", "hành chính", "số hóa", "hồ sơ", "kết quả", "tiếp nhận", "đường", "giải quyết", "báo cáo", "tổng hợp", "kiểm tra",
    "xã", "phường", "đất đai", "hộ tịch", "doanh nghiệp", "trực tuyến", "ki ốt", "kế hoạch", "tập huấn",
    "chuyển đổi số", "lưu trữ", "văn thư",
)  # fmt: skip


def title(rng: random.Random, n: int) -> str:
    """A title of about a dozen words, with its own number."""
    return f"{' '.join(rng.choice(WORDS) for _ in range(rng.randint(5, 9))).capitalize()} đợt {n}"


async def fill(tasks: int) -> None:
    """The demo office and as many more tasks as are wanting; most are done, as after some years."""
    now = utc_now()
    await make_demo(PASSWORD, now)
    rng = random.Random(10)
    people = await directory()
    director = people.by_username("giamdoc")
    assert director is not None
    officers = [one for one in people.people.values() if one.position in ("officer", "deputy_head", "head")]
    had = await row("SELECT count(*) AS n FROM task")
    assert had is not None
    for batch in range(0, tasks - had["n"], 500):
        async with together():
            for n in range(batch, min(batch + 500, tasks - had["n"])):
                at = now - timedelta(days=rng.randint(1, 340), minutes=rng.randint(0, 400))
                lead = rng.choice(officers)
                others = rng.sample([one.id for one in officers if one.id != lead.id], rng.choice((0, 0, 1, 2)))
                task = new_id()
                due = (at + timedelta(days=rng.randint(5, 60))).date()
                given = {
                    "id": task,
                    "title": title(rng, n),
                    "lead": lead.id,
                    "due": due.isoformat(),
                    "collaborators": [{"person": one} for one in others],
                }
                await carry_out(command("task.create", given), actor=director.id, now=at, source="demo")
                fate = rng.random()
                if fate < 0.97:
                    await carry_out(
                        command("task.submit", {"id": new_id(), "task": task, "note": "Xong"}), actor=lead.id, now=at, source="demo"
                    )
                if fate < 0.955:
                    try:
                        verdict = {"id": new_id(), "task": task, "person": lead.id, "verdict": "accept"}
                        await carry_out(command("task.review", verdict), actor=director.id, now=at, source="demo")
                    except Refusal:
                        continue

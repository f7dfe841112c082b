"""Seeded histories: in which order things happened that have no order does not matter, and what is closed stays closed."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from server.errors import Refusal
from server.kpi.record import Entry
from server.kpi.record.frozen import decoded, recompute
from server.storage.engine import Engine, row
from server.storage.ids import new_id
from tests.kpi.desk import DECEMBER, ScoreDesk
from tests.kpi.test_sheets import close
from tests.office import CAST, Cast

pytestmark = pytest.mark.anyio
Step = Callable[[], Awaitable[Any]]


def what_counts(entry: Entry) -> tuple[Any, ...]:
    """A line without the identifiers of its task."""
    line = entry.line
    return (
        line.title, line.k, line.assigned, line.accepted, line.kind, line.late, line.failed, line.late_excused, line.failed_excused,
        line.due, line.done, entry.carried, entry.waiting, entry.part,
    )  # fmt: skip


def script(desk: ScoreDesk, rng: random.Random, name: str, product: str, person: str) -> list[tuple[int, Step]]:
    """What happens to one task, each step on its day; ``rng`` says the same for everybody who is given it."""
    task = new_id()
    due, months = rng.randint(5, 28), rng.random() < 0.3
    given: dict[str, Any] = {"id": task, "title": name, "due": f"2026-{12 if months else 11}-{due:02d}", "product": product, "quantity": 4,
             "kind": rng.choice(("planned", "planned", "ad_hoc"))}  # fmt: skip
    steps: list[tuple[int, Step]] = [(2, lambda: desk.do(CAST.head, "task.create", lead=person, **given))]
    if months:
        parts = [{"year": 2026, "month": 11, "quantity": 3}, {"year": 2026, "month": 12, "quantity": 1}]
        steps.append((rng.randint(3, 26), lambda: desk.do(CAST.head, "kpi.split.set", task=task, person=person, parts=parts)))
        steps.append((rng.randint(4, 25), lambda: desk.do(person, "task.progress", task=task, percent=75, quantity=3)))
    days = sorted(rng.sample(range(5, 27), 3))
    if rng.random() < 0.4:
        steps.append((days[0], lambda: desk.hand_in(task, person)))
        major = rng.random() < 0.7
        steps.append((days[0], lambda: desk.judge(task, "return", major_error=major)))
    if rng.random() < 0.3:
        what = rng.choice(("late", "failed"))
        steps.append(
            (rng.randint(3, 26), lambda: desk.do(CAST.head, "kpi.excuse.confirm", task=task, person=person, what=what, reason="Bão"))
        )
    if rng.random() < 0.8:
        steps.append((days[1], lambda: desk.hand_in(task, person)))
        quantity = rng.choice((None, 3, 4))
        if rng.random() < 0.8:
            steps.append((days[2], lambda: desk.judge(task, quantity=quantity)))
    return steps


@pytest.mark.parametrize("seed", range(6))
async def test_the_order_of_what_has_no_order_does_not_matter(engine: Engine, cast: Cast, desk: ScoreDesk, seed: int) -> None:
    products = [await desk.product(k, name=f"Sản phẩm {k}") for k in (1, 2.7, 3.7)]
    queue: list[tuple[int, float, int, Step]] = []
    orders = random.Random(seed + 1000)
    for person in (cast.officer, cast.colleague):
        for n in range(5):
            # The same work for both; between the tasks of one day, and between a task and its marks, the order is another one.
            steps = script(desk, random.Random(f"{seed}:{n}"), f"Việc {n}", products[n % 3], person)
            places = sorted(orders.random() for _ in steps)
            queue += [(day, place, len(queue) + at, step) for at, ((day, step), place) in enumerate(zip(steps, places, strict=True))]
    for day, _, _, step in sorted(queue, key=lambda one: one[:3]):
        if desk.today.day < day:
            desk.at(11, day)
        await step()
    desk.at(12, 3)
    for when in (None, DECEMBER):
        mine, other = [
            sorted((what_counts(one) for one in await (desk.entries(person) if when is None else desk.entries(person, when))), key=repr)
            for person in (cast.officer, cast.colleague)
        ]
        assert mine == other
    assert len(await desk.entries()) >= 3


def afterwards(rng: random.Random, task: str) -> list[dict[str, Any]]:
    """What may happen to a task, and around it, once the month is closed; most of it is refused in most states."""
    review = {"actor": CAST.head, "name": "task.review", "task": task, "note": "Xem lại"}
    whose = {"task": task, "person": CAST.officer, "reason": "Bão"}
    return [
        {"actor": CAST.head, "name": "task.review_undo", "task": task},
        {**review, "verdict": "accept", "quantity": rng.choice((1, 2))},
        {**review, "verdict": "return", "major_error": True},
        {"actor": CAST.officer, "name": "task.submit", "task": task},
        {"actor": CAST.officer, "name": "task.progress", "task": task, "percent": rng.randint(1, 99)},
        {"actor": CAST.officer, "name": "task.hand_back", "task": task, "reason": "Không làm được"},
        {"actor": CAST.head, "name": "task.assign", "task": task, "lead": CAST.colleague, "reason": "Chuyển"},
        {"actor": CAST.head, "name": "task.status", "task": task, "to": "cancelled", "reason": "Thôi"},
        {"actor": CAST.head, "name": "task.bin", "task": task},
        {"actor": CAST.head, "name": "task.edit", "task": task, "fields": {"due": "2026-12-30", "quantity": 9}},
        {"actor": CAST.head, "name": "kpi.excuse.confirm", "what": rng.choice(("late", "failed")), **whose},
        {"actor": CAST.head, "name": "kpi.away.set", "person": CAST.officer, "since": "2026-11-01", "kind": "unpaid"},
        {"actor": CAST.director, "name": "kpi.duty.set", "person": CAST.officer, "duty": "support", "since": "2026-11-01"},
    ]


@pytest.mark.parametrize("seed", range(3))
async def test_a_closed_sheet_recomputes_to_itself_after_anything(engine: Engine, cast: Cast, desk: ScoreDesk, seed: int) -> None:
    rng = random.Random(seed)
    tasks = []
    for n in range(6):
        task = await desk.work(rng.choice((1, 2.7)), rng.choice((1, 3)), f"2026-11-{rng.randint(3, 29):02d}", title=f"Việc {n}")
        tasks.append(task)
    desk.at(11, 26)
    for task in tasks[:4]:
        await desk.hand_in(task)
        await desk.judge(task, quantity=rng.choice((None, 1)))
    period = await desk.month()
    await desk.score(period)
    desk.at(12, 1)
    await close(desk, period, cast.officer)
    before = await desk.sheet(period)
    assert before.total is not None
    for _ in range(25):
        with suppress(Refusal):
            step = rng.choice(afterwards(rng, rng.choice(tasks)))
            await desk.do(step.pop("actor"), step.pop("name"), **step)
    after = await desk.sheet(period)
    assert (after.score, after.lines, after.own, after.total) == (before.score, before.lines, before.own, before.total)
    kept = await row("SELECT frozen FROM kpi_sheet WHERE id = $1", after.id)
    assert kept is not None and recompute(decoded(kept["frozen"])) == decoded(kept["frozen"]).result

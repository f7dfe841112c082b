"""From a change of a task to its score and to who is told, on both engines; what the model says is given here."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ml.reasons import Reason
from ml.score import Score
from server.errors import Refusal
from server.insight.life import store
from server.insight.life.store import InForce
from server.insight.risk import jobs
from server.insight.risk.commands import KeepRisks
from server.insight.risk.jobs import Scorer
from server.storage.door import carry_out
from server.storage.engine import Engine, row, rows
from tests.office import TODAY, Cast
from tests.tasks.desk import Desk, told

pytestmark = pytest.mark.anyio
DUE = (TODAY + timedelta(days=30)).isoformat()


@dataclass
class Oracle:
    """A model whose answers a test decides."""

    said: dict[str, float] = field(default_factory=dict)
    version: str = "thử-1"
    local: bool = False
    asked: list[set[str]] = field(default_factory=list)

    def score(self, model: Any, log: Any, now: Any, only: set[str], **_: Any) -> list[Score]:
        self.asked.append(set(only))
        return [
            Score(
                one, p, "high" if p >= 0.6 else "watch" if p >= 0.3 else "low", (Reason("quiet", 0.1, {"quiet_days": 9.0, "updates": 1.0}),)
            )
            for one in sorted(only)
            if (p := self.said.get(one, 0.1)) >= 0
        ]


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> Oracle:
    made = Oracle()

    async def in_force(_: Path) -> InForce:
        return InForce(None, made.local, made.version)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "in_force", in_force)
    monkeypatch.setattr(jobs, "score_open", made.score)
    return made


@pytest.fixture
def scorer(oracle: Oracle, desk: Desk, tmp_path: Path) -> Scorer:
    return Scorer(tmp_path, lambda: desk.now)


async def risk(task: str) -> dict[str, Any] | None:
    return await row("SELECT * FROM risk WHERE id = $1", task)


async def told_of_risk(task: str) -> list[str]:
    return [person for _, person in await told(task, "task.risk")]


async def test_a_change_is_scored_at_the_next_look_and_nothing_else_is(
    engine: Engine, cast: Cast, desk: Desk, scorer: Scorer, oracle: Oracle
) -> None:
    first, second = [await desk.task(cast.head, cast.officer, due=DUE) for _ in range(2)]
    assert await scorer.tick() == 2 and await scorer.tick() == 0
    desk.now += timedelta(minutes=1)
    await desk.do(cast.officer, "task.progress", task=first, percent=40, note="Đã có dự thảo")
    oracle.said[first] = 0.35
    assert await scorer.tick() == 1 and oracle.asked == [{first, second}, {first}]
    found = await risk(first)
    assert found is not None and (found["probability"], found["band"], found["model"], found["local"]) == (350_000, "watch", "thử-1", False)


async def test_every_night_all_is_scored_anew_once_and_by_another_model_too(
    engine: Engine, cast: Cast, desk: Desk, scorer: Scorer, oracle: Oracle
) -> None:
    await desk.task(cast.head, cast.officer, due=DUE)
    await scorer.tick()
    desk.now += timedelta(hours=10)
    assert await scorer.tick() == 0, "in the evening nothing is due"
    desk.now += timedelta(hours=9)
    assert [await scorer.tick() for _ in range(2)] == [1, 0], "after two in the night, once"
    oracle.version = "thử-2"
    assert await scorer.tick() == 1


async def test_the_lead_and_the_head_hear_of_each_band_once_and_anew_when_the_due_date_moves(
    engine: Engine, cast: Cast, desk: Desk, scorer: Scorer, oracle: Oracle
) -> None:
    task = await desk.task(cast.director, cast.officer, due=DUE)
    await scorer.tick()

    async def night(probability: float) -> int:
        before = len(await told_of_risk(task))
        oracle.said[task] = probability
        desk.now += timedelta(days=1)
        await scorer.tick()
        return len(await told_of_risk(task)) - before

    assert [await night(one) for one in (0.7, 0.1, 0.7, 0.4)] == [2, 0, 0, 0]
    assert set(await told_of_risk(task)) == {cast.officer, cast.head}
    await desk.do(cast.director, "task.edit", task=task, fields={"due": (TODAY + timedelta(days=60)).isoformat()}, base={"due": DUE})
    assert [await night(0.7), await night(0.7)] == [2, 0]
    data = await row("SELECT data FROM outbox WHERE kind = 'task.risk' ORDER BY at DESC LIMIT 1")
    assert data is not None and '"group":"quiet"' in data["data"].replace(" ", "")


async def test_the_first_scores_of_an_office_and_those_of_another_model_flood_nobody(
    engine: Engine, cast: Cast, desk: Desk, scorer: Scorer, oracle: Oracle
) -> None:
    tasks = [await desk.task(cast.head, cast.officer, due=DUE) for _ in range(4)]
    oracle.said = {tasks[0]: 0.9, tasks[1]: 0.4}
    await scorer.tick()
    assert await rows("SELECT id FROM outbox WHERE kind = 'task.risk'") == [], "it was so before anybody looked"
    oracle.version, oracle.said[tasks[2]], oracle.said[tasks[3]] = "thử-2", 0.4, 0.9
    await scorer.tick()
    assert {one["subject"] for one in await rows("SELECT subject FROM outbox WHERE kind = 'task.risk'")} == {tasks[3]}
    new = await desk.task(cast.head, cast.officer, due=DUE)
    oracle.said[new] = 0.9
    await scorer.tick()
    assert len(await told_of_risk(new)) == 2, "a task that is new is news"


async def test_a_task_that_is_closed_late_or_has_no_date_any_more_has_no_risk(
    engine: Engine, cast: Cast, desk: Desk, scorer: Scorer
) -> None:
    closed, late, undated, kept = [
        await desk.task(cast.head, cast.officer, due=due) for due in (DUE, (TODAY + timedelta(days=2)).isoformat(), DUE, DUE)
    ]
    await scorer.tick()
    assert all([await risk(one) for one in (closed, late, undated, kept)])
    await desk.do(cast.head, "task.status", task=closed, to="cancelled", reason="Không còn cần")
    await desk.do(cast.head, "task.edit", task=undated, fields={"due": None, "no_due": "ongoing"}, base={"due": DUE})
    desk.now += timedelta(days=3)
    await scorer.tick()
    assert [await risk(one) is None for one in (closed, late, undated, kept)] == [True, True, True, False]
    drops = await rows("SELECT subject FROM change WHERE kind = 'risk' AND op = 'drop'")
    assert {one["subject"] for one in drops} == {closed, late, undated}


async def test_what_a_model_can_say_nothing_of_is_not_asked_again_before_it_changes(
    engine: Engine, cast: Cast, desk: Desk, scorer: Scorer, oracle: Oracle
) -> None:
    task = await desk.task(cast.head, cast.officer, due=DUE)
    oracle.said[task] = -1
    assert [await scorer.tick() for _ in range(3)] == [0, 0, 0] and len(oracle.asked) == 1
    desk.now += timedelta(minutes=1)
    await desk.do(cast.officer, "task.progress", task=task, percent=10, note="Bắt đầu")
    oracle.said[task] = 0.5
    assert await scorer.tick() == 1


async def test_a_file_that_is_no_model_leaves_the_old_scores_and_says_so_once(
    engine: Engine,
    cast: Cast,
    desk: Desk,
    oracle: Oracle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    task = await desk.task(cast.head, cast.officer, due=DUE)
    scorer = Scorer(tmp_path, lambda: desk.now)
    await scorer.tick()
    broken = tmp_path / "overdue-risk.onnx"
    broken.write_bytes(b"not a model at all")
    broken.with_suffix(".json").write_text("{}")
    monkeypatch.setattr(store, "SHIPPED", broken)
    monkeypatch.setattr(store, "_kept", {})
    monkeypatch.setattr(jobs, "in_force", store.in_force)
    desk.now += timedelta(days=1)
    with caplog.at_level(logging.ERROR, "soviec.insight"):
        assert [await scorer.tick() for _ in range(3)] == [0, 0, 0]
    assert len(caplog.records) == 1
    assert (await risk(task) or {})["probability"] == 100_000


async def test_two_workers_score_the_same_and_tell_once(
    engine: Engine, cast: Cast, desk: Desk, scorer: Scorer, oracle: Oracle, tmp_path: Path
) -> None:
    await desk.task(cast.head, cast.officer, due=DUE)
    await scorer.tick()
    task = await desk.task(cast.head, cast.officer, due=DUE)
    oracle.said[task] = 0.9
    other = Scorer(tmp_path, lambda: desk.now)
    await asyncio.gather(scorer.tick(), other.tick())
    keep = KeepRisks("thử-1", False, [])
    assert await carry_out(keep, actor=None, now=desk.now, source="job") == {"kept": 0, "told": 0}
    assert len(await rows("SELECT id FROM risk")) == 2 and sorted(await told_of_risk(task)) == sorted([cast.officer, cast.head])


async def test_nobody_types_a_risk_in(engine: Engine, cast: Cast, desk: Desk) -> None:
    with pytest.raises(Refusal) as caught:
        await carry_out(KeepRisks("x", True, []), actor=cast.director, now=desk.now, source="page")
    assert caught.value.key == "insight.only_jobs"

"""The schedule: once a day however many workers ask, caught up after a standstill, cheap when all is said."""

import asyncio
from typing import Any

import pytest

from server.calendar.commands import SetDay
from server.notify import schedule
from server.notify.commands import warn as warn_commands
from server.settings import BadSetting, Settings, read
from server.storage.door import carry_out
from server.storage.engine import Engine, counted, rows
from tests.notify.mornings import alerts, at, desk_at, morning
from tests.office import CAST

pytestmark = pytest.mark.anyio


async def spoken() -> list[tuple[str, str, str | None]]:
    found = await rows("SELECT kind, person, subject FROM outbox WHERE kind IN ('task.due_soon', 'task.overdue') OR kind LIKE 'digest.%'")
    return sorted((one["kind"], one["person"], one["subject"] or "") for one in found)


async def test_two_workers_who_ask_at_once_say_everything_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    async def in_turn(*given: Any, **more: Any) -> dict[str, Any]:
        await asyncio.sleep(0)  # on SQLite, too, the other worker comes in between
        return await carry_out(*given, **more)

    monkeypatch.setattr(schedule, "carry_out", in_turn)
    desk = desk_at("2026-12-01")
    for place in range(12):
        await desk.task(due="2026-12-08" if place % 2 else "2026-12-04", lead=(CAST.officer, CAST.colleague)[place % 2])
    now, settings = at("2026-12-07"), Settings()
    schedule._Kept.mark = ""
    first, second = await asyncio.gather(schedule.tick(now, settings), schedule.tick(now, settings))
    said = await spoken()
    assert len(said) == len(set(said)) and len([one for one in said if one[0] == "task.overdue"]) == 12
    tasks = {subject for kind, _, subject in said if kind.startswith("task.")}
    assert first + second == len(tasks) + len([one for one in said if one[0].startswith("digest.")])
    await rows("DELETE FROM said WHERE key LIKE 'day:%'")
    assert await morning("2026-12-07", 9) == 0 and await spoken() == said, "begun anew, there is nothing left to say"


async def test_it_waits_for_the_hour_and_for_a_working_day_and_then_costs_one_question(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    task = await desk.task(due="2026-12-07")
    for day, hour, minute in (("2026-12-03", 23, 59), ("2026-12-04", 7, 29), ("2026-12-05", 9, 0), ("2026-11-24", 9, 0)):
        await morning(day, hour, minute)
    # Thursday's question, late in the evening, was too early for Monday's date.
    assert await alerts(task) == []
    assert await morning("2026-12-04", 7, 30) > 0
    with counted() as asked:
        assert await schedule.tick(at("2026-12-04", 7, 31), Settings()) == 0
    assert len(asked) == 1


async def test_after_a_standstill_it_says_what_is_still_of_use(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    still, passed = await desk.task(due="2026-12-09"), await desk.task(due="2026-12-08")
    await morning("2026-12-09", 14)  # down on the 7th and the 8th
    assert await alerts(still) == [("due_soon", "officer")]
    assert await alerts(passed) == [("overdue", "head"), ("overdue", "officer")]


async def test_a_worker_that_dies_in_the_middle_leaves_the_rest_to_the_next(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warn_commands, "AT_ONCE", 2)
    desk = desk_at("2026-12-01")
    tasks = [await desk.task(due="2026-12-08") for _ in range(5)]
    carried, real = 0, carry_out

    async def dies(*given: Any, **more: Any) -> dict[str, Any]:
        nonlocal carried
        carried += 1
        if carried == 2:
            raise asyncio.CancelledError
        return await real(*given, **more)

    monkeypatch.setattr(schedule, "carry_out", dies)
    with pytest.raises(asyncio.CancelledError):
        await morning("2026-12-07")
    assert sum([len(await alerts(task)) for task in tasks]) == 2
    await morning("2026-12-07")
    assert [len(await alerts(task)) for task in tasks] == [1] * 5


async def test_one_that_can_t_be_said_keeps_nobody_else_from_hearing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warn_commands, "AT_ONCE", 1)
    desk = desk_at("2026-12-01")
    bad, good = await desk.task(due="2026-12-08"), await desk.task(due="2026-12-08")

    async def refuses(asked: Any, **more: Any) -> dict[str, Any]:
        if getattr(asked, "tasks", None) == [bad]:
            raise ValueError("broken")
        return await carry_out(asked, **more)

    monkeypatch.setattr(schedule, "carry_out", refuses)
    await morning("2026-12-07")
    assert await alerts(good) == [("due_soon", "officer")] and "schedule: Warn" in caplog.text
    monkeypatch.setattr(schedule, "carry_out", carry_out)
    await schedule.tick(at("2026-12-07", 7, 31), Settings())
    assert await alerts(bad) == [("due_soon", "officer")], "the day is not done before everything is said"


async def test_a_day_that_is_declared_off_moves_the_warning_before_it_on_the_same_morning(engine: Engine) -> None:
    desk = desk_at("2026-12-01")
    task = await desk.task(due="2026-12-09")
    settings = Settings()
    schedule._Kept.mark = ""
    await schedule.tick(at("2026-12-07"), settings)
    assert await alerts(task) == []
    off = SetDay(day=at("2026-12-08").date(), working=False, notice="TB 15")
    await carry_out(off, actor=CAST.admin, now=at("2026-12-07", 9), source="page")
    await schedule.tick(at("2026-12-07", 9, 1), settings)
    assert await alerts(task) == [("due_soon", "officer")]


@pytest.mark.parametrize("given", [{"SOVIEC_WARN_DAYS": "1;3"}, {"SOVIEC_WARN_DAYS": "-1"}, {"SOVIEC_DIGEST_AT": "7 giờ"}], ids=str)
def test_a_setting_that_says_nothing_is_said_at_the_start(given: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        read(given)
    assert read({"SOVIEC_WARN_DAYS": "7, 3,1", "SOVIEC_DIGEST_AT": "06:45"}).warn_offsets == [1, 3, 7]
    assert read({"SOVIEC_WARN_DAYS": "none"}).warn_offsets == []

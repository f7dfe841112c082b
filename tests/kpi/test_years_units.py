"""Units of a year: figures out of the tasks, the rooms before the centre, and December's closing."""

from datetime import UTC, date, datetime

import orjson
import pytest

from server.errors import Refusal
from server.kpi.commands.periods import ClosePeriod, OpenPeriod
from server.kpi.commands.units import RaiseCap, RateUnit
from server.kpi.queries.units import unit_list, unit_year
from server.storage.engine import insert, row, rows
from server.tasks.tables import Task
from tests.kpi.years import DECEMBER, TOTALS, YEAR, closed_months, do, stored
from tests.office import CAST, fixed_id

pytestmark = pytest.mark.anyio


def task(name: str, due: str | None, status: str = "completed", handed_in: str | None = None, unit: str = CAST.cntt, **more) -> dict:
    when = datetime.fromisoformat(handed_in).replace(hour=10, tzinfo=UTC) if handed_in else None
    return {
        "id": fixed_id(name),
        "title": name,
        "unit": unit,
        "creator": CAST.head,
        "due": date.fromisoformat(due) if due else None,
        "status": status,
        "submitted_at": when,
        "completed_at": when if status == "completed" else None,
        "created_at": DECEMBER,
        "changed_at": DECEMBER,
        **more,
    }


WORK = [
    task("in time", "2026-03-10", handed_in="2026-03-10"),
    task("late", "2026-03-10", handed_in="2026-03-12"),
    task("due last December", "2025-12-16", handed_in="2025-12-20"),
    task("overdue", "2026-05-05", "in_progress"),
    task("not due yet", "2026-12-15", "in_progress"),
    task("no due date", None, handed_in="2026-08-01"),
    task("of the next year", "2026-12-16", "in_progress"),
    task("of the year before", "2025-12-15", handed_in="2025-12-15"),
    task("no due date, last year", None, handed_in="2025-08-01"),
    task("cancelled", "2026-03-10", "cancelled"),
    task("divided", "2026-03-10", "in_progress", children=2),
    task("in the bin", "2026-03-10", "in_progress", deleted_at=DECEMBER),
    task("another room's", "2026-03-10", handed_in="2026-03-01", unit=CAST.hcth),
]


def rating(unit: str, name: str, **more) -> RateUnit:
    given = {"general": 28, "tasks": 66, "reason": "Theo biên bản họp", "beyond": 40, **more}
    return RateUnit(id=fixed_id(name), year=YEAR, unit=unit, **given)


async def test_figures_come_from_the_tasks_of_the_year(engine):
    await insert(Task, *({**one, "ordinal": 2026_000_001 + n} for n, one in enumerate(WORK)))
    found = (await unit_year(CAST.director, CAST.cntt, YEAR, DECEMBER)).figures
    assert (found.total, found.done, found.in_time, found.not_due) == (6, 4, 2, 1)
    assert (found.done_share, found.in_time_share) == (666, 333), "rounded down"
    centre = (await unit_year(CAST.director, CAST.centre, YEAR, DECEMBER)).figures
    assert (centre.total, centre.done) == (7, 5)


async def test_a_rating_keeps_the_figures_and_says_which_condition_kept_it(engine):
    await insert(Task, *({**one, "ordinal": 2026_000_001 + n} for n, one in enumerate(WORK)))
    done = await do(rating(CAST.cntt, "a"), CAST.director)
    assert (done["band"], done["computed"], done["kept_by"]) == ("failed", "failed", ["done"]), "under 70 % done (Đ8.4b)"
    again = await do(rating(CAST.cntt, "b", done=100, in_time=96.5), CAST.director)
    assert (again["id"], again["computed"]) == (done["id"], "fair") and "in_time" in again["kept_by"]
    kept = await row("SELECT * FROM kpi_unit_year WHERE unit = $1", CAST.cntt)
    assert kept is not None
    conditions = orjson.loads(kept["conditions"])
    assert (conditions["in_time"], conditions["tasks_total"], kept["general"], kept["tasks"]) == (965, 6, 28_000, 66_000)


async def test_the_rooms_come_before_the_centre_and_a_failed_one_keeps_it_from_excellent(engine):
    whole = {"done": 100, "in_time": 100}
    outside = {**whole, "document": "9/TB-VP"}
    with pytest.raises(Refusal) as caught:
        await do(rating(CAST.centre, "c", **outside), CAST.delegate)
    assert caught.value.key == "kpi.unit.below_first" and "Phòng Ứng dụng CNTT" in caught.value.message
    await do(rating(CAST.cntt, "a", **whole), CAST.director)
    await do(rating(CAST.hcth, "b", **{**whole, "misconduct": True}), CAST.director)
    with pytest.raises(Refusal) as caught:
        await do(rating(CAST.centre, "c", **whole), CAST.delegate)
    assert caught.value.key == "kpi.unit.document_wanted"
    done = await do(rating(CAST.centre, "c", **outside), CAST.delegate)
    assert (done["computed"], done["kept_by"]) == ("good", ["below_failed"])


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"general": 30.5}, "kpi.unit.points_bad"),
        ({"tasks": 66.125}, "kpi.unit.points_bad"),
        ({"done": 100.1}, "kpi.unit.share_bad"),
        ({"done": float("nan")}, "kpi.unit.share_bad"),
        ({"done": None}, "kpi.unit.no_tasks"),
        ({"reason": " "}, "kpi.unit.reason_wanted"),
    ],
)
async def test_what_can_not_be_so_is_refused(engine, more, key):
    with pytest.raises(Refusal) as caught:
        await do(rating(CAST.cntt, "a", **{"done": 100, "in_time": 100, **more}), CAST.director)
    assert caught.value.key == key and await rows("SELECT id FROM kpi_unit_year") == []


async def test_nobody_rates_a_unit_but_whom_the_decree_names(engine):
    for actor, unit in ((CAST.head, CAST.cntt), (CAST.delegate, CAST.cntt), (CAST.deputy, CAST.hcth), (CAST.officer, CAST.centre)):
        for asked in (
            rating(unit, "a", done=100, in_time=100, document="1/TB"),
            RaiseCap(id=fixed_id("r"), year=YEAR, unit=unit, document="1/QĐ"),
        ):
            with pytest.raises(Refusal) as caught:
                await do(asked, actor)
            assert caught.value.key == "kpi.unit.not_yours"


async def test_ratings_are_for_everybody_and_points_are_not(engine):
    await do(rating(CAST.cntt, "a", done=100, in_time=100), CAST.director)
    for actor, sees in ((CAST.director, True), (CAST.head, True), (CAST.officer, False), (CAST.delegate, False), (CAST.deputy, False)):
        found = next(one for one in (await unit_list(actor, YEAR, DECEMBER)).units if one.unit == CAST.cntt)
        assert found.band == "excellent" and (found.entered is not None) is sees and bool(found.reason) is sees


async def test_closing_december_rolls_the_year_up(engine):
    await closed_months()
    december = fixed_id("december")
    await do(OpenPeriod(id=december, year=YEAR, number=12), CAST.director)
    assert await rows("SELECT id FROM kpi_year") == []
    await do(ClosePeriod(period=december, without_data=list(TOTALS), early=True), CAST.director)
    found = await stored(CAST.officer)
    months = orjson.loads(found["months"])
    assert (months[10]["total"], months[11]["state"]) == (90_500, "no_data")
    assert (found["state"], found["why"]) == ("draft", "missing")

"""The kind ``score`` of a replica: what comes, to whom, and what goes when a newer version takes its place."""

from typing import Any

import pytest

from server.kpi.commands.periods import ReopenPeriod
from server.kpi.commands.persons import SetDuty
from server.kpi.commands.years import CorrectYear, DecideYear, PublishYears
from server.kpi.rules.ruleset import Band
from sync.pull import pull
from tests.kpi.years import DECEMBER, YEAR, closed_months, day, do, period_id, sheet_id, stored
from tests.office import CAST, fixed_id

pytestmark = pytest.mark.anyio


async def pulled(person: str, cursor: str | None = None):
    """The changes of the kind and the cursor after them."""
    changes, reset = [], False
    while True:
        page = await pull(person, DECEMBER, cursor, 20)
        changes += page.changes
        reset = reset or page.reset
        cursor = page.cursor
        if not page.more:
            return [one for one in changes if one.kind == "score"], cursor, reset


async def publish(band: Band = "excellent") -> None:
    await do(DecideYear(year=YEAR, person=CAST.officer, band=band, without=[12], without_self=True), CAST.director)
    await do(PublishYears(year=YEAR), CAST.director)


async def test_a_first_copy_has_the_own_sheets_and_those_one_may_see(engine):
    await closed_months()
    for person, seen in ((CAST.officer, 1), (CAST.head, 4), (CAST.director, 8), (CAST.admin, 0), (CAST.deputy_head, 1)):
        found, _, _ = await pulled(person)
        assert len(found) == 11 * seen, person
    own = {one.id: one.data for one in (await pulled(CAST.officer))[0]}
    assert own[sheet_id(CAST.officer, 3)] == {
        "person": CAST.officer, "period": "2026-03", "total": 90.5, "rating": "excellent", "state": "closed",
    }  # fmt: skip


async def test_a_published_rating_comes_to_everybody_without_its_points(engine):
    await closed_months()
    cursors = {person: (await pulled(person))[1] for person in (CAST.stranger, CAST.officer, CAST.director, CAST.admin)}
    await publish()
    for person, cursor in cursors.items():
        found, _, reset = await pulled(person, cursor)
        assert not reset and len(found) == 1
        detail = person in (CAST.officer, CAST.director)
        assert found[0].data["total"] == (90.5 if detail else None)
        assert (found[0].data["rating"], found[0].data["period"]) == ("excellent", "2026")


async def test_a_correction_drops_the_rating_it_replaces(engine):
    await closed_months()
    await publish()
    old = (await stored(CAST.officer))["id"]
    _, cursor, _ = await pulled(CAST.stranger)
    given: dict[str, Any] = {"year": YEAR, "person": CAST.officer, "band": "fair", "reason": "x", "document": "7/QĐ", "without": [12]}
    await do(CorrectYear(id=fixed_id("new"), **given), CAST.director)
    found, cursor, _ = await pulled(CAST.stranger, cursor)
    assert found == [], "nothing changes until the new decision is published"
    await do(PublishYears(year=YEAR), CAST.director)
    found, _, _ = await pulled(CAST.stranger, cursor)
    assert [(one.op, one.id) for one in found] == [("drop", old), ("put", fixed_id("new"))]


async def test_a_period_opened_again_drops_what_it_had_closed(engine):
    await closed_months()
    _, mine, _ = await pulled(CAST.officer)
    _, others, _ = await pulled(CAST.stranger)
    await do(ReopenPeriod(id=fixed_id("again"), period=period_id(11), reason="Sai số liệu", people=[CAST.officer]), CAST.director)
    found, _, _ = await pulled(CAST.officer, mine)
    assert [(one.op, one.id) for one in found] == [("drop", sheet_id(CAST.officer, 11))]
    found, _, _ = await pulled(CAST.stranger, others)
    assert [one.op for one in found] == ["drop", "put"] and found[0].id == sheet_id(CAST.stranger, 11)
    assert found[1].data["total"] == 81.5, "taken over as it was"


async def test_a_rater_who_is_named_starts_anew_with_what_he_may_see_now(engine):
    await closed_months()
    found, cursor, _ = await pulled(CAST.deputy_head)
    named = SetDuty(id=fixed_id("duty"), person=CAST.officer, duty="officer", rater=CAST.deputy_head, since=day("2026-12-01"))
    await do(named, CAST.director)
    found, _, reset = await pulled(CAST.deputy_head, cursor)
    assert reset and {one.data["person"] for one in found} == {CAST.deputy_head, CAST.officer}

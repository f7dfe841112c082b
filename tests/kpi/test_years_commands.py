"""A year from its months to a published rating and its correction, on both engines."""

from fractions import Fraction
from typing import Any

import orjson
import pytest

from server.errors import Refusal
from server.kpi.commands.units import RaiseCap, RateUnit
from server.kpi.commands.years import ComputeYear, CorrectYear, DecideYear, PublishYears, SelfRateYear
from server.kpi.queries.years import person_year, published, versions, year_list
from server.kpi.tables import KpiAway, KpiDecision
from server.storage.engine import insert, rows
from tests.kpi.years import DECEMBER, TOTALS, YEAR, closed_months, day, do, stored
from tests.office import CAST, fixed_id

pytestmark = pytest.mark.anyio
DIRECTOR = CAST.director


def deciding(person: str, band: str | None = "good", **more) -> DecideYear:
    return DecideYear(**{"year": YEAR, "person": person, "band": band, "without": [12], "without_self": True, **more})


def rating(unit: str, name: str, **more) -> RateUnit:
    given = {"general": 28, "tasks": 66, "done": 100, "in_time": 100, "beyond": 40, "reason": "Theo biên bản họp"}
    return RateUnit(id=fixed_id(name), year=YEAR, unit=unit, **{**given, **more})


async def refused(asked, actor: str, key: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await do(asked, actor)
    assert caught.value.key == key
    return caught.value


async def test_computing_rolls_up_and_again_changes_nothing(engine):
    await closed_months(without=((CAST.officer, 1), (CAST.officer, 2)))
    first = await do(ComputeYear(year=YEAR), DIRECTOR)
    assert (first["made"], first["changed"]) == (8, 0)
    assert {"person": CAST.officer, "months": [12]} in first["missing"]
    again = await do(ComputeYear(year=YEAR), DIRECTOR)
    assert (again["made"], again["changed"]) == (0, 0)
    found = await stored(CAST.officer)
    worked = [one["total"] for one in orjson.loads(found["months"]) if one["total"] is not None]
    assert found["mean"] == sum(worked) / len(worked) == 90_500 and len(worked) == 9
    assert [one["away"] for one in orjson.loads(found["months"])][:3] == ["not_in_service", "not_in_service", ""]
    assert len(await rows("SELECT * FROM audit_entry WHERE kind = 'kpi_year'")) == 1


async def test_only_whoever_keeps_the_centre_computes(engine):
    for actor in (CAST.officer, CAST.head, CAST.admin):
        await refused(ComputeYear(year=YEAR), actor, "kpi.year.compute_not_yours")
    await refused(ComputeYear(year=2025), DIRECTOR, "kpi.year.bad_year")
    assert (await do(ComputeYear(year=YEAR), CAST.delegate))["made"] == 8


async def test_a_person_rates_himself_until_it_is_decided(engine):
    await closed_months()
    assert (await do(SelfRateYear(year=YEAR, band="excellent", note="Hoàn thành vượt mức"), CAST.officer))["state"] == "self_rated"
    await do(SelfRateYear(year=YEAR, band="good"), CAST.officer)
    assert (await stored(CAST.officer))["self_band"] == "good"
    await do(deciding(CAST.officer, "excellent", without_self=False), DIRECTOR)
    await refused(SelfRateYear(year=YEAR, band="good"), CAST.officer, "kpi.year.decided_before")
    await refused(SelfRateYear(year=YEAR, band="good"), CAST.admin, "kpi.year.nobody")


async def test_deciding_names_what_is_missing_and_why_it_differs(engine):
    await closed_months()
    await refused(deciding(CAST.officer, "excellent", without_self=False), DIRECTOR, "kpi.year.not_self_rated")
    await refused(deciding(CAST.officer, "excellent", without=[]), DIRECTOR, "kpi.year.months_missing")
    await refused(deciding(CAST.officer, "excellent", without=[11, 12]), DIRECTOR, "kpi.year.months_missing")
    await refused(deciding(CAST.officer, "good"), DIRECTOR, "kpi.year.reason_wanted")
    await refused(deciding(CAST.officer, None), DIRECTOR, "kpi.year.band_wanted")
    await do(deciding(CAST.officer, "good", reason="Tập thể thống nhất"), DIRECTOR)
    found = await stored(CAST.officer)
    assert (found["state"], found["band"], found["decided_band"], found["mean"]) == ("decided", "excellent", "good", 90_500)


async def test_nobody_decides_but_the_director_and_he_not_his_own(engine):
    await closed_months()
    await refused(deciding(CAST.officer, "excellent"), CAST.head, "kpi.year.decide_not_yours")
    await refused(deciding(CAST.officer, "excellent"), CAST.officer, "kpi.year.decide_own")
    for actor in (CAST.delegate, CAST.deputy, CAST.colleague, CAST.admin):
        await refused(deciding(CAST.officer, "excellent"), actor, "kpi.year.unknown")
    await refused(deciding(DIRECTOR, "excellent"), DIRECTOR, "kpi.year.decide_own")


async def test_the_directors_own_comes_from_outside_with_a_document(engine):
    await closed_months()
    for unit, name in ((CAST.hcth, "a"), (CAST.cntt, "b")):
        await do(rating(unit, name), DIRECTOR)
    await do(rating(CAST.centre, "c", document="Thông báo 9/TB-VP"), CAST.delegate)
    await refused(deciding(DIRECTOR, "excellent"), CAST.delegate, "kpi.year.document_wanted")
    await do(deciding(DIRECTOR, "excellent", document="45/QĐ-VP ngày 10/12/2026"), CAST.delegate)
    entry = (await rows("SELECT * FROM audit_entry WHERE kind = 'kpi_year' AND action = 'decide'"))[-1]
    assert (entry["actor"], entry["on_behalf"]) == (CAST.delegate, DIRECTOR)


async def test_under_six_months_nobody_is_rated_but_maternity_leave_shortens_nothing(engine):
    gone = tuple((CAST.stranger, number) for number in range(1, 8))
    await closed_months(without=gone)
    away = {"since": day("2026-05-01"), "until": day("2026-12-31"), "kind": "sick", "entered_by": DIRECTOR, "at": DECEMBER}
    await insert(KpiAway, {"id": fixed_id("away"), "person": CAST.colleague, **away})
    await refused(deciding(CAST.stranger, "good"), DIRECTOR, "kpi.year.short")
    await do(deciding(CAST.stranger, None), DIRECTOR)
    found = await person_year(DIRECTOR, YEAR, CAST.colleague, DECEMBER)
    assert (found.mean, found.computed, found.missing) == (62_000, "fair", ()), "December is leave: nothing is wanted any more"


async def test_a_decision_of_article_20_4_forces_the_lowest(engine):
    await closed_months()
    forced = {"year": YEAR, "case_of": "discipline", "document": "12/QĐ-TTPVHCC", "entered_by": DIRECTOR, "at": DECEMBER}
    await insert(KpiDecision, {"id": fixed_id("d"), "person": CAST.officer, **forced})
    wrong = await refused(deciding(CAST.officer, "good", reason="x"), DIRECTOR, "kpi.year.forced")
    assert "12/QĐ-TTPVHCC" in wrong.message
    await do(deciding(CAST.officer, "failed", without=[]), DIRECTOR)
    assert (await stored(CAST.officer))["why"] == "forced"


async def test_a_head_waits_for_his_unit_and_is_never_above_it(engine):
    await closed_months()
    await refused(deciding(CAST.head, "excellent"), DIRECTOR, "kpi.year.unit_first")
    await do(rating(CAST.cntt, "b", tasks=45), DIRECTOR)
    assert (await person_year(DIRECTOR, YEAR, CAST.head, DECEMBER)).computed == "good"
    await refused(deciding(CAST.head, "excellent", reason="x"), DIRECTOR, "kpi.year.above_unit")
    await do(deciding(CAST.head, "good"), DIRECTOR)
    assert (await stored(CAST.head))["why"] == "unit"


async def test_publishing_and_correcting_by_a_new_version(engine):
    await closed_months()
    await do(deciding(CAST.officer, "excellent"), DIRECTOR)
    assert await published(CAST.stranger, YEAR) == ()
    done = await do(PublishYears(year=YEAR), DIRECTOR)
    assert done["published"] == 1 and CAST.officer not in done["not_decided"] and CAST.stranger in done["not_decided"]
    await refused(deciding(CAST.officer, "good", reason="x"), DIRECTOR, "kpi.year.published_before")
    correction: dict[str, Any] = {"id": fixed_id("new"), "year": YEAR, "person": CAST.officer, "band": "fair", "without": [12]}
    await refused(CorrectYear(**correction, reason="", document="7/QĐ"), DIRECTOR, "kpi.year.correct_reason")
    await refused(CorrectYear(**correction, reason="Thiếu trung thực", document=""), DIRECTOR, "kpi.year.document_wanted")
    made = await do(CorrectYear(**correction, reason="Thiếu trung thực", document="7/QĐ-TTPVHCC"), DIRECTOR)
    assert made["version"] == 2
    assert [one.band for one in await published(CAST.stranger, YEAR)] == ["excellent"], "the old one stands until the new one is published"
    await do(PublishYears(year=YEAR, people=[CAST.officer]), DIRECTOR)
    assert [one.band for one in await published(CAST.stranger, YEAR)] == ["fair"]
    kept = await versions(CAST.officer, YEAR, CAST.officer, DECEMBER)
    assert [(one["version"], one["decided_band"], bool(one["current"])) for one in kept] == [(2, "fair", True), (1, "excellent", False)]
    assert kept[0]["replaces"] == kept[1]["id"] and kept[0]["version_reason"] == "Thiếu trung thực"


async def test_what_was_decided_does_not_move_with_the_record(engine):
    await closed_months(last=10)
    await do(deciding(CAST.officer, "excellent", without=[11, 12]), DIRECTOR)
    await closed_months(first=11, last=11, totals={CAST.officer: 40_000})
    assert (await do(ComputeYear(year=YEAR), DIRECTOR))["made"] == 7
    found = await person_year(CAST.officer, YEAR, CAST.officer, DECEMBER)
    assert (found.mean, found.band, found.moved) == (90_500, "excellent", True)
    assert found.months[10].total is None


async def test_the_caps_count_within_centre_units_and_groups_by_both_readings(engine):
    await closed_months()
    found = await year_list(DIRECTOR, YEAR, DECEMBER)
    centre = next(one for one in found.quotas if one.within == "centre")
    bands = {person: total // 1000 for person, total in TOTALS.items()}
    excellent = sum(points >= 90 for points in bands.values())
    good = sum(70 <= points < 90 for points in bands.values())
    assert [(one.usual.excellent, one.usual.base, one.usual.allowed) for one in centre.readings] == [
        (excellent, good, int(Fraction(good, 5))),
        (excellent, good + excellent, int(Fraction(good + excellent, 5))),
    ]
    assert centre.holds.over == excellent and {one.name for one in found.quotas if one.within == "group"} >= {"officer", "head"}
    assert await stored_bands() == [], "counting changes nobody's rating"
    await do(RaiseCap(id=fixed_id("cap"), year=YEAR, unit=CAST.centre, document="50/QĐ-VP"), CAST.delegate)
    raised = next(one for one in (await year_list(DIRECTOR, YEAR, DECEMBER)).quotas if one.within == "centre")
    assert raised.document == "50/QĐ-VP" and raised.holds.allowed == int(Fraction(good, 4))


async def stored_bands() -> list:
    return await rows("SELECT * FROM kpi_year WHERE decided_band IS NOT NULL")


async def test_a_head_counts_only_groups_of_which_he_sees_everybody(engine):
    await closed_months()
    found = await year_list(CAST.head, YEAR, DECEMBER)
    assert {one.person for one in found.rows} == {CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague}
    assert [(one.within, one.name) for one in found.quotas] == [("unit", CAST.cntt), ("group", "deputy_head")]

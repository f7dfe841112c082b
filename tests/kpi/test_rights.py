"""Who sees a detailed sheet: the person, who rates him, who confirms. Every pair is tried: in Python, in SQL, at the queries."""

from datetime import date

import pytest

from server.errors import Refusal
from server.kpi.queries.room import room, units_of
from server.kpi.queries.sheets import my_periods, rater_of, sheet, versions
from server.kpi.rights import may_see_sheet, raters, sheet_scope
from server.storage.engine import Engine, rows
from tests.kpi.desk import FULL, ScoreDesk
from tests.office import CAST, TODAY, Cast, fixed_id

pytestmark = pytest.mark.anyio
ROOM_CNTT = {CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague}
EVERYBODY = {*ROOM_CNTT, CAST.director, CAST.deputy, CAST.delegate, CAST.stranger}
#: Whose sheets each of them may open, written down by hand from Đ10 and docs/kpi.md.
SEES = {
    CAST.director: EVERYBODY,
    # The director's own is entered for the centre by his deputy or by whoever holds the centre by delegation.
    CAST.deputy: {CAST.deputy, CAST.director},
    CAST.delegate: {CAST.delegate, CAST.stranger, CAST.director},
    CAST.stranger: {CAST.stranger},
    CAST.head: ROOM_CNTT,
    CAST.deputy_head: {CAST.deputy_head},
    CAST.officer: {CAST.officer},
    CAST.colleague: {CAST.colleague},
    CAST.admin: set(),
}
RATES = {
    CAST.director: {CAST.deputy, CAST.delegate, CAST.head},
    CAST.deputy: {CAST.director},
    CAST.delegate: {CAST.director, CAST.stranger},
    CAST.head: {CAST.deputy_head, CAST.officer, CAST.colleague},
}


async def test_the_rules_say_it_for_every_pair(engine: Engine, cast: Cast) -> None:
    chain = await raters(TODAY)
    for actor, seen in SEES.items():
        for person in SEES:
            assert chain.may_see(actor, person) == (person in seen), (actor, person)
            assert chain.may_confirm(actor, person) == (person in RATES.get(actor, set())), (actor, person)
            assert await may_see_sheet(actor, person, TODAY) == (person in seen)
    assert [await rater_of(one, TODAY) for one in (cast.director, cast.deputy, cast.head, cast.deputy_head, cast.stranger)] == [
        None, cast.director, cast.director, cast.head, cast.delegate,
    ]  # fmt: skip


async def test_sql_agrees_with_the_rules(engine: Engine, cast: Cast) -> None:
    chain = await raters(TODAY)
    for actor, seen in SEES.items():
        condition, values = sheet_scope(chain, actor, "p.id", 2)
        found = await rows(f"SELECT p.id FROM person p WHERE p.active = $1 AND {condition}", True, *values)
        assert {one["id"] for one in found} == seen, actor


async def test_every_query_refuses_as_if_there_were_nothing(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    period = await desk.month()
    for actor in SEES:
        for person in EVERYBODY:
            for ask in (sheet, versions):
                if person in SEES[actor]:
                    assert await ask(actor, person, period, desk.now)
                else:
                    with pytest.raises(Refusal) as caught:
                        await ask(actor, person, period, desk.now)
                    assert (caught.value.code, caught.value.key) == ("not_found", "kpi.sheet.unknown")
            if person not in SEES[actor]:
                with pytest.raises(Refusal) as caught:
                    await my_periods(actor, person, desk.now)
                assert caught.value.code == "not_found"
        if SEES[actor]:
            assert {one.person for one in (await room(actor, period, desk.now)).rows} == SEES[actor] & EVERYBODY
        else:
            with pytest.raises(Refusal):
                await room(actor, period, desk.now)
    assert await units_of(cast.head, desk.now) == [cast.cntt] and await units_of(cast.officer, desk.now) == []


async def test_another_rater_may_be_named_and_then_the_head_sees_no_more(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    period = await desk.month()
    await desk.refuses("not_allowed", "kpi.period.only_keeper", cast.head, "kpi.duty.set",
                       person=cast.officer, duty="officer", rater=cast.deputy_head, since="2026-11-01")  # fmt: skip
    for rater in (cast.officer, cast.admin, fixed_id("nobody")):
        await desk.refuses("invalid", "kpi.mark.rater_bad", cast.director, "kpi.duty.set",
                           person=cast.officer, duty="officer", rater=rater, since="2026-11-01")  # fmt: skip
    await desk.refuses("invalid", "kpi.mark.rater_circle", cast.deputy, "kpi.duty.set",
                       person=cast.head, duty="leader", rater=cast.officer, since="2026-11-01")  # fmt: skip
    await desk.do(cast.director, "kpi.duty.set", person=cast.officer, duty="officer", rater=cast.deputy_head, since="2026-11-01")
    await desk.do(cast.officer, "kpi.sheet.self", period=period, points=FULL)
    # He rates the one who rates: he may see how that was done, but it is no longer his to confirm.
    await desk.refuses("not_allowed", "kpi.sheet.only_rater", cast.head, "kpi.sheet.confirm", period=period, person=cast.officer)
    await desk.do(cast.deputy_head, "kpi.sheet.confirm", period=period, person=cast.officer)
    await desk.do(cast.director, "kpi.duty.set", person=cast.officer, duty="officer", since="2026-11-02")
    chain = await raters(date(2026, 11, 2))
    assert chain.rater(cast.officer) == cast.head and not chain.may_see(cast.deputy_head, cast.officer)
    assert (await raters(date(2026, 11, 1))).rater(cast.officer) == cast.deputy_head
    await desk.refuses("not_allowed", "kpi.mark.own", cast.deputy, "kpi.duty.set", person=cast.deputy, duty="officer", since="2026-11-02")


async def test_a_deputy_leads_the_rooms_and_fields_that_he_follows(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    chain = await raters(TODAY)
    assert set(chain.led(cast.deputy)) == ROOM_CNTT
    assert set(chain.led(cast.director)) == EVERYBODY - {cast.director}
    assert set(chain.led(cast.deputy_head)) == {cast.officer, cast.colleague} and chain.led(cast.officer) == ()
    field = "INSERT INTO field (id, name, field_group, source, sort, active) VALUES ($1, 'Đất đai', 'kinh_te', '', 1, TRUE)"
    await rows(field, fixed_id("f"))
    follows = "INSERT INTO oversight (id, person, field_group, since) VALUES ($1, $2, 'kinh_te', $3)"
    await rows(follows, fixed_id("o"), cast.deputy, date(2026, 10, 1))
    await rows("UPDATE counter SET value = value + 1 WHERE name = 'directory'")
    period = await desk.month()
    await desk.task(cast.delegate, cast.stranger, due="2026-11-20", field=fixed_id("f"))
    await desk.task(cast.delegate, cast.stranger, due="2026-11-20")
    await desk.task(cast.head, cast.officer, due="2026-11-20", field=fixed_id("f"))
    found = await sheet(cast.deputy, cast.deputy, period, desk.now)
    assert (len(found.lines), found.led_count) == (2, 5)


async def test_whoever_left_keeps_his_sheet_for_his_rater(engine: Engine, cast: Cast, desk: ScoreDesk) -> None:
    period = await desk.month()
    await desk.do(cast.officer, "kpi.sheet.self", period=period, points=FULL)
    await rows("UPDATE person SET active = FALSE WHERE id = $1", cast.officer)
    await rows("UPDATE counter SET value = value + 1 WHERE name = 'directory'")
    await desk.do(cast.head, "kpi.sheet.confirm", period=period, person=cast.officer)
    assert cast.officer in {one.person for one in (await room(cast.head, period, desk.now)).rows}

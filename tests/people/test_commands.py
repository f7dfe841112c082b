"""Keeping people, units, oversight and delegations, on both engines."""

from datetime import timedelta

import pytest

from server.audit.queries import broken_at, of_subject
from server.errors import Refusal
from server.people.commands import (
    AddPerson,
    AddUnit,
    DisablePerson,
    EditPerson,
    EditUnit,
    EnablePerson,
    EndDelegation,
    EndOversight,
    GrantDelegation,
    SetOversight,
)
from server.people.queries import directory, version
from server.people.rules import may
from server.storage.door import carry_out
from tests.office import CAST, NOW, TODAY, fixed_id

pytestmark = pytest.mark.anyio


async def do(asked, actor):
    return await carry_out(asked, actor=actor, now=NOW, source="page")


async def refused(asked, actor, key):
    before = await version()
    with pytest.raises(Refusal) as caught:
        await do(asked, actor)
    assert caught.value.key == key
    assert await version() == before, "nothing is written then"


def lend(**given):
    said = {
        "id": fixed_id("lent"),
        "receiver": CAST.deputy_head,
        "powers": ["assign"],
        "unit": CAST.cntt,
        "since": TODAY,
        "until": TODAY + timedelta(days=7),
        "document": "42/UQ-CNTT",
    }
    return GrantDelegation(**{**said, **given})


async def test_a_head_lends_in_the_room_and_takes_back_at_once(engine):
    before = await version()
    await do(lend(), CAST.head)
    assert await version() == before + 1
    known = await directory()
    verdict = may(known.actor(CAST.deputy_head), "assign", known.actor(CAST.officer), TODAY)
    assert verdict
    assert verdict.on_behalf == CAST.head
    await do(EndDelegation(delegation=fixed_id("lent")), CAST.head)
    known = await directory()
    assert not may(known.actor(CAST.deputy_head), "assign", known.actor(CAST.officer), TODAY)
    assert [one["action"] for one in await of_subject("person", CAST.deputy_head)][:2] == ["delegate_end", "delegate"]
    assert await broken_at() is None
    await refused(EndDelegation(delegation=fixed_id("lent")), CAST.head, "people.delegation_ended")


@pytest.mark.parametrize(
    ("given", "actor", "key"),
    [
        ({}, CAST.officer, "people.delegation_not_yours"),
        ({}, CAST.deputy, "people.delegation_not_yours"),
        ({}, CAST.admin, "people.delegation_not_yours"),
        ({}, CAST.delegate, "people.delegation_not_yours"),
        ({"unit": CAST.hcth}, CAST.head, "people.delegation_not_yours"),
        ({"unit": CAST.centre}, CAST.head, "people.delegation_not_yours"),
        ({"receiver": CAST.stranger}, CAST.head, "people.delegation_not_yours"),
        ({"unit": CAST.ministry}, CAST.director, "people.delegation_not_yours"),
        ({"receiver": CAST.head}, CAST.head, "people.delegation_self"),
        ({"receiver": CAST.admin}, CAST.director, "people.rule.target_admin"),
        ({"receiver": fixed_id("nobody")}, CAST.head, "people.unknown_person"),
        ({"unit": fixed_id("nowhere")}, CAST.head, "people.unknown_unit"),
        ({"powers": []}, CAST.head, "people.delegation_powers"),
        ({"powers": ["assign", "review"]}, CAST.head, "people.delegation_powers"),
        ({"document": "  "}, CAST.head, "people.delegation_document"),
        ({"since": TODAY + timedelta(days=8)}, CAST.head, "people.delegation_dates"),
        ({"since": TODAY - timedelta(days=9), "until": TODAY - timedelta(days=1)}, CAST.head, "people.delegation_past"),
        ({"id": "not-an-id"}, CAST.head, "people.bad_id"),
    ],
)
async def test_a_delegation_that_the_rules_forbid_names_the_rule(engine, given, actor, key):
    await refused(lend(**given), actor, key)


@pytest.mark.parametrize(
    ("actor", "may_end"), [("director", True), ("admin", True), ("delegate", False), ("head", False), ("officer", False)]
)
async def test_the_giver_the_director_and_an_administrator_take_back(engine, actor, may_end):
    asked = EndDelegation(delegation=CAST.delegation)
    if may_end:
        await do(asked, getattr(CAST, actor))
        known = await directory()
        assert not may(known.actor(CAST.delegate), "assign", known.actor(CAST.officer), TODAY)
    else:
        await refused(asked, getattr(CAST, actor), "people.delegation_not_ended_by_you")


async def test_new_oversight_ends_the_one_before(engine):
    asked = SetOversight(id=fixed_id("o2"), person=CAST.director, unit=CAST.cntt, since=TODAY)
    await do(asked, CAST.director)
    known = await directory()
    today, yesterday = known.overseer(CAST.cntt, None, TODAY), known.overseer(CAST.cntt, None, TODAY - timedelta(days=1))
    assert today is not None
    assert yesterday is not None
    assert (today.id, yesterday.id) == (CAST.director, CAST.deputy)
    await do(EndOversight(oversight=fixed_id("o2")), CAST.admin)
    assert (await directory()).overseer(CAST.cntt, None, TODAY) is None
    await refused(EndOversight(oversight=fixed_id("o2")), CAST.admin, "people.oversight_ended")


@pytest.mark.parametrize(
    ("given", "actor", "key"),
    [
        ({}, CAST.head, "people.oversight_director_only"),
        ({}, CAST.deputy, "people.oversight_director_only"),
        ({"person": CAST.head}, CAST.director, "people.oversight_leaders_only"),
        ({"unit": None}, CAST.director, "people.oversight_one_thing"),
        ({"field_group": "Chuyển đổi số"}, CAST.director, "people.oversight_one_thing"),
        ({"unit": None, "field_group": "Không có nhóm này"}, CAST.director, "people.oversight_unknown_group"),
        ({"until": TODAY - timedelta(days=1)}, CAST.director, "people.oversight_dates"),
        ({"since": TODAY - timedelta(days=60)}, CAST.director, "people.oversight_overlaps"),
    ],
)
async def test_oversight_that_the_rules_forbid_names_the_rule(engine, given, actor, key):
    said = {"id": fixed_id("o3"), "person": CAST.deputy, "unit": CAST.cntt, "since": TODAY, **given}
    await refused(SetOversight(**said), actor, key)


def newcomer(**given):
    said = {"id": fixed_id("new"), "username": "cntt.cv9", "name": "Hồ Nhật Điển", "position": "officer", "unit": CAST.cntt, "rank": 9}
    return AddPerson(**{**said, **given})


async def test_an_administrator_adds_moves_and_retires_people(engine):
    await do(newcomer(), CAST.admin)
    await do(EditPerson(person=fixed_id("new"), unit=CAST.hcth, name="Hồ Nhật Điển "), CAST.admin)
    known = await directory()
    assert known.people[fixed_id("new")].unit == CAST.hcth
    await do(DisablePerson(person=fixed_id("new")), CAST.admin)
    assert not (await directory()).people[fixed_id("new")].active
    await do(EnablePerson(person=fixed_id("new")), CAST.admin)
    assert (await directory()).people[fixed_id("new")].active
    said = await of_subject("person", fixed_id("new"))
    assert [one["action"] for one in said] == ["enable", "disable", "edit", "add"]
    assert CAST.cntt in said[2]["before"]
    assert CAST.hcth in said[2]["after"]


@pytest.mark.parametrize("actor", [CAST.director, CAST.deputy, CAST.head, CAST.officer, None])
@pytest.mark.parametrize(
    "asked",
    [
        newcomer(),
        EditPerson(person=CAST.officer, position="director"),
        DisablePerson(person=CAST.officer),
        EnablePerson(person=CAST.officer),
        AddUnit(id=fixed_id("u"), name="Phòng mới", short="PM", parent=CAST.centre),
        EditUnit(unit=CAST.cntt, name="Phòng khác"),
    ],
    ids=lambda asked: type(asked).__name__,
)
async def test_nobody_else_keeps_people_and_units(engine, asked, actor):
    await refused(asked, actor, "people.rule.only_admin")


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"username": "Có Dấu"}, "people.bad_username"),
        ({"username": "a"}, "people.bad_username"),
        ({"username": "../x"}, "people.bad_username"),
        ({"username": "giamdoc"}, "people.username_taken"),
        ({"name": "  "}, "people.name_missing"),
        ({"unit": fixed_id("nowhere")}, "people.unknown_unit"),
        ({"unit": None}, "people.unit_missing"),
        ({"rank": -1}, "people.bad_rank"),
        ({"id": CAST.officer}, "people.id_taken"),
        ({"id": "x"}, "people.bad_id"),
    ],
)
async def test_a_person_who_can_not_be_added_names_the_field(engine, given, key):
    await refused(newcomer(**given), CAST.admin, key)


async def test_the_last_administrator_stays(engine):
    await refused(EditPerson(person=CAST.admin, position="officer"), CAST.admin, "people.last_admin")
    await refused(DisablePerson(person=CAST.admin), CAST.admin, "people.disable_self")


async def test_a_unit_is_closed_only_when_it_is_empty(engine):
    await refused(EditUnit(unit=CAST.cntt, active=False), CAST.admin, "people.unit_not_empty")
    await do(AddUnit(id=fixed_id("u"), name="Phòng mới", short="PM", parent=CAST.centre), CAST.admin)
    await refused(AddUnit(id=fixed_id("u2"), name="Phòng mới 2", short="pm", parent=CAST.centre), CAST.admin, "people.unit_short_taken")
    await do(EditUnit(unit=fixed_id("u"), active=False), CAST.admin)
    assert not (await directory()).units[fixed_id("u")].active

"""The invented office as data: 36 people, its units, powers and fields of work."""

import re
import tomllib
import unicodedata
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from server.demo.office import HERE, fixed_id, load_fields, load_office
from server.demo.texts import works

TODAY = date(2026, 11, 22)
ROOMS = {"hcth": (2, 6), "kstthc": (1, 3), "tntkq": (1, 5), "cntt": (1, 5)}


def test_it_has_exactly_these_user_names_in_order_of_rank() -> None:
    names = ["giamdoc", *(f"pgd{n}" for n in range(1, 8))]
    for room, (deputies, officers) in ROOMS.items():
        names += [f"{room}.truong", *(f"{room}.pho{n}" for n in range(1, deputies + 1)), *(f"{room}.cv{n}" for n in range(1, officers + 1))]
    office = load_office(TODAY)
    assert [p.username for p in office.people] == names
    assert [p.rank for p in office.people] == list(range(1, 37))
    assert office.administrator.username == "quantri"
    assert office.administrator.position == "admin"


def test_positions_and_units_are_those_of_the_office() -> None:
    office = load_office(TODAY)
    assert {slug: len(members) for slug, members in office.by_unit.items() if members} == {
        "lanh-dao": 8,
        "hcth": 9,
        "kstthc": 5,
        "tntkq": 7,
        "cntt": 7,
    }
    assert Counter(p.position for p in office.people) == {"director": 1, "deputy_director": 7, "head": 4, "deputy_head": 5, "officer": 19}
    by_id = {u.id: u for u in office.units}
    centre = next(u for u in office.units if u.slug == "trung-tam")
    assert by_id[centre.parent or ""].name == "Văn phòng UBND tỉnh Bắc Ninh"
    assert {by_id[p.unit].parent for p in office.people} == {centre.id}


def test_people_are_marked_as_invented_and_their_names_differ() -> None:
    people = load_office(TODAY).people
    assert all(p.demo for p in people)
    assert len({p.name for p in people}) == 36
    assert len({p.name.split()[-1] for p in people}) >= 34
    assert 12 <= sum(p.gender == "female" for p in people) <= 24
    thi = [p for p in people if " Thị " in p.name]
    assert all(p.gender == "female" for p in thi)
    assert all(any("̀" <= c <= "ͯ" for c in unicodedata.normalize("NFD", p.name)) or "Đ" in p.name for p in people)


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.toml")), ids=lambda path: path.name)
def test_every_word_is_composed_vietnamese(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    tomllib.loads(text)
    allowed = re.compile(r"[\w\s.,;:!?%/&()\[\]{}“”\"'`#=<>@|*+~-]+")
    assert not allowed.sub("", text)
    letters = {c for c in text if c.isalpha() and ord(c) > 127}
    assert all("LATIN" in unicodedata.name(c) for c in letters)


def test_identifiers_never_change() -> None:
    assert fixed_id("person", "giamdoc") == load_office(TODAY).people[0].id == load_office(date(2030, 1, 1)).people[0].id
    assert fixed_id("person", "giamdoc") == "277d534e-c9ed-5a9c-ae2f-82524608a824"
    assert fixed_id("field", "tong-hop") == "70710ec2-0735-5350-b050-9f34b8dec415"
    ids = [p.id for p in load_office(TODAY).people] + [f.id for g in load_fields() for f in g.fields] + [g.id for g in load_fields()]
    assert len(set(ids)) == len(ids)


def test_four_deputies_oversee_a_room_and_three_a_group_of_fields() -> None:
    office = load_office(TODAY)
    now = [o for o in office.oversight if o.starts <= TODAY and (o.ends is None or o.ends >= TODAY)]
    deputies = [p.id for p in office.people if p.position == "deputy_director"]
    assert [o.person for o in now] == deputies
    assert [o.unit for o in now if o.unit] == [fixed_id("unit", room) for room in ROOMS]
    assert len({o.group for o in now if o.group}) == 3
    assert {o.group for o in now if o.group} <= {g.id for g in load_fields()}
    assert any(o.ends and o.ends < TODAY for o in office.oversight)


def test_the_delegation_to_the_head_of_hcth_is_in_force_on_any_day_and_covers_the_year_before() -> None:
    for today in (TODAY, date(2028, 2, 29), date(2027, 1, 31)):
        office = load_office(today)
        current, past = office.delegations
        assert (current.giver, current.holder) == (fixed_id("person", "giamdoc"), fixed_id("person", "hcth.truong"))
        assert current.powers == ["enter", "assign"]
        assert current.document
        assert current.starts < today - timedelta(days=366) < today < current.ends
        assert past.starts < past.ends < today


def test_the_five_groups_name_their_source_and_have_titles_enough() -> None:
    groups = load_fields()
    assert len(groups) == 5
    assert all(4 <= len(g.fields) <= 9 for g in groups)
    fields = [f for g in groups for f in g.fields]
    assert all(re.match(r"Điều [5-8], khoản 2, điểm 2\.\d", f.source) for f in fields)
    assert set(works()) == {f.slug for f in fields}
    patterns = [p for found in works().values() for p in found]
    assert len(set(patterns)) == len(patterns) >= 150

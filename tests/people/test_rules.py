"""Who may assign to whom, and who sees what: both tables of the requirements, cell by cell (R3, R4)."""

from datetime import timedelta

import msgspec
import pytest

from server.people.directory import DelegationFacts, Directory, FieldFacts, OversightFacts, Profile, UnitFacts
from server.people.rules import Matter, Person, may
from tests.office import TODAY

UNITS = [
    UnitFacts(id="vp", name="Văn phòng UBND tỉnh", short="VP", parent=None, kind="outer", sort=1),
    UnitFacts(id="tt", name="Trung tâm", short="TT", parent="vp", kind="centre", sort=2),
    UnitFacts(id="bld", name="Ban Lãnh đạo", short="BLĐ", parent="tt", kind="leadership", sort=3),
    UnitFacts(id="hcth", name="Phòng HCTH", short="HCTH", parent="tt", kind="room", sort=4),
    UnitFacts(id="cntt", name="Phòng CNTT", short="CNTT", parent="tt", kind="room", sort=5),
    UnitFacts(id="tt2", name="Trung tâm khác", short="TT2", parent="vp", kind="centre", sort=6),
    UnitFacts(id="bld2", name="Ban Lãnh đạo khác", short="BLĐ2", parent="tt2", kind="leadership", sort=7),
]


def person(name: str, position: str, unit: str, rank: int) -> Profile:
    return Profile(id=name, username=name, name=name, position=position, unit=unit, rank=rank, active=True, demo=False)  # type: ignore[arg-type]


PEOPLE = [
    person("director", "director", "bld", 1),
    person("deputy", "deputy_director", "bld", 2),
    person("deputy2", "deputy_director", "bld", 3),
    person("hcth.head", "head", "hcth", 4),
    person("hcth.deputy", "deputy_head", "hcth", 5),
    person("hcth.officer", "officer", "hcth", 6),
    person("cntt.head", "head", "cntt", 7),
    person("cntt.deputy", "deputy_head", "cntt", 8),
    person("cntt.deputy2", "deputy_head", "cntt", 9),
    person("cntt.officer", "officer", "cntt", 10),
    person("cntt.officer2", "officer", "cntt", 11),
    person("admin", "admin", "tt", 99),
    person("director2", "director", "bld2", 1),
]
BY_DIRECTOR = DelegationFacts(
    id="d1",
    giver="director",
    receiver="hcth.head",
    powers=frozenset({"enter", "assign"}),
    unit="tt",
    since=TODAY - timedelta(days=10),
    until=TODAY + timedelta(days=10),
    document="118/QĐ",
)
BY_HEAD = msgspec.structs.replace(BY_DIRECTOR, id="d2", giver="cntt.head", receiver="cntt.deputy", unit="cntt")


def office(*delegations: DelegationFacts, gone: str = "") -> Directory:
    people = [msgspec.structs.replace(one, active=one.id != gone) for one in PEOPLE]
    return Directory(1, UNITS, people, [], [], delegations)


EVERYBODY = {one.id for one in PEOPLE if one.id not in ("admin", "director2")}
CNTT = {"cntt.deputy", "cntt.deputy2", "cntt.officer", "cntt.officer2"}

#: Row of the table → whom of everybody he may assign to. Every pair that is not named here is a "no".
ASSIGNS: dict[str, set[str]] = {
    "director": EVERYBODY,
    "deputy": EVERYBODY,
    "deputy2": EVERYBODY,
    "hcth.head": {"hcth.head", "hcth.deputy", "hcth.officer"},
    "hcth.deputy": {"hcth.deputy"},
    "hcth.officer": set(),
    "cntt.head": {"cntt.head", *CNTT},
    "cntt.deputy": {"cntt.deputy"},
    "cntt.deputy2": {"cntt.deputy2"},
    "cntt.officer": set(),
    "cntt.officer2": set(),
    "admin": set(),
    "director2": {"director2"},
}
PAIRS = [(actor.id, target.id) for actor in PEOPLE for target in PEOPLE]


@pytest.mark.parametrize(("actor", "target"), PAIRS)
def test_every_pair_assigns_as_the_table_says(actor, target):
    known = office()
    verdict = may(known.actor(actor), "assign", known.actor(target), TODAY)
    assert bool(verdict) is (target in ASSIGNS[actor])
    assert verdict.on_behalf is None


@pytest.mark.parametrize("target", [one.id for one in PEOPLE])
def test_the_head_of_hcth_assigns_to_everybody_while_delegated(target):
    known = office(BY_DIRECTOR)
    verdict = may(known.actor("hcth.head"), "assign", known.actor(target), TODAY)
    assert bool(verdict) is (target in EVERYBODY)
    if verdict:
        own = target in ASSIGNS["hcth.head"]
        assert verdict.on_behalf == (None if own else "director"), "both names stay where it is done by delegation"


@pytest.mark.parametrize("target", [one.id for one in PEOPLE])
def test_a_deputy_head_assigns_in_the_room_while_delegated(target):
    known = office(BY_HEAD)
    verdict = may(known.actor("cntt.deputy"), "assign", known.actor(target), TODAY)
    assert bool(verdict) is (target in CNTT), "the room's deputies and officers, himself; not the head, not another room"


@pytest.mark.parametrize("receiver", [one.id for one in PEOPLE if one.id != "hcth.head"])
def test_a_delegation_helps_nobody_but_its_holder(receiver):
    known = office(BY_DIRECTOR)
    for target in EVERYBODY:
        assert bool(may(known.actor(receiver), "assign", known.actor(target), TODAY)) is (target in ASSIGNS[receiver])


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(0, 0, True), (-1, None, True), (1, 10, False), (-10, -1, False), (-10, 0, True), (0, -1, False)],
)
def test_a_delegation_holds_from_its_first_day_to_its_last(since, until, holds):
    lent = msgspec.structs.replace(
        BY_DIRECTOR, since=TODAY + timedelta(days=since), until=None if until is None else TODAY + timedelta(days=until)
    )
    known = office(lent)
    assert bool(may(known.actor("hcth.head"), "assign", known.actor("cntt.officer"), TODAY)) is holds
    assert bool(may(known.actor("hcth.head"), "see", OTHERS, TODAY)) is holds


def test_a_giver_who_left_lends_nothing():
    known = office(BY_DIRECTOR, gone="director")
    assert not may(known.actor("hcth.head"), "assign", known.actor("cntt.officer"), TODAY)


def test_only_the_powers_that_are_lent_are_lent():
    entering = office(msgspec.structs.replace(BY_DIRECTOR, receiver="hcth.officer", powers=frozenset({"enter"})))
    assert may(entering.actor("hcth.officer"), "enter", None, TODAY)
    assert not may(entering.actor("hcth.officer"), "assign", entering.actor("cntt.officer"), TODAY)


@pytest.mark.parametrize("actor", [one.id for one in PEOPLE])
def test_nobody_assigns_to_who_left_and_who_left_assigns_to_nobody(actor):
    known = office(gone="cntt.officer")
    assert not may(known.actor(actor), "assign", known.actor("cntt.officer"), TODAY)
    gone = office(gone=actor)
    assert not may(gone.actor(actor), "assign", gone.actor("cntt.officer2"), TODAY)


@pytest.mark.parametrize(
    ("actor", "enters"),
    [
        ("director", True),
        ("deputy", True),
        ("hcth.head", True),
        ("cntt.head", True),
        ("cntt.deputy", False),
        ("cntt.officer", False),
        ("admin", False),
    ],
)
def test_leaders_and_heads_enter_tasks(actor, enters):
    assert bool(may(office().actor(actor), "enter", None, TODAY)) is enters


# Who sees what.


def bare(name: str) -> Person:
    return office().actor(name)


def matter(creator: str, lead: str, *others: str, followers: tuple[str, ...] = (), unit: str = "cntt") -> Matter:
    known = office()
    return Matter(
        creator=creator,
        assigner=creator,
        assigner_position=known.people[creator].position,
        lead=known.actor(lead),
        people=tuple(known.actor(one) for one in (lead, *others)),
        followers=frozenset(followers),
        unit_path=known.path(unit),
        centre="tt",
        room_leaders=known.room_leaders,
    )


#: A task of the room CNTT that nobody of HCTH has to do with.
OTHERS = matter("cntt.head", "cntt.officer")
#: An officer of HCTH works with CNTT.
SHARED = matter("director", "cntt.officer", "hcth.officer")
FOLLOWED = matter("cntt.head", "cntt.officer", followers=("hcth.officer",))
LEADERS_OWN = matter("director", "deputy", unit="bld")

SEES: list[tuple[str, Matter, set[str]]] = [
    (
        "of the other room",
        OTHERS,
        {"director", "deputy", "deputy2", "cntt.head", "cntt.deputy", "cntt.deputy2", "cntt.officer", "cntt.officer2"},
    ),
    (
        "shared by two rooms",
        SHARED,
        {
            "director",
            "deputy",
            "deputy2",
            "cntt.head",
            "cntt.deputy",
            "cntt.deputy2",
            "cntt.officer",
            "cntt.officer2",
            "hcth.head",
            "hcth.deputy",
            "hcth.officer",
        },
    ),
    (
        "followed from the other room",
        FOLLOWED,
        {"director", "deputy", "deputy2", "cntt.head", "cntt.deputy", "cntt.deputy2", "cntt.officer", "cntt.officer2", "hcth.officer"},
    ),
    ("of the leadership", LEADERS_OWN, {"director", "deputy", "deputy2"}),
]


@pytest.mark.parametrize("actor", [one.id for one in PEOPLE])
@pytest.mark.parametrize(("name", "task", "seen_by"), SEES, ids=[name for name, _, _ in SEES])
def test_everybody_sees_what_the_table_says(name, task, seen_by, actor):
    assert bool(may(office().actor(actor), "see", task, TODAY)) is (actor in seen_by)


@pytest.mark.parametrize(("name", "task", "seen_by"), SEES, ids=[name for name, _, _ in SEES])
def test_the_holder_of_a_whole_centre_delegation_sees_every_task(name, task, seen_by):
    assert may(office(BY_DIRECTOR).actor("hcth.head"), "see", task, TODAY)
    over_a_room = office(msgspec.structs.replace(BY_DIRECTOR, unit="hcth"))
    assert bool(may(over_a_room.actor("hcth.head"), "see", task, TODAY)) is ("hcth.head" in seen_by)


#: Whose detailed scores each sees, beside his own.
SCORES: dict[str, set[str]] = {
    "director": EVERYBODY,
    "hcth.head": {"hcth.deputy", "hcth.officer"},
    "hcth.deputy": {"hcth.officer"},
    "cntt.head": CNTT,
    "cntt.deputy": {"cntt.officer", "cntt.officer2"},
    "cntt.deputy2": {"cntt.officer", "cntt.officer2"},
}


@pytest.mark.parametrize(("actor", "whose"), [pair for pair in PAIRS if "admin" not in pair])
def test_detailed_scores_are_for_those_who_score(actor, whose):
    known = office()
    allowed = whose == actor or whose in SCORES.get(actor, set())
    assert bool(may(known.actor(actor), "see_scores", known.actor(whose), TODAY)) is allowed


def test_an_administrator_keeps_accounts_and_has_no_task_rights():
    known = office()
    admin = known.actor("admin")
    assert may(admin, "administer", None, TODAY)
    for power in ("see", "manage", "review"):
        assert not may(admin, power, OTHERS, TODAY)
    for one in PEOPLE:
        if one.id != "admin":
            assert not may(known.actor(one.id), "administer", None, TODAY)
            assert not may(admin, "see_scores", known.actor(one.id), TODAY)


def test_a_task_shows_who_oversees_it():
    known = Directory(
        1,
        UNITS,
        PEOPLE,
        [FieldFacts(id="f1", name="Chữ ký số", field_group="Chuyển đổi số", sort=1)],
        [
            OversightFacts(person="deputy", unit="cntt", field_group=None, since=TODAY, until=None),
            OversightFacts(person="deputy2", unit=None, field_group="Chuyển đổi số", since=TODAY, until=TODAY),
        ],
    )
    by_room, by_field = known.overseer("cntt", None, TODAY), known.overseer("cntt", "f1", TODAY)
    assert by_room is not None
    assert by_room.id == "deputy"
    assert by_field is not None
    assert by_field.id == "deputy2", "a group of fields is narrower than a room"
    after = known.overseer("cntt", "f1", TODAY + timedelta(days=1))
    assert after is not None
    assert after.id == "deputy"
    assert known.overseer("cntt", None, TODAY - timedelta(days=1)) is None

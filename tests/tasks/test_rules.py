"""What is true of a task, by table: every move in every state, every right of everybody, being overdue, shares, roll-up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.people.rules import Delegation, Matter, Person
from server.tasks import rules
from server.tasks.commands.common import refuse
from server.tasks.rules import Facts, Move, Status, allowed, decides, overdue, reviews_part, right_to, rolled_up, shares
from server.words import catalogue

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
STATES: tuple[Status, ...] = get_args(Status)
MOVES: tuple[Move, ...] = get_args(Move)


def person(name: str, position: Any, room: str, *lent: Delegation) -> Person:
    path = ("outer", "centre", room)
    return Person(id=name, position=position, path=path, centre="centre", delegations=lent)


director = person("director", "director", "leadership")
deputy = person("deputy", "deputy_director", "leadership")
other_deputy = person("other_deputy", "deputy_director", "leadership")
lent = Delegation(giver=director, powers=frozenset({"enter", "assign"}), unit="centre", since=TODAY, until=TODAY, document="1/UQ")
delegate = person("delegate", "head", "hcth", lent)
head = person("head", "head", "cntt")
deputy_head = person("deputy_head", "deputy_head", "cntt")
officer = person("officer", "officer", "cntt")
colleague = person("colleague", "officer", "cntt")
stranger = person("stranger", "officer", "hcth")
admin = Person(id="admin", position="admin", path=("outer", "centre"), centre="centre")
CAST = {one.id: one for one in (director, deputy, other_deputy, delegate, head, deputy_head, officer, colleague, stranger, admin)}


def facts(status: Status = "in_progress", *, by: Person = head, lead: Person | None = officer, **more: Any) -> Facts:
    matter = Matter(
        creator=more.pop("creator", by).id,
        assigner=None if status == "proposed" else by.id,
        assigner_position=None if status == "proposed" else by.position,
        delegate=more.pop("signed_by", None),
        lead=lead,
        people=tuple(one for one in (lead, *more.pop("others", (colleague,))) if one),
        unit_path=("outer", "centre", "cntt"),
        centre="centre",
        room_leaders=more.pop("room_leaders", (delegate, head, deputy_head)),
    )
    return Facts(status=status, matter=matter, **more)


#: Who makes the move, so that only the state can forbid it.
WHO: dict[str, Person] = {"progress": officer, "submit": officer, "hand_back": officer, "extend": officer, "check": officer}
#: The states in which each move is legal, told a second time.
LEGAL: dict[str, str] = {
    "decide": "proposed",
    "edit": "proposed not_started in_progress paused",
    "assign": "not_started in_progress paused",
    "progress": "not_started in_progress",
    "submit": "not_started in_progress",
    "review": "submitted",
    "pause": "not_started in_progress",
    "resume": "paused",
    "cancel": "proposed not_started in_progress submitted paused",
    "reopen": "cancelled",
    "hand_back": "not_started in_progress",
    "extend": "not_started in_progress",
    "comment": " ".join(STATES),
    "check": "not_started in_progress",
    "follow": " ".join(STATES),
    "split": "not_started in_progress",
    "bin": "proposed not_started in_progress paused cancelled declined",
    "restore": " ".join(STATES),
}


def test_the_table_names_every_move() -> None:
    assert set(LEGAL) == set(MOVES) == set(rules.MOVES)


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("move", MOVES)
def test_each_move_is_legal_in_these_states_only_and_says_which_forbids_it(move: Move, status: Status) -> None:
    deleted = NOW if move == "restore" else None
    verdict = allowed(move, WHO.get(move, head), facts(status, deleted_at=deleted), TODAY, NOW)
    assert bool(verdict) == (status in LEGAL[move].split()), verdict.rule
    if not verdict:
        refusal = refuse(verdict)
        assert refusal.code == "conflict"
        assert catalogue()[f"tasks.status.{status}"] in refusal.message


@pytest.mark.parametrize("move", [move for move in MOVES if move != "restore"])
def test_nothing_happens_to_a_task_in_the_bin(move: Move) -> None:
    status: Status = LEGAL[move].split()[0]  # type: ignore[assignment]
    verdict = allowed(move, WHO.get(move, head), facts(status, deleted_at=NOW), TODAY, NOW)
    assert not verdict and refuse(verdict).code == "gone"


#: Who may at all, for a task that the head gave to the officer, the colleague helping.
RIGHTS: dict[str, str] = {
    "edit": "director deputy other_deputy delegate head",
    "assign": "director deputy other_deputy delegate head",
    "progress": "officer colleague",
    "submit": "officer",
    "review": "head deputy_head",
    "pause": "director deputy other_deputy delegate head",
    "resume": "director deputy other_deputy delegate head",
    "cancel": "director deputy other_deputy delegate head",
    "reopen": "director deputy other_deputy delegate head",
    "hand_back": "officer colleague",
    "extend": "officer",
    "comment": "director deputy other_deputy delegate head deputy_head officer colleague",
    "check": "director deputy other_deputy delegate head officer colleague",
    "follow": "director deputy other_deputy delegate head deputy_head officer colleague",
    "split": "director deputy other_deputy delegate head",
    "bin": "director deputy other_deputy delegate head",
    "restore": "director deputy other_deputy delegate head",
}


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("move", RIGHTS)
def test_these_people_have_the_right_to_a_move(move: str, who: str) -> None:
    verdict = right_to(move, CAST[who], facts(), TODAY)
    assert bool(verdict) == (who in RIGHTS[move].split()), verdict.rule
    assert catalogue()[verdict.rule]
    if not verdict:
        expected = "not_found" if who == "stranger" else "not_allowed"
        assert refuse(verdict).code == expected


#: R5: (who gave it, who signed it, whose part) → who reviews.
REVIEWERS: list[tuple[Person, Person | None, Person, str]] = [
    (director, None, officer, "director"),
    (director, None, head, "director"),
    (deputy, None, officer, "director deputy"),
    (deputy, None, deputy_head, "director deputy"),
    (deputy, None, head, "director deputy"),
    (head, None, officer, "head deputy_head"),
    (head, None, deputy_head, "head"),
    (head, None, head, "director"),
    (deputy_head, None, deputy_head, "head"),
    (deputy_head, None, officer, "head deputy_head"),
    (director, delegate, officer, "director head deputy_head"),
    (director, delegate, head, "director"),
    (director, delegate, stranger, "director delegate"),
    (head, deputy_head, officer, "head deputy_head"),
]


@pytest.mark.parametrize(("by", "signed", "whose", "who"), REVIEWERS, ids=lambda one: getattr(one, "id", str(one)).replace(" ", "+"))
def test_these_people_review_and_nobody_else(by: Person, signed: Person | None, whose: Person, who: str) -> None:
    one = facts("submitted", by=by, lead=whose, others=(), signed_by=signed.id if signed else None)
    found = [name for name, actor in CAST.items() if reviews_part(actor, one, whose, TODAY)]
    assert sorted(found) == sorted(who.split())


def test_the_director_reviews_where_the_room_has_no_leader() -> None:
    one = facts("submitted", by=head, room_leaders=(delegate,))
    assert reviews_part(director, one, officer, TODAY)
    assert not reviews_part(delegate, one, officer, TODAY)


def test_a_collaborators_part_is_reviewed_with_the_result_or_after_it_not_before() -> None:
    for status, leads, helps in (
        ("in_progress", False, False),
        ("submitted", True, True),
        ("completed", False, True),
        ("paused", False, False),
    ):
        one = facts(status)  # type: ignore[arg-type]
        assert bool(reviews_part(head, one, officer, TODAY)) is leads
        assert bool(reviews_part(head, one, colleague, TODAY)) is helps


@pytest.mark.parametrize(
    ("creator", "lead", "who"),
    [
        (officer, officer, "director deputy other_deputy delegate head"),
        (officer, deputy_head, "director deputy other_deputy delegate head deputy_head"),
        (officer, head, "director deputy other_deputy delegate head"),
        (officer, None, "director deputy other_deputy delegate head"),
        (officer, stranger, "director deputy other_deputy delegate"),
        (deputy_head, deputy_head, "director deputy other_deputy delegate head deputy_head"),
    ],
    ids=lambda one: getattr(one, "id", str(one)).replace(" ", "+"),
)
def test_these_people_decide_a_proposal(creator: Person, lead: Person | None, who: str) -> None:
    one = facts("proposed", creator=creator, lead=lead, others=())
    assert sorted(name for name, actor in CAST.items() if decides(actor, one, TODAY)) == sorted(who.split())


YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("due", [None, YESTERDAY, TODAY, TOMORROW])
def test_overdue_is_what_is_open_with_a_due_date_that_has_passed(status: str, due: date | None) -> None:
    assert overdue(status, due, TODAY) is (due == YESTERDAY and status in ("not_started", "in_progress", "paused"))


@pytest.mark.parametrize(
    ("given_shares", "parts"),
    [
        ([], []),
        ([None], [0]),
        ([0.3, 0.2], [300, 200]),
        ([30, 20], [300, 200]),
        ([99.9], [999]),
        ([0.999], [999]),
        ([12.5, None], [125, 0]),
    ],
)
def test_shares_are_parts_of_one_or_per_cents(given_shares: list[float | None], parts: list[int]) -> None:
    assert shares(given_shares) == parts


@pytest.mark.parametrize("bad", [[1], [100], [50, 50], [0.5, 0.5], [-0.1], [-5, 20], [float("nan")], [float("inf")], [1e308], [0.9999]])
def test_shares_leave_something_for_the_lead(bad: list[float | None]) -> None:
    with pytest.raises(ValueError):
        shares(bad)


@given(st.lists(st.none() | st.floats(allow_nan=True, allow_infinity=True), max_size=5))
def test_any_shares_are_taken_or_refused(given_shares: list[float | None]) -> None:
    try:
        found = shares(given_shares)
    except ValueError:
        return
    assert all(part >= 0 for part in found) and sum(found) < 1000


@pytest.mark.parametrize(
    ("below", "percent"),
    [
        ([], 0),
        ([("in_progress", 50)], 50),
        ([("in_progress", 50), ("not_started", 0)], 25),
        ([("completed", 100), ("cancelled", 0), ("declined", 0), ("proposed", 0)], 100),
        ([("completed", 30), ("paused", 30)], 65),
        ([("in_progress", 33), ("in_progress", 33), ("in_progress", 33), ("in_progress", 34)], 33),
        ([("cancelled", 80)], 0),
    ],
)
def test_a_parent_is_as_far_as_its_children(below: list[tuple[str, int]], percent: int) -> None:
    assert rolled_up(below) == percent


def test_every_refusal_of_the_rules_has_its_words() -> None:
    said = catalogue()
    assert all(f"tasks.illegal.{move}" in said and "{status}" in said[f"tasks.illegal.{move}"] for move in MOVES)

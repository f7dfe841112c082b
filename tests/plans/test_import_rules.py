"""From a row understood to the task that it becomes."""

from datetime import date

from msgspec import structs

from server.plans.rules.review import Edit, Options, Staff, difference, edited, problems, proposed
from server.plans.shapes import Agency, Row

TODAY = date(2026, 11, 23)
STAFF = Staff(
    names={"head": "Đặng Hoài Sang", "officer": "Trần Bảo Kha", "other": "Phùng Thế Vịnh"},
    assignable=frozenset({"head", "officer"}),
    heads={"cntt": "head", "hcth": "other"},
)
NOTHING = Options()
ROW = Row(row=7, where="dòng 9", number="7", title="Rà soát quy trình", due=date(2026, 12, 31), key="k")


def row(**changes):
    return structs.replace(ROW, **changes)


def chosen(of=ROW, options=NOTHING, **more):
    return proposed(of, STAFF, options, TODAY, **more)


def fields(made):
    return [problem.field for problem in problems(made, STAFF)]


def test_it_proposes_the_head_of_the_room_that_the_plan_names():
    assert chosen(row(room="cntt")).lead == "head"


def test_it_does_not_propose_somebody_to_whom_the_reader_may_not_assign():
    assert chosen(row(room="hcth")).lead is None
    assert chosen(row(room="hcth"), Options(default_lead="officer")).lead == "officer"


def test_it_proposes_the_person_whom_the_plan_names_before_the_head():
    assert chosen(row(room="cntt", person="đ/c Trần Bảo Kha, chuyên viên")).lead == "officer"


def test_it_proposes_the_heads_of_the_rooms_that_help():
    helped = chosen(row(room=None, partners=[Agency("Phòng CNTT", "room", "Phòng CNTT", "cntt")]), Options(default_lead="officer"))
    assert (helped.lead, helped.collaborators) == ("officer", ["head"])


def test_it_moves_only_due_dates_that_have_passed():
    options = Options(past_to=date(2026, 12, 15))
    assert chosen(row(due=date(2021, 12, 31)), options).due == date(2026, 12, 15)
    assert chosen(options=options).due == date(2026, 12, 31)


def test_it_leaves_out_a_row_much_like_an_open_task():
    assert chosen(alike=True).keep is False
    assert edited(chosen(alike=True), Edit(row=7, keep=True)).keep is True


def test_it_remembers_only_what_differs_from_the_proposal():
    before = chosen()
    after = structs.replace(before, title="Khác", due=None)
    change = difference(before, after)
    assert change == Edit(row=7, title="Khác", due=None)
    assert edited(before, change) == after
    assert difference(before, before) == Edit(row=7)


def test_a_choice_for_one_row_stays_when_the_default_changes():
    change = difference(chosen(), structs.replace(chosen(), lead="officer"))
    assert edited(chosen(options=Options(default_lead="head")), change).lead == "officer"


def test_a_row_whose_lead_was_taken_out_gets_the_default():
    assert edited(chosen(row(room="cntt")), Edit(row=7, lead=None), "officer").lead == "officer"


def test_it_says_everything_that_stands_in_the_way():
    assert fields(structs.replace(chosen(), title=" ", lead=None)) == ["title", "lead"]
    assert fields(structs.replace(chosen(), lead="gone")) == ["lead"]
    assert fields(structs.replace(chosen(), lead="other")) == ["lead"]
    assert fields(structs.replace(chosen(), lead="head", collaborators=["head"])) == ["collaborators"]
    assert fields(structs.replace(chosen(), lead="head", start=date(2027, 1, 4))) == ["due"]
    assert fields(structs.replace(chosen(), lead="head", title="x" * 1001)) == ["title"]
    assert fields(structs.replace(chosen(), lead="head")) == []

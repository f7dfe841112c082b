"""Who files, what a text may be, how a report is numbered and signed, which reports are owed: by tables."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from server.calendar.rules import WorkingDays
from server.ledger.grains import Grain, Period
from server.people.rules import Delegation, Person, Position
from server.reports.filed.frame import Frame, framed, head_of
from server.reports.filed.rules import PART_LENGTH, PARTS, cleaned, code_of, flaw, may_file, owed, seal, signs
from server.reports.shape import Part, Writing
from tests.office import CAST, TODAY
from tests.reports.filing import office

CENTRE = (CAST.ministry, CAST.centre)
ROOM = (*CENTRE, CAST.cntt)


@pytest.mark.parametrize(
    ("who", "centre", "cntt", "hcth"),
    [
        ("director", "leader", "leader", "leader"),
        ("deputy", "leader", "leader", "leader"),
        # Who holds "enter" for the whole centre; of the own room he is the head.
        ("delegate", "delegated", "delegated", "room"),
        ("head", "", "room", ""),
        ("deputy_head", "", "room", ""),
        ("officer", "", "", ""),
        ("stranger", "", "", ""),
        ("admin", "", "", ""),
    ],
)
def test_it_says_who_files_for_which_unit(who: str, centre: str, cntt: str, hcth: str) -> None:
    actor = office().actor(getattr(CAST, who))
    for path, rule in ((CENTRE, centre), (ROOM, cntt), ((*CENTRE, CAST.hcth), hcth)):
        right = may_file(actor, path, TODAY)
        assert (bool(right), right.rule) == (bool(rule), f"filed.rule.{rule or 'not_yours'}")
        assert right.on_behalf == (CAST.director if rule == "delegated" else None)
    assert not may_file(actor, (CAST.ministry,), TODAY)


def test_a_delegation_holds_from_its_first_to_its_last_day_and_for_the_whole_centre_alone() -> None:
    def lent(unit: str, active: bool = True, power: str = "enter") -> Person:
        giver = Person(id=CAST.director, position="director", path=CENTRE, centre=CAST.centre, active=active)
        given = Delegation(
            giver=giver, powers=frozenset([power]), unit=unit, since=TODAY, until=TODAY + timedelta(days=1), document="118/QĐ-TTPVHCC"
        )  # fmt: skip
        return Person(id="x", position="officer", path=(*CENTRE, CAST.hcth), centre=CAST.centre, delegations=(given,))

    days = [bool(may_file(lent(CAST.centre), ROOM, TODAY + timedelta(days=day))) for day in (-1, 0, 1, 2)]
    assert days == [False, True, True, False]
    assert not may_file(lent(CAST.cntt), ROOM, TODAY)
    assert not may_file(lent(CAST.centre, active=False), ROOM, TODAY)
    assert not may_file(lent(CAST.centre, power="assign"), ROOM, TODAY)
    assert not may_file(lent(CAST.centre), ("another", "office"), TODAY)


def test_a_text_is_kept_trimmed_composed_and_without_empty_paragraphs() -> None:
    given = Writing(
        [Part("results", "  Ke\u0302\u0301t  quả\n", ["  a ", "", " \t ", "Nguye\u0302\u0303n"]), Part("asked", "Kiến nghị", [" "])]
    )
    assert cleaned(given) == Writing([Part("results", "Kết quả", ["a", "Nguyễn"]), Part("asked", "Kiến nghị", [])])
    assert flaw(cleaned(given)) is None


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ([Part("a", "Mục", ["x"])] * PARTS, None),
        ([Part("a", "Mục", ["x"])] * (PARTS + 1), "parts_many"),
        ([Part("a", "Mục", ["x"]), Part("b", "", ["chữ không có tên mục"])], "title_missing"),
        ([Part("a", "M" * 301, [])], "title_long"),
        ([Part("a", "Mục", ["x" * PART_LENGTH])], None),
        ([Part("a", "Mục", ["x" * PART_LENGTH, "y"])], "part_long"),
        ([], None),
    ],
    ids=["most", "many", "nameless", "long-name", "longest", "too-long", "none"],
)
def test_it_says_what_is_wrong_with_a_text(parts: list[Part], key: str | None) -> None:
    found = flaw(Writing(parts))
    assert (found and found[0]) == (key and f"filed.{key}")


@pytest.mark.parametrize(
    ("short", "name", "code"),
    [
        ("HCTH", "Phòng Hành chính - Tổng hợp", "BC-HCTH"),
        ("ĐĐ", "Phòng Đất đai", "BC-ĐĐ"),
        ("đ&t", "Đầu tư", "BC-ĐT"),
        ("Trung tâm", "Trung tâm Phục vụ hành chính công", "BC-TTPVHCC"),
        ("", "Văn phòng UBND tỉnh", "BC-VPUBND"),
        ("", "Sở Y tế thành phố Huế", "BC-SYT"),
        ("", "Tỉnh đoàn", "BC-TĐ"),
        ("", "", "BC"),
        ("ĐU\u031b", "", "BC-ĐƯ"),
        ("x" * 40, "", "BC-" + "X" * 30),
    ],
)
def test_a_number_has_the_letters_of_the_unit(short: str, name: str, code: str) -> None:
    assert code_of(short, name) == code


@pytest.mark.parametrize(
    ("own", "position", "delegated", "signature"),
    [
        ("director", "director", False, ("", "director")),
        ("director", "deputy_director", False, ("KT.", "director")),
        ("director", "head", True, ("TUQ.", "director")),
        ("head", "head", False, ("", "head")),
        ("head", "deputy_head", False, ("KT.", "head")),
        # A leader of the centre never signs on the order of a room's head.
        ("head", "director", False, ("", "director")),
        ("head", "deputy_director", False, ("KT.", "director")),
        ("head", "head", True, ("TUQ.", "director")),
    ],
)
def test_it_is_signed_as_the_decree_wants(own: Position, position: Position, delegated: bool, signature: tuple[str, str]) -> None:
    assert signs(own, position, delegated) == signature


def test_the_frame_names_the_unit_above_the_signer_and_who_gets_it() -> None:
    known = office()
    centre = framed(CAST.centre, known, "Bắc Ninh", "BC-TTPVHCC", signer=CAST.delegate, behalf=CAST.director, number=3, day=TODAY)
    assert isinstance(centre, Frame) and (centre.signed, centre.behalf) == ("Phùng Thế Vịnh", "Đỗ Khắc Tường")
    head = centre.head
    assert (head.parent, head.agency) == ("Văn phòng UBND tỉnh", "Trung tâm Phục vụ hành chính công")
    assert (head.symbol, head.number, head.day, head.draft) == ("TTPVHCC", "3", TODAY, False)
    assert (head.by, head.authority, head.position) == ("TUQ.", "Giám đốc", "Trưởng phòng Hành chính - Tổng hợp")
    assert head.recipients == ("Văn phòng UBND tỉnh (để báo cáo)", "Lãnh đạo Trung tâm", "Các phòng thuộc Trung tâm")
    room = framed(CAST.cntt, known, "", "BC-CNTT", signer=CAST.deputy_head, behalf=None, number=1, day=TODAY).head
    assert (room.parent, room.agency) == ("Trung tâm Phục vụ hành chính công", "Phòng Ứng dụng CNTT")
    assert (room.by, room.authority, room.position, room.name) == ("KT.", "Trưởng phòng", "Phó Trưởng phòng", "Ông Thị Thùy Mây")
    assert room.recipients == ("Lãnh đạo Trung tâm (để báo cáo)", "Công chức trong phòng")
    draft = head_of(CAST.cntt, known, "", "")
    assert (draft.draft, draft.number, draft.authority, draft.name) == (True, None, "Trưởng phòng", "")


def test_the_seal_is_of_all_that_it_says_whatever_the_clock_of_the_reader() -> None:
    moment = datetime(2026, 11, 23, 1, 15, 0, 70, UTC)
    made = seal("{}", "text", "frame", 1, "BC-A", moment)
    assert made == seal("{}", "text", "frame", 1, "BC-A", moment.astimezone(timezone(timedelta(hours=7))))
    others = {
        seal("{ }", "text", "frame", 1, "BC-A", moment),
        seal("{}", "Text", "frame", 1, "BC-A", moment),
        seal("{}", "text", "Frame", 1, "BC-A", moment),
        seal("{}", "text", "frame", 2, "BC-A", moment),
        seal("{}", "text", "frame", 1, "BC-B", moment),
        seal("{}", "text", "frame", 1, "BC-A", moment + timedelta(microseconds=1)),
    }
    assert len(others - {made}) == 6


@pytest.mark.parametrize(
    ("grain", "today", "made", "codes"),
    [
        ("w", "2026-11-23", [], ["2026-W47"]),
        ("w", "2026-11-27", ["2026-W47"], []),
        # Nobody was there for two weeks; older ones than the first that was ever made are nobody's.
        ("w", "2026-11-23", ["2026-W44"], ["2026-W45", "2026-W46", "2026-W47"]),
        ("w", "2026-11-23", ["2026-W10"], ["2026-W43", "2026-W44", "2026-W45", "2026-W46", "2026-W47"]),
        ("w", "2026-11-23", ["2026-W45", "2026-W47"], ["2026-W46"]),
        ("w", "2027-01-04", ["2026-W52"], ["2026-W53"]),
        ("m", "2026-12-01", ["2026-10", "2026-W48"], ["2026-11"]),
        ("m", "2027-01-04", ["2026-10"], ["2026-11", "2026-12"]),
        ("q", "2027-01-04", ["2026-Q3"], ["2026-Q4"]),
        ("y", "2027-01-04", ["2025"], ["2026"]),
        ("y", "2027-01-04", ["2020"], ["2026"]),
    ],
)
def test_it_says_which_periods_are_owed(grain: Grain, today: str, made: list[str], codes: list[str]) -> None:
    assert [one.code for one in owed(grain, date.fromisoformat(today), made)] == codes


def test_the_week_before_the_new_year_of_the_moon_is_not_forgotten_over_its_holidays() -> None:
    days = WorkingDays()
    # Tết 2027 begins on 6 February: whole weeks may pass without a working day, and each has its report on the first one.
    for year in range(2026, 2032):
        made = {Period.of("w", date(year, 1, 5)).code}
        day = date(year, 1, 12)
        while day < date(year, 4, 1):
            if days.is_working(day):
                made |= {one.code for one in owed("w", day, made)}
            day += timedelta(days=1)
        wanted = {Period.of("w", date(year, 1, 5) + timedelta(days=7 * n)).code for n in range(11)}
        assert wanted <= made

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.calendar.rules import WorkingDays
from server.plans.rules.deadlines import Calendar, read_cell, read_deadline
from server.plans.rules.text import clean, words
from server.plans.shapes import Cell, Recurrence

WORKING = WorkingDays().is_working
TODAY = date(2026, 11, 22)
NO_YEAR = Calendar(WORKING, None, TODAY)
OF_2026 = Calendar(WORKING, 2026, TODAY)


def day(text: str) -> date:
    number, month, year = text.split("/")
    return date(int(year), int(month), int(number))


CLEAR = [
    ("15/10/2026", "15/10/2026"),
    ("05/9/2026", "05/09/2026"),
    ("2/9/2026", "02/09/2026"),  # a holiday, kept as written
    ("2026-09-30", "30/09/2026"),
    ("30.9.2026", "30/09/2026"),
    ("30-9-2026", "30/09/2026"),
    ("30 / 9 / 2026", "30/09/2026"),
    ("Ngày 30/9/2026", "30/09/2026"),
    ("ngày 15 tháng 9 năm 2026", "15/09/2026"),
    ("15 tháng 9/2026", "15/09/2026"),
    ("7/2021", "30/07/2021"),
    ("07/2021", "30/07/2021"),
    ("Tháng 7/2021", "30/07/2021"),
    ("Tháng 12/2026", "31/12/2026"),
    ("tháng 12 năm 2026", "31/12/2026"),
    ("Tháng 5, năm 2026", "29/05/2026"),
    ("Tháng sáu năm 2026", "30/06/2026"),
    ("Trong tháng 9/2026", "30/09/2026"),
    ("Quý III/2021", "30/09/2021"),
    ("Quý III, Năm 2026", "30/09/2026"),
    ("Quý IV/2021", "31/12/2021"),
    ("Quý\nIV/2021", "31/12/2021"),
    ("QuýIV/2021", "31/12/2021"),
    ("Quí IV/2021", "31/12/2021"),
    ("QUÝ IV/2021", "31/12/2021"),
    ("Quý 4 năm 2026", "31/12/2026"),
    ("Quý IV năm 2026", "31/12/2026"),
    ("Quý IV - 2026", "31/12/2026"),
    ("Quý IV.2026", "31/12/2026"),
    ("Q4/2026", "31/12/2026"),
    ("Quý I/2022", "31/03/2022"),
    ("Quý II/2022", "30/06/2022"),
    ("Quý I/2024", "29/03/2024"),
    ("Cuối quý III/2026", "30/09/2026"),
    ("2021", "31/12/2021"),
    ("2022", "30/12/2022"),
    ("Năm 2026", "31/12/2026"),
    ("Trong năm 2026", "31/12/2026"),
    ("Hết năm 2026", "31/12/2026"),
    ("cuối năm 2026", "31/12/2026"),
    ("Cuối tháng 5/2026", "29/05/2026"),
    ("Trước 30/9/2026", "30/09/2026"),
    ("Trước ngày 30/9/2026", "30/09/2026"),
    ("Hoàn thành trước ngày 30 tháng 9 năm 2026", "30/09/2026"),
    ("Chậm nhất 15/10/2026", "15/10/2026"),
    ("Chậm nhất ngày 15/10/2026.", "15/10/2026"),
    ("Xong trước 15/10/2026", "15/10/2026"),
    ("Đến hết tháng 10/2026", "30/10/2026"),
    ("Quý IV/2026 (dự kiến)", "31/12/2026"),
    ("Thời gian hoàn thành: Quý IV/2026", "31/12/2026"),
    ("6 tháng đầu năm 2026", "30/06/2026"),
    ("06 tháng cuối năm 2026", "31/12/2026"),
    ("9 tháng đầu năm 2026", "30/09/2026"),
    ("Nửa đầu năm 2026", "30/06/2026"),
    ("Đến năm 2030", "31/12/2030"),
    ("**Quý IV/2026**", "31/12/2026"),
]


@pytest.mark.parametrize(("text", "due"), CLEAR)
def test_it_reads_a_deadline_without_doubt(text: str, due: str) -> None:
    for form in (text, unicodedata.normalize("NFD", text)):
        found = read_deadline(form, NO_YEAR)
        assert (found.due, found.cadence, found.problems) == (day(due), "once", ())


RANGES = [
    ("01/3/2026 - 30/6/2026", "01/03/2026", "30/06/2026"),
    ("Thời gian thực hiện: 01/3/2026 - 30/6/2026", "01/03/2026", "30/06/2026"),
    ("Từ 01/3/2026 đến 30/6/2026", "01/03/2026", "30/06/2026"),
    ("Từ ngày 01/3/2026 đến ngày 30/6/2026", "01/03/2026", "30/06/2026"),
    ("Từ 01/3 đến 30/6/2026", "01/03/2026", "30/06/2026"),
    ("10-15/6/2026", "10/06/2026", "15/06/2026"),
    ("Từ ngày 10 đến ngày 15 tháng 6 năm 2026", "10/06/2026", "15/06/2026"),
    ("Từ tháng 3 đến tháng 6/2026", "01/03/2026", "30/06/2026"),
    ("Tháng 3-6/2026", "01/03/2026", "30/06/2026"),
    ("Quý I-II/2026", "01/01/2026", "30/06/2026"),
    ("Quý III - Quý IV/2021", "01/07/2021", "31/12/2021"),
    ("Từ Quý I/2026 đến Quý III/2026", "01/01/2026", "30/09/2026"),
    ("Quý II, III/2022", "01/04/2022", "30/09/2022"),
    ("Giai đoạn 2026-2030", "01/01/2026", "31/12/2030"),
    ("giai đoạn 2026 – 2030", "01/01/2026", "31/12/2030"),
    ("2026-2027", "01/01/2026", "31/12/2027"),
    ("Năm 2026 - 2027", "01/01/2026", "31/12/2027"),
    ("Từ năm 2026 đến năm 2030", "01/01/2026", "31/12/2030"),
    ("2021, 2022", "01/01/2021", "30/12/2022"),
]


@pytest.mark.parametrize(("text", "start", "due"), RANGES)
def test_it_reads_a_range_as_start_and_due(text: str, start: str, due: str) -> None:
    found = read_deadline(text, NO_YEAR)
    assert (found.start, found.due, found.problems) == (day(start), day(due), ())


REPEATED = [
    ("Thường xuyên", "ongoing", None),
    ("Duy trì thường xuyên", "ongoing", None),
    ("Thường xuyên, liên tục", "ongoing", None),
    ("Thường xuyên trong năm", "ongoing", None),
    ("Hàng năm", "recurring", Recurrence("year")),
    ("Hằng năm", "recurring", Recurrence("year")),
    ("Quý I, hằng năm", "recurring", Recurrence("year", (3,))),
    ("Quý I hàng năm", "recurring", Recurrence("year", (3,))),
    ("Tháng 6 và tháng 12 hằng năm", "recurring", Recurrence("year", (6, 12))),
    ("Trước 15/12 hằng năm", "recurring", Recurrence("year", (12,), 15)),
    ("Ngày 30 hằng tháng", "recurring", Recurrence("month", (), 30)),
    ("Hằng tháng", "recurring", Recurrence("month")),
    ("Hằng quý", "recurring", Recurrence("quarter")),
    ("Hàng tuần", "recurring", Recurrence("week")),
    ("Định kỳ", "recurring", Recurrence()),
    ("Định kỳ hằng quý", "recurring", Recurrence("quarter")),
    ("Định kỳ 6 tháng", "recurring", Recurrence("half")),
    ("6 tháng/lần", "recurring", Recurrence("half")),
]


@pytest.mark.parametrize(("text", "cadence", "recurrence"), REPEATED)
def test_it_reads_what_comes_again_without_making_up_a_day(text: str, cadence: str, recurrence: Recurrence | None) -> None:
    for calendar in (NO_YEAR, OF_2026):
        found = read_deadline(text, calendar)
        assert (found.cadence, found.recurrence, found.due, found.problems) == (cadence, recurrence, None, ())


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("31/02/2026", "ngày 31/02/2026 không có trong lịch"),
        ("30/02", "không có trong lịch"),
        ("Tháng 13/2026", "không có tháng 13"),
        ("Quý V/2026", "không có quý V"),
        ("Theo kế hoạch", "không đọc được"),
        ("Theo yêu cầu", "không đọc được"),
        ("Khi có văn bản chỉ đạo", "không đọc được"),
        ("Sau khi Nghị quyết ban hành", "không đọc được"),
        ("Trong 30 ngày kể từ ngày 01/9/2026", "không đọc được"),
        ("asdf", "không đọc được"),
        ("30/09", "không ghi năm"),
        ("Tháng 6", "không ghi năm"),
        ("Quý III", "không ghi năm"),
        ("Quý", "không đọc được"),
        ("Từ 01/9/2026", "chỉ nói ngày bắt đầu"),
        ("Từ 30/9/2026 đến 01/9/2026", "trước ngày bắt đầu"),
    ],
)
def test_it_marks_what_it_cannot_read_and_gives_no_day(text: str, part: str) -> None:
    found = read_deadline(text, NO_YEAR)
    assert found.due is None
    assert len(found.problems) == 1 and part in found.problems[0]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Đầu năm 2026", "31/03/2026"),
        ("Giữa năm 2026", "30/06/2026"),
        ("Trước Quý III/2026", "30/06/2026"),
        ("Quý II, Quý IV năm 2022", "30/12/2022"),
        ("30/6 và 31/12/2026", "31/12/2026"),
        ("Quý II/2022; Quý IV/2022", "30/12/2022"),
        ("30/9/26", "30/09/2026"),
        ("Năm 2026 và các năm tiếp theo", "31/12/2026"),
        ("Trình HĐND tỉnh kỳ họp tháng 7/2026", "31/07/2026"),
        ("30/9/1926", "30/09/1926"),
    ],
)
def test_it_proposes_a_day_but_doubts_it(text: str, due: str) -> None:
    found = read_deadline(text, NO_YEAR)
    assert found.due == day(due)
    assert len(found.problems) == 1


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("30/09", "30/09/2026"),
        ("Tháng 6", "30/06/2026"),
        ("Quý III", "30/09/2026"),
        ("Trước 15/10", "15/10/2026"),
        ("cuối năm", "31/12/2026"),
        ("Tháng 3 - tháng 6", "30/06/2026"),
        ("6 tháng đầu năm", "30/06/2026"),
    ],
)
def test_it_takes_the_year_of_the_plan_where_the_cell_has_none(text: str, due: str) -> None:
    found = read_deadline(text, OF_2026)
    assert (found.due, found.problems) == (day(due), ())


@pytest.mark.parametrize("text", ["", " ", "-", "–", "...", "\u200b"])
def test_it_takes_an_empty_cell_as_no_deadline(text: str) -> None:
    assert read_deadline(text, NO_YEAR).due is None
    assert read_deadline(text, NO_YEAR).problems == ()


def test_it_takes_a_date_of_a_workbook_and_doubts_the_first_of_a_month() -> None:
    assert read_cell(Cell("30/09/2026", date(2026, 9, 30)), NO_YEAR).due == date(2026, 9, 30)
    assert read_cell(Cell("30/09/2026", date(2026, 9, 30)), NO_YEAR).problems == ()
    first = read_cell(Cell("01/07/2021", date(2021, 7, 1)), NO_YEAR)
    assert first.due == date(2021, 7, 1) and "7/2021" in first.problems[0]
    shown = read_cell(Cell("01/07/2021", date(2021, 7, 1), month_shown=True), NO_YEAR)
    assert shown.due == date(2021, 7, 30) and "7/2021" in shown.problems[0]


@given(st.one_of(st.text(max_size=40), st.text("quý tháng năm ngày IVX0123456789/.-,;hằng trước đến từ cuối đầu", max_size=30)))
def test_it_never_raises_and_never_stays_silent(text: str) -> None:
    found = read_deadline(text, NO_YEAR)
    understood = found.due is not None or found.cadence != "once"
    assert understood or found.problems or not words(clean(text).replace("(dự kiến)", ""))


@given(st.dates(date(2010, 1, 1), date(2050, 12, 31)))
def test_it_reads_any_day_as_written(value: date) -> None:
    for form in (f"{value:%d/%m/%Y}", f"{value.day}.{value.month}.{value.year}", f"ngày {value.day} tháng {value.month} năm {value.year}"):
        assert read_deadline(form, NO_YEAR).due == value

"""What the document says, without printing it: the frame, the body, the tables as ready texts."""

from datetime import date

import msgspec
import pytest

from server.reports.document import paper_of
from server.reports.document.annexes import MOST_ROWS
from server.reports.document.cells import clean, shown
from server.reports.document.frame import day_of, number_of
from server.reports.document.shapes import Head
from server.reports.shape import Column, Part, Row, Section, Table, Writing
from tests.reports.sample import sample_report

HEAD = Head(agency="Trung tâm Phục vụ hành chính công", symbol="TTPVHCC", number="45", place="Bắc Ninh", day=date(2026, 12, 5))


def words(text: Writing | None = None, **changed):
    """The context of the sample's document."""
    return paper_of(msgspec.structs.replace(sample_report(3), **changed), text, HEAD).context


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 1, 9), "09 tháng 01 năm 2026"),
        (date(2026, 2, 10), "10 tháng 02 năm 2026"),
        (date(2026, 3, 1), "01 tháng 3 năm 2026"),
        (date(2026, 10, 31), "31 tháng 10 năm 2026"),
        (date(2026, 12, 5), "05 tháng 12 năm 2026"),
    ],
    ids=str,
)
def test_days_below_ten_and_the_first_two_months_take_a_zero(day, said):
    assert day_of(day) == said
    frame = paper_of(sample_report(1), None, msgspec.structs.replace(HEAD, day=day)).context
    assert frame["date"] == f"Bắc Ninh, ngày {said}"


@pytest.mark.parametrize(
    ("head", "number"),
    [
        (HEAD, "45/BC-TTPVHCC"),
        (msgspec.structs.replace(HEAD, number="7"), "07/BC-TTPVHCC"),
        (msgspec.structs.replace(HEAD, number=None), "......../BC-TTPVHCC"),
        (Head(), "......../BC-........"),
    ],
    ids=["numbered", "below ten", "not numbered", "nothing known"],
)
def test_a_number_stands_before_its_symbol_and_on_dots_until_there_is_one(head, number):
    assert number_of(head) == number


def test_the_words_that_were_written_stand_between_the_sentences_of_the_frame():
    text = Writing([Part("results", "Kết quả", ["Một.\n- Hai;"]), Part("next", "II. Kỳ tới", [])])
    parts = words(text)["parts"]
    assert [one["title"] for one in parts] == ["", "I. KẾT QUẢ", "II. KỲ TỚI", ""]
    assert parts[1]["paragraphs"] == ["Một.", "- Hai;"]
    assert parts[0]["paragraphs"][0].endswith("như sau:")
    assert parts[-1]["paragraphs"][0] == "Số liệu chi tiết tại 05 Phụ lục kèm theo Báo cáo này."
    assert parts[-1]["paragraphs"][-1].endswith("Trung tâm Phục vụ hành chính công./.")


def test_without_written_words_each_section_says_its_sentence():
    report = sample_report(3)
    said = [paragraph for part in words()["parts"] for paragraph in part["paragraphs"]]
    assert [one.said for one in report.sections if one.said not in said] == []


def test_a_report_of_nothing_says_so_and_has_no_annex():
    context = words(sections=[], headlines=[])
    assert context["annexes"] == []
    assert [one["paragraphs"] for one in context["parts"]][1] == ["Trong kỳ chưa có số liệu về nhiệm vụ."]
    assert len(context["parts"][-1]["paragraphs"]) == 1, "no annex is spoken of"


def test_a_section_of_an_unknown_key_has_an_annex_of_its_own():
    section = Section("new", "Mục mới", "Một câu.", Table("Tên", [Column("a", "Số")], [Row("", "x", [1])]))
    annexes = words(sections=[section])["annexes"]
    assert [(one["label"], one["title"]) for one in annexes] == [("Phụ lục", "Mục mới")]


def test_long_lists_are_cut_and_say_where_the_rest_is():
    context = paper_of(sample_report(2000), None, HEAD).context
    people = next(one["table"] for one in context["annexes"][1]["sections"] if one["title"].endswith("Theo người chủ trì"))
    assert len(people["rows"]) == MOST_ROWS
    assert people["more"] == "Còn 1.850 dòng, xem bản Excel của báo cáo này."
    assert people["total"] is not None


def test_tasks_below_a_plan_have_ranks_below_its_rank_and_no_dashes():
    plans = words()["annexes"][-1]["sections"][0]["table"]
    assert [one["rank"] for one in plans["rows"]] == ["1", "1.1", "1.2", "1.3"]
    assert plans["rows"][1]["values"][:6] == [""] * 6


def test_texts_are_composed_and_nothing_in_them_is_hidden_or_turned_round():
    assert clean("Nguye\u0302\u0303n\u202e  An\x00\u200b\n") == "Nguyễn An"
    assert clean("giảm 11 (-42 %)") == "giảm 11 (-42\u00a0%)"
    assert len(shown("dài " * 500, "text")) <= 240


def test_a_calendar_has_a_line_a_month_and_a_column_a_day():
    months = words()["annexes"][0]["sections"][2]["months"]
    assert [(one["label"], len(one["days"])) for one in months] == [("Tháng 11/2026", 31)]
    assert (months[0]["days"][1]["text"], months[0]["days"][30]["shade"]) == ("2", "out")

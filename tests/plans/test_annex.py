
import pytest

from server.plans.show import as_json, as_text
from tests.plans.helpers import DATA, read

FORMS = ["qd-717-phu-luc.tsv", "qd-717-phu-luc.docx", "qd-717-phu-luc.xlsx", "phu-luc.pdf"]


@pytest.mark.parametrize("form", FORMS)
def test_it_reads_the_annex_as_18_tasks_in_3_groups(form: str) -> None:
    plan = read((DATA / form).read_bytes(), form)
    assert [group.number for group in plan.groups] == ["I", "II", "III"]
    assert [sum(row.group == group.title for row in plan.rows) for group in plan.groups] == [7, 5, 6]
    assert [row.doubts for row in plan.rows] == [[]] * 18
    assert plan.warnings == []
    assert plan.groups[0].title.startswith("Củng cố, đổi mới hệ thống")


def test_it_reads_the_same_from_every_form() -> None:
    plans = [read((DATA / form).read_bytes(), form) for form in FORMS]
    assert all(as_json(plan) == as_json(plans[0]) for plan in plans[1:])
    assert all([row.key for row in plan.rows] == [row.key for row in plans[0].rows] for plan in plans[1:])
    assert len({row.key for row in plans[0].rows}) == 18


def test_it_joins_what_pages_broke() -> None:
    row = read((DATA / FORMS[0]).read_bytes()).rows[3]
    assert row.title.startswith("Tái cấu trúc quy trình nghiệp vụ, liên thông các nghiệp vụ giải quyết") and row.title.endswith(
        "người dân, doanh nghiệp."
    )
    assert row.lead_text == "Trung tâm HCC tỉnh, Sở TT- TT, Văn phòng UBND tỉnh"
    assert row.partners_text == "Các sở, ban, ngành thuộc UBND tỉnh, các cơ quan ngành dọc TW"
    assert row.due_text == "Quý IV/2021" and str(row.due) == "2021-12-31"
    assert [agency.name for agency in row.leads] == [
        "Trung tâm Phục vụ hành chính công tỉnh",
        "Sở Thông tin và Truyền thông",
        "Văn phòng UBND tỉnh",
    ]
    assert row.room == "office"
    assert row.originals["Thời gian Hoàn thành"] == "Quý IV/2021"


def test_it_reads_the_deadlines_and_cadences_of_the_annex() -> None:
    rows = as_json(read((DATA / FORMS[1]).read_bytes()))
    assert [row["due"] for row in rows] == [
        None,
        "2022-06-30",
        "2021-12-31",
        "2021-12-31",
        "2021-12-31",
        "2022-12-30",
        "2021-12-31",
        "2021-07-30",
        "2021-09-30",
        "2021-12-31",
        "2022-12-30",
        None,
        "2022-09-30",
        "2022-12-30",
        "2021-12-31",
        "2022-03-31",
        "2022-06-30",
        None,
    ]
    assert [row["row"] for row in rows if row["cadence"] == "ongoing"] == [1, 12, 18]


def test_it_drops_the_words_that_a_page_repeats() -> None:
    assert read((DATA / FORMS[2]).read_bytes()).rows[11].lead_text.endswith("UBND cấp huyện, cấp xã")


def test_it_reads_what_the_document_says_of_itself() -> None:
    heading = read((DATA / FORMS[1]).read_bytes()).heading
    assert (heading.number, str(heading.day), heading.issuer) == ("717/QĐ-UBND", "2021-06-16", "UBND tỉnh Bắc Ninh")
    assert heading.title.startswith("PHỤ LỤC") and heading.year is None


def test_it_prints_for_a_person() -> None:
    text = as_text(read((DATA / FORMS[0]).read_bytes()))
    assert "18 nhiệm vụ, 3 nhóm, 0 dòng cần xem lại." in text and "hạn 30/07/2021 (“7/2021”)" in text

import unicodedata

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from server.plans.show import as_json
from tests.plans.helpers import FULL, HEAD, facts, pasted, read, table, workbook


def test_it_reads_a_plain_table() -> None:
    plan = pasted(table(*FULL))
    assert as_json(plan)[0] == {
        "row": 1,
        "number": "1",
        "group": "Nhóm một",
        "title": "Soạn quy chế làm việc",
        "lead": "Phòng HCTH",
        "partners": "Phòng CNTT",
        "product": "Quy chế",
        "start": None,
        "due": "2026-03-31",
        "due_text": "Quý I/2026",
        "cadence": "once",
        "note": "",
        "doubts": [],
    }
    assert [(row.partners_text, row.note, row.room) for row in plan.rows] == [
        ("Phòng CNTT", "", "hcth"),
        ("", "gấp", "cntt"),
        ("", "", "hcth"),
    ]
    assert all(not row.doubts for row in plan.rows)


def test_it_reads_nfd_as_nfc() -> None:
    text = table(*FULL)
    assert as_json(pasted(unicodedata.normalize("NFD", text))) == as_json(pasted(text))


def test_it_takes_the_columns_in_any_order_and_without_numbers() -> None:
    text = table("Thời gian hoàn thành|Nội dung công việc|Đơn vị chủ trì", "Quý I/2026|Soạn quy chế|Phòng HCTH", "2026|Báo cáo|Phòng CNTT")
    assert [(row.title, str(row.due), row.room) for row in pasted(text).rows] == [
        ("Soạn quy chế", "2026-03-31", "hcth"),
        ("Báo cáo", "2026-12-31", "cntt"),
    ]


def test_it_takes_out_markup() -> None:
    text = table(
        HEAD,
        "1|**Soạn** <b>quy</b> chế<sup>1</sup>&nbsp;mới\u200b|<a href='x'>Phòng HCTH</a>|"
        "<script>alert(1)</script>|*Quý I/2026*|a<br>b|c[1]",
    )
    row = pasted(text).rows[0]
    assert (row.title, row.lead_text, row.partners_text, str(row.due), row.product, row.note) == (
        "Soạn quy chế mới",
        "Phòng HCTH",
        "",
        "2026-03-31",
        "a b",
        "c",
    )


def test_it_keeps_rows_under_a_task_with_their_path() -> None:
    text = table(
        HEAD,
        "I|Nhóm|||||",
        "1|Việc lớn|Phòng HCTH||2026||",
        "1.1|Việc nhỏ|Phòng CNTT||Quý I/2026||",
        "a)|Việc con|Phòng CNTT||Quý I/2026||",
        "2|Nhóm con|||||",
        "2.1|Trong nhóm con|Phòng CNTT||2026||",
    )
    plan = pasted(text)
    assert [(row.number, row.group, row.group_path, row.parent) for row in plan.rows] == [
        ("1", "Nhóm", ["Nhóm"], None),
        ("1.1", "Nhóm", ["Nhóm", "Việc lớn"], 1),
        ("a", "Nhóm", ["Nhóm", "Việc lớn", "Việc nhỏ"], 2),
        ("2.1", "Nhóm con", ["Nhóm", "Nhóm con"], None),
    ]


def test_it_doubts_what_a_row_takes_from_its_parent() -> None:
    plan = pasted(table(HEAD, "1|Việc lớn|Phòng HCTH||2026||", "1.1|Việc nhỏ|||||"))
    assert (plan.rows[1].lead_text, str(plan.rows[1].due)) == ("Phòng HCTH", "2026-12-31")
    assert {doubt.field for doubt in plan.rows[1].doubts} == {"lead", "due"}


def test_it_reads_groups_in_letters_capitals_and_one_cell() -> None:
    text = table(
        HEAD,
        "A. Phần thứ nhất||||||",
        "I|Nhóm|||||",
        "1|Việc|Phòng HCTH||2026||",
        "|CÔNG TÁC CHUYÊN MÔN KHÁC|||||",
        "1|Việc nữa|Phòng HCTH||2026||",
        "B|Phần hai|||||",
        "1|Việc cuối|Phòng HCTH||2026||",
    )
    assert [row.group_path for row in pasted(text).rows] == [
        ["Phần thứ nhất", "Nhóm"],
        ["Phần thứ nhất", "Nhóm", "CÔNG TÁC CHUYÊN MÔN KHÁC"],
        ["Phần hai"],
    ]


def test_it_takes_roman_rows_with_data_as_tasks() -> None:
    plan = pasted(table(HEAD, "I|Việc một|Phòng HCTH||2026||", "II|Việc hai|Phòng HCTH||2026||"))
    assert [row.title for row in plan.rows] == ["Việc một", "Việc hai"] and plan.groups == []


def test_it_splits_numbers_off_titles_where_there_is_no_column_for_them() -> None:
    text = table("Nhiệm vụ|Chủ trì|Thời hạn", "I. Nhóm||", "1. Soạn quy chế|Phòng HCTH|2026", "1.1. Góp ý|Phòng CNTT|2026")
    assert [(row.number, row.title, row.group) for row in pasted(text).rows] == [("1", "Soạn quy chế", "Nhóm"), ("1.1", "Góp ý", "Nhóm")]


def test_it_drops_a_line_of_column_numbers_and_the_total() -> None:
    assert len(pasted(table(HEAD, "(1)|(2)|(3)|(4)|(5)|(6)|(7)", "1|Việc|Phòng HCTH||2026||", "|Tổng cộng: 1||||| ")).rows) == 1


def test_it_joins_a_row_broken_without_a_repeated_header() -> None:
    text = table(
        HEAD,
        "1|Tái cấu trúc quy trình|Trung tâm HCC||Quý|100%|",
        "|nghiệp vụ liên thông|tỉnh||IV/2021|quy trình|",
        "2|Việc|Phòng HCTH||2026||",
    )
    row = pasted(text).rows[0]
    assert (row.title, row.lead_text, str(row.due), row.product) == (
        "Tái cấu trúc quy trình nghiệp vụ liên thông",
        "Trung tâm HCC tỉnh",
        "2021-12-31",
        "100% quy trình",
    )


def test_it_takes_further_lines_of_a_cell_as_further_agencies() -> None:
    row = pasted(table(HEAD, "1|Việc|Phòng HCTH||2026||", "||Phòng CNTT||||")).rows[0]
    assert (row.lead_text, [agency.unit for agency in row.leads]) == ("Phòng HCTH; Phòng CNTT", ["hcth", "cntt"])


def test_it_takes_dashes_with_their_own_lead_as_rows_and_without_as_text() -> None:
    text = table(
        HEAD,
        "1|Rà soát, gồm:|||||",
        "-|Hồ sơ A|Phòng HCTH||2026||",
        "|- Hồ sơ B|Phòng CNTT||2026||",
        "2|Viết, gồm:|Phòng HCTH||2026||",
        "|- Thư|||||",
        "-|Bài|||||",
    )
    assert [(row.title, row.group) for row in pasted(text).rows] == [
        ("Hồ sơ A", "Rà soát, gồm:"),
        ("Hồ sơ B", "Rà soát, gồm:"),
        ("Viết, gồm: - Thư - Bài", None),
    ]


def test_it_takes_no_number_from_the_words_of_a_broken_row() -> None:
    text = table(HEAD, "1|Theo Quyết định số|Trung tâm Phục vụ||Quý||", HEAD, "|717/QĐ-UBND|hành chính công tỉnh||III, Năm 2026||")
    assert facts(text) == [(None, "1", "Theo Quyết định số 717/QĐ-UBND", "Trung tâm Phục vụ hành chính công tỉnh", "2026-09-30", "once")]


def test_it_joins_a_broken_row_where_nothing_is_numbered() -> None:
    text = table("Nhiệm vụ|Chủ trì|Thời hạn", "Soạn quy chế|Phòng HCTH|Quý", "làm việc||I/2026", "Báo cáo|Phòng CNTT|2026")
    assert [(row.title, str(row.due)) for row in pasted(text).rows] == [("Soạn quy chế làm việc", "2026-03-31"), ("Báo cáo", "2026-12-31")]


def test_it_takes_the_year_from_the_title_of_the_plan() -> None:
    assert str(pasted("KẾ HOẠCH công tác năm 2026\n" + table(HEAD, "1|Việc|Phòng HCTH||Tháng 6||")).rows[0].due) == "2026-06-30"
    doubted = pasted("KẾ HOẠCH công tác\n" + table(HEAD, "1|Việc|Phòng HCTH||Tháng 6||")).rows[0]
    assert doubted.due is None and "không ghi năm" in doubted.doubts[0].message


def test_it_says_where_a_doubt_is() -> None:
    row = pasted(table(HEAD, "1|Việc|Phòng HCTH||31/02/2026||")).rows[0]
    assert row.due is None
    assert [doubt.message for doubt in row.doubts] == ["Bảng dán vào, dòng 2, cột “Thời hạn”: ngày 31/02/2026 không có trong lịch."]


def test_it_doubts_missing_leads_and_deadlines_and_repeated_rows() -> None:
    plan = pasted(table(HEAD, "1|Việc|||||x", "2|Khác|Phòng HCTH||2026||", "3|Khác|Phòng HCTH||2026||"))
    assert {doubt.field for doubt in plan.rows[0].doubts} == {"lead", "due"}
    assert "số 2" in plan.rows[2].doubts[0].message
    assert plan.rows[1].key != plan.rows[2].key


def test_it_warns_of_a_gap_in_the_numbers() -> None:
    assert "từ 1 sang 3" in pasted(table(HEAD, "1|Việc|Phòng HCTH||2026||", "3|Khác|Phòng HCTH||2026||")).warnings[0]


def test_it_takes_a_person_as_lead_and_a_start() -> None:
    row = pasted(table("STT|Công việc|Người thực hiện|Ngày bắt đầu|Ngày kết thúc", "1|Việc|Nguyễn Văn An|01/3/2026|30/6/2026")).rows[0]
    assert (row.lead_text, row.leads[0].kind, str(row.start), str(row.due), row.doubts) == (
        "Nguyễn Văn An",
        "person",
        "2026-03-01",
        "2026-06-30",
        [],
    )


def test_it_splits_lead_and_partners_of_one_cell() -> None:
    row = pasted(table("STT|Công việc|Đơn vị thực hiện|Thời hạn", "1|Việc|Chủ trì: Phòng HCTH; phối hợp: Phòng CNTT|2026")).rows[0]
    assert (row.lead_text, row.partners_text) == ("Phòng HCTH", "Phòng CNTT")


def test_it_keeps_a_second_column_of_results_in_the_note() -> None:
    row = pasted(
        table("STT|Nhiệm vụ|Mục tiêu|Chủ trì|Thời hạn|Sản phẩm|Kinh phí", "1|Việc|Nhanh hơn|Phòng HCTH|2026|Báo cáo|5 triệu")
    ).rows[0]
    assert "Nhanh hơn" in row.product + row.note and "Báo cáo" in row.product + row.note
    assert row.originals["Kinh phí"] == "5 triệu"


def test_it_reads_5000_rows_and_tells_how_far_it_is() -> None:
    rows: list[list[object]] = [
        ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"],
        *([n, f"Nhiệm vụ mẫu số {n}", "Phòng HCTH, Sở Nội vụ", f"Quý {n % 4 + 1}/2026"] for n in range(1, 5001)),
    ]
    plan = read(workbook(*rows))
    assert len(plan.rows) == 5000 and not any(row.doubts for row in plan.rows)


words_ = st.lists(
    st.sampled_from("rà soát xây dựng quy trình thủ tục hành chính phần mềm báo cáo số hóa hồ sơ kết nối dữ liệu".split()),
    min_size=4,
    max_size=9,
    unique=True,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(words_, words_), min_size=1, max_size=5), st.data())
def test_it_reads_the_same_when_a_page_cuts_any_row(tasks: list[tuple[list[str], list[str]]], data: st.DataObject) -> None:
    rows = [
        [
            str(n),
            " ".join(["Việc", *title]),
            "Trung tâm HCC tỉnh, Sở Nội vụ",
            "Các sở, ban, ngành",
            "Quý IV/2021",
            " ".join(["Có", *product]),
            "",
        ]
        for n, (title, product) in enumerate(tasks, 1)
    ]
    at = data.draw(st.integers(0, len(rows) - 1))
    upper, lower = [rows[at][0]], [""]
    for cell in rows[at][1:]:
        parts = cell.split(" ")
        cut = data.draw(st.integers(0, len(parts)))
        upper.append(" ".join(parts[:cut]))
        lower.append(" ".join(parts[cut:]))
    assume(any(lower))
    assume(sum(map(bool, lower)) > 1 or not any(high.endswith(low) for high, low in zip(upper, lower, strict=True) if low))
    head = HEAD.split("|")
    whole = [head, *rows]
    broken = [head, *rows[:at], upper, [], head, lower, *rows[at + 1 :]]
    assert facts("\n".join("\t".join(line) for line in broken)) == facts("\n".join("\t".join(line) for line in whole))

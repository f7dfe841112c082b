"""Tables as offices keep them in workbooks and text, and what a careful clerk reads in each."""

from io import BytesIO

import pytest
from openpyxl import Workbook

from server.errors import Refusal
from tests.plans.helpers import pasted, read, table


def groups_and_titles(*lines: str) -> list[tuple[str | None, str]]:
    return [(row.group, row.title) for row in pasted(table(*lines)).rows]


def test_it_reads_group_rows_without_numbers_between_tasks_that_are_counted_through() -> None:
    found = groups_and_titles(
        "STT|Nội dung|Chủ trì|Thời gian",
        "|Công tác tổ chức||",
        "1|Tuyển dụng|Phòng A|Quý I/2026",
        "2|Đào tạo|Phòng A|Quý II/2026",
        "|Công tác văn phòng||",
        "3|Mua sắm|Phòng B|Quý III/2026",
    )
    assert found == [("Công tác tổ chức", "Tuyển dụng"), ("Công tác tổ chức", "Đào tạo"), ("Công tác văn phòng", "Mua sắm")]


def test_it_reads_a_merged_group_row_whose_words_stand_in_every_cell() -> None:
    header, group = "STT|Nội dung|Chủ trì|Phối hợp|Thời gian", "|".join(["I. CÔNG TÁC CHUNG"] * 5)
    assert groups_and_titles(header, group, "1|Việc một|A|B|2026") == [("CÔNG TÁC CHUNG", "Việc một")]


def test_it_takes_codes_of_rows_for_no_words_of_the_title() -> None:
    header = "Mã NV|Tên đầu việc|Phụ trách|Hỗ trợ|Hạn chót"
    assert groups_and_titles(header, "NV01|Lập dự toán|An|Bình|10/10/2026", "NV02|Trình duyệt|An||20/10/2026") == [
        (None, "Lập dự toán"),
        (None, "Trình duyệt"),
    ]


def test_it_prefers_the_plain_word_for_a_task_to_the_document_that_orders_it() -> None:
    header = "TT|Văn bản chỉ đạo|Nhiệm vụ được giao|Đơn vị thực hiện|Hạn xử lý"
    row = pasted(table(header, "1|CV 123/UBND-NC ngày 01/3/2026|Báo cáo kết quả|Phòng A|20/3/2026")).rows[0]
    assert (row.title, row.lead_text, str(row.due)) == ("Báo cáo kết quả", "Phòng A", "2026-03-20")


def test_it_takes_who_does_the_work_as_lead_and_notes_who_watches_over_it() -> None:
    header = "STT|Nhiệm vụ|Lãnh đạo phụ trách|Chuyên viên thực hiện|Thời gian bắt đầu|Thời gian kết thúc"
    row = pasted(table(header, "1|Lập kế hoạch|Đ/c Nguyễn Văn An|Trần Thị Bình|01/01/2026|15/01/2026")).rows[0]
    assert (row.lead_text, row.note) == ("Trần Thị Bình", "Lãnh đạo phụ trách: Đ/c Nguyễn Văn An")
    assert (str(row.start), str(row.due), row.doubts) == ("2026-01-01", "2026-01-15", [])


def test_it_takes_the_form_of_the_document_as_the_product() -> None:
    header = "TT|Tên nhiệm vụ|Bộ phận chủ trì thực hiện|Tiến độ hoàn thành|Hình thức văn bản|Ghi chú"
    row = pasted(table(header, "1|Soạn Quy chế|Phòng A|15/3/2026|Quyết định|Theo QĐ 12")).rows[0]
    assert (row.product, row.note) == ("Quyết định", "Theo QĐ 12")


def test_it_takes_figures_by_year_for_no_plan() -> None:
    with pytest.raises(Refusal) as refused:
        pasted(table("TT|Chỉ tiêu|Đơn vị tính|Năm 2025|Năm 2026", "1|Tỷ lệ hồ sơ trực tuyến|%|70|80"))
    assert refused.value.key == "plans.no_header"


def test_it_shows_a_percentage_of_a_workbook_as_people_see_it() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Chỉ tiêu"])
    sheet.append([1, "Số hóa hồ sơ", "Phòng A", "2026", 0.8])
    sheet["E2"].number_format = "0%"
    out = BytesIO()
    book.save(out)
    assert read(out.getvalue()).rows[0].product == "80%"


def test_it_reads_numbers_that_carry_the_number_of_their_group() -> None:
    header, rows = "STT|Nhiệm vụ|Chủ trì|Thời hạn", ("I|Nhóm một||", "I.1|Việc a|P A|2026", "II|Nhóm hai||", "II.1|Việc b|P A|2026")
    plan = pasted(table(header, *rows))
    assert [(row.number, row.group, row.title) for row in plan.rows] == [("I.1", "Nhóm một", "Việc a"), ("II.1", "Nhóm hai", "Việc b")]


def test_it_takes_the_number_off_a_title_that_goes_on_with_a_figure() -> None:
    rows = pasted(table("Nội dung|Đơn vị|Thời hạn", "1. Rà soát|P A|2026", "2. 100% hồ sơ số hóa|P B|2026", "3. 1.000 lượt|P B|2026")).rows
    assert [(row.number, row.title) for row in rows] == [("1", "Rà soát"), ("2", "100% hồ sơ số hóa"), ("3", "1.000 lượt")]
    counted = pasted(table("STT|Nội dung|Đơn vị|Thời hạn", "1|100% hồ sơ|P|2026", "2|02 hội nghị|P|2026", "3|1.000 lượt|P|2026")).rows
    assert [row.title for row in counted] == ["100% hồ sơ", "02 hội nghị", "1.000 lượt"]


def test_it_joins_the_columns_of_partners_and_takes_no_partner_for_none() -> None:
    header = "TT|Nhiệm vụ|Chủ trì|Đơn vị phối hợp 1|Đơn vị phối hợp 2|Thời hạn"
    rows = pasted(table(header, "1|Việc|Sở A|Sở B|Sở C|2026", "2|Việc khác|Sở A|Không||2026")).rows
    assert [(row.partners_text, row.note) for row in rows] == [("Sở B; Sở C", ""), ("", "")]


def test_it_doubts_columns_of_deadlines_that_say_different_days() -> None:
    header = "TT|Tên đề án, văn bản|Đơn vị chủ trì|Thời gian trình Chính phủ|Thời gian trình Quốc hội"
    first, second = pasted(table(header, "1|Luật A|Vụ A|Tháng 3/2026|Tháng 5/2026", "2|Luật B|Vụ A||Tháng 5/2026")).rows
    assert str(first.due) == "2026-03-31" and "đã lấy cột đầu: 31/03/2026" in first.doubts[0].message
    assert first.note == "Thời gian trình Quốc hội: Tháng 5/2026"
    assert (str(second.due), second.doubts, second.note) == ("2026-05-29", [], "")


def test_it_takes_done_beside_begun_for_the_deadline() -> None:
    row = pasted(table("TT|Nhiệm vụ|Chủ trì|Bắt đầu|Hoàn thành", "1|Việc|A|1/2026|6/2026")).rows[0]
    assert (str(row.start), str(row.due), row.doubts) == ("2026-01-01", "2026-06-30", [])


def test_it_says_what_stands_in_a_column_without_a_name() -> None:
    row = pasted(table("TT|Nhiệm vụ||Thời hạn|Sản phẩm", "1|Việc|Phòng A|2026|Báo cáo")).rows[0]
    assert [doubt.message for doubt in row.doubts] == [
        "Bảng dán vào, dòng 2: cột thứ 3 không có tên ở dòng tiêu đề, chưa rõ “Phòng A” là gì."
    ]
    assert pasted(table("TT|Nhiệm vụ||Chủ trì|Thời hạn", "1|Việc||Phòng A|2026")).rows[0].doubts == []


def test_it_knows_the_abbreviations_of_headers() -> None:
    row = pasted(table("Stt|Tên NV|ĐV chủ trì|CQ phối hợp|T/gian hoàn thành|SP dự kiến|GC", "1|Việc|A|B|2026|Báo cáo|gấp")).rows[0]
    assert (row.title, row.lead_text, row.partners_text, str(row.due)) == ("Việc", "A", "B", "2026-12-31")
    assert (row.product, row.note, row.doubts) == ("Báo cáo", "gấp", [])


def test_it_puts_the_parts_of_a_plan_above_its_numbered_groups() -> None:
    header, first, second = "TT|Nhiệm vụ|Chủ trì|Thời hạn", "Phần thứ nhất: NHIỆM VỤ CHUNG|||", "Phần thứ hai: NHIỆM VỤ RIÊNG|||"
    rows = pasted(table(header, first, "I|Nhóm||", "1|Việc|A|2026", second, "1|Việc khác|A|2026")).rows
    assert [row.group_path for row in rows] == [["Phần thứ nhất: NHIỆM VỤ CHUNG", "Nhóm"], ["Phần thứ hai: NHIỆM VỤ RIÊNG"]]


@pytest.mark.parametrize("title", ["KẾ HOẠCH CÔNG TÁC NĂM 2026", "KẾ HOẠCH QUÝ IV/2026", "CHƯƠNG TRÌNH CÔNG TÁC THÁNG 12/2026"])
def test_it_takes_the_year_of_the_title_also_from_a_quarter_or_a_month(title: str) -> None:
    row = pasted(table(f"{title}|||", "STT|Nội dung|Chủ trì|Thời hạn", "1|Báo cáo|X|15/12")).rows[0]
    assert (str(row.due), row.doubts) == ("2026-12-15", [])


def test_it_drops_the_numbers_of_printed_pages() -> None:
    header = "TT|Nhiệm vụ|Chủ trì|Thời hạn"
    assert groups_and_titles(header, "1|Việc|A|2026", "Trang 2/5|||", header, "2|Việc khác|B|2026") == [(None, "Việc"), (None, "Việc khác")]


def test_it_takes_the_year_of_the_group_where_a_deadline_has_none() -> None:
    header = "TT|Nhiệm vụ|Chủ trì|Thời hạn"
    rows = pasted(table(header, "I|Năm 2026||", "1|Việc|A|Quý I", "II|Nhiệm vụ năm 2027||", "1|Việc khác|B|Quý I")).rows
    assert [(str(row.due), row.doubts) for row in rows] == [("2026-03-31", []), ("2027-03-31", [])]
    (other,) = pasted(table(header, "I|Thực hiện Nghị quyết năm 2025 của Quốc hội||", "1|Việc|A|Quý I")).rows
    assert other.due is None and "không ghi năm" in other.doubts[0].message


def test_it_reads_group_rows_marked_with_a_bullet() -> None:
    lines = ("TT|Nhiệm vụ|Chủ trì|Thời hạn", "*|Trong tỉnh||", "1|Việc một|A|2026", "*|Ngoài tỉnh||", "1|Việc hai|A|2026")
    assert groups_and_titles(*lines) == [("Trong tỉnh", "Việc một"), ("Ngoài tỉnh", "Việc hai")]


def test_it_takes_sentences_with_commas_for_no_table() -> None:
    with pytest.raises(Refusal) as refused:
        read("Kính gửi các phòng, đề nghị thực hiện.\nTrân trọng.".encode())
    assert refused.value.key == "plans.no_table"

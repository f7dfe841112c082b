import unicodedata

import pytest

from server.plans.rules.headers import field_of, header_at, looks_like_header, numbers_columns
from server.plans.rules.understand import understand
from server.plans.shapes import Cell, Line, Table
from tests.plans.helpers import TODAY, UNITS, WORKING

NAMES = {
    "number": ["TT", "STT", "Stt", "S.T.T", "Số TT", "Số thứ tự", "No."],
    "title": [
        "Nhiệm vụ",
        "NHIỆM VỤ",
        "Nhiệm vụ, dự án",
        "Nội dung",
        "Nội dung công việc",
        "Tên nhiệm vụ",
        "Công việc",
        "Đầu việc",
        "Hoạt động",
        "Nhiệm vụ cụ thể",
        "Nội dung, nhiệm vụ trọng tâm",
        "Mục tiêu, nhiệm vụ",
        "Nhiệm vụ năm 2026",
        "Tên đề án, dự án",
        "Nội dung công việc cần triển khai",
        "Đầu mục công việc",
        "Việc cần làm",
    ],
    "lead": [
        "Cơ quan chủ trì",
        "Đơn vị chủ trì",
        "Đơn vị chủ trì thực hiện",
        "Chủ trì",
        "Cơ quan, đơn vị chủ trì",
        "Đơn vị thực hiện",
        "Cơ quan thực hiện",
        "Phụ trách",
        "Đơn vị đầu mối",
        "Đơn vị chịu trách nhiệm chính",
        "Phân công",
        "Cơ quan/đơn vị chủ trì",
        "Phòng chủ trì",
        "Đơn vị chủ trì thực hiện nhiệm vụ",
    ],
    "partners": ["Cơ quan phối hợp", "Đơn vị phối hợp", "Phối hợp", "phối hợp", "Cơ quan, đơn vị phối hợp", "Đơn vị phối hợp thực hiện"],
    "person": ["Lãnh đạo phụ trách", "Người thực hiện", "Cán bộ thực hiện", "Chuyên viên theo dõi"],
    "due": [
        "Thời gian hoàn thành",
        "Thời gian Hoàn thành",
        "Thời hạn",
        "Thời hạn hoàn thành",
        "Thời gian thực hiện",
        "Hạn hoàn thành",
        "Tiến độ",
        "Ngày hoàn thành",
        "Mốc thời gian",
        "Hạn xử lý",
        "Thời gian",
        "Thời gian hoàn thành nhiệm vụ",
        "Deadline",
        "Ngày kết thúc",
        "Tiến độ thực hiện",
        "Thời gian dự kiến hoàn thành",
        "Thời gian (dự kiến)",
    ],
    "start": ["Ngày bắt đầu", "Bắt đầu", "Thời gian bắt đầu"],
    "product": [
        "Sản phẩm",
        "Sản phẩm dự kiến",
        "Mục tiêu",
        "Kết quả",
        "Kết quả đầu ra",
        "Kết quả, sản phẩm",
        "Sản phẩm/Kết quả",
        "Kết quả thực hiện nhiệm vụ",
        "Kết quả dự kiến",
        "Sản phẩm hoàn thành",
        "Mục tiêu, kết quả",
    ],
    "note": ["Ghi chú", "GHI CHÚ", "Ghi chú (nếu có)", "Lưu ý"],
    None: ["Kinh phí", "", "Căn cứ pháp lý"],
}


@pytest.mark.parametrize(("field", "name"), [(field, name) for field, names in NAMES.items() for name in names])
def test_it_knows_a_column_in_any_wording(field: str | None, name: str) -> None:
    assert field_of(name) == field
    assert field_of(unicodedata.normalize("NFD", name)) == field
    assert field_of(f"<b>{name}</b>") == field


def cells(text: str) -> list[Cell]:
    return [Cell(part.strip()) for part in text.split("|")]


@pytest.mark.parametrize(
    "text",
    [
        "TT|Nhiệm vụ|Cơ quan chủ trì|Cơ quan phối hợp|Thời gian Hoàn thành|Sản phẩm dự kiến",
        "Nội dung|Đơn vị chủ trì|Thời hạn",
        "Nhiệm vụ|Thời hạn",
        "STT|Nội dung|Ghi chú",
        "Việc cần làm|Ai phụ trách|Hạn",
    ],
)
def test_it_sees_a_header(text: str) -> None:
    assert looks_like_header(cells(text))


@pytest.mark.parametrize(
    "text",
    [
        "1|Nhiệm vụ A|Đơn vị B|Quý I/2026",
        "I|Nhiệm vụ trọng tâm|||",
        "4|Tái cấu trúc quy trình nghiệp vụ, liên thông|Trung tâm HCC|Các sở, ban, ngành|Quý|100%",
        "1|Xây dựng kế hoạch|Phòng HCTH|Các phòng|Tháng 1",
        "||||",
        "Họ và tên|Chức vụ|Điện thoại",
        "|Báo cáo kết quả thực hiện nhiệm vụ năm 2026|Phòng Hành chính||Quý IV/2026",
    ],
)
def test_it_takes_no_line_of_data_for_a_header(text: str) -> None:
    assert not looks_like_header(cells(text))


def test_it_reads_a_header_of_two_lines() -> None:
    lines = [
        Line(cells("TT|Nhiệm vụ|Đơn vị thực hiện||Thời gian||Ghi chú"), "1"),
        Line(cells("||Chủ trì|Phối hợp|Bắt đầu|Kết thúc|"), "2"),
        Line(cells("1|Soạn|P1|P2|1/1/2026|2/2/2026|"), "3"),
    ]
    header = header_at(lines, 0)
    assert header is not None and header.height == 2
    assert header.fields == {"number": (0,), "title": (1,), "lead": (2,), "partners": (3,), "start": (4,), "due": (5,), "note": (6,)}


def test_it_does_not_swallow_a_group_row_into_the_header() -> None:
    lines = [Line(cells("TT|Nhiệm vụ|Chủ trì|Thời hạn"), "1"), Line(cells("|Nhiệm vụ trọng tâm||"), "2")]
    header = header_at(lines, 0)
    assert header is not None and header.height == 1


def test_it_sees_a_line_that_only_numbers_the_columns() -> None:
    assert numbers_columns(cells("(1)|(2)|(3)|(4)"))
    assert numbers_columns(cells("A|B|1|2|3"))
    assert not numbers_columns(cells("1|Soạn|3|4"))
    assert not numbers_columns(cells("1||2026"))


def _page(where: str, *rows: list[str]) -> Table:
    return Table(where, [Line([Cell(text) for text in row], f"dòng {at}") for at, row in enumerate(rows, 1)])


def test_it_parts_a_header_from_the_row_below_where_a_pdf_page_has_no_rule_between_them() -> None:
    header, task = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], ["1", "Rà soát quy trình", "Phòng A", "Quý"]
    glued = ["TT", "Nhiệm vụ nội bộ của đơn vị mình", "Chủ trì", "Thời hạn III/2026"]
    plan = understand([_page("trang 1", header, task), _page("trang 2", glued)], UNITS, WORKING, TODAY)
    assert [(row.title, str(row.due)) for row in plan.rows] == [("Rà soát quy trình nội bộ của đơn vị mình", "2026-09-30")]


def test_it_takes_a_header_with_more_words_for_another_header() -> None:
    first = _page("bảng 1", ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], ["1", "Việc A", "Phòng A", "2026"])
    second = _page("bảng 2", ["TT", "Nhiệm vụ trọng tâm", "Chủ trì", "Thời hạn"], ["1", "Việc B", "Phòng A", "2026"])
    assert [row.title for row in understand([first, second], UNITS, WORKING, TODAY).rows] == ["Việc A", "Việc B"]

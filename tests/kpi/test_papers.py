"""The decree's forms, word for word and in order; what else is printed says what it must, and no more."""

import re
from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from server.kpi.papers import contexts, texts
from server.kpi.papers.shapes import Person, SheetPaper, When, YearPaper
from tests.kpi import paper_samples as samples
from tests.kpi.paper_reading import MM, NATION, Print, in_order, letters, prints, squeezed

#: Appendix II of the decree, dots aside.
MAU_01 = [
    "Mẫu số 01",
    "TÊN CƠ QUAN, TỔ CHỨC, ĐƠN VỊ",
    *NATION,
    "PHIẾU THEO DÕI, ĐÁNH GIÁ CÔNG CHỨC",
    "(Kỳ theo dõi, đánh giá:)1",
    "Họ và tên:",
    "Chức vụ, chức danh:",
    "Đơn vị công tác:",
    "I. KẾT QUẢ THEO DÕI, ĐÁNH GIÁ THEO TIÊU CHÍ CHUNG",
    "TT Tiêu chí chấm điểm Điểm tối đa Điểm do cá nhân tự chấm",
    "(1)(2)(3)(4)",
    "I Phẩm chất chính trị, phẩm chất đạo đức, văn hóa thực thi công vụ và ý thức kỷ luật, kỷ cương trong thực thi công vụ 10",
    "1 Phẩm chất chính trị, phẩm chất đạo đức, văn hóa thực thi công vụ 5",
    "2 Ý thức kỷ luật, kỷ cương trong thực thi công vụ 5",
    "II Năng lực chuyên môn, nghiệp vụ theo yêu cầu của vị trí việc làm; khả năng đáp ứng yêu cầu thực thi nhiệm vụ được giao; "
    "tinh thần trách nhiệm trong thực thi công vụ; thái độ phục vụ người dân, doanh nghiệp và khả năng phối hợp với đồng nghiệp 10",
    "1 Năng lực chuyên môn, nghiệp vụ theo yêu cầu của vị trí việc làm 2,5",
    "2 Khả năng đáp ứng yêu cầu thực thi nhiệm vụ được giao thường xuyên, đột xuất 2,5",
    "3 Tinh thần trách nhiệm trong thực thi công vụ 2,5",
    "4 Thái độ phục vụ người dân, doanh nghiệp và khả năng phối hợp với đồng nghiệp 2,5",
    "III Năng lực đổi mới, sáng tạo, dám nghĩ, dám làm, dám chịu trách nhiệm vì lợi ích chung trong thực thi công vụ 10",
    "1 Có sản phẩm, giải pháp đột phá, sáng tạo đem lại giá trị, hiệu quả thiết thực, tác động tích cực đến kết quả thực hiện nhiệm vụ "
    "của cơ quan, tổ chức, đơn vị. 2,5",
    "2 Sẵn sàng tham gia thực hiện nhiệm vụ chính trị đặc biệt quan trọng, nhiệm vụ có tính chất đột xuất, phức tạp hoặc trong điều kiện "
    "khó khăn. 2,5",
    "3 Có tinh thần chịu trách nhiệm trước kết quả công việc; chủ động nhận trách nhiệm khi có sai sót và có biện pháp khắc phục rõ ràng, "
    "cụ thể. 2,5",
    "4 Chủ động đưa ra quyết định trong phạm vi thẩm quyền, không né tránh; có tinh thần tiên phong trong thực hiện những "
    "nhiệm vụ mới. 2,5",
    "Tổng cộng 30",
    "II. TỔNG HỢP KẾT QUẢ THEO DÕI, ĐÁNH GIÁ CÔNG CHỨC",
    "1. Điểm tiêu chí chung:",
    "2. Điểm tiêu chí kết quả thực hiện nhiệm vụ:",
    "3. Tổng điểm theo dõi, đánh giá công chức:",
    "4. Ưu điểm:",
    "5. Hạn chế, khuyết điểm:",
    "6. Ý kiến nhận xét của cấp có thẩm quyền theo dõi, đánh giá:",
    ", ngàythángnăm",
    "CÔNG CHỨC TỰ ĐÁNH GIÁ",
    "(Ký tên, ghi rõ họ tên)",
    ", ngàythángnăm",
    "CẤP CÓ THẨM QUYỀN THEO DÕI, ĐÁNH GIÁ",
    "(Ký tên, ghi rõ họ tên)",
    "1 Ghi rõ kỳ theo dõi là tháng/quý ... năm... .",
]
BOXES = "☐ Hoàn thành xuất sắc nhiệm vụ ☐ Hoàn thành tốt nhiệm vụ ☐ Hoàn thành nhiệm vụ ☐ Không hoàn thành nhiệm vụ"
MAU_02 = [
    "Mẫu số 02",
    "TÊN CƠ QUAN, TỔ CHỨC, ĐƠN VỊ",
    *NATION,
    "PHIẾU XẾP LOẠI CHẤT LƯỢNG CÔNG CHỨC",
    "Năm....",
    "Họ và tên:",
    "Chức vụ, chức danh:",
    "Đơn vị công tác:",
    "I. TỔNG HỢP KẾT QUẢ THEO DÕI, ĐÁNH GIÁ",
    "Tháng Tổng điểm theo dõi, đánh giá Ghi chú",
    "123456789101112",
    "Tổng điểm trung bình cả năm",
    "II. CÔNG CHỨC TỰ ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG",
    BOXES,
    "III. KẾT QUẢ XẾP LOẠI CHẤT LƯỢNG CỦA CẤP CÓ THẨM QUYỀN CÔNG CHỨC1",
    BOXES,
    "IV. ĐỀ XUẤT PHƯƠNG ÁN XỬ LÝ2",
    ", ngàythángnăm",
    "CÔNG CHỨC TỰ XẾP LOẠI",
    "(Ký tên, ghi rõ họ tên)",
    ", ngàythángnăm",
    "CẤP CÓ THẨM QUYỀN XẾP LOẠI",
    "(Ký tên, ghi rõ họ tên)",
    "1 Việc xếp loại chất lượng công chức căn cứ vào quy định tại Điều 20 Nghị định này.",
    "2 Việc đề xuất phương án xử lý căn cứ quy định tại Điều 23 Nghị định này.",
]


@pytest.fixture(scope="module")
def printed() -> Iterator[Print]:
    yield from prints()


def test_mau_01_has_every_phrase_of_the_decree_in_its_order(printed):
    in_order(MAU_01, printed(contexts.sheet_papers(SheetPaper())))


def test_mau_02_has_every_phrase_of_the_decree_in_its_order(printed):
    in_order(MAU_02, printed(contexts.year_papers(YearPaper())))


def test_the_blank_forms_are_open_with_dots_up_to_the_margin(printed):
    page = printed(contexts.sheet_papers(SheetPaper())).pages[0]
    name = next(found for found in page.extract_text_lines() if found["text"].startswith("Họ và tên:"))
    assert re.fullmatch(r"Họ và tên:\s?\.{60,}", name["text"])
    assert name["x1"] / MM == pytest.approx(195, abs=1)


def test_a_filled_sheet_has_its_values_in_their_places(printed):
    pdf = printed(contexts.sheet_papers(samples.sheet(annex=False)))
    in_order(
        [
            "ỦY BAN NHÂN DÂN TỈNH BẮC NINH",
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
            "(Kỳ theo dõi, đánh giá: tháng 11 năm 2025)1",
            "Họ và tên: Nguyễn Thị Ánh Tuyết",
            "Chức vụ, chức danh: Chuyên viên",
            "công vụ 10 9,5",
            "Ý thức kỷ luật, kỷ cương trong thực thi công vụ 5 4,5",
            "những nhiệm vụ mới. 2,5 2",
            "Tổng cộng 30 29",
            "1. Điểm tiêu chí chung: 30",
            "2. Điểm tiêu chí kết quả thực hiện nhiệm vụ: 46,7",
            "3. Tổng điểm theo dõi, đánh giá công chức: 76,7",
            "5. Hạn chế, khuyết điểm: Còn chậm hai văn bản.",
            samples.COMMENT,
            "Bắc Ninh, ngày 02 tháng 12 năm 2025",
            "Bắc Ninh, ngày 05 tháng 12 năm 2025",
            "Nguyễn Thị Ánh Tuyết",
            "Trần Đức Thịnh",
        ],
        pdf,
    )
    assert len(pdf.pages) == 2, "a comment of 690 letters still leaves it on two pages"


def test_a_filled_year_has_its_months_marks_and_proposal(printed):
    pdf = printed(contexts.year_papers(samples.year()))
    in_order(
        [
            "Năm 2026",
            "1 88,5 2 89,0 3 89,5 4 90,0 5 90,5 6 Nghỉ ốm đau, thai sản 7 Nghỉ ốm đau, thai sản 8 92,0",
            "Tổng điểm trung bình cả năm 91,3",
            "☒ Hoàn thành xuất sắc nhiệm vụ ☐ Hoàn thành tốt nhiệm vụ",
            "☐ Hoàn thành xuất sắc nhiệm vụ ☒ Hoàn thành tốt nhiệm vụ ☐ Hoàn thành nhiệm vụ",
            "đề nghị xét khen thưởng cuối năm",
        ],
        pdf,
    )


def test_the_annex_has_the_handbooks_three_tables(printed):
    pdf = printed(contexts.sheet_papers(samples.sheet()))
    in_order(
        [
            "CHI TIẾT KẾT QUẢ THỰC HIỆN NHIỆM VỤ",
            "15/11/2025 Công văn 1,0 5,0 5,0 4,0 4,0",
            "Tổng cộng 16,8 15,06",
            "[= (9)/(7)] 89,6%",
            "Bảng 2. Tiến độ: (12) = (9) × [1 − 0,25 × (11)]",
            "19/11/2025 4 0,0",
            "12/11/2025 2 4,05",
            "[= (12)/(7)] 41,7%",
            "Bảng 3. Chất lượng",
            "12/11/2025 1 6,075",
            "11,555",
            "[= (14)/(7)] 68,8%",
            "Điểm đánh giá % 66,7",
            "Lý do điểm của cấp có thẩm quyền khác điểm tự chấm: Cộng điểm vì đã nhận thêm việc.",
            "Tổng điểm: 30 + 46,7 = 76,7 (Hoàn thành tốt nhiệm vụ).",
        ],
        pdf,
    )
    assert [(round(page.width / MM), round(page.height / MM)) for page in pdf.pages[1:4]] == [(210, 297), (297, 210), (297, 210)]


def test_a_leaders_annex_has_six_percentages(printed):
    pdf = printed(contexts.sheet_papers(samples.sheet(leader=True)))
    in_order(
        ["a Điểm tỷ lệ", "d Điểm tỷ lệ phần trăm", "phụ trách % 100,0", "đ Điểm tỷ lệ", "% 50,0", "e Điểm tỷ lệ", "Điểm đánh giá % 75,0"],
        pdf,
    )


def test_a_thousand_lines_are_for_the_workbook_and_the_annex_has_their_sums(printed):
    pdf = printed(contexts.sheet_papers(samples.sheet(lines=999)))
    assert len(pdf.pages) < 9
    in_order(["Trong kỳ có 999 nhiệm vụ", "Tổng cộng 5594,4", "5014,98", "89,6%", "41,7%", "68,8%", "Điểm đánh giá % 66,7"], pdf)


def test_what_nobody_confirmed_is_open_in_the_annex_too(printed):
    waiting = msgspec.structs.replace(samples.sheet(), general=None, total=None, band=None)
    text = letters(printed(contexts.sheet_papers(waiting)))
    assert squeezed("những nhiệm vụ mới. 2,5 2 Tổng cộng 30 29 Cách tính theo") in text[text.index("Bảng5") :]
    assert squeezed("Lý do điểm") not in text and squeezed("Tổng điểm: ") not in text


def test_a_notice_tells_the_result_and_the_right_to_petition(printed):
    year = printed(contexts.notice_papers(samples.notice()))
    in_order(
        [
            "Số: 45/TB-TTPVHCC",
            *NATION,
            "Bắc Ninh, ngày 05 tháng 02 năm 2026",
            "THÔNG BÁO",
            "Kết quả đánh giá, xếp loại chất lượng công chức năm 2026",
            "Nghị định số 335/2025/NĐ-CP",
            "1. Tổng điểm trung bình cả năm: 76,7 điểm.",
            "2. Mức xếp loại chất lượng: Hoàn thành tốt nhiệm vụ.",
            "trong thời hạn 07 ngày làm việc",
            "./.",
            "Nơi nhận:",
            "- Bà Nguyễn Thị Ánh Tuyết;",
            "- Lưu: VT.",
            "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC",
            "Lê Hoàng Việt",
        ],
        year,
    )
    month = letters(printed(contexts.notice_papers(samples.notice(whole_year=False))))
    assert squeezed("3. Tổng điểm theo dõi, đánh giá: 76,7 điểm.") in month
    assert squeezed("Mức xếp loại") not in month, "a month has points, no rating"


def test_the_published_list_has_ratings_and_no_points(printed):
    pdf = printed(contexts.publication_papers(samples.publication()))
    in_order(
        ["DANH SÁCH", "(Kèm theo Thông báo số 45/TB-TTPVHCC", "Mức xếp loại chất lượng", "Không xếp loại", "Danh sách có 40 người"], pdf
    )
    assert not re.search(r"\d,\d", "".join(page.extract_text() for page in pdf.pages))
    heads = [squeezed("Họ và tên") in squeezed(page.extract_text()) for page in pdf.pages]
    assert len(heads) > 1 and all(heads), "the head of the table comes again on each page"


def test_what_people_wrote_is_text_whatever_it_looks_like(printed):
    odd = "<b>đậm</b> & <img src='file:///etc/hostname'> {{ 7*7 }} =1+1\nDòng hai"
    pdf = printed(contexts.sheet_papers(msgspec.structs.replace(SheetPaper(), strengths=odd, person=Person(name="Đỗ <Thị> Hạnh"))))
    assert squeezed("4. Ưu điểm: " + odd) in letters(pdf)
    assert squeezed("Đỗ <Thị> Hạnh") in letters(pdf)
    assert sum(len(page.images) for page in pdf.pages) == 0


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 2, 5), "Bắc Ninh, ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "Bắc Ninh, ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "Bắc Ninh, ngày 09 tháng 3 năm 2026"),
        (None, "Bắc Ninh, ngày....tháng.....năm....."),
    ],
)
def test_a_date_takes_its_zeros_as_nghi_dinh_30_says(day, said):
    assert texts.place_and_date("Bắc Ninh", day) == said


def test_periods_and_numbers_are_said_as_people_write_them():
    assert texts.when(When(year=2026, kind="quarter", number=4)) == "quý 4 năm 2026"
    assert texts.when(When(year=2026)) == "năm 2026"
    assert [texts.points(one) for one in (None, 0, 2500, 30_000, 46_690)] == ["", "0", "2,5", "30", "46,69"]
    assert texts.points(90_000, least=1) == "90,0"

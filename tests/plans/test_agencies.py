import unicodedata

import pytest

from server.plans.rules.agencies import Agencies, agency_key, is_person, shown, split_agencies
from server.plans.shapes import Unit

UNITS = [
    Unit(id="office", name="Trung tâm Phục vụ hành chính công tỉnh", short="TTPVHCC", office=True),
    Unit(id="hcth", name="Phòng Hành chính - Tổng hợp", short="HCTH"),
    Unit(id="ks", name="Phòng Kiểm soát thủ tục hành chính", short="KSTTHC"),
    Unit(id="tn", name="Phòng Tiếp nhận và Trả kết quả giải quyết TTHC", short="TNTKQ"),
    Unit(id="cntt", name="Phòng Ứng dụng CNTT và hỗ trợ nghiệp vụ", short="CNTT"),
    Unit(id="bld", name="Ban Lãnh đạo", short="BLĐ"),
]
AGENCIES = Agencies(UNITS)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Trung tâm Phục vụ hành chính công tỉnh", "office"),
        ("Trung tâm HCC tỉnh", "office"),
        ("Trung tâm HCC", "office"),
        ("TTHCC", "office"),
        ("TT HCC tỉnh", "office"),
        ("Trung tâm Hành chính công tỉnh", "office"),
        ("Trung tâm Hành chính công", "office"),
        ("Trung tâm Hành chính công cấp tỉnh", "office"),
        ("Trung tâm PVHCC", "office"),
        ("TTPVHCC tỉnh", "office"),
        ("TRUNG TÂM HCC TỈNH", "office"),
        ("Trung tâm HCC tỉnh Bắc Ninh", "office"),
        ("Phòng HCTH", "hcth"),
        ("Phòng Hành chính – Tổng hợp", "hcth"),
        ("Hành chính - Tổng hợp", "hcth"),
        ("Phòng HC-TH", "hcth"),
        ("Phòng KSTTHC", "ks"),
        ("Phòng Kiểm soát TTHC", "ks"),
        ("phòng kiểm soát thủ tục hành chính", "ks"),
        ("Phòng TN&TKQ", "tn"),
        ("TNTKQ", "tn"),
        ("Phòng Tiếp nhận và trả kết quả", "tn"),
        ("Phòng CNTT", "cntt"),
        ("Phòng Ứng dụng CNTT", "cntt"),
        ("Ứng dụng công nghệ thông tin", "cntt"),
        ("Ban Lãnh đạo", "bld"),
        ("Lãnh đạo Trung tâm", "bld"),
        ("Phòng HCTH Trung tâm", "hcth"),
        ("Phòng Kiểm soát thủ tục hành chính thuộc Trung tâm", "ks"),
        ("Trung tâm HCC cấp huyện", None),
        ("Trung tâm Hành chính công huyện Yên Phong", None),
        ("Sở Nội vụ", None),
        ("Trung tâm Hành chính công cấp tỉnh, cấp huyện", None),
        ("Trung tâm Xúc tiến đầu tư", None),
        ("Phòng Nội vụ", None),
    ],
)
def test_it_finds_this_offices_units_through_spelling_variants(text: str, unit: str | None) -> None:
    for form in (text, unicodedata.normalize("NFD", text)):
        assert AGENCIES.match(form).unit == unit
        assert not AGENCIES.match(form).near


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sở TT- TT", "Sở Thông tin và Truyền thông"),
        ("Sở TT-TT", "Sở Thông tin và Truyền thông"),
        ("Sở TT&TT", "Sở Thông tin và Truyền thông"),
        ("Sở TTTT", "Sở Thông tin và Truyền thông"),
        ("Sở Thông tin Truyền thông", "Sở Thông tin và Truyền thông"),
        ("Sở Thông tin – Truyền thông", "Sở Thông tin và Truyền thông"),
        ("Sở KH-CN", "Sở Khoa học và Công nghệ"),
        ("Sở KH&CN", "Sở Khoa học và Công nghệ"),
        ("Văn phòng UBND tỉnh", "Văn phòng UBND tỉnh"),
        ("VP UBND tỉnh", "Văn phòng UBND tỉnh"),
        ("UBND tỉnh Bắc Ninh", "UBND tỉnh"),
        ("Sở LĐ-TB&XH", "Sở Lao động - Thương binh và Xã hội"),
        ("Sở LĐTBXH", "Sở Lao động - Thương binh và Xã hội"),
        ("Sở Tư pháp tỉnh Bắc Ninh", "Sở Tư pháp"),
        ("Viện NCPTKTXH tỉnh", "Viện NCPTKTXH tỉnh"),
        ("Trung tâm HCC cấp huyện", "Trung tâm HCC cấp huyện"),
        ("Sở VHTTDL", "Sở Văn hóa, Thể thao và Du lịch"),
    ],
)
def test_it_knows_outside_agencies_by_any_spelling(text: str, name: str) -> None:
    found = AGENCIES.match(text)
    assert (found.kind, found.name, found.unit) == ("outside", name, None)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Trung tâm HCC tỉnh, Sở TT- TT, Văn phòng UBND tỉnh", ["Trung tâm HCC tỉnh", "Sở TT- TT", "Văn phòng UBND tỉnh"]),
        (
            "Các sở, ngành, cơ quan chuyên môn thuộc UBND tỉnh; cơ quan ngành dọc TW có liên quan; UBND cấp huyện, cấp xã",
            ["Các sở, ngành, cơ quan chuyên môn thuộc UBND tỉnh", "cơ quan ngành dọc TW có liên quan", "UBND cấp huyện, cấp xã"],
        ),
        (
            "Các sở, ban, ngành thuộc UBND tỉnh, các cơ quan ngành dọc TW",
            ["Các sở, ban, ngành thuộc UBND tỉnh", "các cơ quan ngành dọc TW"],
        ),
        ("Sở Văn hóa, Thể thao và Du lịch, Sở Nội vụ", ["Sở Văn hóa, Thể thao và Du lịch", "Sở Nội vụ"]),
        ("Sở Nội vụ và Sở Tài chính", ["Sở Nội vụ", "Sở Tài chính"]),
        ("Sở Nội vụ\nSở Thông tin\nvà Truyền thông", ["Sở Nội vụ", "Sở Thông tin và Truyền thông"]),
        ("- Phòng HCTH\n- Phòng CNTT", ["Phòng HCTH", "Phòng CNTT"]),
        ("Trung tâm HCC\ntỉnh", ["Trung tâm HCC tỉnh"]),
        ("Sở Nội vụ, Văn phòng\nUBND tỉnh", ["Sở Nội vụ", "Văn phòng UBND tỉnh"]),
        ("Trung tâm Hành chính công tỉnh, UBND cấp huyện, cấp xã,", ["Trung tâm Hành chính công tỉnh", "UBND cấp huyện, cấp xã"]),
        ("Nguyễn Văn An, Trần Thị Bình", ["Nguyễn Văn An", "Trần Thị Bình"]),
        ("VNPT Bắc Ninh, Viettel Bắc Ninh", ["VNPT Bắc Ninh", "Viettel Bắc Ninh"]),
        ("", []),
    ],
)
def test_it_splits_a_list_but_not_a_name(text: str, parts: list[str]) -> None:
    assert split_agencies(text) == parts


def test_it_keeps_the_list_as_text() -> None:
    assert shown("Sở Nội vụ\nSở Thông tin\nvà Truyền thông,") == "Sở Nội vụ; Sở Thông tin và Truyền thông"
    assert shown("Sở TT-TT, Sở KH-CN,") == "Sở TT-TT, Sở KH-CN"


def test_it_says_when_a_unit_is_only_near() -> None:
    found = AGENCIES.match("Phòng Kiểm soát thủ tục hành chánh")
    assert found.unit == "ks" and found.near


def test_it_tells_people_from_agencies() -> None:
    assert is_person("Nguyễn Văn An") and is_person("Đ/c Bình") and is_person("Lê Thị Thu Hà")
    assert not is_person("Sở Nội vụ") and not is_person("Phòng HCTH") and not is_person("Trung tâm HCC tỉnh")


def test_it_writes_abbreviations_out() -> None:
    assert agency_key("Sở TT&TT") == agency_key("Sở Thông tin và Truyền thông") == agency_key("SỞ TTTT")

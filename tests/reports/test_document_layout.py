"""The document of a report as it was printed: measured in the PDF, where Nghị định 30/2020 says how things stand."""

import asyncio
import io
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pdfplumber
import pytest
from pdfminer.pdftypes import resolve1

from server.printing.printer import Printer
from server.reports.document import pdf_of
from server.reports.document.shapes import Head
from server.reports.shape import Part, Writing
from tests.kpi.paper_reading import MIDDLE, MM, NATION, letters, line, middle, squeezed
from tests.reports.sample import FORMULA, LONG_NAME, sample_report

HEAD = Head(
    parent="Ủy ban nhân dân tỉnh Bắc Ninh",
    agency="Trung tâm Phục vụ hành chính công",
    symbol="TTPVHCC",
    number="45",
    place="Bắc Ninh",
    day=date(2026, 12, 5),
    by="KT.",
    authority="Giám đốc",
    position="Phó Giám đốc",
    name="Ngô Thị Hạnh Dung",
    recipients=("UBND tỉnh (để b/c)", "Các phòng thuộc Trung tâm"),
    archive="VT, HCTH",
    draft=False,
)
#: Enough for a table over two pages and a table of contents.
PEOPLE = 16
SCRIPT = "<script>alert(1)</script> & Nguye\u0302\u0303n"


def read(printer: Printer, report, text: Writing | None, head: Head) -> Any:
    return pdfplumber.open(io.BytesIO(asyncio.run(pdf_of(report, text, head, printer))))


@pytest.fixture(scope="module")
def printed() -> Iterator[tuple[Any, Any]]:
    """A long report, and a short draft of a room with words of its own."""
    printer = Printer()
    text = Writing([Part("results", f"Kết quả {SCRIPT}", ["Đã hoàn thành 100 nhiệm vụ. " * 30])])
    whole = sample_report(4, running=True)
    people = whole.sections[4]
    rows = [msgspec.structs.replace(people.table.rows[0], label=SCRIPT), *people.table.rows[1:]]
    marked = msgspec.structs.replace(people, table=msgspec.structs.replace(people.table, rows=rows))
    short = msgspec.structs.replace(whole, sections=[whole.sections[0], marked])
    room = Head(agency="Phòng Ứng dụng CNTT", authority="Trưởng phòng")
    pdfs = read(printer, sample_report(PEOPLE), None, HEAD), read(printer, short, text, room)
    yield pdfs
    for pdf in pdfs:
        pdf.close()
    printer.close()


@pytest.fixture
def long(printed):
    return printed[0]


@pytest.fixture
def short(printed):
    return printed[1]


def letters_of(page: Any) -> str:
    """Everything on a page, squeezed."""
    return squeezed("".join(char["text"] for char in page.chars))


def tagged(root: Any) -> list[tuple[str, Any]]:
    """Every element of the tree of tags: its kind, and the words that stand for it."""
    node = resolve1(root)
    if isinstance(node, list):
        return [one for child in node for one in tagged(child)]
    if not isinstance(node, dict):
        return []
    own = [(node["S"].name, resolve1(node.get("Alt")))] if "S" in node else []
    return own + tagged(node.get("K"))


def above(page: Any) -> str:
    """What stands in the top margin."""
    return squeezed("".join(char["text"] for char in page.chars if char["bottom"] / MM < 20))


def rules(page: Any) -> list[tuple[float, float, float]]:
    """Lying lines in mm: from, to, height on the page."""
    return [(one["x0"] / MM, one["x1"] / MM, one["bottom"] / MM) for one in (*page.rects, *page.lines) if one["x1"] - one["x0"] > 20]


def heading(page: Any, text: str) -> tuple[float, str]:
    found = line(page, text)
    return found["size"], found["font"].removeprefix("Liberation-Serif").removeprefix("LiberationSerif").replace("-", "")


def test_the_words_stand_on_upright_pages_and_the_tables_on_wide_ones_within_the_margins(long):
    wide = ["Phụlục" in letters_of(page) and page.width > page.height for page in long.pages]
    assert wide == sorted(wide) and 2 <= wide.count(False) <= 4, "upright pages first"
    for page in long.pages:
        assert sorted((round(page.width / MM), round(page.height / MM))) == [210, 297]
        body = [char for char in page.chars if char["text"].strip() and char["top"] / MM > 19]
        assert min(char["x0"] for char in body) / MM >= 29.9
        assert max(char["x1"] for char in body) / MM <= page.width / MM - 14.6
        assert max(char["bottom"] for char in body) / MM <= page.height / MM - 19.5
        assert min(char["top"] for char in body) / MM == pytest.approx(21, abs=2.5)


def test_the_head_has_its_sizes_places_and_rules(long):
    page = long.pages[0]
    assert heading(page, "ỦY BAN NHÂN DÂN") == (12, "")
    assert heading(page, "HÀNH CHÍNH CÔNG") == (12, "Bold")
    assert heading(page, "Số: 45/BC-TTPVHCC") == (13, "")
    assert heading(page, NATION[0]) == (12, "Bold")
    assert heading(page, NATION[1]) == (13, "Bold")
    assert heading(page, "Bắc Ninh, ngày 05 tháng 12 năm 2026") == (13, "Italic")
    assert heading(page, "BÁO CÁO") == (14, "Bold")
    assert heading(page, "Kết quả thực hiện nhiệm vụ tháng 11 năm 2026") == (14, "Bold")
    nation, motto, agency = line(page, NATION[0]), line(page, NATION[1]), line(page, "HÀNH CHÍNH CÔNG")
    assert nation["top"] == pytest.approx(20.5, abs=1.5)
    assert middle(nation) == pytest.approx(middle(motto), abs=0.5)
    assert middle(nation) > MIDDLE > middle(agency)
    assert line(page, "Số: 45")["top"] == pytest.approx(line(page, "Bắc Ninh, ngày")["top"], abs=0.3)
    subject = line(page, "Kết quả thực hiện nhiệm vụ tháng 11")
    assert middle(line(page, "BÁO CÁO")) == pytest.approx(MIDDLE, abs=0.5)
    under = [one for one in rules(page) if motto["top"] < one[2] < motto["top"] + 9 and one[0] > MIDDLE - 20]
    assert any(abs(one[0] - motto["left"]) < 1 and abs(one[1] - motto["right"]) < 1 for one in under), "as long as the motto"
    for name in (line(page, "TRUNG TÂM PHỤC VỤ"), line(page, "Kết quả thực hiện nhiệm vụ tháng 11 năm 2026")):
        wide = name["right"] - name["left"]
        near = [one for one in rules(page) if 0 < one[2] - name["top"] < 14 and abs((one[0] + one[1]) / 2 - middle(name)) < 1]
        assert any(wide / 3 <= one[1] - one[0] <= wide / 2 for one in near), "a third to a half as long"
    assert subject["left"] > 30


def test_the_body_is_set_in_14_points_on_both_margins_and_ends_as_the_law_says(short):
    page = short.pages[0]
    words = line(page, "Đã hoàn thành 100")
    assert (words["size"], words["font"]) == (14, line(page, "Số: ........")["font"])
    assert words["left"] - 30 == pytest.approx(12.7, abs=0.2), "the first line"
    full = [one for one in page.extract_text_lines() if one["text"].count("nhiệm vụ") >= 2 and one["x0"] / MM < 31]
    assert len(full) >= 3
    assert all(one["x0"] / MM == pytest.approx(30, abs=0.2) and one["x1"] / MM == pytest.approx(195, abs=0.5) for one in full[:-1])
    step = (full[1]["top"] - full[0]["top"]) / 14
    assert 1 <= step <= 1.5, "single to one and a half lines"
    until, opening = line(page, "Kỳ báo cáo chưa kết thúc"), line(page, "như sau:")
    assert (until["top"] - opening["top"]) * MM >= step * 14 + 6 - 0.1, "at least 6 pt between paragraphs"
    assert "PhòngỨngdụngCNTT/" in letters(short)


def test_recipients_and_the_signature_stand_side_by_side(long):
    page = next(one for one in long.pages if "Nơinhận" in letters_of(one))
    assert heading(page, "Nơi nhận:") == (12, "BoldItalic")
    assert heading(page, "- UBND tỉnh (để b/c);") == (11, "")
    assert heading(page, "- Lưu: VT, HCTH.") == (11, "")
    assert [heading(page, one)[1] for one in ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Ngô Thị Hạnh Dung")] == ["Bold"] * 3
    assert heading(page, "PHÓ GIÁM ĐỐC")[0] == 14
    who, name = line(page, "KT. GIÁM ĐỐC"), line(page, "Ngô Thị Hạnh Dung")
    assert line(page, "Nơi nhận:")["left"] == pytest.approx(30, abs=0.3)
    assert middle(who) > MIDDLE and name["top"] - who["top"] > 25, "room to sign"
    assert line(page, "Nơi nhận:")["top"] == pytest.approx(who["top"], abs=1.5)


def test_pages_are_numbered_in_the_text_and_in_every_annex_but_not_on_their_first(long):
    expected, number = [], 0
    for page in long.pages:
        first = page.page_number == 1 or "(Kèm theo Báo cáo".replace(" ", "") in letters_of(page)
        number = 1 if first else number + 1
        expected.append("" if first else str(number))
        if not first:
            digits = [char for char in page.chars if char["bottom"] / MM < 20][: len(str(number))]
            assert above(page).startswith(str(number))
            assert digits[0]["size"] == pytest.approx(13, abs=0.01)
            assert (digits[0]["x0"] + digits[-1]["x1"]) / 2 / MM == pytest.approx((30 + page.width / MM - 15) / 2, abs=0.5)
    assert [re.sub(r"Phụlục\w+", "", above(page)) for page in long.pages] == expected


def test_an_annex_has_its_title_and_says_what_it_belongs_to(long):
    page = next(one for one in long.pages if one.width > one.height)
    assert heading(page, "Phụ lục I") == (14, "Bold")
    assert heading(page, "TỔNG HỢP TÌNH HÌNH, KẾT QUẢ THỰC HIỆN NHIỆM VỤ") == (14, "Bold")
    assert heading(page, "(Kèm theo Báo cáo số 45/BC-TTPVHCC ngày 05 tháng 12 năm 2026")[1] == "Italic"
    assert middle(line(page, "TỔNG HỢP TÌNH HÌNH")) < 297 / 2 + 10


def test_a_table_over_pages_has_its_head_on_each_and_breaks_no_row(long):
    pages = [page for page in long.pages if re.search(r"TrầnThịSố\d", letters_of(page)) and page.width > page.height]
    assert len(pages) >= 2
    for page in pages[:2]:
        assert "STTHọvàtên" in letters_of(page)
    joined = "".join(letters_of(page) for page in pages)
    assert [f"TrầnThịSố{n}Chuyênviên,Phòng" in joined for n in range(3, PEOPLE + 1)] == [True] * (PEOPLE - 2)


def test_the_contents_tell_the_pages_that_are_true(long):
    text = long.pages[0].extract_text()
    assert len(long.pages) > 10 and "MỤC LỤC" in text
    entries = re.findall(r"^(?:Bảng (\d+)\.|([IV]+)\. ).*?\.{3,} ?(?:PL ([IV]+) - )?(\d+)$", text, re.MULTILINE)
    assert [one[0] for one in entries if one[0]] == [str(n) for n in range(1, 14)]
    assert [one[1] for one in entries if one[1]] == ["I", "II", "III", "IV", "V"]
    for table, part, annex, number in entries:
        if table:
            found = next(page for page in long.pages[1:] if f"Bảng{table}" in letters_of(page))
        else:
            found = next(page for page in long.pages[1:] if f"\n{part}. " in page.extract_text())
        told = re.match(r"\d*", above(found))
        assert told is not None and int(told.group() or 1) == int(number), (table, part)
        if annex:
            start = max(page.page_number for page in long.pages[: found.page_number] if "Kèmtheo" in letters_of(page))
            assert f"Phụlục{annex}" in letters_of(long.pages[start - 1])


def test_a_short_one_has_no_contents_and_a_draft_says_that_it_is_one_on_every_page(short):
    assert len(short.pages) <= 10
    assert "MỤCLỤC" not in letters(short)
    assert ["DỰTHẢO" in letters_of(page) for page in short.pages] == [True] * len(short.pages)
    assert "Số:/BC-" in letters_of(short.pages[0])


def test_one_that_is_fixed_is_no_draft(long):
    assert "DỰTHẢO" not in letters(long)


def test_it_is_tagged_and_says_its_language_and_title(long):
    catalog = long.doc.catalog
    assert catalog["Lang"] == b"vi"
    assert "StructTreeRoot" in catalog and catalog["MarkInfo"]["Marked"] is True
    assert "Outlines" in catalog
    kinds = tagged(catalog["StructTreeRoot"])
    assert {"H1", "H2", "H3", "Table", "THead", "TH", "TD", "LI", "Link"} <= {kind for kind, _ in kinds}
    assert [bool(alternative) for kind, alternative in kinds if kind == "Figure"] == [True] * 4, "a drawing is told in words"
    assert long.metadata["Title"] == "Báo cáo kết quả thực hiện nhiệm vụ tháng 11 năm 2026"


def test_its_text_is_composed_and_has_the_numbers_of_the_report(long):
    report = sample_report(PEOPLE)
    text = "\n".join(page.extract_text() for page in long.pages)
    assert text == unicodedata.normalize("NFC", text)
    summary = report.section("summary")
    assert summary is not None
    for place, row in enumerate(one for one in summary.table.rows if one.level == 0):
        assert f"{place + 1} {row.label} {row.values[0]} {row.values[1]} –" in text, row.label
    people = report.section("people")
    assert people is not None and people.table.total is not None
    counts = [f"{one}" for one in people.table.total.values if isinstance(one, int)]
    assert f"Cộng {' '.join(counts)}" in text


def test_what_people_typed_is_text_and_wraps(long, short):
    assert squeezed(FORMULA) in letters(long)
    assert squeezed(LONG_NAME) in letters(long)
    assert squeezed(unicodedata.normalize("NFC", SCRIPT)) in letters(short)
    assert squeezed(unicodedata.normalize("NFC", SCRIPT)).upper() in letters(short)


def test_letters_are_of_one_type(long, short):
    fonts = {char["fontname"].split("+")[-1] for pdf in (long, short) for page in pdf.pages for char in page.chars}
    assert {re.sub(r"-(Bold|Italic|BoldItalic|Bold-Italic)$", "", font) for font in fonts} <= {"Liberation-Serif", "LiberationSerif"}, fonts

"""Where Nghị định 30/2020 wants things on the page: measured in the PDF."""

import itertools
from collections.abc import Iterator

import pytest

from server.kpi.papers import contexts
from server.kpi.papers.shapes import SheetPaper
from tests.kpi import paper_samples as samples
from tests.kpi.paper_reading import MIDDLE, MM, NATION, Print, line, middle, prints


@pytest.fixture(scope="module")
def printed() -> Iterator[Print]:
    yield from prints()


PAPERS = {
    "blank": contexts.sheet_papers(SheetPaper()),
    "sheet": contexts.sheet_papers(samples.sheet()),
    "long names": contexts.sheet_papers(samples.sheet(samples.LONG, lines=30)),
    "year": contexts.year_papers(samples.year(samples.LONG)),
    "notice": contexts.notice_papers(samples.notice()),
    "list": contexts.publication_papers(samples.publication()),
}


@pytest.mark.parametrize("name", PAPERS)
def test_everything_stands_on_a4_within_the_margins(printed, name):
    for page in printed(PAPERS[name]).pages:
        width, height = page.width / MM, page.height / MM
        assert sorted((round(width), round(height))) == [210, 297]
        body = [char for char in page.chars if char["text"].strip() and char["top"] / MM > 19]
        assert min(char["x0"] for char in body) / MM >= 29.9
        assert max(char["x1"] for char in body) / MM <= width - 14.8
        assert max(char["bottom"] for char in body) / MM <= height - 19.5
        assert min(char["top"] for char in body) / MM == pytest.approx(20.5, abs=4)


@pytest.mark.parametrize("name", PAPERS)
def test_no_letters_lie_on_each_other(printed, name):
    for page in printed(PAPERS[name]).pages:
        chars = [char for char in page.chars if char["text"].strip()]
        for one, other in itertools.pairwise(chars):
            if abs(one["top"] - other["top"]) < 0.5:
                assert other["x0"] >= one["x1"] - 0.4 * one["size"] or other["x0"] < one["x0"], (one["text"], other["text"])


@pytest.mark.parametrize("name", PAPERS)
def test_letters_are_times_in_weights_of_its_own_and_boxes_dejavu(printed, name):
    fonts = {char["fontname"].split("+")[-1] for page in printed(PAPERS[name]).pages for char in page.chars if char["text"] not in "☐☒"}
    assert {font.split("-Bold")[0].split("-Italic")[0] for font in fonts} <= {"Liberation-Serif", "LiberationSerif"}, fonts


@pytest.mark.parametrize("name", ["sheet", "long names", "list"])
def test_pages_are_numbered_from_the_second_one_in_the_middle_of_the_top_margin(printed, name):
    pdf = printed([paper for paper in PAPERS[name] if paper.template != "annex.html"])
    for number, page in enumerate(pdf.pages, 1):
        above = [char for char in page.chars if char["bottom"] / MM < 20]
        assert "".join(char["text"] for char in above) == ("" if number == 1 else str(number))
        if above:
            assert (above[0]["x0"] + above[-1]["x1"]) / 2 / MM == pytest.approx(MIDDLE, abs=0.5)
            assert above[0]["size"] == pytest.approx(13, abs=0.01)
            assert "Bold" not in above[0]["fontname"] and "Italic" not in above[0]["fontname"]


def test_papers_of_one_file_are_numbered_each_for_itself(printed):
    one = contexts.sheet_papers(samples.sheet(annex=False))
    pages = printed(one * 3).pages
    assert len(pages) == 6
    above = ["".join(char["text"] for char in page.chars if char["bottom"] / MM < 20) for page in pages]
    assert above == ["", "2"] * 3


def test_the_head_stands_as_nghi_dinh_30_wants_it(printed):
    page = printed(PAPERS["notice"]).pages[0]
    nation, motto = line(page, NATION[0]), line(page, NATION[1])
    parent, agency = line(page, "ỦY BAN NHÂN DÂN"), line(page, "TRUNG TÂM PHỤC VỤ")
    day, number = line(page, "Bắc Ninh, ngày 05"), line(page, "Số: 45/TB")
    title, about = line(page, "THÔNG BÁO"), line(page, "Kết quả đánh giá, xếp loại chất lượng công chức năm 2026")
    assert (nation["size"], "Bold" in nation["font"]) == (12, True)
    assert (motto["size"], "Bold" in motto["font"]) == (13, True)
    assert (parent["size"], "Bold" in parent["font"]) == (12, False)
    assert (agency["size"], "Bold" in agency["font"]) == (12, True)
    assert (day["size"], day["font"].endswith("Italic")) == (13, True)
    assert number["size"] == 13
    assert (title["size"], "Bold" in title["font"]) == (14, True)
    assert "Bold" in about["font"]
    assert nation["top"] == pytest.approx(20.5, abs=1.5)
    assert middle(nation) == pytest.approx(middle(motto), abs=0.5)
    assert middle(nation) > MIDDLE > middle(agency)
    assert nation["left"] - parent["right"] > 5
    assert middle(title) == pytest.approx(MIDDLE, abs=0.5)
    assert middle(about) == pytest.approx(MIDDLE, abs=0.5)
    # Rules: one as long as the motto below it, one a third to a half as long as the agency's name.
    rules = [(rect["x0"] / MM, rect["x1"] / MM, rect["bottom"] / MM) for rect in (*page.rects, *page.lines)]
    under = [one for one in rules if abs(one[0] - motto["left"]) < 1 and abs(one[1] - motto["right"]) < 1]
    assert any(motto["top"] < y < motto["top"] + 9 for *_, y in under)
    wide = agency["right"] - agency["left"]
    assert any(abs((a + b) / 2 - middle(agency)) < 1 and wide / 3 <= b - a <= wide / 2 and y > agency["top"] for a, b, y in rules)


def test_the_title_of_a_form_stands_in_the_middle(printed):
    page = printed(PAPERS["blank"]).pages[0]
    title = line(page, "PHIẾU THEO DÕI, ĐÁNH GIÁ CÔNG CHỨC")
    assert (title["size"], "Bold" in title["font"]) == (14, True)
    assert middle(title) == pytest.approx(MIDDLE, abs=0.5)
    assert line(page, "Mẫu số 01")["right"] == pytest.approx(195, abs=0.5)
    assert line(page, "Họ và tên:")["left"] == pytest.approx(30, abs=0.5)
    assert line(page, "Họ và tên:")["size"] == 13


def test_the_two_signatures_stand_side_by_side_on_one_page(printed):
    page = printed(contexts.sheet_papers(samples.sheet(annex=False))).pages[-1]
    own, rater = line(page, "CÔNG CHỨC TỰ ĐÁNH GIÁ"), line(page, "CẤP CÓ THẨM QUYỀN")
    assert own["top"] == pytest.approx(rater["top"], abs=0.3)
    assert middle(own) == pytest.approx(30 + 165 / 4, abs=1) and middle(rater) == pytest.approx(30 + 165 * 3 / 4, abs=1)
    assert "Bold" in own["font"]
    name, other = line(page, "Nguyễn Thị Ánh Tuyết"), line(page, "Trần Đức Thịnh")
    assert name["top"] == pytest.approx(other["top"], abs=0.3)
    assert name["top"] - own["top"] > 20, "room to sign"
    assert line(page, "(Ký tên, ghi rõ họ tên)")["font"].endswith("Italic")


@pytest.mark.parametrize("count", [0, 400, 700, 1000, 1400, 1700, 2000])
def test_signatures_are_never_alone_on_a_page(printed, count):
    comment = ("Đã hoàn thành tốt nhiệm vụ được giao trong kỳ. " * 50)[:count]
    page = printed(contexts.sheet_papers(samples.sheet(annex=False, comment=comment))).pages[-1]
    first = min((char for char in page.chars if char["top"] / MM > 19 and char["text"].strip()), key=lambda char: char["top"])
    assert first["top"] < line(page, "Bắc Ninh, ngày 02 tháng 12")["top"] * MM - 5


def test_a_file_is_tagged_and_says_its_language_and_title(printed):
    catalog = printed(PAPERS["sheet"]).doc.catalog
    assert catalog["Lang"] == b"vi"
    assert "StructTreeRoot" in catalog
    assert printed(PAPERS["sheet"]).metadata["Title"] == "Bản in"

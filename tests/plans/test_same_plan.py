"""The annex in many disguises: whatever an office does to the table, the same eighteen tasks are read."""

import unicodedata
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.plans.shapes import Plan
from server.plans.show import as_json
from tests.plans.helpers import DATA, document, pasted, read
from tests.plans.word import NATIONAL, SIGNATURES, grid, row, word

PLAN = read((DATA / "qd-717-phu-luc.docx").read_bytes())
HEADER = [column.header for column in PLAN.columns]
FIELDS = ("group", "title", "lead", "partners", "product", "due", "cadence", "note", "doubts")


def facts(plan: Plan) -> list[dict[str, Any]]:
    return [{field: row[field] for field in FIELDS} for row in as_json(plan)]


def whole() -> list[list[str]]:
    """The annex with every row in one piece."""
    lines: list[list[str]] = []
    groups = {group.title: group.number for group in PLAN.groups}
    for one in PLAN.rows:
        if one.group in groups:
            lines.append([groups.pop(one.group), one.group, *[""] * (len(HEADER) - 2)])
        lines.append([one.number, one.title, one.lead_text, one.partners_text, one.due_text, one.product])
    return lines


LINES, EXPECTED = whole(), facts(PLAN)
WORDS = {
    "TT": ("STT", "Số TT", "Số thứ tự", "TT"),
    "Nhiệm vụ": ("Nhiệm vụ, dự án", "Nội dung", "Nội dung công việc", "Nhiệm vụ, giải pháp", "Tên nhiệm vụ", "NHIỆM VỤ"),
    "Cơ quan chủ trì": ("Đơn vị chủ trì", "Chủ trì", "Đơn vị, cá nhân chủ trì", "Cơ quan, đơn vị chủ trì thực hiện", "Đơn vị đầu mối"),
    "Cơ quan phối hợp": ("Đơn vị phối hợp", "Phối hợp", "Đơn vị phối hợp thực hiện", "Cơ quan, đơn vị phối hợp"),
    "Thời gian Hoàn thành": ("Thời gian hoàn thành", "Thời hạn", "Thời gian thực hiện", "Tiến độ", "Thời hạn hoàn thành", "Hạn hoàn thành"),
    "Sản phẩm dự kiến": ("Sản phẩm", "Mục tiêu", "Kết quả", "Kết quả, sản phẩm", "Sản phẩm/Kết quả", "Kết quả đầu ra", "Dự kiến sản phẩm"),
}


def text(*lines: list[str]) -> str:
    return "\n".join("\t".join(line) for line in lines)


def test_it_reads_the_rows_in_one_piece_as_the_annex() -> None:
    assert len(EXPECTED) == 18 and facts(pasted(text(HEADER, *LINES))) == EXPECTED


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_it_reads_the_same_wherever_a_page_breaks_a_row(data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([at for at, line in enumerate(LINES) if line[2]]))
    upper, lower = [LINES[place][0]], [""]
    for cell in LINES[place][1:]:
        parts = cell.split(" ")
        cut = data.draw(st.integers(1 if len(upper) == 1 else 0, len(parts)))
        upper.append(" ".join(parts[:cut]))
        lower.append(" ".join(parts[cut:]))
    if not any(lower):
        lower[-1] = ""
    assert facts(pasted(text(HEADER, *LINES[:place], upper, HEADER, lower, *LINES[place + 1 :]))) == EXPECTED


@given(st.permutations(range(len(HEADER))), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_it_reads_the_same_in_any_order_of_columns_under_any_names(order: list[int], data: st.DataObject) -> None:
    names = [data.draw(st.sampled_from(WORDS[name])) for name in HEADER]
    assert facts(pasted(text(*([line[at] for at in order] for line in (names, *LINES))))) == EXPECTED


def test_it_reads_the_same_with_empty_columns_lines_and_titles_around() -> None:
    title = ["PHỤ LỤC NHIỆM VỤ", *[""] * 5]
    for lines in (
        [title, ["(Kèm theo Quyết định số 717/QĐ-UBND)", *[""] * 5], HEADER, *LINES],
        [HEADER, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"], *LINES, *[[""] * 6] * 5],
        [[*line[:3], "", *line[3:], ""] for line in (HEADER, *LINES)],
        [["", *line] for line in (HEADER, *LINES)],
    ):
        assert facts(pasted(text(*lines))) == EXPECTED


def test_it_reads_the_same_decomposed_and_in_capitals_of_the_header() -> None:
    assert facts(pasted(unicodedata.normalize("NFD", text(HEADER, *LINES)))) == EXPECTED
    assert facts(pasted(text([name.upper() for name in HEADER], *LINES))) == EXPECTED


def test_it_reads_the_same_between_a_national_heading_and_signatures() -> None:
    table = grid(row(*HEADER), *(row(*line) for line in LINES))
    assert facts(read(word(NATIONAL, "KẾ HOẠCH", "III. NHIỆM VỤ", table, "Trên đây là kế hoạch./.", SIGNATURES))) == EXPECTED


def test_it_reads_the_same_split_into_tables_with_and_without_their_header() -> None:
    for at in (3, 9, 14):
        assert facts(read(document([HEADER, *LINES[:at]], [HEADER, *LINES[at:]], before=("Phụ lục", "")))) == EXPECTED
        assert facts(read(document([HEADER, *LINES[:at]], LINES[at:], before=("Phụ lục", "")))) == EXPECTED

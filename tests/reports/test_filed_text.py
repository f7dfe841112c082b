"""The text that is drafted from the figures: sentences that read well, and no number that the report has not."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

import msgspec
import pytest

from server.reports.build.figures import kind_of, label_of
from server.reports.filed.draft import TITLE, UNITS, Material, drafted
from server.reports.filed.late import Named
from server.reports.filed.rules import flaw
from server.reports.shape import Headline, Report, Row, Section, Table, Value, Writing
from tests.reports.sample import sample_report

CURLY = "Rà soát {0} {name} 100% %s %(x)d {"
NAMES = {"a": "Trần Bảo Kha"}


@dataclass
class Made:
    """A report of nothing but these figures, and the tasks that its text may name."""

    figures: dict[str, Value]
    before: dict[str, Value] = field(default_factory=dict)
    late: list[Named] = field(default_factory=list)
    overdue: list[Named] = field(default_factory=list)
    coming: list[Named] = field(default_factory=list)
    running: bool = False
    sections: list[Section] = field(default_factory=list)

    def report(self) -> Report:
        lines = [Headline(key, label_of(key), kind_of(key), value, self.before.get(key)) for key, value in self.figures.items()]
        return msgspec.structs.replace(sample_report(2, self.running), headlines=lines, sections=self.sections)

    def parts(self) -> dict[str, list[str]]:
        return {one.key: one.paragraphs for one in self.writing().parts}

    def writing(self) -> Writing:
        return drafted(Material(self.report(), self.late, self.overdue, self.coming, NAMES))


def task(title: str = "Tập huấn", number: str = "#7", why: str = "", handed: date | None = None, lead: str = "a") -> Named:
    return Named(number, number, title, lead, date(2026, 11, 10), handed, why)


def well_formed(writing: Writing) -> None:
    """Every sentence begins large, ends, and has no place that was not filled."""
    for part in writing.parts:
        for text in part.paragraphs:
            assert text == text.strip() == unicodedata.normalize("NFC", text) and "\n" not in text
            assert re.search(r"[.:;]$", text), text
            assert not re.search(r"\.\.|,,| ,|;;|  |\bNone\b|nan", text), text
            assert text.startswith("- ") or text[0].isupper(), text
        lists = [text for text in part.paragraphs if text.startswith("- ")]
        assert not lists or lists[-1].endswith(".")


def test_the_text_of_the_sample_says_its_figures_and_no_others() -> None:
    report = sample_report()
    overdue = [task(f"Việc {n}", f"#{n}") for n in range(2)]
    writing = drafted(Material(report, [], overdue, [], NAMES))
    well_formed(writing)
    assert [one.key for one in writing.parts] == ["results", "late", "assessment", "next", "asked"]
    said_of = "Trong tháng 11 năm 2026, Trung tâm Phục vụ hành chính công có tổng số 1.234 nhiệm vụ, gồm "
    assert writing.parts[0].paragraphs[0].startswith(said_of)
    said = {int(one.replace(".", "")) for part in writing.parts for text in part.paragraphs for one in re.findall(r"\d[\d.]*", _bare(text))}
    known = {int(value) for value in _values(report)} | {0}
    total, carried, assigned = (int(report.figure(key) or 0) for key in ("total", "carried", "assigned"))
    derived = {abs(total - carried - assigned), int(report.figure("overdue") or 0) - 2}
    assert said - known - derived == set()


def _bare(text: str) -> str:
    """Without shares, days, periods and numbers of tasks."""
    text = re.sub(r"[\d.]+,\d+|[\d.]+ %|vụ số \d+|Việc \d+|\d{2}/\d{2}/\d{4}|(tháng|năm|tuần) \d+|Số \d+", "", text)
    return text.rstrip(".")


def _values(report: Report) -> list[float]:
    found = [one for head in report.headlines for one in (head.value, head.before)]
    for section in report.sections:
        for row in [*section.table.rows, *([section.table.total] if section.table.total else [])]:
            found += row.values
    return [one for one in found if isinstance(one, int | float)]


def test_a_unit_that_nothing_was_counted_in_says_so() -> None:
    made = Made({"total": 0, "done": 0, "open": 0})
    well_formed(made.writing())
    parts = made.parts()
    assert parts["results"] == ["Trong tháng 11 năm 2026, Trung tâm Phục vụ hành chính công chưa ghi nhận nhiệm vụ nào."]
    assert parts["late"] == ["Trong kỳ không có nhiệm vụ trễ hạn hoặc quá hạn."]
    assert parts["assessment"] == ["Chưa có số liệu kỳ trước để so sánh."]
    assert parts["next"] == ["Trong tháng 12 năm 2026 chưa có nhiệm vụ đến hạn."]


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"done": 4, "on_time": 4}, "Đã hoàn thành 4 nhiệm vụ, tất cả đúng hạn."),
        ({"done": 4, "late": 4, "on_time_share": 0.0}, "Đã hoàn thành 4 nhiệm vụ, tất cả trễ hạn."),
        ({"done": 4, "undated": 4}, "Đã hoàn thành 4 nhiệm vụ, tất cả không quy định thời hạn."),
        (
            {"done": 4, "on_time": 2, "excused": 1, "late": 1, "undated": 1, "done_share": 0.8, "on_time_share": 2 / 3},
            "Đã hoàn thành 4 nhiệm vụ, đạt 80 % số nhiệm vụ phải thực hiện, trong đó có 2 nhiệm vụ đúng hạn (tính cả 1 nhiệm vụ chậm do "
            "nguyên nhân khách quan), 1 nhiệm vụ trễ hạn, 1 nhiệm vụ không quy định thời hạn; tỷ lệ đúng hạn 66,7 %.",
        ),
        (
            {"done": 2, "on_time": 2, "excused": 1},
            "Đã hoàn thành 2 nhiệm vụ, trong đó có 2 nhiệm vụ đúng hạn (tính cả 1 nhiệm vụ chậm do nguyên nhân khách quan).",
        ),
        ({"done": 0}, "Trong kỳ chưa có nhiệm vụ nào được nghiệm thu hoàn thành."),
    ],
    ids=["on-time", "late", "undated", "mixed", "excused", "none"],
)
def test_it_says_what_was_done(figures: dict[str, Value], said: str) -> None:
    made = Made({"total": 9, **figures})
    well_formed(made.writing())
    assert said in made.parts()["results"]


def test_everything_late_names_the_tasks_counts_the_rest_and_says_why() -> None:
    late = [task(f"Việc {n}", f"#{n}", handed=date(2026, 11, 12), why="Chờ ý kiến của Sở Tài chính.") for n in range(15)]
    made = Made({"total": 17, "done": 17, "late": 17}, late=late)
    well_formed(made.writing())
    told = made.parts()["late"]
    assert told[0] == "Có 17 nhiệm vụ đã hoàn thành nhưng trễ hạn:"
    assert told[1] == (
        "- Nhiệm vụ số 0 “Việc 0”, chủ trì: Trần Bảo Kha, hạn 10/11/2026, trình kết quả ngày 12/11/2026 "
        "(lý do: Chờ ý kiến của Sở Tài chính);"
    )
    assert told[-1] == "- và 2 nhiệm vụ khác."
    # Reasons stand with the tasks: nothing is claimed besides.
    assert "Chưa ghi nhận lý do" not in " ".join(told)
    silent = Made({"total": 1, "overdue": 1}, overdue=[task(lead="gone")], running=True).parts()["late"]
    assert silent[0] == "Đến thời điểm lập báo cáo có 1 nhiệm vụ quá hạn chưa hoàn thành:"
    assert "chủ trì: chưa phân công" in silent[1] and silent[-1] == "Chưa ghi nhận lý do cụ thể trên hệ thống."


def test_titles_are_cut_composed_and_never_read_as_a_template() -> None:
    long = unicodedata.normalize("NFD", "Rà soát thủ tục hành chính " * 26)[:690]
    tasks = [task(long, "#1", why=CURLY + "x" * 300), task(CURLY, "#2"), task("Hai\ndòng\t  chữ", "#3")]
    made = Made({"total": 3, "overdue": 3, "due_next": 3}, overdue=tasks, coming=tasks)
    well_formed(made.writing())
    assert flaw(made.writing()) is None
    told = made.parts()["late"]
    title = told[1].split("“")[1].split("”")[0]
    assert len(title) <= TITLE and title.endswith("…") and title.startswith("Rà soát thủ tục")
    assert CURLY in told[1] and f"“{CURLY}”" in told[2] and "“Hai dòng chữ”" in told[3]


def test_it_compares_what_reads_differently_and_says_what_comes() -> None:
    figures: dict[str, Value] = {
        "total": 9,
        "done": 1100,
        "on_time_share": 0.8641,
        "median_days": 6.5,
        "open": 3,
        "submitted": 2,
        "due_next": 0,
    }
    made = Made(figures, before={"done": 900, "on_time_share": 0.8639, "median_days": 8.0})
    well_formed(made.writing())
    assert made.parts()["assessment"] == [
        "Tỷ lệ đúng hạn: 86,4 %, giữ nguyên so với tháng 10 năm 2026.",
        "Hoàn thành: 1.100 nhiệm vụ, tăng so với tháng 10 năm 2026 (900 nhiệm vụ).",
        "Thời gian xử lý (trung vị): 6,5 ngày làm việc, giảm so với tháng 10 năm 2026 (8 ngày làm việc).",
    ]
    assert made.parts()["next"] == [
        "Trong tháng 12 năm 2026 chưa có nhiệm vụ đến hạn.",
        "Tiếp tục thực hiện các nhiệm vụ đang triển khai.",
        "Kịp thời nghiệm thu 2 nhiệm vụ đã trình kết quả.",
    ]


def test_units_beyond_a_page_are_counted() -> None:
    whole = sample_report().section("units")
    assert whole is not None
    rows = [Row(f"u{n}", f"Phòng {n}", whole.table.rows[0].values) for n in range(UNITS + 3)]
    table = Table("Đơn vị", whole.table.columns, rows)
    made = Made({"total": 9, "done": 9, "on_time": 9}, sections=[msgspec.structs.replace(whole, table=table)])
    well_formed(made.writing())
    results = made.parts()["results"]
    assert results[-1] == "- và 3 đơn vị khác, chi tiết tại phụ lục số liệu."
    assert len([one for one in results if one.startswith("- ")]) == UNITS + 1

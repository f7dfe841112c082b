"""How the sections of a report are drawn: the same in both engines, in proportion, and nothing that its table has not."""

import re
from datetime import date

import msgspec
import pytest

from server.reports.page.calendar import shades
from server.reports.page.draw import drawing
from server.reports.shape import Chart, Column, Report, Row, Section, Table
from tests.reports.sample import LONG_NAME, sample_report
from tests.templates.test_two_renderers import by_jinja2, by_minijinja, shape


def drawn(key: str, report: Report | None = None) -> dict:
    report = report or sample_report()
    section = report.section(key)
    assert section is not None
    found = drawing(section, report)
    assert found is not None
    return found


def test_every_drawing_is_the_same_in_both_engines() -> None:
    report = sample_report(40)
    shares = Table(
        "Tháng", [Column("on_time_share", "Tỷ lệ", "share")], [Row(f"2026-{n:02d}", f"Tháng {n}", [n / 12]) for n in range(1, 5)]
    )
    report.sections.append(Section("shares", "Tỷ lệ", "", shares, Chart("lines", ["on_time_share"])))
    found = [one for one in (drawing(section, report) for section in report.sections) if one]
    assert {one["shape"] for one in found} == {"upright", "lying", "calendar"} and len(found) == 12
    rendered = [engine("drawn.html", {"drawings": found}) for engine in (by_jinja2, by_minijinja)]
    assert shape(rendered[0]) == shape(rendered[1])
    assert LONG_NAME in rendered[0] and "<polyline" in rendered[0] and "style=" not in rendered[0]


def test_bars_are_as_long_as_their_numbers_and_say_them() -> None:
    found = drawn("units")
    first = found["rows"][0]
    assert first["said"] == "Đúng hạn 17 · Trễ hạn 2 · Không thời hạn 1 · Còn trong hạn 8 · Quá hạn 2"
    widths = [float(one["w"]) for one in first["bars"]]
    assert sum(widths) == pytest.approx(100, abs=0.1) and widths[0] / widths[1] == pytest.approx(17 / 2, rel=0.01)
    assert [one["kind"] for one in first["bars"]] == ["done", "soon", "do", "edge", "late"]
    assert len(found["rows"]) == 2, "a room without anything is in the table alone"


def test_many_lines_are_folded_and_none_is_lost() -> None:
    found = drawn("people", sample_report(40))
    assert (len(found["rows"]), len(found["rest"]), found["more"]) == (12, 15, "Xem thêm 15 dòng")
    assert drawn("people", sample_report(15))["rest"] == []


def test_columns_stand_on_each_other_from_the_ground_up() -> None:
    bars = drawn("course")["plots"][0]["plot"]["bars"]
    on_time, late, undated = (float(one["y"]) + float(one["h"]) for one in bars[:3])
    assert on_time > late > undated and on_time == pytest.approx(16 + 160 - 1)
    assert float(bars[0]["h"]) / float(bars[1]["h"]) == pytest.approx(20 / 3, rel=0.1)


def test_a_calendar_has_every_day_and_leaves_those_empty_that_have_not_come() -> None:
    found = drawn("calendar", sample_report(running=True))
    (month,) = found["months"]
    cells = {one["day"]: one for one in month["cells"]}
    assert len(cells) == 30 and month["label"] == "Tháng 11/2026: 80"
    assert cells["6"]["text"] == "6" and cells["6"]["kind"] == "heat-4" and cells["1"]["kind"] == "heat-0"
    assert {one for one, cell in cells.items() if cell["kind"] == "ahead"} == {str(n) for n in range(24, 31)}
    year = msgspec.structs.replace(sample_report(), period="2026", first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert [one["name"] for one in drawn("calendar", year)["months"]] == [f"Tháng {n}/2026" for n in range(1, 13)]


@pytest.mark.parametrize(("most", "edges"), [(0, []), (1, [1]), (3, [1, 2, 3]), (4, [1, 2, 3, 4]), (10, [3, 5, 8, 10]), (5, [2, 3, 4, 5])])
def test_shades_grow_with_the_numbers(most: int, edges: list[int]) -> None:
    assert shades(most) == edges


def test_what_has_only_zeros_is_not_drawn() -> None:
    table = Table("Tên", [Column("done", "Hoàn thành")], [Row("a", "A", [0]), Row("b", "B", [None])])
    assert drawing(Section("fields", "Lĩnh vực", "", table, Chart("bars", ["done"])), sample_report()) is None


def test_no_two_columns_of_one_drawing_look_alike() -> None:
    for key in ("units", "people", "kpi", "leaders"):
        kinds = [one["kind"] for one in drawn(key)["key"]]
        assert len(kinds) == len(set(kinds)) > 1, key
        assert all(re.fullmatch("[a-z]+", one) for one in kinds)

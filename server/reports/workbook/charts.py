"""The charts of a workbook: Excel's own, drawn from the cells, so that they follow what somebody filters or corrects."""

from math import ceil
from typing import Final

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import TextAxis
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.series import SeriesLabel
from openpyxl.worksheet.worksheet import Worksheet

from server.reports.shape import Section
from server.reports.workbook.safe import text
from server.words import say

#: What a figure is drawn in; the others take the rest in turn. Readable without colours: the legend and the table are beside it.
COLOURS: Final = {
    "on_time": "146C3C",
    "late": "B3261E",
    "overdue": "B3261E",
    "undated": "7A7F87",
    "in_time": "1F5FBF",
    "done": "146C3C",
    "open": "1F5FBF",
}
REST: Final = ("1F5FBF", "B26A00", "146C3C", "6B4FA0", "B3261E", "7A7F87")
#: Centimetres.
WIDTH: Final = 22
WIDEST: Final = 34
CHARACTER: Final = 0.19
HEIGHT: Final = 9
#: Of a page that lies, with the table that gives the scale; and lines that can be told apart on it.
HIGHEST: Final = 26
MOST_DRAWN: Final = 40
LINE: Final = 0.62


def draw(
    sheet: Worksheet, section: Section, anchor: str, head: int, first: int, last: int, columns: list[int], names: int = 1, wide: float = 0
) -> None:
    """Draw ``columns`` (numbers of the sheet's) of the rows ``first`` to ``last`` under ``head``.

    ``names``: the column of what they are called; ``wide``: the width of the table, in characters.
    """
    assert section.chart is not None
    chart = _shaped(section, last - first + 1)
    last = min(last, first + MOST_DRAWN - 1)
    chart.width = max(WIDTH, min(WIDEST, round(wide * CHARACTER)))
    for place, column in enumerate(columns):
        series = Series(Reference(sheet, min_col=column, min_row=first, max_row=last))
        series.tx = SeriesLabel(strRef=StrRef(f=str(Reference(sheet, min_col=column, min_row=head, max_row=head))))
        chart.series.append(series)
        key = section.chart.columns[place]
        colour = COLOURS.get(key, REST[place % len(REST)])
        if isinstance(chart, LineChart):
            series.graphicalProperties.line.solidFill = colour
            series.smooth = False
        else:
            series.graphicalProperties.solidFill = colour
    chart.set_categories(Reference(sheet, min_col=names, min_row=first, max_row=last))
    shares = all(one.kind == "share" for one in section.table.columns if one.key in section.chart.columns)
    chart.y_axis.number_format = "0%" if shares else "#,##0.##"
    sheet.add_chart(chart, anchor)


def height_of(section: Section, lines: int) -> float:
    """How high the chart is, in points."""
    return float(_shaped(section, lines).height) / 2.54 * 72


def _shaped(section: Section, lines: int) -> BarChart | LineChart:
    assert section.chart is not None
    if section.chart.shape == "lines":
        chart: BarChart | LineChart = LineChart()
    else:
        chart = BarChart()
        # Time runs from left to right; names stand one under the other, where there is room for them.
        chart.type = "col" if section.key == "course" else "bar"
        chart.gapWidth = 50
        if section.chart.shape == "stacked":
            chart.grouping, chart.overlap = "stacked", 100
        if chart.type == "bar":
            chart.x_axis.scaling.orientation = "maxMin"
            chart.y_axis.crosses = "max"
    chart.title = text(say("workbook.first_lines", title=section.title, count=MOST_DRAWN) if lines > MOST_DRAWN else section.title)
    chart.style = 2
    chart.width = WIDTH
    bars = len(section.chart.columns) if section.chart.shape == "bars" else 1
    chart.height = (
        min(HIGHEST, max(HEIGHT, ceil(3.5 + LINE * min(lines, MOST_DRAWN) * bars))) if getattr(chart, "type", "") == "bar" else HEIGHT
    )
    if chart.legend is not None:
        chart.legend.position = "b"
    if isinstance(chart.x_axis, TextAxis):
        # Every name is there.
        chart.x_axis.tickLblSkip = 1
    # Without this newer Excels leave the axes out.
    chart.x_axis.delete = chart.y_axis.delete = False
    return chart

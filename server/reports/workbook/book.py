"""The workbook of a report: the first numbers, a sheet a section, and the tasks that it counts."""

from collections.abc import Callable, Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from server.reports.shape import Report
from server.reports.workbook import front, section
from server.reports.workbook.look import prepare
from server.reports.workbook.safe import plain, sheet_name
from server.reports.workbook.tasks import Line, task_sheet
from server.words import say

#: Lines of tasks between two words on the progress.
STEP = 500


def workbook(
    report: Report,
    listing: Iterable[Line] | None = None,
    told: Callable[[int, int], None] | None = None,
    *,
    remark: str = "",
) -> bytes:
    """The report as a file. Takes seconds of a processor where ``listing`` is long: not for the server's own process.

    ``listing``: the tasks in their order, up to ``tasks.MOST`` of them. ``remark``: what the reader must know of the list, or why there is
    none. ``told`` hears how many of how many steps are done.
    """
    lines = list(listing) if listing is not None else None
    book = Workbook()
    prepare(book)
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = sheet_name(say("workbook.front"), [], "1")
    steps = 2 + len(report.sections) + len(lines or ()) // STEP
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        if told is not None:
            told(min(done, steps), steps)

    listed = []
    for one in report.sections:
        sheet = _sheet(book, one.title)
        section.fill(sheet, report, one)
        listed.append((sheet.title, one.title, one.said))
        tell()
    if lines is not None:
        title = say("workbook.tasks")
        sheet = _sheet(book, title)
        task_sheet(sheet, report, title, lines, remark, tell, STEP)
        listed.append((sheet.title, title, say("workbook.tasks_said", count=len(lines))))
    front.fill(first, report, listed, remark)
    tell()
    _properties(book, report)
    stream = BytesIO()
    book.save(stream)
    tell()
    return stream.getvalue()


def _sheet(book: Workbook, title: str) -> Worksheet:
    sheet = book.create_sheet(sheet_name(title, book.sheetnames, say("workbook.sheet")))
    assert isinstance(sheet, Worksheet)
    return sheet


def _properties(book: Workbook, report: Report) -> None:
    said = book.properties
    said.title = plain(f"{say('workbook.title')} – {report.unit_label} – {report.period_label}")
    said.subject = plain(report.period_label)
    said.creator = said.lastModifiedBy = plain(report.unit_label)
    said.language = "vi-VN"
    said.keywords = f"{report.period}; {report.version}"

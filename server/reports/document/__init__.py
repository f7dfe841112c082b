"""The document of a report: a PDF in the layout of Nghị định 30/2020."""

from server.printing.printer import Printer
from server.printing.printer import printer as common
from server.printing.wire import Paper
from server.reports.document.annexes import MOST_ROWS, annexes_of, drawn
from server.reports.document.body import body_of, period_of, standard
from server.reports.document.cells import clean
from server.reports.document.frame import day_of, frame_of, number_of
from server.reports.document.shapes import Head
from server.reports.shape import Report, Writing
from server.words import say

#: A document of more pages has a table of contents.
CONTENTS_OVER = 10


def paper_of(report: Report, text: Writing | None, head: Head) -> Paper:
    """The report as the printer takes it; with no ``text`` its own sentences stand for one."""
    annexes = annexes_of(report)
    agency = clean(head.agency) or clean(report.unit_label)
    context = {
        **frame_of(head, clean(head.subject) or say("report_paper.subject", period=period_of(report))),
        "parts": body_of(report, head, text if text is not None and text.parts else standard(annexes), annexes),
        "annexes": drawn(annexes),
        "with_report": say("report_paper.annex_with", number=number_of(head), day=day_of(head.day), agency=agency),
        "words": {name: say(f"report_paper.{name}") for name in ("contents", "rank", "months", "sum")},
    }
    return Paper(template="report.html", context=context, contents_over=CONTENTS_OVER, contents_likely=_long(report))


def _long(report: Report) -> bool:
    """Whether it will have a table of contents, roughly: a table takes half a page, and a page holds some twenty lines."""
    rows = sum(min(len(one.table.rows), MOST_ROWS) for one in report.sections if one.key != "calendar")
    return 2 + len(report.sections) / 2 + rows / 20 > CONTENTS_OVER


def title_of(report: Report) -> str:
    """What the file is called."""
    return say("report_paper.title", period=period_of(report))


async def pdf_of(report: Report, text: Writing | None, head: Head, printer: Printer = common) -> bytes:
    """The document as a tagged PDF. Raises Refusal (``printing.*``): too many wait, it takes too long, or it can't be laid out."""
    return await printer.pdf([paper_of(report, text, head)], title_of(report))

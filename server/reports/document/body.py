"""The words of the document: those that somebody wrote, or the sentences of the report."""

from typing import Any

from server.reports.document.annexes import Annex, roman
from server.reports.document.cells import clean
from server.reports.document.shapes import Head, Part, Text
from server.reports.shape import Report
from server.reports.words import as_of, day
from server.words import say


def period_of(report: Report) -> str:
    """The period inside a sentence, without its days in brackets: "tháng 11 năm 2026"."""
    label = clean(report.period_label).split(" (")[0]
    return label[:1].lower() + label[1:]


def standard(report: Report, head: Head, annexes: list[Annex]) -> Text:
    """What a report says of itself where nobody has written its words: the sentence of each section, under the titles of the annexes."""
    agency = clean(head.agency) or clean(report.unit_label) or say("report_paper.agency_open")
    period = period_of(report)
    opening = say("report_paper.opening", agency=agency, period=period, first=day(report.first), last=day(report.last))
    counted = say("report_paper.counted", until=as_of(report))
    said = [Part(key=one.key, title=one.title, paragraphs=[part.said for part in one.sections if part.said.strip()]) for one in annexes]
    told = [one for one in said if one.paragraphs] or [Part(key="nothing", title="", paragraphs=[say("report_paper.nothing")])]
    return Text(
        [
            Part(key="opening", title="", paragraphs=[opening, counted]),
            *told,
            Part(key="closing", title="", paragraphs=[say("report_paper.closing", period=period, agency=agency)]),
        ]
    )


def body_of(text: Text, annexes: list[Annex]) -> list[dict[str, Any]]:
    """The parts for the template, with numerals; says that there are annexes, and ends with "./."."""
    parts: list[dict[str, Any]] = []
    place = 0
    for one in text.parts:
        paragraphs = [shown for paragraph in one.paragraphs for piece in paragraph.splitlines() if (shown := clean(piece))]
        title = clean(one.title)
        if title:
            place += 1
        if title or paragraphs:
            parts.append({"id": f"part-{len(parts) + 1}", "title": f"{roman(place)}. {title}" if title else "", "paragraphs": paragraphs})
    if not parts or not parts[-1]["paragraphs"]:
        parts.append({"id": f"part-{len(parts) + 1}", "title": "", "paragraphs": []})
    last = parts[-1]["paragraphs"]
    if annexes:
        pointer = say("report_paper.with_annex") if len(annexes) == 1 else say("report_paper.with_annexes", last=roman(len(annexes)))
        # Before the sentence that closes the report, behind everything else.
        last.insert(len(last) - 1 if not parts[-1]["title"] and last else len(last), pointer)
    if last:
        last[-1] = last[-1].rstrip(" ./;:") + "./."
    return parts

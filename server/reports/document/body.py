"""The words of the document: those that somebody wrote, or the sentences of the report."""

import re
from typing import Any, Final

from server.reports.document.annexes import Annex, roman
from server.reports.document.cells import clean
from server.reports.document.shapes import Head
from server.reports.shape import Part, Report, Writing
from server.reports.words import as_of, day
from server.words import say

#: A title that somebody numbered already.
_NUMERAL: Final = re.compile(r"[IVX]+\.\s")


def period_of(report: Report) -> str:
    """The period inside a sentence, without its days in brackets: "tháng 11 năm 2026"."""
    label = clean(report.period_label).split(" (")[0]
    return label[:1].lower() + label[1:]


def standard(annexes: list[Annex]) -> Writing:
    """What a report says of itself where nobody has written its words: the sentence of each section, under the titles of the annexes."""
    said = [Part(key=one.key, title=one.title, paragraphs=[part.said for part in one.sections if part.said.strip()]) for one in annexes]
    return Writing([one for one in said if one.paragraphs] or [Part("nothing", "", [say("report_paper.nothing")])])


def body_of(report: Report, head: Head, text: Writing, annexes: list[Annex]) -> list[dict[str, Any]]:
    """The parts for the template, between the sentences with which a report begins and ends."""
    agency = clean(head.agency) or clean(report.unit_label) or say("report_paper.agency_open")
    period = period_of(report)
    opening = say("report_paper.opening", agency=agency, period=period, first=day(report.first), last=day(report.last))
    closing = say("report_paper.closing", period=period, agency=agency)
    parts = [{"id": "part-0", "title": "", "paragraphs": [opening, as_of(report)]}]
    place = 0
    for one in text.parts:
        title = clean(one.title).upper()
        if title:
            place += 1
        paragraphs = [shown for paragraph in one.paragraphs for piece in paragraph.splitlines() if (shown := clean(piece))]
        numbered = title if not title or _NUMERAL.match(title) else f"{roman(place)}. {title}"
        parts.append({"id": f"part-{len(parts)}", "title": numbered, "paragraphs": paragraphs})
    behind = [_pointer(len(annexes)), closing.rstrip(" .") + "./."]
    parts.append({"id": f"part-{len(parts)}", "title": "", "paragraphs": [one for one in behind if one]})
    return parts


def _pointer(annexes: int) -> str:
    if not annexes:
        return ""
    return say("report_paper.with_annex") if annexes == 1 else say("report_paper.with_annexes", count=f"{annexes:02d}")

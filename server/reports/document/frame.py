"""The frame that Nghị định 30/2020 puts around a document: who issues it, its number, place and day, who gets it, who signs."""

from datetime import date
from typing import Any

from server.kpi.papers.texts import balanced, place_and_date
from server.reports.document.cells import clean
from server.reports.document.shapes import Head
from server.words import say

#: What is not known yet stands on dots.
OPEN = "........"
#: Letters in a line of the issuer's block and of the subject.
ISSUER_LINE, SUBJECT_LINE = 23, 56


def number_of(head: Head) -> str:
    """ "45/BC-TTPVHCC"; below ten with a zero before it, on dots before it is numbered."""
    number = OPEN if head.number is None else clean(head.number).rjust(2, "0")
    return say("report_paper.number", number=number, symbol=clean(head.symbol) or OPEN)


def day_of(day: date | None) -> str:
    """The day inside a sentence: "05 tháng 02 năm 2026": days below 10 and the months 1 and 2 take a zero."""
    if day is None:
        return say("report_paper.annex_day_open")
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return say("report_paper.annex_day", day=f"{day.day:02d}", month=month, year=day.year)


def frame_of(head: Head, subject: str) -> dict[str, Any]:
    """What the template says around the body."""
    authority = f"{head.by} {clean(head.authority)}".strip()
    recipients = [clean(one) for one in head.recipients] or [say("report_paper.as_before")]
    return {
        "agency": {"name": balanced(clean(head.agency).upper(), ISSUER_LINE), "parent": balanced(clean(head.parent).upper(), ISSUER_LINE)}
        if head.agency.strip()
        else {"name": [], "parent": []},
        "numbered": say("report_paper.numbered", number=number_of(head)),
        "date": place_and_date(clean(head.place), head.day),
        "mark": say("report_paper.draft") if head.draft else "",
        "kind": say("report_paper.kind"),
        "subject": balanced(subject, SUBJECT_LINE),
        "recipients": recipients,
        "filed_at": say("report_paper.filed_at", archive=clean(head.archive)),
        "signer": {
            "authority": authority.upper() or say("report_paper.head_open"),
            "title": clean(head.position).upper(),
            "name": clean(head.name),
        },
    }

"""From the values of a paper to what the printer lays out: ready texts for ``templates/print``."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import msgspec

from server.kpi.papers import texts
from server.kpi.papers.shapes import Agency, Annex, AnnexLine, Notice, Publication, SheetPaper, Signature, Signer, YearPaper
from server.kpi.rules import general
from server.kpi.rules.ruleset import BANDS, Band
from server.printing.wire import Paper
from server.words import say

MILLION = 10**6
HUNDRED_MILLION = 10**8
#: More lines than that are for the workbook: a leader of many has a thousand, which nobody reads on paper.
MOST_LINES = 120


def sheet_papers(paper: SheetPaper) -> list[Paper]:
    """Mẫu số 01, and behind it the annex with its lines if there is one."""
    heading = {"agency": _agency(paper.agency), "when": texts.when(paper.when) if paper.when else "", "person": _plain(paper.person)}
    form = {
        **heading,
        "groups": _groups(paper.self_points),
        "sum": texts.points(general.total(paper.self_points)),
        "general": texts.points(paper.general),
        "tasks": texts.points(paper.tasks, least=1),
        "total": texts.points(paper.total, least=1),
        "strengths": paper.strengths,
        "weaknesses": paper.weaknesses,
        "comment": paper.comment,
        "own": _signature(paper.agency, paper.own),
        "rater": _signature(paper.agency, paper.rater),
    }
    papers = [Paper(template="sheet.html", context=form)]
    if paper.annex is not None:
        papers.append(Paper(template="annex.html", context={**heading, **_annex(paper, paper.annex)}))
    return papers


def sheet_title(papers: Sequence[SheetPaper]) -> str:
    """What a file with these sheets is called."""
    first = papers[0]
    if first.when is None:
        return say("kpi.paper.blank_sheet_title")
    if len(papers) == 1:
        return say("kpi.paper.sheet_title", name=first.person.name, when=texts.when(first.when))
    return say("kpi.paper.sheets_title", when=texts.when(first.when))


def year_papers(paper: YearPaper) -> list[Paper]:
    """Mẫu số 02."""
    months = {one.number: one for one in paper.months}
    rows = [
        {"number": str(number), "total": texts.points(one.total, least=1), "note": one.note}
        if (one := months.get(number))
        else {"number": str(number), "total": "", "note": ""}
        for number in range(1, 13)
    ]
    context = {
        "agency": _agency(paper.agency),
        "year": "" if paper.year is None else str(paper.year),
        "person": _plain(paper.person),
        "months": rows,
        "mean": texts.points(paper.mean, least=1),
        "mean_note": paper.mean_note,
        "self_boxes": _boxes(paper.self_band),
        "boxes_of_authority": _boxes(paper.band),
        "proposal": paper.proposal,
        "own": _signature(paper.agency, paper.own),
        "rater": _signature(paper.agency, paper.rater),
    }
    return [Paper(template="year.html", context=context)]


def year_title(papers: Sequence[YearPaper]) -> str:
    """What a file with these years is called."""
    first = papers[0]
    if first.year is None:
        return say("kpi.paper.blank_year_title")
    if len(papers) == 1:
        return say("kpi.paper.year_title", name=first.person.name, when=say("kpi.paper.when.year", year=first.year))
    return say("kpi.paper.years_title", when=say("kpi.paper.when.year", year=first.year))


def notice_papers(paper: Notice) -> list[Paper]:
    """The notice of one result."""
    context = {
        "agency": _agency(paper.agency),
        "number": paper.number,
        "date": texts.place_and_date(paper.agency.place, paper.day),
        "when": texts.when(paper.when),
        "whole_year": paper.when.kind is None,
        "person": _plain(paper.person),
        "general": texts.points(paper.general),
        "tasks": texts.points(paper.tasks, least=1),
        "total": texts.points(paper.total, least=1),
        "band": texts.band(paper.band) or (say("kpi.paper.not_rated") if paper.when.kind is None else ""),
        "reason": paper.reason,
        "basis": paper.basis,
        "petition_days": f"{paper.petition_days:02d}",
        "recipients": list(paper.recipients),
        "signer": _signer(paper.signer),
    }
    return [Paper(template="notice.html", context=context)]


def notice_title(papers: Sequence[Notice]) -> str:
    """What a file with these notices is called."""
    first = papers[0]
    if len(papers) == 1:
        return say("kpi.paper.notice_title", name=first.person.name, when=texts.when(first.when))
    return say("kpi.paper.notices_title", when=texts.when(first.when))


def publication_papers(paper: Publication) -> list[Paper]:
    """The list that is published."""
    rows = [{**_plain(one.person), "band": texts.band(one.band) or say("kpi.paper.not_rated"), "note": one.note} for one in paper.rows]
    context = {
        "agency": _agency(paper.agency),
        "date": texts.place_and_date(paper.agency.place, paper.day),
        "when": texts.when(paper.when),
        "with_document": paper.with_document,
        "rows": rows,
        "notes": any(one.note for one in paper.rows),
        "signer": _signer(paper.signer),
    }
    return [Paper(template="publication.html", context=context)]


def publication_title(paper: Publication) -> str:
    """What the file is called."""
    return say("kpi.paper.publication_title", when=texts.when(paper.when))


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(value)


def _agency(agency: Agency) -> dict[str, Any]:
    return {"name": texts.balanced(agency.name.upper()), "parent": texts.balanced(agency.parent.upper()), "short": agency.name}


def _signature(agency: Agency, given: Signature) -> dict[str, str]:
    return {"date": texts.place_and_date(agency.place, given.day), "name": given.name}


def _signer(signer: Signer) -> dict[str, str]:
    authority = f"{signer.by} {signer.authority}".strip()
    return {"authority": authority.upper(), "title": signer.title.upper(), "name": signer.name}


def _boxes(chosen: Band | None) -> list[dict[str, Any]]:
    return [{"text": texts.band(one), "checked": one == chosen} for one in BANDS]


def _groups(given: dict[str, int]) -> list[dict[str, Any]]:
    groups = []
    for numeral, (group, criteria) in zip(("I", "II", "III"), general.GROUPS, strict=True):
        rows = [
            {"text": say(f"kpi.paper.criterion.{name}"), "most": texts.points(most), "given": texts.points(given.get(name))}
            for name, most in criteria
        ]
        known = [given[name] for name, _ in criteria if name in given]
        groups.append(
            {
                "numeral": numeral,
                "text": say(f"kpi.paper.group.{group}"),
                "most": texts.points(sum(most for _, most in criteria)),
                "given": texts.points(sum(known)) if len(known) == len(criteria) else "",
                "rows": rows,
            }
        )
    return groups


def _annex(paper: SheetPaper, annex: Annex) -> dict[str, Any]:
    return {
        "lines": [_line(one) for one in annex.lines] if len(annex.lines) <= MOST_LINES else [],
        "count": len(annex.lines),
        "late_column": say(f"kpi.paper.late_by.{annex.late_by}"),
        "share": texts.number(Fraction(annex.penalty, 100)),
        "given": texts.number(Fraction(annex.given, MILLION), least=1),
        "done": texts.number(Fraction(annex.amount, MILLION), least=1),
        "on_time": texts.number(Fraction(annex.progress, HUNDRED_MILLION), least=1),
        "sound": texts.number(Fraction(annex.quality, HUNDRED_MILLION), least=1),
        "percents": {one.letter: texts.percent(one.percent) for one in annex.ratios},
        "ratios": [
            {"letter": _letter(one.letter), "text": say(f"kpi.paper.ratio.{one.letter}"), "percent": texts.percent(one.percent)}
            for one in annex.ratios
        ],
        "mean": texts.percent(annex.mean),
        "capped": annex.capped,
        "groups": _confirmed(paper.self_points, annex.general if paper.general is not None else {}),
        "reason": annex.reason,
        "rules": annex.rules,
        "self_sum": texts.points(general.total(paper.self_points)),
        "general": texts.points(paper.general),
        "tasks": texts.points(paper.tasks, least=1),
        "total": texts.points(paper.total, least=1),
        "band": texts.band(paper.band),
        "version": str(paper.version) if paper.version > 1 else "",
        "version_reason": paper.version_reason,
    }


def _letter(name: str) -> str:
    return say(f"kpi.paper.letter.{name}") if name in ("dd", "quality", "compliance", "effect") else name


def _confirmed(own: dict[str, int], confirmed: dict[str, int]) -> list[dict[str, Any]]:
    groups = _groups(own)
    for group, again in zip(groups, _groups(confirmed), strict=True):
        group["confirmed"] = again["given"]
        for row, other in zip(group["rows"], again["rows"], strict=True):
            row["confirmed"] = other["given"]
    return groups


def _line(line: AnnexLine) -> dict[str, Any]:
    return {
        "task": line.task,
        "kind": "" if line.kind == "planned" else say(f"kpi.paper.kind.{line.kind}"),
        "product": line.product,
        "due": texts.day(line.due),
        "done_on": texts.day(line.done_on),
        "k": texts.points(line.k, least=1),
        "assigned": texts.points(line.assigned, least=1),
        "accepted": texts.points(line.accepted, least=1),
        "given": texts.number(Fraction(line.given, MILLION), least=1),
        "done": texts.number(Fraction(line.done, MILLION), least=1),
        "late": str(line.late),
        "on_time": texts.number(Fraction(line.on_time, HUNDRED_MILLION), least=1),
        "failed": str(line.failed),
        "sound": texts.number(Fraction(line.sound, HUNDRED_MILLION), least=1),
        "late_excused": line.late_excused,
        "failed_excused": line.failed_excused,
    }

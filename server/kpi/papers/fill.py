"""From the record and its scores to papers: the only place where the area's rules meet what is printed."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from server.kpi.papers.shapes import (
    Agency,
    Annex,
    AnnexLine,
    Person,
    Ratio,
    RoomRow,
    SheetPaper,
    Signature,
    When,
    YearMonth,
    YearPaper,
    YearRow,
)
from server.kpi.rules.calendar import Period
from server.kpi.rules.lines import Line, Parts, faults
from server.kpi.rules.ruleset import Band, RuleSet
from server.kpi.rules.score import Score
from server.kpi.rules.year import Month, Rating
from server.words import say


def when_of(period: Period) -> When:
    """The period of a paper."""
    return When(year=period.year, kind=period.kind, number=period.number)


def percent_of(ratio: Fraction | None) -> int | None:
    """A ratio in thousandths of a percent, rounded half up."""
    return None if ratio is None else int((ratio * 100_000 + Fraction(1, 2)).__floor__())


def tasks_of(points: Fraction | None) -> int | None:
    """The task points in thousandths, rounded half up to two decimals: added to the general points they give the total by hand."""
    return None if points is None else int((points / 10 + Fraction(1, 2)).__floor__()) * 10


def annex_of(lines: Sequence[Line], found: Score, rules: RuleSet, points: Mapping[str, int], reason: str = "") -> Annex:
    """How a score was made. ``lines`` are those it was made of, in their order; ``points`` are the confirmed ones by criterion."""
    return Annex(
        lines=tuple(_line(one, parts) for one, parts in zip(lines, found.parts, strict=True)),
        given=found.sums.given,
        amount=found.sums.amount,
        progress=found.sums.progress,
        quality=found.sums.quality,
        ratios=tuple(Ratio(letter=letter, percent=percent_of(ratio) or 0) for letter, ratio in found.ratios),
        mean=percent_of(found.ratio),
        capped=found.capped,
        general=dict(points),
        reason=reason,
        rules=rules.name,
        late_by=rules.late_by,
        penalty=rules.penalty,
    )


def sheet_paper(
    *,
    agency: Agency,
    when: When,
    person: Person,
    lines: Sequence[Line],
    found: Score,
    rules: RuleSet,
    self_points: Mapping[str, int],
    points: Mapping[str, int],
    reason: str = "",
    strengths: str = "",
    weaknesses: str = "",
    comment: str = "",
    own: Signature | None = None,
    rater: Signature | None = None,
    version: int = 1,
    version_reason: str = "",
    with_annex: bool = True,
) -> SheetPaper:
    """Mẫu số 01 of a sheet; what nobody has confirmed yet stays open: general points, total and rating."""
    return SheetPaper(
        agency=agency,
        when=when,
        person=person,
        self_points=dict(self_points),
        general=found.general,
        tasks=tasks_of(found.task_points),
        total=found.total,
        band=found.band,
        strengths=strengths,
        weaknesses=weaknesses,
        comment=comment,
        own=own or Signature(),
        rater=rater or Signature(),
        annex=annex_of(lines, found, rules, points, reason) if with_annex else None,
        version=version,
        version_reason=version_reason,
    )


def year_paper(
    *,
    agency: Agency,
    year: int,
    person: Person,
    months: Sequence[Month],
    rating: Rating,
    self_band: Band | None = None,
    band: Band | None = None,
    proposal: str = "",
    own: Signature | None = None,
    rater: Signature | None = None,
) -> YearPaper:
    """Mẫu số 02 of a year; ``band`` is what was decided, None before that."""
    return YearPaper(
        agency=agency,
        year=year,
        person=person,
        months=tuple(YearMonth(number=one.number, total=None if one.away else one.total, note=away_note(one)) for one in months),
        mean=rating.mean,
        mean_note=why_note(rating),
        self_band=self_band,
        band=band,
        proposal=proposal,
        own=own or Signature(),
        rater=rater or Signature(),
    )


def room_row(person: Person, found: Score, state: str = "", missing: str = "") -> RoomRow:
    """A person's line of a room's period; ``state`` and ``missing`` are ready texts."""
    return RoomRow(
        person=person,
        a=percent_of(found.sums.a),
        b=percent_of(found.sums.b),
        c=percent_of(found.sums.c),
        tasks=tasks_of(found.task_points),
        general=found.general,
        total=found.total,
        band=found.band,
        state=state,
        missing=missing,
    )


def year_row(person: Person, months: Sequence[Month], rating: Rating, self_band: Band | None, band: Band | None) -> YearRow:
    """A person's line of the year's list."""
    totals = {one.number: one.total for one in months if not one.away}
    return YearRow(
        person=person,
        months=tuple(totals.get(number) for number in range(1, 13)),
        mean=rating.mean,
        self_band=self_band,
        band=band,
        note=why_note(rating),
    )


def away_note(month: Month) -> str:
    """Why a month has no points, "" if it was worked."""
    return say(f"kpi.paper.away.{month.away}") if month.away else ""


def why_note(rating: Rating) -> str:
    """Why the points alone do not make the rating, "" if they do."""
    return say(f"kpi.paper.why.{rating.why}") if rating.why else ""


def _line(line: Line, parts: Parts) -> AnnexLine:
    late, failed = faults(line)
    handed_back = line.kind == "handed_back"
    return AnnexLine(
        task=line.title,
        product=line.product,
        due=line.due,
        done_on=line.done,
        kind=line.kind,
        k=line.k,
        assigned=line.assigned,
        accepted=0 if handed_back else line.accepted,
        given=parts.given,
        done=parts.amount,
        late=line.late if line.late_excused else late,
        on_time=parts.progress,
        failed=line.failed if line.failed_excused else failed,
        sound=parts.quality,
        late_excused=line.late_excused,
        failed_excused=line.failed_excused,
    )

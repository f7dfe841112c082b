"""A person's sheet: what his points are, how they came about, and what is still missing."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from server.kpi.queries.sheets import Sheet, SheetHead
from server.kpi.rules.general import GROUPS
from server.kpi.rules.levers import levers
from server.kpi.rules.ruleset import RuleSet
from server.kpi.show import values
from server.kpi.show.lines import own_lines, place_of, team_lines
from server.people.directory import Directory
from server.tasks.show.values import moment, name_of, person_in
from server.words import say

#: With more lines than this the question what would change a score is answered line by line no more.
LEVER_LINES = 300
#: What the buttons beside a criterion add or take, in thousandths; typed, it may have two decimals.
STEP = 250


def sheet_context(sheet: Sheet, reader: str, directory: Directory, now: datetime, *, every_line: bool = False) -> dict[str, Any]:
    """Everything of one sheet but its forms."""
    unit = directory.units.get(sheet.unit or "")
    total = sheet.total if sheet.total is not None else sheet.score.total
    own = own_lines(sheet, directory, now)
    return {
        "person": person_in(directory, sheet.person),
        "mine": reader == sheet.person,
        "unit": unit.name if unit else "",
        "period": values.period(sheet.period),
        "address": f"/kpi/people/{sheet.person}/{sheet.period.id}",
        "sheet": sheet.id,
        "state": values.state(sheet.state),
        "frozen": sheet.frozen,
        "version": sheet.version,
        "version_reason": sheet.version_reason,
        "total": values.points(total),
        "provisional": total is not None and not sheet.frozen and sheet.state != "confirmed",
        "band": None if values.unrated(sheet.state) else values.band(sheet.band or sheet.score.band),
        "unfinished": sum(one.line.accepted < one.line.assigned and one.line.kind != "handed_back" for one in sheet.own),
        "missing": values.missing(sheet.score.missing) if total is None and not sheet.away else [],
        "away": say(f"kpi.page.away.{sheet.away}") if sheet.away else "",
        "away_days": sheet.away_days,
        "working_days": sheet.working_days,
        "waits": waits(sheet, reader, directory),
        "duty": sheet.duty,
        "outside": sheet.outside,
        "ratios": ratios(sheet),
        "tasks": task_points(sheet),
        "general": general(sheet, directory, now),
        "leading": leading(sheet),
        "outside_rates": sheet.rater is None,
        "lines": own,
        "team": team_lines(sheet, every_line=every_line),
        "led": [person_in(directory, one) for one in sheet.led],
        "levers": what_changes(sheet),
        "too_many": len(sheet.lines) > LEVER_LINES,
        "rules": {"name": sheet.rules.name or say("kpi.page.rules_version", version=sheet.rules.version), "basis": sheet.rules.basis},
        "may": {"self": sheet.may_self, "confirm": sheet.may_confirm, "back": sheet.may_return},
    }


def waits(sheet: Sheet, reader: str, directory: Directory) -> str:
    """Whose move it is."""
    if not sheet.waits_for:
        return ""
    if sheet.waits_for == "self":
        return say("kpi.page.waits.me") if reader == sheet.person else say("kpi.page.waits.self", name=name_of(directory, sheet.person))
    if sheet.waits_for == "rater":
        if sheet.rater is None:
            return say("kpi.page.waits.outside")
        return say("kpi.page.waits.you") if reader == sheet.rater else say("kpi.page.waits.rater", name=name_of(directory, sheet.rater))
    return say("kpi.page.waits.close")


def ratios(sheet: Sheet) -> list[dict[str, str]]:
    """a, b, c (and what a leader or support staff have besides): each with its arithmetic."""
    sums = sheet.score.sums
    given = values.plain(Fraction(sums.given, 10**6))
    done = {
        "a": Fraction(sums.amount, 10**6),
        "b": Fraction(sums.quality, 10**8),
        "c": Fraction(sums.progress, 10**8),
    }
    found = []
    for letter, ratio in sheet.score.ratios:
        how = ""
        if letter in done and sheet.duty != "support":
            how = say("kpi.page.how.ratio", done=values.plain(done[letter]), given=given, percent=values.percent(ratio))
        elif letter == "d":
            how = say("kpi.page.how.d", **_led(sheet))
        found.append(
            {
                "letter": say(f"kpi.page.letter.{letter}"),
                "name": say(f"kpi.page.ratio.{letter}"),
                "means": say(f"kpi.page.means.{letter}", penalty=sheet.rules.penalty, per=say(f"kpi.page.per.{sheet.rules.late_by}")),
                "percent": values.percent(ratio),
                "how": how,
            }
        )
    return found


def _led(sheet: Sheet) -> dict[str, Any]:
    known = [one for one in (sheet.leading.totals if sheet.leading else ()) if one is not None]
    below = sum(one < sheet.rules.led_floor for one in known)
    return {"floor": values.amount(sheet.rules.led_floor), "known": len(known), "led": sheet.led_count, "below": below}


def task_points(sheet: Sheet) -> dict[str, Any]:
    """The points of the tasks: their mean, times the most, and whether that most cut them."""
    score = sheet.score
    most = values.amount(sheet.rules.tasks_most)
    if score.ratio is None or score.task_points is None:
        return {"points": "", "most": most, "how": "", "capped": False}
    numbers = " + ".join(values.percent(ratio) for _, ratio in score.ratios)
    how = say(
        "kpi.page.how.tasks",
        numbers=numbers,
        count=len(score.ratios),
        mean=values.percent(score.ratio),
        most=most,
        points=values.rounded(score.ratio * sheet.rules.tasks_most / 1000, 2),
    )
    return {"points": values.rounded(score.task_points / 1000, 2), "most": most, "how": how, "capped": score.capped}


def general(sheet: Sheet, directory: Directory, now: datetime) -> dict[str, Any]:
    """The ten criteria: the person's own points and the confirmed ones beside each other."""
    groups = []
    for group, criteria in GROUPS:
        shown = []
        for name, most in criteria:
            own, sure = sheet.self_points.get(name), sheet.points.get(name) if sheet.confirmed_at else None
            shown.append(
                {
                    "name": name,
                    "label": say(f"kpi.paper.criterion.{name}"),
                    "most": values.amount(most),
                    "most_value": typed(most),
                    "step": typed(STEP),
                    "step_text": values.amount(STEP),
                    "own_value": typed(own),
                    "sure_value": typed(sure),
                    "own": values.amount(own),
                    "sure": values.amount(sure),
                    "differs": own is not None and sure is not None and own != sure,
                }
            )
        groups.append({"name": group, "label": say(f"kpi.paper.group.{group}"), "criteria": shown, "most": values.amount(10_000)})
    return {
        "groups": groups,
        "points": values.points(sheet.general, 2),
        "most": values.amount(sheet.rules.general_most),
        "own": values.points(sheet.self_general, 2),
        "own_at": moment(sheet.self_at, now),
        "confirmed": sheet.confirmed_at is not None,
        "confirmed_by": sheet.outside_rater or name_of(directory, sheet.confirmed_by),
        "confirmed_at": moment(sheet.confirmed_at, now),
        "reason": sheet.reason,
        "comment": sheet.comment,
        "strengths": sheet.strengths,
        "weaknesses": sheet.weaknesses,
    }


def typed(thousandths: int | None) -> str:
    """An amount as a number field of a browser wants it: ``2.25``."""
    return values.amount(thousandths).replace(",", ".")


def leading(sheet: Sheet) -> dict[str, Any]:
    """đ and e of a leader, or the three marks of support staff, as entered."""
    lead, support = sheet.leading, sheet.support
    return {
        "organising": lead.organising if lead else None,
        "uniting": lead.uniting if lead else None,
        "reason": sheet.leading_reason,
        "quality": values.amount(support.quality if support else None),
        "compliance": values.amount(support.compliance if support else None),
        "effect": values.amount(support.effect if support else None),
    }


def what_changes(sheet: Sheet) -> list[dict[str, str]]:
    """What would add most to the total, were it otherwise."""
    counted = sheet.general if sheet.general is not None else sheet.self_general
    if sheet.duty == "support" or counted is None or len(sheet.lines) > LEVER_LINES:
        return []
    titles = {one.id: one for one in sheet.lines}
    own = {one.line.id for one in sheet.own}
    return [
        {
            "title": titles[one.line].title,
            "what": say(f"kpi.page.lever.{one.what}"),
            "gain": values.points(one.gain),
            "place": place_of(one.line) if one.line in own else "",
            "href": f"/tasks/{titles[one.line].task}",
        }
        for one in levers(sheet.lines, counted, sheet.rules, sheet.duty, sheet.leading)
    ]


def switcher(heads: list[SheetHead], current: str, base: str) -> list[dict[str, Any]]:
    """The periods to go to. ``base`` is the address before the period's id."""
    return [
        {"href": f"{base}{one.period.id}", "label": values.period_name(one.period.kind, one.period.year, one.period.number),
         "current": one.period.id == current}
        for one in heads
    ]  # fmt: skip


#: The drawing of the year: how wide and high it is, and where its ground lies.
WIDTH, TOP, GROUND, LEFT = 348, 16, 136, 30


def chart(heads: list[SheetHead], year: int, rules: RuleSet, base: str, today: date) -> dict[str, Any] | None:
    """The months of a year as a line, with the same as a table; none without a single total. Months without one leave a gap."""
    found = sorted((one for one in heads if one.period.year == year), key=lambda one: one.period.number)
    if not any(one.total is not None for one in found):
        return None
    slots = 4 if found[0].period.kind == "quarter" else 12
    step = Fraction(WIDTH - LEFT - 12, slots - 1)

    def across(number: int) -> str:
        return f"{float(LEFT + step * (number - 1)):.1f}"

    def down(total: int) -> str:
        return f"{float(GROUND - Fraction(total * (GROUND - TOP), 100_000)):.1f}"

    runs: list[list[str]] = [[]]
    marks, rows = [], []
    for one in found:
        name = values.period_name(one.period.kind, one.period.year, one.period.number)
        href = f"{base}{one.period.id}"
        rating = values.band(one.band)
        rows.append({"name": name, "href": href, "total": values.points(one.total), "band": rating, "state": values.state(one.state),
                     "away": say(f"kpi.page.away.{one.away}") if one.away else ""})  # fmt: skip
        if one.total is None:
            runs.append([])
            continue
        runs[-1].append(f"{across(one.period.number)},{down(one.total)}")
        marks.append({"x": across(one.period.number), "y": down(one.total), "href": href, "number": one.period.number,
                      "label": f"{name}: {values.points(one.total)}"})  # fmt: skip
    levels = [
        {"y": down(one), "label": values.amount(one)} for one in (rules.fair_from, rules.good_from, rules.excellent_from)
    ]  # fmt: skip
    return {
        "year": year,
        "box": f"0 0 {WIDTH} {GROUND + 22}",
        "lines": [" ".join(run) for run in runs if len(run) > 1],
        "marks": marks,
        "levels": levels,
        "right": str(WIDTH),
        "left": str(LEFT - 6),
        "ground": str(GROUND + 16),
        "numbers": [{"x": across(number), "text": str(number)} for number in range(1, slots + 1)],
        "rows": rows,
        "running": year == today.year,
    }

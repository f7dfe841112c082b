"""A year's ratings as templates show them: a person's, the list, what is published."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from server.calendar.current import working_days
from server.kpi.papers import texts
from server.kpi.queries.year_book import YearOf
from server.kpi.queries.year_quota import Counted, Reading
from server.kpi.queries.years import PersonYear, Published, YearList
from server.kpi.rules.rollup import MonthFacts
from server.kpi.rules.ruleset import BANDS, Band, RuleSet
from server.kpi.show import values
from server.people.directory import Directory
from server.storage.engine import Row
from server.storage.ids import LOCAL
from server.words import say

#: The kind of chip and the icon of each state of a year.
STATES: dict[str, tuple[str, str]] = {
    "draft": ("wait", "edit"),
    "self_rated": ("review", "eye"),
    "decided": ("doing", "check"),
    "published": ("done", "flag"),
}
WIDTH, LEFT, TOP, GROUND = 640, 34, 12, 200
DRAWN_MONTHS = 12
POSITIONS = ("director", "deputy_director", "head", "deputy_head", "officer")


def state(name: str) -> dict[str, str]:
    """A year's state as a chip."""
    kind, icon = STATES[name]
    return {"kind": kind, "icon": icon, "label": say(f"kpi.year.state.{name}")}


def band_options() -> list[dict[str, str]]:
    """The four ratings to choose from, as the form names them."""
    return [{"value": one, "label": texts.band(one)} for one in BANDS]


def someone(directory: Directory, person: str) -> dict[str, str]:
    """A person as the macros want him."""
    profile = directory.people[person]
    return {"id": person, "name": profile.name, "initials": profile.initials, "position": profile.title}


def unit_name(directory: Directory, unit: str | None) -> str:
    """What a unit is called."""
    return directory.units[unit].name if unit in directory.units else ""


def moment(value: datetime | None) -> str:
    """The day of a moment."""
    return f"{value.astimezone(LOCAL):%d/%m/%Y}" if value else ""


def person_context(found: PersonYear, viewer: str, directory: Directory, today: date, others: Sequence[Row]) -> dict[str, Any]:
    """Everything of one person's year."""
    mine = found.person == viewer
    base = "/kpi?period=" if mine else f"/kpi/people/{found.person}/"
    settled = found.state in ("decided", "published")
    return {
        "year": found.year,
        "mine": mine,
        "person": someone(directory, found.person),
        "unit": unit_name(directory, found.unit),
        "title": found.title,
        "address": f"/kpi/years/{found.year}/{found.person}",
        "id": found.id,
        "state": state(found.state),
        "settled": settled,
        "published": found.state == "published",
        "version": found.version,
        "version_reason": found.version_reason,
        "mean": values.points(found.mean),
        "computed": values.band(found.computed),
        "computed_band": found.computed or "",
        "why": say(f"kpi.paper.why.{found.why}") if found.why else "",
        "short": found.why == "short",
        "band": values.band(found.band) if settled else None,
        "not_rated": settled and found.band is None,
        "band_name": found.band or "",
        "months": [month_line(one, found.year, base) for one in found.months],
        "quarters": [values.points(one) for one in found.means.quarters],
        "halves": [values.points(one) for one in found.means.halves],
        "missing": list(found.missing) if found.why not in ("short", "forced") else [],
        "missing_text": ", ".join(str(one) for one in found.missing),
        "moved": found.moved,
        "decision": _decision(found.decision),
        "heads": unit_name(directory, found.heads),
        "unit_band": values.band(found.unit_band),
        "above_unit": found.above_unit,
        "self_band": values.band(found.self_band),
        "self_name": found.self_band or "",
        "self_note": found.self_note,
        "reason": found.reason,
        "proposal": found.proposal,
        "document": found.document,
        "decided_by": directory.people[found.decided_by].name if found.decided_by in directory.people else "",
        "decided_at": moment(found.decided_at),
        "published_at": moment(found.published_at),
        "petition": petition_line(found.petition, today),
        "outside": directory.people[found.person].position == "director",
        "bands": band_options(),
        "levels": [values.amount(one) for one in (found.rules.excellent_from, found.rules.good_from, found.rules.fair_from)],
        "may": {
            "self": found.may_self,
            "decide": found.may_decide,
            "correct": found.may_correct,
            "petition": found.may_petition,
            "answer": found.may_answer,
        },
        "versions": [version_line(one, directory) for one in others] if len(others) > 1 else [],
        "chart": chart(found.months, found.year, found.rules, base),
    }


def month_line(one: MonthFacts, year: int, base: str) -> dict[str, Any]:
    """A month of the year, one tap from its sheet."""
    if one.away:
        note = say(f"kpi.paper.away.{one.away}")
    else:
        note = say(f"kpi.year.month.{one.state}") if one.state != "closed" else ""
    return {
        "number": one.number,
        "name": values.period_name("month", year, one.number),
        "total": values.points(one.total),
        "note": note,
        "away": bool(one.away),
        "href": f"{base}{one.period}" if one.period and one.sheet else "",
    }


def chart(months: Sequence[MonthFacts], year: int, rules: RuleSet, base: str) -> dict[str, Any] | None:
    """The twelve months as a line, for the macro ``year_line``; none without a single total. A month without one leaves a gap."""
    if not any(one.total is not None for one in months):
        return None
    step = Fraction(WIDTH - LEFT - 12, DRAWN_MONTHS - 1)

    def across(number: int) -> str:
        return f"{float(LEFT + step * (number - 1)):.1f}"

    def down(total: int) -> str:
        return f"{float(GROUND - Fraction(total * (GROUND - TOP), 100_000)):.1f}"

    runs: list[list[str]] = [[]]
    marks, rows = [], []
    for one in months:
        line = month_line(one, year, base)
        rows.append({**line, "band": None, "state": {"label": line["note"]}, "away": line["note"]})
        if one.total is None:
            runs.append([])
            continue
        runs[-1].append(f"{across(one.number)},{down(one.total)}")
        label = f"{line['name']}: {line['total']}"
        marks.append({"x": across(one.number), "y": down(one.total), "href": line["href"], "number": one.number, "label": label})
    return {
        "year": year,
        "box": f"0 0 {WIDTH} {GROUND + 22}",
        "lines": [" ".join(run) for run in runs if len(run) > 1],
        "marks": marks,
        "levels": [{"y": down(one), "label": values.amount(one)} for one in (rules.fair_from, rules.good_from, rules.excellent_from)],
        "left": str(LEFT - 6),
        "right": str(WIDTH),
        "ground": str(GROUND + 16),
        "numbers": [{"x": across(number), "text": str(number)} for number in range(1, DRAWN_MONTHS + 1)],
        "rows": rows,
    }


def _decision(found: Row | None) -> dict[str, str] | None:
    if found is None:
        return None
    day = f"{found['document_date']:%d/%m/%Y}" if found["document_date"] else ""
    return {"case": say(f"kpi.year.case.{found['case_of']}"), "document": found["document"], "day": day, "note": found["note"]}


def petition_line(found: Row | None, today: date) -> dict[str, Any] | None:
    """A petition about the year, with the days that are left to answer it."""
    if found is None:
        return None
    waiting = found["state"] == "open"
    return {
        "id": found["id"],
        "open": waiting,
        "text": found["text"],
        "received": f"{found['received']:%d/%m/%Y}",
        "due": f"{found['due']:%d/%m/%Y}",
        "left": values.left(found["due"], today, working_days()) if waiting else "",
        "late": waiting and found["due"] < today,
        "outcome": say(f"kpi.page.petition.{found['outcome']}") if found["outcome"] else "",
        "answer": found["answer"],
    }


def version_line(one: Row, directory: Directory) -> dict[str, Any]:
    """A version in the list of a person's."""
    by = directory.people[one["decided_by"]].name if one["decided_by"] in directory.people else ""
    return {
        "number": one["version"],
        "band": texts.band(one["decided_band"]) or say("kpi.paper.not_rated"),
        "state": state(one["state"])["label"],
        "when": moment(one["decided_at"]),
        "by": by,
        "document": one["document"],
        "reason": one["version_reason"],
        "mean": values.points(one["mean"]),
    }


def list_context(found: YearList, chosen: dict[str, str], viewer: str) -> dict[str, Any]:
    """The list with its filters, quotas and how far it has come. ``chosen``: unit, state, band as asked for."""
    address = f"/kpi/years/{found.year}"
    total = sum(found.counts.values())
    return {
        "year": found.year,
        "address": address,
        "rows": [_row(one, found, viewer) for one in found.rows],
        "total": total,
        "shown": len(found.rows),
        "states": [{"key": name, **state(name), "count": found.counts.get(name, 0)} for name in STATES],
        "settled": found.counts.get("decided", 0) + found.counts.get("published", 0),
        "filters": _filters(found, chosen, address),
        "quotas": [quota_line(one, found.directory) for one in found.quotas],
        "over": sum(one.holds.over > 0 for one in found.quotas[1:]),
        "missing": [{"name": values.period_name("month", found.year, number), "count": count} for number, count in found.missing.items()],
        "may_compute": found.may_compute,
        "may_publish": found.may_publish,
        "ready": found.counts.get("decided", 0),
    }


def _row(one: YearOf, found: YearList, viewer: str) -> dict[str, Any]:
    known = found.directory
    settled = one.settled
    return {
        "person": someone(known, one.person),
        "unit": known.units[one.unit].short if one.unit in known.units else "",
        "href": f"/kpi/years/{found.year}/{one.person}",
        "mean": values.points(one.mean),
        "months": sum(not month.away and month.total is not None for month in one.months),
        "missing": ", ".join(str(number) for number in one.result.missing) if not settled else "",
        "computed": values.band(one.computed_band),
        "why": say(f"kpi.paper.why.{one.why}") if one.why and one.why != "missing" else "",
        "self_band": values.band(one.stored["self_band"]) if one.stored else None,
        "band": values.band(one.band) if settled else None,
        "not_rated": settled and one.band is None,
        "differs": settled and one.band != one.computed_band,
        "above_unit": one.above_unit,
        "state": state(one.state),
        "mine": one.person == viewer,
        "to_decide": one.person in found.decides and not settled,
    }


def _filters(found: YearList, chosen: dict[str, str], address: str) -> dict[str, list[dict[str, str]]]:
    bands = [{"value": one, "label": say(f"kpi.page.band.{one}")} for one in BANDS]
    return {
        "unit": [{"value": one, "label": found.directory.units[one].name} for one in found.units],
        "state": [{"value": one, "label": say(f"kpi.year.state.{one}")} for one in STATES],
        "band": [*bands, {"value": "none", "label": say("kpi.paper.not_rated")}],
    }


def quota_line(one: Counted, directory: Directory) -> dict[str, Any]:
    """A group that is counted, both readings beside each other."""
    holds = one.holds
    return {
        "name": _group_name(one, directory),
        "excellent": holds.excellent,
        "allowed": holds.allowed,
        "over": holds.over,
        "document": one.document,
        "readings": [_reading(reading) for reading in one.readings],
        "people": [directory.people[person].name for person in one.people if person in directory.people],
    }


def _reading(one: Reading) -> dict[str, Any]:
    return {
        "name": say(f"kpi.year.reading.{one.name}"),
        "base": one.usual.base,
        "usual": one.usual.allowed,
        "usual_over": one.usual.over,
        "raised": one.raised.allowed,
        "raised_over": one.raised.over,
        "holds": one.holds,
    }


def _group_name(one: Counted, directory: Directory) -> str:
    if one.within == "group":
        name = say(f"people.position.{one.name}") if one.name in POSITIONS else one.name
        return say("kpi.year.within.group", name=name)
    if one.within == "unit":
        return unit_name(directory, one.name)
    return say(f"kpi.year.within.{one.within}")


def published_context(rows: Sequence[Published], year: int, directory: Directory, unit: str) -> dict[str, Any]:
    """What everybody may know, by unit: ratings, never points."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        if unit in ("", one.unit):
            line = {
                "person": {**someone(directory, one.person), "position": one.title},
                "band": values.band(one.band),
                "text": texts.band(one.band) or say("kpi.paper.not_rated"),
                "when": moment(one.published_at),
                "version": one.version,
            }
            groups.setdefault(unit_name(directory, one.unit), []).append(line)
    units = list(dict.fromkeys(one.unit for one in rows))
    bands: list[Band | None] = [one.band for one in rows]
    return {
        "year": year,
        "groups": [{"unit": name, "people": people} for name, people in groups.items()],
        "units": [{"value": one, "label": unit_name(directory, one)} for one in units],
        "unit": unit,
        "total": len(rows),
        "counts": [{"band": values.band(one), "count": bands.count(one)} for one in BANDS],
    }

"""Filed reports as their templates want them."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from server.ledger.grains import GRAINS, Grain, Period
from server.people.directory import Directory
from server.reports.filed.queries import Filed, Line
from server.reports.shape import Part, Writing
from server.reports.words import period_label
from server.storage.ids import LOCAL
from server.words import say

PATH = "/reports/filed"


def moment(at: datetime) -> str:
    """``08:15 22/11/2026``."""
    return f"{at.astimezone(LOCAL):%H:%M %d/%m/%Y}"


def name_of(known: Directory, person: str | None) -> str:
    """Who; the system itself where nobody did it."""
    found = known.people.get(person or "")
    return found.name if found else say("filed.the_system")


def chip_of(line: Line, replaced: bool = False) -> dict[str, str]:
    """The state of a filed report."""
    if line.state == "draft":
        return {"kind": "doing", "icon": "edit", "label": say("filed.state.draft")}
    if replaced:
        return {"kind": "wait", "icon": "done", "label": say("filed.state.replaced")}
    return {"kind": "done", "icon": "lock", "label": say("filed.state.fixed")}


def entry(line: Line, known: Directory) -> dict[str, Any]:
    """One line of the list."""
    unit = known.units.get(line.unit)
    if line.fixed_at is not None:
        when = say("filed.fixed_line", name=name_of(known, line.fixed_by), time=moment(line.fixed_at))
    elif line.changed_by:
        when = say("filed.changed_line", name=name_of(known, line.changed_by), time=moment(line.changed_at))
    else:
        when = say("filed.made_line", name=name_of(known, line.made_by), time=moment(line.made_at))
    return {
        "href": f"{PATH}/{line.id}",
        "title": say("filed.title", when=period_label(line.period)),
        "unit": unit.name if unit else "",
        "number": line.numbered,
        "chip": chip_of(line),
        "when": when,
    }


def list_context(
    lines: list[Line], more: bool, page: int, asked: dict[str, str], mine: list[str], known: Directory, today: date
) -> dict[str, Any]:
    """The list with its choices; ``mine``: the units for which the viewer makes reports."""
    units = [one for one in known.units.values() if one.active and one.kind != "outer"]
    units.sort(key=lambda one: (len(known.path(one.id)), one.sort, one.name))
    query = {name: value for name, value in asked.items() if value}
    return {
        "entries": [entry(one, known) for one in lines],
        "earlier": f"{PATH}?{urlencode({**query, 'page': str(page - 1)})}" if page > 1 else "",
        "later": f"{PATH}?{urlencode({**query, 'page': str(page + 1)})}" if more else "",
        "asked": asked,
        "units": [{"value": one.id, "label": one.name} for one in units],
        "grains": [{"value": one, "label": say(f"filed.grain.{one}")} for one in GRAINS],
        "states": [{"value": one, "label": say(f"filed.state.{one}")} for one in ("draft", "fixed")],
        "makes": [{"value": one, "label": known.units[one].name} for one in mine],
        "periods": [{"value": one.code, "label": period_label(one)} for one in recent(today)],
        "chosen": asked.get("period") or Period.of("m", today).before.code,
    }


def recent(today: date) -> list[Period]:
    """What one may make a report of: of each length the one that runs and those before it."""
    found: list[Period] = []
    many_of: dict[Grain, int] = {"w": 5, "m": 13, "q": 5, "y": 3}
    for grain, many in many_of.items():
        period = Period.of(grain, today)
        for _ in range(many):
            found.append(period)
            period = period.before
    return found


def fields_of(writing: Writing) -> list[dict[str, str]]:
    """The text as fields of a form: an empty line between two paragraphs."""
    return [{"key": one.key, "title": one.title, "text": "\n\n".join(one.paragraphs)} for one in writing.parts]


def writing_of(titles: list[str], texts: list[str], keys: list[str]) -> Writing:
    """The form's fields as a text: each line is a paragraph. A part whose heading and text were both emptied is gone."""
    parts = []
    for place, (title, text) in enumerate(zip(titles, texts, strict=False)):
        if title.strip() or text.strip():
            parts.append(Part(keys[place] if place < len(keys) else "", title, text.split("\n")))
    return Writing(parts=parts)


def one_context(found: Filed, known: Directory, may: bool) -> dict[str, Any]:
    """The head of one report, its text and what may be done with it."""
    line = found.line
    unit = known.units.get(line.unit)
    facts = [(say("filed.fact.made"), say("filed.by", name=name_of(known, line.made_by), time=moment(line.made_at)))]
    if line.changed_by and line.state == "draft":
        facts.append((say("filed.fact.changed"), say("filed.by", name=name_of(known, line.changed_by), time=moment(line.changed_at))))
    if line.fixed_at is not None:
        facts.append((say("filed.fact.fixed"), say("filed.by", name=name_of(known, line.fixed_by), time=moment(line.fixed_at))))
        if line.fixed_behalf:
            facts.append((say("filed.fact.behalf"), name_of(known, line.fixed_behalf)))
        facts.append((say("filed.fact.seal"), line.sha256))
    return {
        "id": line.id,
        "here": f"{PATH}/{line.id}",
        "title": say("filed.title", when=period_label(line.period)),
        "unit": unit.name if unit else "",
        "number": line.numbered,
        "state": chip_of(line, found.replaced_by is not None),
        "facts": [{"label": label, "text": text} for label, text in facts],
        "parts": [{"title": one.title, "paragraphs": one.paragraphs} for one in found.writing.parts],
        "draft": line.state == "draft",
        "may": may,
        "version": line.version,
        "running": found.report.running,
        "replaces": line.replaces and f"{PATH}/{line.replaces}",
        "replaced": {"href": f"{PATH}/{found.replaced_by[0]}", "number": found.replaced_by[1]} if found.replaced_by else None,
        "figures": f"/reports?{urlencode({'period': found.report.period, 'unit': line.unit})}",
        "again": {"unit": line.unit, "period": found.report.period},
    }

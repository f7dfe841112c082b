"""Filed reports as their templates want them."""

from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from server.ledger.grains import GRAINS, Grain, Period
from server.people.directory import Directory
from server.reports.filed.draft import lower_first
from server.reports.filed.papers import What
from server.reports.filed.queries import Filed, Line
from server.reports.shape import Part, Writing
from server.reports.words import period_label
from server.storage.ids import LOCAL
from server.words import say

PATH: Final = "/reports/filed"
#: Of what tells a part of a text from the others.
KEY_LENGTH: Final = 40


def moment(at: datetime) -> str:
    """``08:15 22/11/2026``."""
    return f"{at.astimezone(LOCAL):%H:%M %d/%m/%Y}"


def name_of(known: Directory, person: str | None) -> str:
    """Who; the system itself where nobody did it."""
    found = known.people.get(person or "")
    return found.name if found else say("filed.the_system")


def chip_of(line: Line) -> dict[str, str]:
    """The state of a filed report."""
    if line.state == "draft":
        return {"kind": "doing", "icon": "edit", "label": say("filed.state.draft")}
    if line.replaced:
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
        "title": say("filed.title", when=lower_first(period_label(line.period))),
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
    """The text as fields of a form: an empty line between two paragraphs, none within a list."""
    return [{"key": one.key, "title": one.title, "text": _text(one.paragraphs)} for one in writing.parts]


def _text(paragraphs: list[str]) -> str:
    text = ""
    for place, one in enumerate(paragraphs):
        listed = place > 0 and one.startswith("- ") and paragraphs[place - 1].startswith("- ")
        text += one if not place else f"\n{one}" if listed else f"\n\n{one}"
    return text


def beside(tried: list[dict[str, str]], stored: list[dict[str, str]]) -> list[dict[str, str]]:
    """What somebody typed, each part with what somebody else has saved there meanwhile (``stored``); parts that are new stand behind."""
    saved = {one["key"]: one for one in stored}
    shown = []
    for one in tried:
        other = saved.pop(one["key"], None)
        differs = other is not None and (other["title"], _bare(other["text"])) != (one["title"], _bare(one["text"]))
        title = f"{other['title']}\n" if other is not None and other["title"] != one["title"] else ""
        shown.append({**one, "stored": f"{title}{other['text']}"} if other is not None and differs else one)
    return [*shown, *saved.values()]


def _bare(text: str) -> list[str]:
    return [line for line in (one.strip() for one in text.split("\n")) if line]


def writing_of(fields: list[dict[str, str]]) -> Writing:
    """The form's fields as a text: each line is a paragraph. A part whose heading and text were both emptied is gone."""
    parts: list[Part] = []
    for place, one in enumerate(fields):
        if one["title"].strip() or one["text"].strip():
            known = {part.key for part in parts}
            key = one["key"][:KEY_LENGTH]
            parts.append(Part(key if key and key not in known else f"part-{place}", one["title"], one["text"].split("\n")))
    return Writing(parts=parts)


def unlinked(shown: Any) -> Any:
    """Parts of a page without their ways to lists of tasks: what was filed is a paper, and its reader may not see every task behind it."""
    if isinstance(shown, dict):
        return {name: "" if name == "href" else unlinked(one) for name, one in shown.items()}
    return [unlinked(one) for one in shown] if isinstance(shown, list) else shown


def one_context(found: Filed, known: Directory, may: bool, today: date, lost: list[What]) -> dict[str, Any]:
    """The head of one report, its text and what may be done with it; ``lost``: files of record that are not there."""
    line = found.line
    return {
        "id": line.id,
        "here": f"{PATH}/{line.id}",
        "title": say("filed.title", when=lower_first(found.report.period_label)),
        "unit": found.report.unit_label,
        "number": line.numbered,
        "state": chip_of(line),
        "facts": [{"label": label, "text": text} for label, text in _facts(found, known)],
        "parts": [{"title": one.title, "blocks": _blocks(one.paragraphs)} for one in found.writing.parts],
        "draft": line.state == "draft",
        "may": may,
        "version": line.version,
        "running": found.report.running,
        "over": line.period.last < today,
        "intact": found.intact,
        "lost": [say(f"filed.lost.{one}") for one in lost],
        "replaces": line.replaces and f"{PATH}/{line.replaces}",
        "replaced": {"href": f"{PATH}/{found.replaced_by[0]}", "number": found.replaced_by[1]} if found.replaced_by else None,
        "figures": f"/reports?{urlencode({'period': found.report.period, 'unit': line.unit})}",
        "again": {"unit": line.unit, "period": found.report.period},
    }


def _blocks(paragraphs: list[str]) -> list[dict[str, Any]]:
    """Paragraphs, and lists of those that begin with a dash."""
    found: list[dict[str, Any]] = []
    for text in paragraphs:
        if not text.startswith("- "):
            found.append({"text": text})
        elif found and "points" in found[-1]:
            found[-1]["points"].append(text[2:])
        else:
            found.append({"points": [text[2:]]})
    return found


def _facts(found: Filed, known: Directory) -> list[tuple[str, str]]:
    line = found.line
    facts = [(say("filed.fact.made"), say("filed.by", name=name_of(known, line.made_by), time=moment(line.made_at)))]
    if line.state == "draft" and line.version > 1:
        facts.append((say("filed.fact.changed"), say("filed.by", name=name_of(known, line.changed_by), time=moment(line.changed_at))))
    if line.fixed_at is not None and found.frame is not None:
        facts.append((say("filed.fact.fixed"), say("filed.by", name=found.frame.signed, time=moment(line.fixed_at))))
        if found.frame.behalf:
            facts.append((say("filed.fact.behalf"), found.frame.behalf))
        facts.append((say("filed.fact.seal"), line.sha256))
    return facts

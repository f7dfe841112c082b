"""The lines of a sheet: what each adds, and the reports, reviews and dates that made it."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from server.kpi.queries.sheets import Sheet
from server.kpi.record.entries import Entry, Event
from server.kpi.rules.lines import Line, Parts, faults, parts_of
from server.kpi.rules.ruleset import RuleSet
from server.kpi.show import values
from server.people.directory import Directory
from server.storage.ids import LOCAL
from server.tasks import rules as task_rules
from server.tasks.show.values import day, moment, person_in
from server.words import say

#: So many lines of the people led are shown before the rest is asked for.
TEAM_LINES = 60
#: The kind of dot and the icon of each event.
DOTS: dict[str, tuple[str, str]] = {
    "assigned": ("wait", "task"),
    "taken_over": ("wait", "swap"),
    "report": ("doing", "chart"),
    "submit": ("review", "send"),
    "return": ("late", "return"),
    "accept": ("done", "check"),
    "undone": ("soon", "undo"),
    "hand_back": ("soon", "hand-back"),
    "hand_back_refused": ("wait", "x"),
    "pause": ("soon", "pause"),
    "resume": ("doing", "play"),
    "excuse": ("done", "shield"),
    "split": ("wait", "calendar"),
    "changed": ("soon", "edit"),
}


def place_of(line_id: str) -> str:
    """The line's own id on the page."""
    return "line-" + line_id.replace(":", "-")


def own_lines(sheet: Sheet, directory: Directory, now: datetime) -> list[dict[str, Any]]:
    """The person's own lines with their evidence."""
    return [_own(one, sheet, directory, now) for one in sheet.own]


def _own(entry: Entry, sheet: Sheet, directory: Directory, now: datetime) -> dict[str, Any]:
    shown = line_of(entry.line, sheet.rules)
    late, failed = faults(entry.line)
    flags = [name for name in ("outside", "carried", "waiting", "rest", "more") if getattr(entry, name)]
    may = sheet.may_confirm and not sheet.frozen
    return shown | {
        "number": task_rules.number(entry.number),
        "unit_of_count": entry.unit_of_count,
        "share": values.plain(Fraction(entry.share, 10), 1) if entry.share != 1000 else "",
        "flags": [say(f"kpi.page.flag.{name}") for name in flags],
        "part": _part(entry.part),
        "events": [event_of(one, directory, now) for one in entry.events],
        "late_counts": late,
        "failed_counts": failed,
        "may_excuse": [what for what, number in (("late", late), ("failed", failed)) if number and may],
    }


def _part(part: str) -> str:
    if not part:
        return ""
    year, month = part.split("-")
    return values.period_name("month", int(year), int(month))


def line_of(line: Line, rules: RuleSet) -> dict[str, Any]:
    """A line's numbers and the arithmetic from them to what it adds."""
    part = parts_of(line, rules)
    return {
        "id": line.id,
        "place": place_of(line.id),
        "task": line.task,
        "href": f"/tasks/{line.task}",
        "title": line.title,
        "product": line.product,
        "kind": say(f"kpi.page.kind.{line.kind}") if line.kind != "planned" else "",
        "k": values.amount(line.k),
        "g": values.amount(line.assigned),
        "h": values.amount(line.accepted),
        "due": day(line.due),
        "due_iso": line.due.isoformat() if line.due else "",
        "done": day(line.done),
        "late": line.late,
        "failed": line.failed,
        "late_excused": line.late_excused,
        "failed_excused": line.failed_excused,
        "full": part.amount >= line.k * line.assigned and part.quality == part.progress == part.amount * 100,
        **_arithmetic(line, part, rules),
    }


def _arithmetic(line: Line, part: Parts, rules: RuleSet) -> dict[str, str]:
    k, g, h = values.amount(line.k), values.amount(line.assigned), values.amount(line.accepted)
    late, failed = faults(line)
    given = values.plain(Fraction(part.given, 10**6))
    done = values.plain(Fraction(part.amount, 10**6))
    if line.kind == "handed_back":
        how = say("kpi.page.how.given", k=k, g=g, given=given)
        none = say("kpi.page.how.handed_back")
        return {"given": given, "done_points": "0", "how_given": how, "how_done": none, "how_b": "", "how_c": ""}
    outside = line.kind in ("ad_hoc", "taken_over")
    return {
        "given": given,
        "done_points": done,
        "how_given": say("kpi.page.how.not_given") if outside else say("kpi.page.how.given", k=k, g=g, given=given),
        "how_done": say("kpi.page.how.done", k=k, h=h, done=done),
        "how_b": _less(done, failed, rules.penalty, Fraction(part.quality, 10**8)),
        "how_c": _less(done, late, rules.penalty, Fraction(part.progress, 10**8)),
    }


def _less(done: str, times: int, penalty: int, left: Fraction) -> str:
    if not times:
        return say("kpi.page.how.whole", done=done)
    return say("kpi.page.how.less", done=done, taken=min(100, penalty * times), penalty=penalty, times=times, left=values.plain(left))


def event_of(event: Event, directory: Directory, now: datetime) -> dict[str, Any]:
    """Something that happened, as an entry of a timeline; ``made`` are the numbers of the line that it made."""
    kind, icon = DOTS[event.kind]
    said = []
    if event.quantity is not None:
        said.append(say("kpi.page.quantity", amount=values.amount(event.quantity)))
    if event.percent is not None:
        said.append(say("kpi.page.percent", number=event.percent))
    if event.major_error:
        said.append(say("kpi.page.major_error"))
    if event.objective_cause:
        said.append(say("kpi.page.objective_cause"))
    if event.what:
        said.append(say(f"kpi.page.excused.{event.what}"))
    said += [_change(*one) for one in event.changes]
    if event.document:
        said.append(event.document)
    local = event.at.astimezone(LOCAL)
    device = event.device_at.astimezone(LOCAL) if event.device_at else None
    return {
        "id": event.id,
        "kind": kind,
        "icon": icon,
        "title": say(f"kpi.page.event.{event.kind}"),
        "when": moment(event.at, now),
        "iso": local.isoformat(timespec="minutes"),
        "device": moment(event.device_at, now) if device and device.date() != local.date() else "",
        "person": person_in(directory, event.by),
        "said": said,
        "note": event.words,
        "made": [letter for letter in event.made if letter in "kghLQ"],
        "excuse": event.kind == "excuse",
    }


def _change(name: str, before: str, after: str) -> str:
    """A field that got another value: ``Thời hạn: 10/11/2026 → 15/11/2026``."""
    return say(f"kpi.page.changed.{name}", before=_value(name, before), after=_value(name, after))


def _value(name: str, value: str) -> str:
    if not value:
        return say("kpi.page.changed.nothing")
    if name == "due":
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if name == "quantity":
        return values.amount(int(value))
    return say(f"kpi.page.kind.{'ad_hoc' if value == 'ad_hoc' else 'planned'}") if name == "kind" else value


def team_lines(sheet: Sheet, *, every_line: bool = False) -> dict[str, Any]:
    """The lines of the people led: first those that cost something, the rest only where asked for."""
    own = {one.line.id for one in sheet.own}
    shown = [line_of(one, sheet.rules) for one in sheet.lines if one.id not in own]
    shown.sort(key=lambda one: one["full"])
    return {"lines": shown if every_line else shown[:TEAM_LINES], "count": len(shown), "full": sum(one["full"] for one in shown)}

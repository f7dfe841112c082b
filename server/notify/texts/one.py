"""One message in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from server.calendar.current import working_days
from server.insight.reasons import in_words
from server.notify.rules.kinds import KINDS, Group, kind_of
from server.notify.texts import digests
from server.notify.texts.pieces import NAME, REASON, TITLE, day_of, day_words, near_words, short
from server.people.directory import Directory
from server.words import catalogue, say

#: Kinds whose reason is a judgement on the work.
NOTES = ("task.returned", "task.accepted")
#: Kinds that no longer have to do with the due date.
PAST = ("task.unassigned", "task.accepted", "task.binned")
#: Where a message leads that is about no task; {period}, {person} and {subject} are filled from it.
LINKS = {
    "kpi.period.opened": "/kpi",
    "kpi.period.closed": "/kpi/sheets/{subject}",
    "kpi.period.reopened": "/kpi",
    "kpi.sheet.waiting": "/kpi/people/{person}/{period}/confirm",
    "kpi.sheet.confirmed": "/kpi",
    "kpi.sheet.returned": "/kpi",
    "kpi.petition.filed": "/kpi/petitions",
    "kpi.petition.answered": "/kpi/petitions",
    "kpi.excuse.confirmed": "/kpi",
    "kpi.year.published": "/kpi/year",
    "kpi.remind.self": "/kpi",
    "kpi.remind.confirm": "/kpi/room",
    "digest.daily": "/",
    "digest.weekly": "/",
    "digest.room": "/tasks",
    "delegation_granted": "/people#delegations",
    "delegation_ended": "/people#delegations",
    "export.made": "/me/data",
    "report.filed": "/reports/filed/{subject}",
    "report.fixed": "/reports/filed/{subject}",
    "notify.test": "/notices",
    "notify.linked": "/me/notices",
}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A message in words; plain text, already cut. ``what`` is its kind in a few words, ``bare`` that and the number alone."""

    kind: str
    group: Group
    what: str
    title: str
    bare: str
    #: Number and title of the task, or whatever else it is about.
    about: str = ""
    lines: tuple[str, ...] = ()
    link: str = "/notices"
    task: str | None = None
    number: str = ""


def is_about_task(kind: str) -> bool:
    """Whether the subject of such a message is a task."""
    return kind.startswith(("task.", "extension."))


def told_of(kind: str, subject: str | None, data: Mapping[str, Any], directory: Directory, seen: date, today: date | None = None) -> Told:
    """A message in words. ``seen`` is the day it is of.

    ``today`` is the day of the reader, where the words will be read on that day ("còn 1 ngày làm việc"); without it they hold for ever.
    """
    given = dict(data)
    what = _what(kind, given)
    number = short(given.get("number"), 20).lstrip("#")
    about = _about(kind, number, given)
    if kind.startswith("digest."):
        return Told(
            kind=kind, group=kind_of(kind).group, what=what, bare=what, link=_link(kind, subject, number, given),
            title=_titled(what, digests.summary(kind, given, seen)), lines=digests.lines(kind, given, directory, seen),
        )  # fmt: skip
    return Told(
        kind=kind,
        group=kind_of(kind).group,
        what=what,
        title=_titled(what, about),
        bare=say("notify.text.title.short", what=what, number=number) if number else what,
        about=about,
        lines=tuple(line for line in _lines(kind, given, directory, seen, today) if line),
        link=_link(kind, subject, number, given),
        task=subject if is_about_task(kind) else None,
        number=number,
    )


def _titled(what: str, about: str) -> str:
    return say("notify.text.title.about", what=what, subject=about) if about else what


def _what(kind: str, data: dict[str, Any]) -> str:
    known = catalogue()
    variant = data.get("decision") or data.get("status") or data.get("outcome")
    special = f"notify.text.variant.{kind}.{variant}"
    if special in known:
        return say(special)
    # A kind that nobody entered is still said.
    return say(f"notify.text.kind.{kind}") if kind in KINDS else say("notify.text.kind.other")


def _about(kind: str, number: str, data: dict[str, Any]) -> str:
    if kind.startswith(("kpi.", "notify.")):
        parts = [short(data.get("name"), NAME), short(data.get("title") or data.get("when") or data.get("year_text"), TITLE)]
        if kind not in ("kpi.sheet.waiting", "kpi.petition.filed"):
            parts = parts[1:]
        if kind == "kpi.year.published" and data.get("year"):
            parts = [str(data["year"])]
        return " – ".join(part for part in parts if part)
    if kind.startswith("report."):
        named = say("notify.text.line.report_number", number=short(data.get("number"), NAME)) if data.get("number") else ""
        return " – ".join(part for part in (named, short(data.get("unit"), TITLE), short(data.get("when"), TITLE)) if part)
    return " ".join(part for part in (number, short(data.get("title"), TITLE)) if part)


def _link(kind: str, subject: str | None, number: str, data: dict[str, Any]) -> str:
    if is_about_task(kind):
        named = number or subject
        return f"/tasks/{named}" if named else "/tasks"
    filled = {"subject": subject, "period": data.get("period"), "person": data.get("person")}
    link = LINKS.get(kind, "/notices")
    wanted = [name for name in filled if f"{{{name}}}" in link]
    return link.format(**filled) if all(filled[name] for name in wanted) else "/kpi"


def _lines(kind: str, data: dict[str, Any], directory: Directory, seen: date, today: date | None) -> list[str]:
    if kind.startswith("kpi."):
        return _kpi_lines(kind, data, seen)
    if kind == "export.made":
        return _export_lines(data, directory)
    if not is_about_task(kind):
        return []
    profile = directory.people.get(str(data.get("by") or ""))
    name = short(profile.name, NAME) if profile else ""
    found = [*_due_lines(kind, data, seen, today)]
    if kind == "task.mentioned":
        text = short(data.get("text"), REASON)
        return [say("notify.text.line.quote", name=name, text=text) if name else text, *found]
    who = f"notify.text.who.{kind}"
    if name and who in catalogue():
        found.append(say(who, name=name))
    if kind == "task.risk":
        found.append(_risk(data))
    if kind == "task.edited_over":
        labels = [short(one.get("label"), NAME) for one in _values(data) if isinstance(one, dict)]
        found.append(say("notify.text.line.fields", fields=", ".join(labels)) if labels else "")
    reason = short(data.get("reason"), REASON)
    if reason:
        found.append(say("notify.text.line.note" if kind in NOTES else "notify.text.line.reason", reason=reason))
    return found


def _export_lines(data: dict[str, Any], directory: Directory) -> list[str]:
    """Who had a copy of the reader's data made, and on which request."""
    profile = directory.people.get(str(data.get("by") or ""))
    reason = short(data.get("reason"), REASON)
    return [
        say("notify.text.line.made_by", name=short(profile.name, NAME)) if profile else "",
        say("notify.text.line.reason", reason=reason) if reason else "",
    ]


def _risk(data: dict[str, Any]) -> str:
    """How likely it is to be late, and the first reason, in the words of the lists."""
    band = f"insight.risk.band.{data.get('band')}"
    label = say(band) if band in catalogue() else ""
    given = data.get("reasons")
    reasons = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    said = short(next(iter(in_words(reasons)), ""), REASON)
    return say("notify.text.line.risk", band=label, reason=said) if label and said else label or said


def _values(data: dict[str, Any]) -> list[Any]:
    values = data.get("values")
    return list(values.values()) if isinstance(values, dict) else []


def _due_lines(kind: str, data: dict[str, Any], seen: date, today: date | None) -> list[str]:
    due = day_of(data.get("due"))
    if kind == "task.due_changed":
        return [say("notify.text.line.new_due", due=day_words(due, seen)) if due else say("notify.text.line.no_due")]
    if due is None or kind in PAST:
        return []
    found = [_pressing(due, today) if today and kind in ("task.due_soon", "task.overdue") else ""]
    found = [found[0] or say("notify.text.line.due", due=day_words(due, seen))]
    asked = day_of(data.get("asked"))
    if asked and kind == "extension.asked":
        found.append(say("notify.text.line.asked", due=day_words(asked, seen)))
    elif asked:
        found.append(say("notify.text.line.extension", due=day_words(asked, seen)))
    return found


def _pressing(due: date, today: date) -> str:
    if due < today:
        return say("notify.text.line.late", due=day_words(due, today), days=(today - due).days)
    left = working_days().between(today, due)
    if due == today or left == 0:
        return say("notify.text.line.last", due=near_words(due, today))
    return say("notify.text.line.left", due=near_words(due, today), days=left)


def _kpi_lines(kind: str, data: dict[str, Any], seen: date) -> list[str]:
    reason = short(data.get("reason"), REASON)
    ends, due = day_of(data.get("ends")), day_of(data.get("due"))
    return [
        say("notify.text.line.reason", reason=reason) if reason else "",
        say("notify.text.line.ends", day=day_words(ends, seen)) if ends else "",
        say("notify.text.line.answer_by", day=day_words(due, seen)) if due else "",
        say("notify.text.line.answer", text=short(data.get("answer"), REASON)) if data.get("answer") else "",
    ]

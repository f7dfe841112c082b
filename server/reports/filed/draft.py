"""The text of a report, drafted from its figures: what was done, what is late and why, how it compares, what comes next, what is asked for.

By templates, sentence by sentence; people change it as they like before it is fixed. Nothing is said that no figure says.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from server.ledger.grains import Period
from server.reports.filed.late import Named
from server.reports.shape import Part, Report, Row, Section, Writing
from server.reports.words import number, period_label
from server.words import say as worded

#: Of a title that stands in a list of a text.
TITLE: Final = 160
#: Lines of units that a text names.
UNITS: Final = 12


def say(key: str, **values: Any) -> str:
    """A sentence whose whole numbers are written as people write them: ``1.234``."""
    return worded(key, **{name: number(value, "count") if isinstance(value, int) else value for name, value in values.items()})


class Material:
    """What a text is made of: the report, and the tasks that it names."""

    def __init__(
        self, report: Report, late: Sequence[Named], overdue: Sequence[Named], coming: Sequence[Named], names: Mapping[str, str]
    ) -> None:
        self.report, self.late, self.overdue, self.coming, self.names = report, late, overdue, coming, names
        self.period = Period.read(report.period)

    def count(self, key: str) -> int:
        """A headline as a whole number."""
        value = self.report.figure(key)
        return int(value) if isinstance(value, int | float) else 0

    def share(self, key: str) -> str:
        """A headline as a share, or ""."""
        value = self.report.figure(key)
        return number(value, "share") if isinstance(value, int | float) else ""


def drafted(given: Material) -> Writing:
    """The whole text."""
    return Writing(parts=[_results(given), _late(given), _assessment(given), _next(given), _asked(given)])


def _part(key: str, paragraphs: Sequence[str]) -> Part:
    return Part(key, say(f"filed.part.{key}"), [one for one in paragraphs if one])


def _results(given: Material) -> Part:
    when, unit = lower_first(given.report.period_label), given.report.unit_label
    total = given.count("total")
    if not total:
        return _part("results", [say("filed.text.nothing", when=when, unit=unit)])
    moved = total - given.count("carried") - given.count("assigned")
    lines = [
        say(
            "filed.text.total",
            when=when,
            unit=unit,
            total=total,
            carried=given.count("carried"),
            assigned=given.count("assigned"),
            moved=say("filed.text.moved_in", count=moved) if moved > 0 else say("filed.text.moved_out", count=-moved) if moved < 0 else "",
        ),
        _done(given),
        _left(given),
        say("filed.text.cancelled", count=given.count("cancelled")) if given.count("cancelled") else "",
        *_units(given.report.section("units")),
        _work(given),
    ]
    return _part("results", lines)


def _done(given: Material) -> str:
    done = given.count("done")
    if not done:
        return say("filed.text.none_done")
    share = given.share("done_share")
    of = say("filed.text.of_total", share=share) if share else ""
    on_time = given.share("on_time_share")
    known = {key: given.count(key) for key in ("on_time", "late", "undated")}
    excused = given.count("excused")
    whole = next((key for key, count in known.items() if count == done and not excused), None)
    if whole is not None:
        return say("filed.text.done", done=done, of=of, details=say(f"filed.text.all.{whole}"), share="")
    details = [say(f"filed.text.{key}", count=count) for key, count in known.items() if count or (key == "on_time" and known["late"])]
    if excused and details:
        details[0] += " " + say("filed.text.excused", count=excused)
    told = say("filed.text.of_these", details=", ".join(details)) if details else ""
    return say("filed.text.done", done=done, of=of, details=told, share=say("filed.text.share", share=on_time) if on_time else "")


def _left(given: Material) -> str:
    left, now = given.count("open"), "_now" if given.report.running else ""
    if not left:
        return say(f"filed.text.none_left{now}")
    details = [say(f"filed.text.{key}", count=given.count(key)) for key in ("overdue", "submitted", "paused") if given.count(key)]
    return say(f"filed.text.left{now}", left=left, details=say("filed.text.of_these", details=", ".join(details)) if details else "")


def _units(section: Section | None) -> list[str]:
    """One line a unit below: what it did and what it owes."""
    if section is None:
        return []
    told = []
    for row in section.table.rows:
        values = cells(section, row)
        if values.get("total"):
            told.append(
                say(
                    "filed.text.unit",
                    name=row.label,
                    done=values.get("done") or 0,
                    total=values["total"],
                    late=say("filed.text.unit_late", count=values["late"]) if values.get("late") else "",
                    overdue=say("filed.text.unit_overdue", count=values["overdue"]) if values.get("overdue") else "",
                )
            )
    if not told:
        return []
    if len(told) > UNITS:
        told[UNITS:] = [say("filed.text.more_units", count=len(told) - UNITS)]
    return [say("filed.text.by_unit"), *listed(told)]


def _work(given: Material) -> str:
    details = [say(f"filed.text.{key}_times", count=given.count(key)) for key in ("asked", "extended", "returned") if given.count(key)]
    return say("filed.text.work", details=", ".join(details)) if details else ""


def _late(given: Material) -> Part:
    late, overdue = given.count("late"), given.count("overdue")
    if not late and not overdue:
        return _part("late", [say("filed.text.nothing_late")])
    lines: list[str] = []
    if overdue:
        lines.append(say("filed.text.overdue_now" if given.report.running else "filed.text.overdue_end", count=overdue))
        lines += _tasks("filed.text.overdue_line", given.overdue, overdue, given.names)
    if late:
        lines.append(say("filed.text.done_late", count=late))
        lines += _tasks("filed.text.late_line", given.late, late, given.names)
    causes = [say(f"filed.cause.{key}", count=given.count(key)) for key in ("excused", "asked", "returned", "paused") if given.count(key)]
    if causes:
        lines.append(say("filed.text.causes", causes=", ".join(causes)))
    elif not any(one.why for one in (*given.overdue, *given.late)):
        lines.append(say("filed.text.no_causes"))
    return _part("late", lines)


def _tasks(key: str, tasks: Sequence[Named], count: int, names: Mapping[str, str]) -> list[str]:
    """A line a task, and how many there are besides."""
    told = [
        say(
            key,
            number=one.number.lstrip("#"),
            title=cut(one.title),
            lead=names.get(one.lead, say("filed.text.nobody")),
            due=f"{one.due:%d/%m/%Y}",
            handed=say("filed.text.handed", day=f"{one.handed:%d/%m/%Y}") if one.handed else "",
            why=" " + say("filed.text.why", why=cut(one.why).rstrip(".")) if one.why else "",
        )
        for one in tasks
    ]
    more = count - len(told)
    if more > 0:
        told.append(say("filed.text.rest", count=more) if told else say("filed.text.rest_alone", count=more))
    return listed(told)


def _assessment(given: Material) -> Part:
    lines = [_compared(given, "on_time_share", "share"), _compared(given, "done", "count"), _compared(given, "median_days", "days")]
    mean = given.report.figure("kpi_mean")
    if mean is not None:
        lines.append(say("filed.text.kpi", mean=number(mean, "points")))
    lines = [one for one in lines if one]
    return _part("assessment", lines or [say("filed.text.no_comparison")])


def _compared(given: Material, key: str, kind: Any) -> str:
    found = next((one for one in given.report.headlines if one.key == key), None)
    if found is None or found.value is None or found.before is None:
        return ""
    now, before = found.value, found.before
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return ""
    said, was = number(now, kind), number(before, kind)
    # What reads the same is the same.
    way = "same" if said == was else "up" if now > before else "down"
    if kind in ("days", "count"):
        said, was = say(f"filed.text.of_kind.{kind}", number=said), say(f"filed.text.of_kind.{kind}", number=was)
    return say(
        f"filed.text.compared_{way}",
        label=found.label,
        now=said,
        before=was,
        when=lower_first(period_label(given.period.before)),
    )


def _next(given: Material) -> Part:
    when = lower_first(period_label(given.period.after))
    coming, overdue = given.count("due_next"), given.count("overdue")
    lines = []
    if overdue:
        lines.append(say("filed.text.first_overdue", count=overdue))
    if coming:
        lines.append(say("filed.text.coming", when=when, count=coming))
        lines += _tasks("filed.text.coming_line", given.coming, coming, given.names)
    elif not overdue:
        lines.append(say("filed.text.none_coming", when=when))
        if given.count("open"):
            lines.append(say("filed.text.go_on"))
    waiting = given.count("submitted")
    if waiting:
        lines.append(say("filed.text.review_first", count=waiting))
    return _part("next", lines)


def _asked(given: Material) -> Part:
    return _part("asked", [say("filed.text.asked_none")])


def cells(section: Section, row: Row) -> dict[str, Any]:
    """A row's values by the keys of its columns."""
    return {column.key: value for column, value in zip(section.table.columns, row.values, strict=False)}


def listed(lines: Sequence[str]) -> list[str]:
    """Lines of a list, each with the sign that ends it.

    >>> listed(["một", "hai"])
    ['- một;', '- hai.']
    """
    return [f"- {line}{';' if place < len(lines) else '.'}" for place, line in enumerate(lines, 1)]


def cut(text: str) -> str:
    """A title or a reason on one line, no longer than ``TITLE`` letters."""
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    return whole if len(whole) <= TITLE else whole[: TITLE - 1].rstrip() + "…"


def lower_first(text: str) -> str:
    """As it stands inside of a sentence.

    >>> lower_first("Tháng 11 năm 2026")
    'tháng 11 năm 2026'
    """
    return text[:1].lower() + text[1:]

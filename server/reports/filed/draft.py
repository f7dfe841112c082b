"""The text of a report, drafted from its figures: what was done, what is late and why, how it compares, what comes next, what is asked for.

By templates, sentence by sentence; people change it as they like before it is fixed. Nothing is said that no figure says.
"""

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
        *_units(given.report.section("units")),
        _work(given),
    ]
    return _part("results", lines)


def _done(given: Material) -> str:
    done = given.count("done")
    if not done:
        return say("filed.text.none_done")
    details = [say("filed.text.on_time", count=given.count("on_time"))]
    details += [say(f"filed.text.{key}", count=given.count(key)) for key in ("late", "undated") if given.count(key)]
    excused = given.count("excused")
    share = given.share("on_time_share")
    return say(
        "filed.text.done",
        done=done,
        of=say("filed.text.of_total", share=given.share("done_share")) if given.share("done_share") else "",
        details=", ".join(details),
        share=say("filed.text.share", share=share) if share else "",
        excused=f" {say('filed.text.excused', count=excused)}" if excused else "",
    )


def _left(given: Material) -> str:
    left = given.count("open")
    if not left:
        return say("filed.text.none_left")
    details = [say(f"filed.text.{key}", count=given.count(key)) for key in ("overdue", "submitted", "paused") if given.count(key)]
    key = "filed.text.left_now" if given.report.running else "filed.text.left"
    return say(key, left=left, details=say("filed.text.of_these", details=", ".join(details)) if details else "")


def _units(section: Section | None) -> list[str]:
    """One line a unit below: what it did and what it owes."""
    if section is None or not section.table.rows:
        return []
    found = []
    for row in section.table.rows[:UNITS]:
        values = cells(section, row)
        if values.get("total"):
            found.append(
                say(
                    "filed.text.unit",
                    name=row.label,
                    done=values.get("done") or 0,
                    total=values.get("total") or 0,
                    late=say("filed.text.unit_late", count=values["late"]) if values.get("late") else "",
                    overdue=say("filed.text.unit_overdue", count=values["overdue"]) if values.get("overdue") else "",
                )
            )
    return [say("filed.text.by_unit"), *found] if found else []


def _work(given: Material) -> str:
    if not any(given.count(key) for key in ("asked", "extended", "returned")):
        return ""
    details = [say(f"filed.text.{key}_times", count=given.count(key)) for key in ("asked", "extended", "returned") if given.count(key)]
    return say("filed.text.work", details=", ".join(details))


def _late(given: Material) -> Part:
    late, overdue = given.count("late"), given.count("overdue")
    if not late and not overdue:
        return _part("late", [say("filed.text.nothing_late")])
    lines: list[str] = []
    if overdue:
        lines.append(say("filed.text.overdue_now" if given.report.running else "filed.text.overdue_end", count=overdue))
        lines += [_line("filed.text.overdue_line", one, given.names) for one in given.overdue]
        lines.append(_rest(overdue - len(given.overdue)))
    if late:
        lines.append(say("filed.text.done_late", count=late))
        lines += [_line("filed.text.late_line", one, given.names) for one in given.late]
        lines.append(_rest(late - len(given.late)))
    causes = [say(f"filed.cause.{key}", count=given.count(key)) for key in ("excused", "asked", "returned", "paused") if given.count(key)]
    lines.append(say("filed.text.causes", causes=", ".join(causes)) if causes else say("filed.text.causes_open"))
    return _part("late", lines)


def _line(key: str, one: Named, names: Mapping[str, str]) -> str:
    title = one.title if len(one.title) <= TITLE else one.title[: TITLE - 1].rstrip() + "…"
    return say(
        key,
        number=one.number,
        title=title,
        lead=names.get(one.lead, say("filed.text.nobody")),
        due=f"{one.due:%d/%m/%Y}",
        handed=f"{one.handed:%d/%m/%Y}" if one.handed else "",
        why=f" {say('filed.text.why', why=one.why[:TITLE].rstrip('.'))}" if one.why else "",
    )


def _rest(count: int) -> str:
    return say("filed.text.rest", count=count) if count > 0 else ""


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
    way = "same" if now == before else "up" if now > before else "down"
    return say(
        f"filed.text.compared_{way}",
        label=found.label,
        now=number(now, kind),
        before=number(before, kind),
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
        lines += [_line("filed.text.coming_line", one, given.names) for one in given.coming]
        lines.append(_rest(coming - len(given.coming)))
    elif not overdue:
        lines.append(say("filed.text.none_coming", when=when))
    waiting = given.count("submitted")
    if waiting:
        lines.append(say("filed.text.review_first", count=waiting))
    return _part("next", lines)


def _asked(given: Material) -> Part:
    return _part("asked", [say("filed.text.asked_none")])


def cells(section: Section, row: Row) -> dict[str, Any]:
    """A row's values by the keys of its columns."""
    return {column.key: value for column, value in zip(section.table.columns, row.values, strict=False)}


def lower_first(text: str) -> str:
    """As it stands inside of a sentence.

    >>> lower_first("Tháng 11 năm 2026")
    'tháng 11 năm 2026'
    """
    return text[:1].lower() + text[1:]

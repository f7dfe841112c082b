"""A trend in words and as a chart."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from server.insight.trends import charts
from server.insight.trends.queries import MONTHS, Change, Found
from server.insight.trends.rules import LEAST_PERIODS, LEAST_TASKS, PRIOR, Point, Trend, counted
from server.words import say
from server.words.numbers import number

#: Below this the test leaves little room for chance.
VERY_SURE: Final = 0.01
ICONS: Final = {"up": ("up", "done"), "down": ("down", "soon"), "steady": ("right", "do"), "too_few": ("info", "ink")}
#: Pixels of the two drawings.
SHARES: Final = 150
TASKS: Final = 64
SMALL: Final = 56
#: A change from nothing, or to nothing, is told in numbers alone.
SHARE_KEYS: Final = ("urgent", "returned")


def percent(share: float, digits: int = 0) -> str:
    """``86 %`` of 0.86."""
    return say("insight.trends.percent", number=number(share * 100, digits))


def month(period: str) -> str:
    """``10/2026`` of "2026-10"."""
    return f"{period[5:]}/{period[:4]}"


def edges(point: Point) -> tuple[float, float] | None:
    """Between what chance alone would let so few tasks swing (95 %); nothing where there were none."""
    if not point.tasks:
        return None
    give = 1.96 * math.sqrt(max(point.adjusted * (1 - point.adjusted), 0.01) / (point.tasks + PRIOR))
    return max(0.0, point.adjusted - give), min(1.0, point.adjusted + give)


def sentence(trend: Trend) -> str:
    """Up, steady, down with how much a month; or that it is too little to say."""
    if trend.direction == "too_few":
        enough = sum(one.tasks >= LEAST_TASKS for one in trend.points)
        if not any(one.tasks for one in trend.points):
            return say("insight.trends.none")
        return say("insight.trends.too_few", months=enough, least=LEAST_PERIODS, tasks=LEAST_TASKS)
    return say(f"insight.trends.{trend.direction}", slope=number(abs(trend.slope) * 100, 2))


def sureness(trend: Trend) -> str:
    """How sure, in plain words; nothing where nothing is claimed."""
    if trend.direction == "too_few":
        return ""
    if trend.direction == "steady":
        return say("insight.trends.sure_steady", slope=number(trend.slope * 100, 2), chance=percent(trend.p))
    return say("insight.trends.sure_very" if trend.p < VERY_SURE else "insight.trends.sure", chance=percent(max(trend.p, 0.001), 1))


def change_text(change: Change) -> str:
    """What else was different: ``Số việc mỗi tháng: 8 → 14``."""
    as_share = change.key in SHARE_KEYS
    before, after = (percent(value) if as_share else number(value) for value in (change.before, change.after))
    return say(f"insight.trends.change.{change.key}", before=before, after=after)


def turn_of(found: Found) -> dict[str, Any] | None:
    """The month from which on the level is another, and what changed with it."""
    trend = found.trend
    if trend.change is None:
        return None
    key = "insight.trends.turn_up" if trend.after > trend.before else "insight.trends.turn_down"
    said = say(key, month=month(trend.points[trend.change].period), before=percent(trend.before), after=percent(trend.after))
    return {"said": said, "changes": [change_text(one) for one in found.changes]}


def figure(found: Found) -> dict[str, Any]:
    """The chart of the months: shares above, tasks below, and the same as a table."""
    trend = found.trend
    shown = trend.points
    names = charts.month_names([one.period for one in shown])
    adjusted = [one.adjusted if one.tasks else None for one in shown]
    labels = [say("insight.trends.dot", month=month(one.period), share=percent(one.share), tasks=one.tasks) for one in shown]
    scale = charts.Scale(len(shown), 0.0, 1.0, SHARES)
    lines = [charts.level(scale, found.level, "ink"), *charts.line(scale, adjusted, "do")]
    if trend.change is not None:
        lines.append(charts.turn(scale, trend.change, "soon"))
    shares = charts.plot(
        scale,
        levels=[(part, percent(part)) for part in (1.0, 0.5, 0.0)],
        bands=charts.band(scale, [edges(one) for one in shown], "do"),
        lines=lines,
        dots=charts.dots(scale, [one.share if one.tasks else None for one in shown], "review", labels),
        names=names,
    )
    most = max((one.tasks for one in shown), default=0) or 1
    below = charts.Scale(len(shown), 0.0, float(most), TASKS)
    tasks = charts.plot(
        below,
        levels=[(most, number(most)), (0.0, "0")],
        bars=charts.bars(below, [float(one.tasks) for one in shown], "edge", labels),
        names=names,
    )
    key = [("line", "do", "adjusted"), ("band", "do", "band"), ("dot", "review", "observed"), ("reference", "ink", "level")]
    if trend.change is not None:
        key.append(("turn", "soon", "turn"))
    return {
        "title": say("insight.trends.chart"),
        "said": "",
        "key": [{"shape": shape, "kind": kind, "label": say(f"insight.trends.key.{word}")} for shape, kind, word in key],
        "plots": [
            {"name": say("insight.trends.plot_shares"), "plot": shares},
            {"name": say("insight.trends.plot_tasks"), "plot": tasks},
        ],
        "table": table(found),
    }


def table(found: Found) -> dict[str, Any]:
    """The months, the newest first."""
    head = [say(f"insight.trends.head.{word}") for word in ("month", "tasks", "observed", "adjusted", "band")]
    return {"head": head, "rows": [_row(one, found) for one in reversed(found.trend.points)]}


def _row(point: Point, found: Found) -> list[str]:
    if point.period in found.withheld:
        return [month(point.period), *[say("insight.trends.withheld_cell")] * 4]
    swing = edges(point)
    if swing is None:
        return [month(point.period), "0", "–", "–", "–"]
    between = say("insight.trends.between", low=number(swing[0] * 100, 0), high=percent(swing[1]))
    return [month(point.period), str(point.tasks), percent(point.share), percent(point.adjusted), between]


def trend_context(found: Found, today: date) -> dict[str, Any]:
    """All that the page shows of one trend; ``today`` names the months."""
    trend = found.trend
    icon, kind = ICONS[trend.direction]
    tasks = sum(one.tasks for one in trend.points)
    return {
        "said": sentence(trend),
        "sure": sureness(trend),
        "icon_name": icon,
        "kind": kind,
        "level": say("insight.trends.level", level=percent(found.level)),
        "tasks": tasks,
        "counted": len(counted(trend.points)),
        "turn": turn_of(found),
        "withheld": say("insight.trends.withheld", count=len(found.withheld)) if found.withheld else "",
        "figure": figure(found) if tasks else None,
        "span": say("insight.trends.span", count=MONTHS, first=month(trend.points[0].period), last=month(trend.points[-1].period)),
        "empty": {"title": say("insight.trends.empty_title"), "text": say("insight.trends.empty_text")},
        "day": f"{today:%d/%m/%Y}",
    }


def small(title: str, href: str, found: Found) -> dict[str, Any]:
    """One of many: its sentence and a small drawing."""
    shown = found.trend.points
    scale = charts.Scale(len(shown), 0.0, 1.0, SMALL, 0)
    drawn = [one.adjusted if one.tasks else None for one in shown]
    if not any(one is not None for one in drawn):
        return {"title": title, "href": href, "said": sentence(found.trend), "plot": None}
    lines = [charts.level(scale, found.level, "ink"), *charts.line(scale, drawn, "do")]
    picture = charts.plot(scale, levels=[(1.0, percent(1.0)), (0.0, percent(0.0))], lines=lines)
    return {"title": title, "href": href, "said": sentence(found.trend), "plot": picture}


def small_table(names: Sequence[str], trends: Sequence[Found]) -> dict[str, Any]:
    """The same of all as numbers."""
    head = [say(f"insight.trends.head.{word}") for word in ("whose", "tasks", "observed", "adjusted")]
    listed = []
    for name, found in zip(names, trends, strict=True):
        tasks = sum(one.tasks for one in found.trend.points)
        observed = sum(one.share * one.tasks for one in found.trend.points) / tasks if tasks else 0.0
        adjusted = sum(one.adjusted * one.tasks for one in found.trend.points) / tasks if tasks else 0.0
        listed.append([name, str(tasks), *([percent(observed), percent(adjusted)] if tasks else ["–", "–"])])
    return {"head": head, "rows": listed}

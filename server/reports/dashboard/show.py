"""A board as its templates want it: every number as text, every bar as shares of its width."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from server.insight.trends import charts
from server.ledger.grains import Period
from server.ledger.read import Counts
from server.reports.dashboard.read import Board, Due, Line, Mine
from server.reports.words import number
from server.storage.ids import LOCAL
from server.words import say

#: Parts of a unit's bar, in the order in which they stand: key, and how it is drawn.
PARTS: Final = (("done", "done"), ("in_time", "do"), ("submitted", "review"), ("paused", "soon"), ("overdue", "late"))
#: Pixels of the drawing of the last days, on a page and on a wall.
COURSE: Final = 120
COURSE_WALL: Final = 210
#: Units that a wall shows at a time; the others follow on its next page.
AT_A_TIME: Final = 6


def tile(key: str, value: int | float | None, kind: str = "", href: str = "", note: str = "", share: bool = False) -> dict[str, Any]:
    """One large number with its words."""
    text = number(value, "share" if share else "count")
    return {"label": say(f"dashboard.tile.{key}"), "value": text, "kind": kind if value else "", "href": href, "note": note}


def on_time_share(month: Counts) -> float | None:
    """Of the done ones with a due date; None where there are none."""
    dated = month.on_time + month.late
    return month.on_time / dated if dated else None


def parts_of(month: Counts, due: Due) -> dict[str, int]:
    """A month's work until now, each task once: what is done, and how the open ones stand. What is paused and overdue is overdue."""
    paused = month.paused - due.stalled
    found = {"done": month.done, "in_time": month.in_time - month.submitted - paused, "submitted": month.submitted}
    # Two questions that a change came between may contradict each other; the next look sets it right.
    return {name: max(amount, 0) for name, amount in {**found, "paused": paused, "overdue": month.overdue}.items()}


def tasks_link(board_unit: str, period: Period, of: str, lead: str = "") -> str:
    """The list of tasks behind a number."""
    asked = {"period": period.code, "unit": board_unit, "of": of, **({"lead": lead} if lead else {})}
    return f"/reports/tasks?{urlencode(asked)}"


def board_context(board: Board, *, linked: bool = True) -> dict[str, Any]:
    """A unit's board. ``linked``: numbers lead to their tasks; on a wall nothing is a link."""
    period = Period.of("m", board.today)

    def link(of: str) -> str:
        return tasks_link(board.unit, period, of) if linked else ""

    month = board.month
    lines = [_line(one, period, linked) for one in board.lines]
    return {
        "name": board.name,
        **_when(board.at),
        "empty": not month and not any(given or done for _, given, done in board.course),
        "tiles": [
            tile("open", month.open, "do", link("open"), _assigned(month)),
            tile("overdue", month.overdue, "late", link("overdue"), _high(board.due)),
            tile("today", board.due.today, "soon", "", _soon(board.due)),
            tile("submitted", month.submitted, "review", link("submitted")),
            tile("done_today", board.day.done, "done", "", say("dashboard.note.done_month", count=number(month.done, "count"))),
            tile("on_time", on_time_share(month), "done", link("on_time"), _late(month), share=True),
        ],
        "lines": lines,
        "groups": [lines[start : start + AT_A_TIME] for start in range(0, len(lines), AT_A_TIME)],
        "key": [{"kind": kind, "label": say(f"dashboard.part.{key}")} for key, kind in PARTS],
        "course": _course(board, COURSE if linked else COURSE_WALL),
        "report": f"/reports?{urlencode({'period': period.code, 'unit': board.unit})}" if linked else "",
    }


def _when(now: datetime) -> dict[str, str]:
    local = now.astimezone(LOCAL)
    return {"at": f"{local:%H:%M:%S}", "day": f"{local:%d/%m/%Y}"}


def _assigned(month: Counts) -> str:
    return say("dashboard.note.assigned", count=number(month.assigned, "count")) if month.assigned else ""


def _high(due: Due) -> str:
    return say("dashboard.note.high", count=number(due.high, "count")) if due.high else ""


def _soon(due: Due) -> str:
    return say("dashboard.note.soon", soon=number(due.soon, "count"), week=number(due.week, "count"))


def _late(month: Counts) -> str:
    return say("dashboard.note.late", count=number(month.late, "count")) if month.late else ""


def _line(one: Line, period: Period, linked: bool) -> dict[str, Any]:
    found = parts_of(one.month, one.due)
    whole = sum(found.values())
    place, drawn = 0.0, []
    for key, kind in PARTS:
        width = 100 * found[key] / whole if whole else 0.0
        if width:
            drawn.append({"x": charts.text(place), "w": charts.text(width), "kind": kind})
        place += width
    told = [say(f"dashboard.told.{key}", count=number(found[key], "count")) for key, _ in PARTS if found[key]]
    return {
        "name": one.name,
        "href": f"/dashboard/room/{one.unit}" if linked else "",
        "parts": drawn,
        "said": ", ".join(told) or say("dashboard.told.nothing"),
        "overdue": number(one.month.overdue, "count"),
        "overdue_href": tasks_link(one.unit, period, "overdue") if linked and one.month.overdue else "",
        "late": bool(one.month.overdue),
        "today": number(one.due.today, "count"),
        "week": number(one.due.week, "count"),
        "share": number(on_time_share(one.month), "share"),
    }


def _course(board: Board, inner: int) -> dict[str, Any] | None:
    most = max((max(given, done) for _, given, done in board.course), default=0)
    if not most:
        return None
    scale = charts.Scale(len(board.course), 0.0, float(most), inner)
    labels = [
        say("dashboard.course_dot", day=f"{day:%d/%m}", given=number(given, "count"), done=number(done, "count"))
        for day, given, done in board.course
    ]
    plot = charts.plot(
        scale,
        levels=[(float(most), number(most, "count")), (0.0, "0")],
        bars=charts.bars(scale, [float(done) for _, _, done in board.course], "done", labels),
        dots=charts.dots(scale, [float(given) for _, given, _ in board.course], "do", labels),
        names=[(f"{day:%d/%m}", place % 2 == 1) for place, (day, _, _) in enumerate(board.course)],
    )
    head = [say(f"dashboard.head.{one}") for one in ("day", "given", "done")]
    done, given = sum(one for _, _, one in board.course), sum(one for _, one, _ in board.course)
    return {
        "title": say("dashboard.course"),
        "said": say("dashboard.course_said", days=len(board.course), given=number(given, "count"), done=number(done, "count")),
        "key": [
            {"shape": "bar", "kind": "done", "label": say("dashboard.head.done")},
            {"shape": "dot", "kind": "do", "label": say("dashboard.head.given")},
        ],
        "plots": [{"name": "", "plot": plot}],
        "table": {
            "head": head,
            "rows": [[f"{day:%d/%m/%Y}", number(given, "count"), number(done, "count")] for day, given, done in reversed(board.course)],
        },
    }


def mine_context(found: Mine, unit: str, person: str, now: datetime) -> dict[str, Any]:
    """One's own numbers."""
    period, month = Period.of("m", now.astimezone(LOCAL).date()), found.month

    def link(of: str) -> str:
        return tasks_link(unit, period, of, person)

    return {
        "name": say("dashboard.own"),
        **_when(now),
        "empty": not month and not found.beside,
        "tiles": [
            tile("open", month.open, "do", link("open"), _assigned(month)),
            tile("overdue", month.overdue, "late", link("overdue"), _high(found.due)),
            tile("today", found.due.today, "soon", "", _soon(found.due)),
            tile("submitted", month.submitted, "review", link("submitted")),
            tile("done", month.done, "done", link("done")),
            tile("on_time", on_time_share(month), "done", link("on_time"), _late(month), share=True),
            tile("beside", found.beside, "", "/tasks?whose=mine"),
        ],
    }

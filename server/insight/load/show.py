"""The context of Cân tải: people by working days, what a load is made of, and the form that gives a task to somebody else."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from server.calendar.rules import WorkingDays
from server.insight.load import rules
from server.insight.load.queries import Scope, rooms_with
from server.insight.load.read import working_dates
from server.insight.load.since import THOUSAND, Carrying, On, changed, days_left
from server.people.directory import Directory, Profile
from server.tasks.show.cards import card
from server.tasks.show.values import long_day, moment, person
from server.words import say

#: People that one page shows.
PAGE: Final = 60
SHORT_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: The colour and the icon of each band; the word and the number stand beside it.
LOOKS: Final[dict[str, tuple[str, str]]] = {
    "light": ("wait", "circle"),
    "fair": ("done", "done"),
    "watch": ("soon", "alert"),
    "over": ("late", "late"),
    "severe": ("late", "late"),
}
#: The bar is full at this index: what is beyond is told by the number.
BAR: Final = 1500
HALF: Final = 0.75


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a page of loads is made from."""

    scope: Scope
    loads: Mapping[str, Carrying]
    tasks: Mapping[str, On]
    directory: Directory
    viewer: str
    #: To whom the viewer may give tasks.
    takers: frozenset[str]
    today: date
    now: datetime
    days: WorkingDays


def index_text(value: int) -> str:
    """``1,31`` from thousandths."""
    whole, part = divmod((value + 5) // 10, 100)
    return f"{whole},{part:02d}"


def percent_of(value: int) -> int:
    """131 from thousandths."""
    return (value + 5) // 10


def interval_text(low: int, high: int) -> str:
    """``0,9–1,6``."""
    return "–".join(f"{one // 10},{one % 10}" for one in ((low + 50) // 100, (high + 50) // 100))


def time_text(minutes: int) -> str:
    """``45 phút``, ``3,5 giờ``."""
    if minutes < 60:
        return say("insight.load.minutes", count=minutes)
    whole, part = divmod((minutes * 10 + 30) // 60, 10)
    return say("insight.load.hours", count=f"{whole},{part}" if part else str(whole))


def address(unit: str = "", person: str = "", move: str = "", to: str = "", start: int = 0) -> str:
    """The page of loads with these in its address."""
    given = {"unit": unit, "person": person, "move": move, "to": to, "start": str(start) if start else ""}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/foresight/load?{query}" if query else "/foresight/load"


def load_context(board: Board, opened: str, start: int = 0) -> dict[str, Any]:
    """The frame, the columns and the people of one page; ``opened`` is whose row is open."""
    scope = board.scope
    unit = board.directory.units.get(scope.unit or (board.directory.people[board.viewer].unit or ""))
    columns = working_dates(board.today, board.days)
    shown = scope.people[start : start + PAGE]
    newest = max((one.at for one in board.loads.values()), default=None)
    left = len(scope.people) - start - len(shown)
    return {
        "scope": scope.kind,
        "title": say("insight.load.title_own" if scope.kind == "own" else "insight.load.title"),
        "unit_name": say("insight.load.centre") if scope.kind == "centre" else unit.name if unit else "",
        "unit": scope.unit,
        "tabs": _tabs(board),
        "rooms": _rooms(board),
        "columns": [_column(one, board.today) for one in columns],
        "people": [_row(board, one, columns, opened, start) for one in shown],
        "more": {"href": address(scope.unit, start=start + PAGE), "label": say("insight.load.more", count=left)} if left > 0 else None,
        "at": say("insight.load.counted", when=moment(newest, board.now)) if newest else "",
        "moves": bool(board.takers & {one.id for one in scope.people}),
        "empty": {"title": say("insight.load.empty_title"), "text": say("insight.load.empty_text")},
    }


def _column(day: date, today: date) -> dict[str, Any]:
    return {"day": f"{day:%d/%m}", "short": say(f"insight.load.short.{SHORT_DAYS[day.weekday()]}"), "today": day == today}


def day_cells(load: Carrying | None, board: Board) -> list[dict[str, Any]]:
    """The next working days of one person, each with its column's heading."""
    columns = working_dates(board.today, board.days)
    return [{**_column(day, board.today), **cell} for day, cell in zip(columns, _cells(load, columns), strict=True)]


def _tabs(board: Board) -> list[dict[str, Any]]:
    if not board.scope.wide:
        return []
    rooms = rooms_with(board.directory, board.scope.people)
    own = board.directory.people[board.viewer].unit or ""
    room = board.scope.unit or (own if own in rooms else rooms[0] if rooms else "")
    return [
        {"href": address(room), "label": say("insight.load.tab_room"), "count": 0, "current": board.scope.kind == "room"},
        {"href": address(), "label": say("insight.load.tab_centre"), "count": 0, "current": board.scope.kind == "centre"},
    ]


def _rooms(board: Board) -> list[dict[str, Any]]:
    """The rooms to choose from, for who may look at each."""
    if not board.scope.wide or board.scope.kind != "room":
        return []
    centre = board.directory.centre_of(board.directory.people[board.viewer].unit)
    active = [one for one in board.directory.people.values() if one.active and one.position != "admin"]
    inside = [one for one in active if board.directory.centre_of(one.unit) == centre]
    return [
        {
            "href": address(one),
            "label": board.directory.units[one].short or board.directory.units[one].name,
            "current": one == board.scope.unit,
        }
        for one in rooms_with(board.directory, inside)
    ]


def _row(board: Board, profile: Profile, columns: Sequence[date], opened: str, start: int) -> dict[str, Any]:
    load = board.loads.get(profile.id)
    unit = board.directory.units.get(profile.unit or "")
    is_open = profile.id == opened
    return {
        **load_summary(load),
        "id": profile.id,
        "person": person(profile),
        "unit": (unit.short or unit.name) if unit and board.scope.kind == "centre" else "",
        "days": [{**_column(day, board.today), **cell} for day, cell in zip(columns, _cells(load, columns), strict=True)],
        "href": address(board.scope.unit, "" if is_open else profile.id, start=start),
        "open": is_open,
        "takes": profile.id in board.takers,
    }


def load_summary(load: Carrying | None) -> dict[str, Any]:
    """The one number of a person's load with its word, colour, interval and bar."""
    if load is None:
        return {
            "counted": False,
            "peak": "",
            "kind": "wait",
            "icon": "circle",
            "word": say("insight.load.uncounted"),
            "interval": "",
            "bar": 0,
        }
    kind, icon = LOOKS[load.band]
    wide = interval_text(load.low, load.high)
    return {
        "counted": True,
        "peak": index_text(load.peak),
        "kind": kind,
        "icon": icon,
        "word": say(f"insight.load.band.{load.band}"),
        "interval": "" if load.low == load.high else say("insight.load.interval", interval=wide),
        "bar": min(100, load.peak * 100 // BAR),
    }


def _cells(load: Carrying | None, columns: Sequence[date]) -> list[dict[str, Any]]:
    known = {one.day: one for one in load.days} if load else {}
    most = max((one.capacity for one in known.values()), default=0)
    cells = []
    for day in columns:
        one = known.get(day)
        if one is None:
            cells.append({"percent": "", "kind": "none", "away": "", "said": say("insight.load.day_uncounted", day=long_day(day))})
            continue
        away = "whole" if one.capacity == 0 else "half" if one.capacity < most * HALF else ""
        kind = LOOKS[rules.band(one.index / THOUSAND)][0]
        word = say(f"insight.load.band.{rules.band(one.index / THOUSAND)}")
        said = say("insight.load.day", day=long_day(day), percent=percent_of(one.index), word=word)
        if away:
            said = f"{said}, {say(f'insight.load.away.{away}')}"
        cells.append({"percent": str(percent_of(one.index)), "kind": kind, "away": away, "said": said})
    return cells


def opened_context(
    board: Board, whose: str, tasks: Mapping[str, Mapping[str, Any]], may_move: frozenset[str], may_say: frozenset[str]
) -> dict[str, Any]:
    """What one person's load is made of, the largest part first.

    ``may_move``: tasks that the viewer may give to others; ``may_say``: those whose estimate he may correct.
    """
    load = board.loads.get(whose)
    profile = board.directory.people[whose]
    shown = []
    for part in load.tasks if load else ():
        task = tasks.get(part.task)
        if task is None:
            continue
        leads = task["lead"] == whose
        moves = leads and part.task in may_move and bool(board.takers - {whose})
        shown.append(
            {
                **card(task, board.directory, board.today, board.days),
                "time": time_text(part.minutes),
                "source": say(f"insight.load.source.{part.source}"),
                "part": "" if leads else say("insight.load.part"),
                "move_href": address(board.scope.unit, whose, part.task) if moves else "",
                "says": leads and part.task in may_say,
                "uid": f"-{part.task}",
            }
        )
    own = whose == board.viewer
    return {
        "id": whose,
        "name": profile.name,
        "heading": say("insight.load.made_of_own" if own else "insight.load.made_of", name=profile.name),
        "tasks": shown,
        "hidden": max(0, len(load.tasks) - len(shown)) if load else 0,
        "empty": say("insight.load.nothing"),
        "leave_href": f"/foresight/leave?person={whose}" if own or whose in board.takers else "",
    }


def move_context(
    board: Board, whose: str, task: Mapping[str, Any], to: str, values: Mapping[str, str] | None = None, problem: tuple[str, str] = ("", "")
) -> dict[str, Any]:
    """The form that gives a task to somebody else: who may take it, each with his load.

    ``to`` is chosen already; ``values`` had been typed when ``problem`` (field, sentence) came.
    """
    given = values or {}
    options = []
    for one in board.scope.people:
        if one.id in board.takers and one.id != whose:
            load = board.loads.get(one.id)
            options.append(
                {
                    "value": one.id,
                    "label": say("insight.load.option", name=one.name, title=one.title, index=index_text(load.peak) if load else "–"),
                }
            )
    to = given.get("lead", to)
    to = to if any(one["value"] == to for one in options) else ""
    field, message = problem
    return {
        "task": task["id"],
        "title": card(task, board.directory, board.today, board.days)["title"],
        "number": card(task, board.directory, board.today, board.days)["number"],
        "giver": board.directory.people[whose].name,
        "options": options,
        "to": to,
        "reason": given.get("reason", say("insight.load.reason")),
        "effect": _effect(board, whose, task["id"], to),
        "cancel": address(board.scope.unit, whose),
        "errors": {field: message} if field in ("lead", "reason") else {},
        "message": message if field not in ("lead", "reason") else "",
    }


def _effect(board: Board, giver: str, task: str, to: str) -> list[dict[str, str]]:
    """Both indexes before and after, where both are counted."""
    before = board.loads.get(giver)
    taker = board.loads.get(to)
    part = next((one for one in before.tasks if one.task == task), None) if before else None
    if before is None or taker is None or part is None or task not in board.tasks:
        return []
    left = days_left(board.tasks[task].due, board.today, board.days)
    after, takes = changed(before, -part.minutes, left), changed(taker, part.minutes, left)
    return [
        effect_of(board.directory.people[giver].name, before.peak, after.peak),
        effect_of(board.directory.people[to].name, taker.peak, takes.peak),
    ]


def effect_of(name: str, before: int, after: int) -> dict[str, str]:
    """What a move does to one person: his index before and after, in thousandths, with the colour of what it is afterwards."""
    band = rules.band(after / THOUSAND)
    return {
        "name": name,
        "before": index_text(before),
        "after": index_text(after),
        "kind": LOOKS[band][0],
        "word": say(f"insight.load.band.{band}"),
    }

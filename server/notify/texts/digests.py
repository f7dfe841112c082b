"""The morning of a person, of a room's group, the week of a leader, in words. What they say was counted when they were written."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from server.notify.texts.pieces import NAME, TITLE, count_of, day_of, near_words, short
from server.people.directory import Directory
from server.words import say

#: Letters of a task's title where several stand below each other.
LISTED = 80


def summary(kind: str, data: dict[str, Any], seen: date) -> str:
    """``3 việc quá hạn, 2 việc đến hạn hôm nay``: the figures in one line."""
    if kind == "digest.weekly":
        return short(data.get("where"), NAME)
    found = [_counted(name, count_of(data, name)) for name in ("overdue", "today")]
    following = day_of(data.get("next_day"))
    if following and count_of(data, "next"):
        found.append(say("notify.text.digest.next", count=count_of(data, "next"), day=near_words(following, seen)))
    found += [_counted(name, count_of(data, name)) for name in ("waiting", "room_waiting", "unread")]
    return ", ".join(one for one in found if one)


def _counted(name: str, count: int) -> str:
    return say(f"notify.text.digest.{name}", count=count) if count else ""


def lines(kind: str, data: dict[str, Any], directory: Directory, seen: date) -> tuple[str, ...]:
    """What stands below: tasks and what happened, or the figures of the week."""
    return tuple(_week(data, directory) if kind == "digest.weekly" else _day(data, seen))


def _day(data: dict[str, Any], seen: date) -> Iterable[str]:
    for task in _dicts(data.get("tasks")):
        due = day_of(task.get("due"))
        if due is not None:
            number, title = short(task.get("number"), 20).lstrip("#"), short(task.get("title"), LISTED)
            yield say("notify.text.digest.task", number=number, title=title, due=near_words(due, seen))
    if count_of(data, "more"):
        yield say("notify.text.digest.more", count=count_of(data, "more"))
    held = data.get("held")
    for text in held if isinstance(held, list) else ():
        yield say("notify.text.digest.held", text=short(text, TITLE))


def _week(data: dict[str, Any], directory: Directory) -> Iterable[str]:
    yield say("notify.text.digest.done", count=count_of(data, "done"), late=count_of(data, "late"))
    yield say("notify.text.digest.overdue_now", count=count_of(data, "overdue"))
    yield say("notify.text.digest.due_week", count=count_of(data, "due"))
    yield say("notify.text.digest.review_now", count=count_of(data, "waiting"))
    for room in _dicts(data.get("rooms")):
        unit = directory.units.get(str(room.get("unit") or ""))
        if unit is not None:
            figures = {name: count_of(room, name) for name in ("done", "overdue", "due")}
            yield say("notify.text.digest.rooms", room=short(unit.short or unit.name, NAME), **figures)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

"""Tasks as events of a calendar: plain values in, the bytes of an iCalendar file out.

A due date is an event of a whole day, not a VTODO: Google Calendar shows no VTODO.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import msgspec
from icalendar import Alarm, Calendar, Event, vDuration

from server.calendar.rules import WorkingDays
from server.people.directory import Directory
from server.storage.engine import Row
from server.tasks.rules import number
from server.tasks.show.values import due_text, local_day, name_of
from server.words import say

#: How often a program may ask anew. Google takes its own time, some hours, whatever is said here.
REFRESH = timedelta(hours=1)
#: No alarm is set for what is further ahead: working days would be counted year by year, as far as somebody mistyped.
ALARMS_AHEAD = timedelta(days=366)


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What all events share: whose calendar it is, when it is written, how early people are warned."""

    directory: Directory
    person: str
    today: date
    days: WorkingDays
    #: So many working days before a due date, and at which hour, the office warns.
    warn_offsets: tuple[int, ...] = ()
    warn_at: time = time(7, 30)
    #: The address that people type; empty: events carry no link.
    public_url: str = ""


def calendar(tasks: Iterable[Row], frame: Frame) -> bytes:
    """The file. Two calls on the same day with the same tasks answer the same bytes: its hash is its version."""
    made = Calendar()
    made.add("prodid", "-//So Viec//Lich thoi han//VI")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", say("keys.feed.name", name=name_of(frame.directory, frame.person)))
    made.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    for task in tasks:
        made.add_component(event(task, frame))
    return bytes(made.to_ical())


def event(task: Row, frame: Frame) -> Event:
    """One task on its due date. Its identifier stays when its due date moves, so that the event moves too."""
    made = Event()
    made.add("uid", f"{task['id']}@soviec")
    made.add("sequence", task["version"])
    # RFC 5545, 3.8.7.2: in a calendar without METHOD this is when the event was last revised.
    made.add("dtstamp", task["changed_at"])
    made.add("last-modified", task["changed_at"])
    made.add("created", task["created_at"])
    made.add("dtstart", task["due"])
    # Nobody is busy all day because something is due.
    made.add("transp", "TRANSPARENT")
    mark = "✓ " if task["status"] == "completed" else ""
    made.add("summary", f"{mark}{number(task['ordinal'])} {_plain(task['title'])}")
    made.add("description", _description(task, frame))
    made.add("status", "CANCELLED" if task["status"] == "cancelled" else "CONFIRMED")
    urgent = [] if task["priority"] == "normal" else [say(f"tasks.priority.{task['priority']}")]
    made.add("categories", [say(f"tasks.role.{task['role']}"), *urgent])
    if frame.public_url:
        made.add("url", f"{frame.public_url.rstrip('/')}/tasks/{task['id']}")
    for alarm in _alarms(task, frame):
        made.add_component(alarm)
    return made


def _description(task: Row, frame: Frame) -> str:
    status = task["status"]
    share = f" ({task['percent']} %)" if status in ("not_started", "in_progress", "paused") else ""
    lines = [say("keys.feed.status", status=say(f"tasks.status.{status}") + share)]
    if task["lead"]:
        lines.append(say("keys.feed.lead", name=name_of(frame.directory, task["lead"])))
    if status == "completed":
        lines.append(say("keys.feed.completed", day=local_day(task["completed_at"])))
    elif status != "cancelled":
        lines.append(say("keys.feed.due", due=due_text(task["due"], task["no_due"], frame.today, frame.days)))
    return "\n".join(lines)


def _alarms(task: Row, frame: Frame) -> list[Alarm]:
    """Those of the office's warnings that are still ahead. The event begins at midnight of its day."""
    due: date = task["due"]
    if task["status"] not in ("not_started", "in_progress", "paused") or not frame.today <= due <= frame.today + ALARMS_AHEAD:
        return []
    found = []
    for offset in frame.warn_offsets:
        day = frame.days.add(due, -offset) if offset else frame.days.last_working(due)
        if day >= frame.today:
            made = Alarm()
            made.add("action", "DISPLAY")
            made.add("description", f"{number(task['ordinal'])} {_plain(task['title'])}")
            made.add("trigger", datetime.combine(day, frame.warn_at) - datetime.combine(due, time.min))
            found.append(made)
    return found


def _plain(text: str) -> str:
    """Text as a line of a calendar can hold it: RFC 5545 allows no control characters but the end of a line."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in whole if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Zl", "Zp"))

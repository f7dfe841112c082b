"""The context of /notices: rows of the inbox as the page shows them, the same as ``static/js/show/notices.js`` makes of a replica's."""

from datetime import date, datetime, timedelta
from typing import Any

from server.notify.inbox.queries import is_clash
from server.notify.texts import Told, told_of
from server.people.directory import Directory
from server.storage.engine import Row
from server.storage.ids import LOCAL
from server.tasks.show.values import long_day
from server.words import say

#: Messages on one page.
PAGE = 30


def notices_context(
    found: list[Row], unread: int, directory: Directory, now: datetime, *, only_unread: bool, start: int, after: Row | None = None
) -> dict[str, Any]:
    """``found`` holds the page and, where there is more, one row of the next. ``after`` is the row above it that is shown already,
    where the page is hung below: the day that goes on is not said again.

    ``unread`` (how many are not read), ``until`` (the moment up to which "all" are marked: what comes later was not seen), ``tabs``,
    ``notices`` (each with ``day`` where a new day begins), ``pages``, ``empty``.
    """
    shown = [_shown(one, directory, now) for one in found[:PAGE]]
    day = _shown(after, directory, now)["day"] if after else ""
    for one in shown:
        one["begins"], day = one["day"] != day, one["day"]
    query = "show=unread" if only_unread else ""
    return {
        "unread": unread,
        "until": stamp(now),
        "tabs": [
            {"href": "/notices", "label": say("notify.page.all"), "count": None, "current": not only_unread},
            {"href": "/notices?show=unread", "label": say("notify.page.unread"), "count": unread or None, "current": only_unread},
        ],
        "notices": shown,
        "pages": {
            "next": f"/notices?{query}{'&' if query else ''}start={start + PAGE}" if len(found) > PAGE else "",
            "label": say("notify.page.shown_more" if len(found) > PAGE else "notify.page.shown_all", count=start + len(shown)),
        },
        "empty": {
            "title": say("notify.page.none_unread_title" if only_unread else "notify.page.none_title"),
            "text": say("notify.page.none_unread_text" if only_unread else "notify.page.none_text"),
        },
    }


def told(one: Row, directory: Directory) -> Told:
    """A message of the inbox in words that hold for ever, as a replica has them."""
    return told_of(one["kind"], one["subject"], one["data"], directory, one["at"].astimezone(LOCAL).date())


def _shown(one: Row, directory: Directory, now: datetime) -> dict[str, Any]:
    line = told(one, directory)
    at = one["at"].astimezone(LOCAL)
    clash = is_clash(one["kind"], one["data"])
    return {
        "id": one["id"],
        "kind": one["kind"],
        "group": line.group,
        "about": say(f"notify.group.{line.group}"),
        "text": line.title,
        "detail": "\n".join(line.lines),
        "day": day_of(at.date(), now.astimezone(LOCAL).date()),
        "begins": True,
        "when": f"{at:%H:%M}",
        "iso": stamp(at),
        "read": one["read_at"] is not None,
        # A clash is settled by choosing, not by looking.
        "chooses": clash,
        "href": "/conflicts" if clash else line.link,
    }


def day_of(day: date, today: date) -> str:
    """``Hôm nay``, ``Hôm qua``, ``Thứ Hai, 23/11``."""
    if day == today:
        return say("notify.page.today")
    if day == today - timedelta(days=1):
        return say("notify.page.yesterday")
    return long_day(day)


def stamp(moment: datetime) -> str:
    """A moment as replicas have it: milliseconds, by the office's clock."""
    return moment.astimezone(LOCAL).isoformat(timespec="milliseconds")

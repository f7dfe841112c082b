"""What a morning or a week is counted from: open tasks of people and rooms, what waits, what nobody has read."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from server.notify.channels import OUTSIDE
from server.notify.queries import preferences_of
from server.notify.rules.choices import Preferences, mode_of
from server.notify.texts import told_of
from server.people.directory import Directory
from server.people.rules import CENTRE_LEADERS, ROOM_LEADERS, Person, in_force
from server.storage.engine import Row, places, rows
from server.storage.ids import LOCAL
from server.tasks.queries.lists import parts_of, waiting
from server.tasks.rules import number
from server.tasks.show.reviews import sorted_waiting

#: Tasks and changes that a digest names.
NAMED = 5
#: As far back as an inbox reaches.
INBOX_DAYS = 60
#: What stays of a title in a message that lists several.
TITLE = 200
OPEN_DUE = "t.status IN ('not_started', 'in_progress') AND t.due <= $1 AND t.deleted_at IS NULL"


async def pressing(people: list[str], until: date) -> dict[str, list[Row]]:
    """By person: tasks due by that day on which his part is unfinished; a lead's part is until he hands in or hands back."""
    found: dict[str, list[Row]] = defaultdict(list)
    for one in await rows(
        "SELECT a.person, t.ordinal, t.title, t.due FROM task t JOIN assignment a ON a.task = t.id AND a.until IS NULL "
        f"WHERE {OPEN_DUE} AND a.person IN ({places(len(people), 2)}) AND a.state = 'active' AND (a.role = 'lead' OR a.percent < 100) "
        "ORDER BY t.due, t.ordinal",
        until,
        *people,
    ):
        found[one["person"]].append(one)
    return found


async def pressing_in(unit: str, until: date) -> list[Row]:
    """The same for a unit: tasks that are its own, which everybody in it may see."""
    return await rows(
        f"SELECT t.ordinal, t.title, t.due FROM task t JOIN task_scope x ON x.task = t.id AND x.scope = $2 WHERE {OPEN_DUE} "
        "ORDER BY t.due, t.ordinal",
        until,
        f"u:{unit}",
    )


async def handed_in(unit: str) -> int:
    """How many results of a unit's own tasks wait for review."""
    found = await rows(
        "SELECT COUNT(*) AS many FROM task t JOIN task_scope x ON x.task = t.id AND x.scope = $1 "
        "WHERE t.status = 'submitted' AND t.deleted_at IS NULL",
        f"u:{unit}",
    )
    return int(found[0]["many"])


async def with_group() -> list[str]:
    """The units that a group chat belongs to."""
    return [
        one["unit"] for one in await rows("SELECT DISTINCT unit FROM address WHERE unit IS NOT NULL AND state = 'active' ORDER BY unit")
    ]


def counted(tasks: list[Row], today: date, following: date) -> dict[str, Any]:
    """``overdue``, ``today``, ``next`` (of the day ``next_day``), and the most pressing ``tasks``: today's first, then what is overdue."""
    counts = Counter("overdue" if one["due"] < today else "today" if one["due"] == today else "next" for one in tasks)
    order = sorted(tasks, key=lambda one: (one["due"] < today, one["due"], one["ordinal"]))
    return {
        "overdue": counts["overdue"],
        "today": counts["today"],
        "next": counts["next"],
        "next_day": following.isoformat(),
        "tasks": [
            {"number": number(one["ordinal"]), "title": one["title"][:TITLE], "due": one["due"].isoformat()} for one in order[:NAMED]
        ],
        "more": max(0, len(tasks) - NAMED),
    }


def decides(actor: Person, at: date) -> bool:
    """Whether results or proposals can wait for this person."""
    return actor.position in CENTRE_LEADERS + ROOM_LEADERS or bool(in_force(actor, "assign", at))


async def waiting_for(actor: Person, directory: Directory, today: date) -> int:
    """How many results, proposals, extensions and hand-backs wait for this person: the number beside Chờ duyệt."""
    if not decides(actor, today):
        return 0
    found = await waiting(actor, today, directory)
    parts = await parts_of([one["id"] for one in found if one["status"] not in ("submitted", "proposed")])
    return sum(len(some) for some in sorted_waiting(found, parts, actor, directory, today).values())


async def unread(people: list[str], now: datetime) -> dict[str, int]:
    """How many messages each of them has not read, digests left out."""
    found = await rows(
        f"SELECT person, COUNT(*) AS many FROM outbox WHERE person IN ({places(len(people), 2)}) AND at >= $1 "
        "AND read_at IS NULL AND replaced_at IS NULL AND kind NOT LIKE 'digest.%' GROUP BY person",
        now - timedelta(days=INBOX_DAYS),
        *people,
    )
    return {one["person"]: int(one["many"]) for one in found}


async def fresh(people: list[str], since: datetime, now: datetime, directory: Directory) -> dict[str, tuple[int, list[str]]]:
    """By person: how many unread messages came since that moment, and of those that he wants in the digest the newest, in words."""
    found = await rows(
        f"SELECT kind, person, subject, data, at FROM outbox WHERE person IN ({places(len(people), 3)}) AND at >= $1 AND at < $2 "
        "AND read_at IS NULL AND replaced_at IS NULL AND kind NOT LIKE 'digest.%' ORDER BY at DESC, id DESC",
        since,
        now,
        *people,
    )
    chosen = await preferences_of(people, None)
    counts = Counter(one["person"] for one in found)
    held: dict[str, list[str]] = defaultdict(list)
    for one in found:
        texts = held[one["person"]]
        if len(texts) < NAMED and _is_held(chosen[one["person"]], one["kind"]):
            seen = one["at"].astimezone(LOCAL).date()
            texts.append(told_of(one["kind"], one["subject"], orjson.loads(one["data"]), directory, seen).title)
    return {person: (count, held[person]) for person, count in counts.items()}


def _is_held(chosen: Preferences, kind: str) -> bool:
    return any(mode_of(chosen.choices, kind, channel) == "digest" for channel in OUTSIDE)

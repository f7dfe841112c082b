"""What pages read of messages on their way: channels, figures, letters by state, a person's choices."""

import statistics
from datetime import datetime
from typing import Any

import msgspec
import orjson

from server.notify.channels import OUTSIDE, To
from server.notify.rules.choices import Preferences
from server.notify.rules.quiet import Quiet
from server.storage.engine import places, row, rows

#: Letters that the median of a channel is taken from, the newest.
SAMPLE = 2000


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator decided about a channel and where it stands.

    ``trouble`` is a key of the words, "" if all is well; ``trouble_detail`` what the service said.
    """

    channel: str
    on: bool = False
    understood: bool = False
    by: str | None = None
    at: datetime | None = None
    paused_until: datetime | None = None
    trouble: str = ""
    trouble_detail: str = ""
    trouble_at: datetime | None = None
    data: dict[str, Any] = {}


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Letters of one channel. ``median`` is in seconds, from when a letter might go until the service had it; None without a letter."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    dropped: int = 0
    waiting: int = 0
    median: float | None = None


class Letters(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery as an administrator sees it; never what it says. ``why`` is a key of the words, or words."""

    id: str
    channel: str
    state: str
    why: str
    person: str | None
    unit: str | None
    label: str
    address_state: str
    kinds: list[str]
    #: Numbers of the tasks in it; an administrator sees these and the kinds, and nothing of what they say.
    numbers: list[str]
    attempts: int
    maybe_doubled: bool
    made_at: datetime
    next_at: datetime
    ended_at: datetime | None


async def standings() -> dict[str, Standing]:
    """Every outside channel, in the order in which people see them."""
    found = {one["channel"]: one for one in await rows('SELECT channel, "on", understood, "by", at, data FROM channel_state')}
    return {name: _standing(name, found.get(name)) for name in OUTSIDE}


def _standing(name: str, found: dict[str, Any] | None) -> Standing:
    if found is None:
        return Standing(channel=name)
    data = orjson.loads(found["data"] or "{}")
    return Standing(
        channel=name,
        on=bool(found["on"]),
        understood=bool(found["understood"]),
        by=found["by"],
        at=found["at"],
        paused_until=moment(data.get("paused_until")),
        trouble=data.get("trouble", ""),
        trouble_detail=data.get("trouble_detail", ""),
        trouble_at=moment(data.get("trouble_at")),
        data=data,
    )


def moment(text: str | None) -> datetime | None:
    """A moment kept as ISO text."""
    return datetime.fromisoformat(text) if text else None


async def figures(since: datetime) -> dict[str, Figures]:
    """Per channel: what ended since that moment, what waits now, and the median delay."""
    counts: dict[str, dict[str, int]] = {name: {} for name in OUTSIDE}
    for one in await rows("SELECT channel, state, COUNT(*) AS many FROM delivery WHERE ended_at >= $1 GROUP BY channel, state", since):
        counts.setdefault(one["channel"], {})[one["state"]] = one["many"]
    for one in await rows("SELECT channel, COUNT(*) AS many FROM delivery WHERE state IN ('waiting', 'sending') GROUP BY channel"):
        counts.setdefault(one["channel"], {})["waiting"] = one["many"]
    return {name: Figures(**found, median=await _median(name, since)) for name, found in counts.items()}


async def _median(channel: str, since: datetime) -> float | None:
    found = await rows(
        "SELECT made_at, next_at, attempts, ended_at FROM delivery WHERE channel = $1 AND ended_at >= $2 AND state = 'sent' "
        f"ORDER BY ended_at DESC LIMIT {SAMPLE}",
        channel,
        since,
    )
    # What waited for the end of quiet hours was not late; what was tried again was.
    delays = [(one["ended_at"] - (one["next_at"] if one["attempts"] == 1 else one["made_at"])).total_seconds() for one in found]
    return max(0.0, statistics.median(delays)) if delays else None


async def only_in_app(since: datetime) -> int:
    """Messages since that moment that went nowhere but into the inbox."""
    found = await row(
        # What lay there when the first worker came is no news of today.
        "SELECT COUNT(*) AS many FROM outbox o WHERE o.planned_at >= $1 AND o.at >= $1 "
        "AND NOT EXISTS (SELECT 1 FROM delivery_item i WHERE i.message = o.id)",
        since,
    )
    return int(found["many"]) if found else 0


async def deliveries(states: tuple[str, ...], *, channel: str | None = None, limit: int = 50, offset: int = 0) -> list[Letters]:
    """Letters in these states, the newest first."""
    where, given = f"d.state IN ({places(len(states))})", list(states)
    if channel is not None:
        given.append(channel)
        where += f" AND d.channel = ${len(given)}"
    found = await rows(
        "SELECT d.id, d.channel, d.state, d.why, d.person, d.attempts, d.maybe_doubled, d.made_at, d.next_at, d.ended_at, "
        "a.unit, a.label, a.state AS address_state FROM delivery d LEFT JOIN address a ON a.id = d.address "
        f"WHERE {where} ORDER BY COALESCE(d.ended_at, d.made_at) DESC, d.id LIMIT {int(limit)} OFFSET {int(offset)}",
        *given,
    )
    kinds: dict[str, list[str]] = {}
    numbers: dict[str, list[str]] = {}
    ids = [one["id"] for one in found]
    for one in await rows(
        "SELECT i.delivery, o.kind, o.data FROM delivery_item i JOIN outbox o ON o.id = i.message "
        f"WHERE i.delivery IN ({places(len(ids))}) ORDER BY o.at",
        *ids,
    ):
        kinds.setdefault(one["delivery"], []).append(one["kind"])
        number = orjson.loads(one["data"]).get("number")
        if isinstance(number, str) and number:
            numbers.setdefault(one["delivery"], []).append(number.lstrip("#"))
    return [
        Letters(
            **{
                **one,
                "label": one["label"] or "",
                "address_state": one["address_state"] or "revoked",
                "maybe_doubled": bool(one["maybe_doubled"]),
                "kinds": kinds.get(one["id"], []),
                "numbers": numbers.get(one["id"], []),
            }
        )
        for one in found
    ]


async def preferences_of(people: list[str], default_quiet: Quiet | None) -> dict[str, Preferences]:
    """What these people chose; who never chose has the defaults and the quiet hours of the setting."""
    found = await rows(
        f"SELECT person, choices, quiet_from, quiet_to, show_content FROM notice_choice WHERE person IN ({places(len(people))})", *people
    )
    chosen = {one["person"]: one for one in found}
    return {person: _preferences(chosen[person]) if person in chosen else Preferences(quiet=default_quiet) for person in people}


def _preferences(found: dict[str, Any]) -> Preferences:
    start, end = found["quiet_from"], found["quiet_to"]
    return Preferences(
        choices=orjson.loads(found["choices"] or "{}"),
        quiet=None if start is None or end is None else Quiet(start, end),
        show_content=bool(found["show_content"]),
    )


async def addresses_of(person: str) -> list[dict[str, Any]]:
    """A person's addresses: those in use, and those that ended, with why."""
    return await rows(
        "SELECT id, channel, address, label, state, why, since, until FROM address WHERE person = $1 ORDER BY channel, since", person
    )


async def how_deliveries_fare(ids: list[str], person: str) -> list[dict[str, Any]]:
    """id, state, why, next_at of these, as far as they are the person's own; for the page that waits for a test message."""
    return await rows(f"SELECT id, state, why, next_at FROM delivery WHERE person = $1 AND id IN ({places(len(ids), 2)})", person, *ids)


def to_of(address: dict[str, Any]) -> To:
    """A row of ``address`` as channels know it."""
    return To(
        id=address["id"],
        channel=address["channel"],
        address=address["address"],
        person=address["person"],
        unit=address["unit"],
        data=orjson.loads(address["data"] or "{}"),
    )


async def dead_counts() -> dict[tuple[str, str], int]:
    """How many letters ended badly and wait for an administrator: by channel and state."""
    found = await rows("SELECT channel, state, COUNT(*) AS many FROM delivery WHERE state IN ('failed', 'unknown') GROUP BY channel, state")
    return {(one["channel"], one["state"]): int(one["many"]) for one in found}


async def reached() -> dict[str, int]:
    """How many addresses are in use on each channel."""
    found = await rows("SELECT channel, COUNT(*) AS many FROM address WHERE state = 'active' GROUP BY channel")
    return {one["channel"]: int(one["many"]) for one in found}

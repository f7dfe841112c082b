"""What tests of the engine do to messages: say some, plan, claim, settle, look; on the clock of the test."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

import server.notify.commands  # noqa: F401
from server.notify.commands.deliver import Claim, Claimed, Ring
from server.notify.commands.outcome import Rescue, Settle
from server.notify.commands.plan import Plan
from server.notify.rules.quiet import Quiet
from server.notify.rules.retry import Outcome
from server.notify.tables import Address, ChannelState, NoticeChoice
from server.storage.door import Command, carry_out
from server.storage.engine import insert, row, rows
from server.storage.ids import new_id
from server.storage.tables import Outbox
from server.storage.transaction import transaction
from tests.office import Clock

CHANNELS = ["webpush", "telegram", "zalo", "email"]


class Desk:
    """Every call is one transaction, as in the product; rows that other areas would write are put in directly."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.quiet: Quiet | None = None

    async def do(self, asked: Command) -> dict[str, Any]:
        return await carry_out(asked, actor=None, now=self.clock(), source="job")

    async def put(self, table: type, *given: dict[str, Any]) -> None:
        async with transaction(actor=None, now=self.clock(), source="cli"):
            await insert(table, *given)

    async def change(self, sql: str, *arguments: Any) -> None:
        async with transaction(actor=None, now=self.clock(), source="cli"):
            await rows(sql, *arguments)

    async def turn_on(self, *channels: str) -> None:
        await self.put(ChannelState, *({"channel": one, "on": True} for one in channels))

    async def address(self, owner: str, channel: str = "telegram", *, unit: bool = False, name: str = "") -> str:
        made = new_id()
        whose = {"unit" if unit else "person": owner}
        given = {"id": made, "channel": channel, "address": name or made, "label": "@thu", "since": self.clock()}
        await self.put(Address, {**given, **whose})
        return made

    async def choose(self, person: str, choices: dict[str, dict[str, str]], quiet: Quiet | None = None) -> None:
        hours = {"quiet_from": quiet.start, "quiet_to": quiet.end} if quiet else {}
        await self.put(NoticeChoice, {"person": person, "choices": orjson.dumps(choices).decode(), "changed_at": self.clock(), **hours})

    async def tell(self, person: str, kind: str = "task.assigned", *, name: str = "", **more: Any) -> str:
        made = name or new_id()
        await self.put(Outbox, {"id": made, "kind": kind, "person": person, "at": self.clock(), **more})
        return made

    async def plan(self, most: int = 200, skip: Sequence[str] = ()) -> dict[str, Any]:
        return await self.do(Plan(most=most, skip=list(skip), channels=CHANNELS, quiet=self.quiet))

    async def ring(self) -> list[str]:
        return list((await self.do(Ring(room=dict.fromkeys(CHANNELS, 50))))["rung"])

    async def claim(self, *ids: str, claim: str = "") -> list[Claimed]:
        wanted = list(ids) or [one["id"] for one in await self.deliveries()]
        return list((await self.do(Claim(ids=wanted, claim=claim or new_id())))["claimed"])

    async def settle(self, delivery: str, result: Any, **more: Any) -> int:
        found = await row("SELECT claim FROM delivery WHERE id = $1", delivery)
        assert found is not None
        given = {"claim": found["claim"] or "", **more}
        outcome = Outcome(delivery=delivery, result=result, **given)
        return int((await self.do(Settle(outcomes=[outcome], quiet=self.quiet)))["settled"])

    async def attempt(self, delivery: str, result: Any, **more: Any) -> dict[str, Any]:
        """Claim it, let it end so, and look at it."""
        assert [one.id for one in await self.claim(delivery)] == [delivery]
        await self.settle(delivery, result, **more)
        return await self.delivery(delivery)

    async def rescue(self, idempotent: Sequence[str] = ()) -> dict[str, Any]:
        lost_before = self.clock() - timedelta(seconds=30)
        return await self.do(Rescue(lost_before=lost_before, idempotent=list(idempotent), quiet=self.quiet))

    async def deliveries(self) -> list[dict[str, Any]]:
        return await rows("SELECT * FROM delivery ORDER BY made_at, id")

    async def delivery(self, delivery: str) -> dict[str, Any]:
        found = await row("SELECT * FROM delivery WHERE id = $1", delivery)
        assert found is not None
        return found

    async def letter(self, person: str, channel: str = "telegram", kind: str = "task.assigned") -> str:
        """A letter that waits: the channel on, an address, a message, planned."""
        if await row("SELECT channel FROM channel_state WHERE channel = $1", channel) is None:
            await self.turn_on(channel)
        if await row("SELECT id FROM address WHERE person = $1 AND channel = $2 AND state = 'active'", person, channel) is None:
            await self.address(person, channel)
        message = await self.tell(person, kind)
        await self.plan()
        found = await row(
            "SELECT i.delivery FROM delivery_item i JOIN delivery d ON d.id = i.delivery WHERE i.message = $1 AND d.channel = $2",
            message,
            channel,
        )
        assert found is not None
        return str(found["delivery"])


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    """A moment of November 2026 by the office's clock."""
    from server.storage.ids import LOCAL

    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)

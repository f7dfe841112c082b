"""Asking Telegram for news: one process at a time, for as long as the channel is on."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from server.notify.channels import TransportError
from server.notify.commands.channels import NoteChannel
from server.notify.commands.link import is_on
from server.notify.links import state_data
from server.notify.telegram.api import Refused, failure
from server.notify.telegram.commands import CHANNEL, Introduce, Listen
from server.notify.telegram.shapes import ALLOWED
from server.notify.telegram.updates import deal_with, number_of, remember
from server.storage.door import carry_out
from server.storage.ids import new_id

if TYPE_CHECKING:
    from server.notify.telegram.channel import Telegram

log = logging.getLogger("soviec.telegram")

HOOK = "/hooks/telegram"
#: An update that fails so often is left aside: others wait behind it.
TRIES = 3
LONGEST_PAUSE = 60.0
#: What does not pass by itself.
FOR_ADMINISTRATORS = ("notify.telegram.bad_token", "notify.telegram.webhook_address")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
T = TypeVar("T")


class Listener:
    """``poll``: seconds that Telegram keeps a question open; ``lease``: after so many seconds of silence another takes over."""

    def __init__(self, bot: "Telegram", *, poll: float = 25.0, lease: float = 90.0, pause: float = 5.0) -> None:
        self.bot = bot
        self.holder = new_id()
        self.poll = poll
        self.lease = lease
        self.pause = pause
        self._introduced = False
        self._troubles = 0
        self._failed: tuple[int, int] = (0, 0)

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop``. Whatever goes wrong is logged, and tried again after a pause that grows."""
        while not stop.is_set():
            try:
                pause = await self._turn(stop)
                self._troubles = 0
                await self._note("")
            except (TransportError, Refused) as error:
                trouble = failure(error) if isinstance(error, Refused) else error
                log.warning("telegram: no news: %s", trouble)
                pause = self._longer(trouble.retry_after)
                if trouble.why in FOR_ADMINISTRATORS:
                    await self._note(trouble.why)
            except Exception:
                log.exception("telegram: listening failed")
                pause = self._longer(None)
            if pause:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
        with contextlib.suppress(Exception):
            await self._hold(0)

    def _longer(self, asked: float | None) -> float:
        self._troubles += 1
        return max(asked or 0.0, min(LONGEST_PAUSE, self.pause * 2.0 ** min(self._troubles - 1, 6)))

    async def _hold(self, seconds: float) -> dict[str, Any]:
        asked = Listen(holder=self.holder, seconds=seconds)
        return await carry_out(asked, actor=None, now=self.bot.clock(), source="job")

    async def _turn(self, stop: asyncio.Event) -> float:
        """Ask once; how long to wait before the next time."""
        if not await is_on(CHANNEL):
            return self.pause
        held = await self._hold(self.lease)
        if not held["held"]:
            self._introduced = False
            return self.pause
        if not self._introduced:
            await self._introduce()
            self._introduced = True
        if self.bot.settings.telegram_webhook_secret:
            # Telegram calls us; all there is to do is to stay the one who has told it where.
            return self.lease / 3
        given = {"timeout": int(self.poll), "allowed_updates": ALLOWED}
        if held["offset"] is not None:
            given["offset"] = held["offset"]
        try:
            found = await _unless(stop, self.bot.api.ask("getUpdates", given, wait=self.poll))
        except Refused as refused:
            # Somebody set a webhook meanwhile: it is taken away again.
            self._introduced = not refused.says("webhook")
            raise
        for raw in found if isinstance(found, list) else []:
            if stop.is_set() or not await self._deal(raw):
                break
        return 0.0

    async def _introduce(self) -> None:
        """Learn the bot's name and say how we want to hear from it."""
        secret, public = self.bot.settings.telegram_webhook_secret, self.bot.settings.public_url
        if secret and not (public.startswith("https://") and _SECRET.fullmatch(secret)):
            raise TransportError(FOR_ADMINISTRATORS[1], retry_after=LONGEST_PAUSE)
        me = await self.bot.me()
        await carry_out(Introduce(username=me.username), actor=None, now=self.bot.clock(), source="job")
        if secret:
            # One call at a time, so that what people do stays in its order.
            hook = {"url": f"{public.rstrip('/')}{HOOK}", "secret_token": secret, "allowed_updates": ALLOWED, "max_connections": 1}
            await self.bot.api.ask("setWebhook", hook)
        else:
            await self.bot.api.ask("deleteWebhook", {"drop_pending_updates": False})

    async def _deal(self, raw: Any) -> bool:
        """Whether we are still the one who listens."""
        try:
            if not (await self._hold(self.lease))["held"]:
                return False
            return await deal_with(self.bot, raw, self.holder)
        except Exception:
            number = number_of(raw) or 0
            times = self._failed[1] + 1 if self._failed[0] == number else 1
            self._failed = (number, times)
            if times < TRIES:
                raise
            log.exception("telegram: update %d is left aside after %d tries", number, times)
            return await remember(self.bot, number, self.holder)

    async def _note(self, key: str) -> None:
        """What an administrator has to put right, on his page; "" when it is right again."""
        try:
            stored = (await state_data(CHANNEL)).get("trouble", "")
            if key == stored or (not key and stored not in FOR_ADMINISTRATORS):
                return
            facts = {"trouble": key or None, "trouble_at": self.bot.clock().isoformat() if key else None}
            await carry_out(NoteChannel(channel=CHANNEL, facts=facts), actor=None, now=self.bot.clock(), source="job")
        except Exception:
            log.exception("telegram: a trouble could not be noted")


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The work's result, or None where ``stop`` came first; then the work is ended."""
    doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        for one in (doing, stopping):
            one.cancel()
        await asyncio.gather(doing, stopping, return_exceptions=True)

"""Letters by the Zalo Bot API, which resembles Telegram's.

Documented (docs.zaloplatforms.com, BOT): ``POST /bot<token>/<method>`` with JSON; answers ``{"ok", "result", "error_code",
"description"}``; ``sendMessage`` with 1 to 2,000 characters; ``getUpdates`` (one update an answer, no offset, 30 s) which does not work
beside a webhook; ``setWebhook`` with a ``secret_token`` of 8 to 256 characters that comes back as ``X-Bot-Api-Secret-Token``;
``deleteWebhook``; ``getMe``. Buttons are not documented, so a letter ends in its link. Not documented either: rates, and what error codes
mean; they are taken as those of HTTP, and 408 of ``getUpdates`` as "nothing came" (seen in secondary sources).
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from server.accounts.brake import Brake
from server.notify.channels import ChannelName, Letter, Limit, Sent, To, TransportError
from server.notify.commands.channels import NoteChannel
from server.notify.commands.link import is_on
from server.notify.zalo import texts, wire
from server.notify.zalo.commands import Listen
from server.notify.zalo.hears import Heard, answer_to, bot_events
from server.settings import Settings
from server.storage.door import carry_out
from server.storage.ids import new_id, utc_now
from server.words import say

log = logging.getLogger("soviec.notify")

#: Our own choice, for no rate is documented.
PER_SECOND = 20
#: Seconds that ``getUpdates`` may hold the line, and how much longer we do.
HOLD, SLACK = 30, 10.0
POLL = httpx.Timeout(HOLD + SLACK, connect=5.0)
#: Seconds between tries while the service is away; as long for a token that it does not take.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
#: And between looks whether the channel is on, and whether it is this worker's turn to hear.
OFF_PAUSE = 5.0
#: After so many seconds of silence another worker hears; longer than one question may take.
TURN = 90.0


class Bot:
    """The channel, as a bot of the Zalo Bot Platform."""

    name: ChannelName = "zalo"
    abroad = False
    idempotent = False

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._http: httpx.AsyncClient | None = None
        self._brake = Brake()
        self._holder = new_id()

    async def open(self) -> None:
        """A client."""
        self._http = wire.client()

    async def close(self) -> None:
        """End."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def limits(self, to: To) -> list[Limit]:
        """Nothing is documented: 20 a second."""
        return [Limit("zalo", PER_SECOND, 1.0)]

    async def send(self, to: To, letter: Letter) -> Sent:
        """A text that ends in the link. Raises TransportError."""
        return await self.say(to.address, texts.text_of(letter, self._settings.public_url))

    async def say(self, chat: str, text: str) -> Sent:
        """A text into a chat. Raises TransportError."""
        result = await self._ask("sendMessage", {"chat_id": chat, "text": texts.cut(text, texts.LIMIT)})
        return Sent(str(result.get("message_id") or "") if isinstance(result, dict) else "")

    async def check(self) -> str:
        """The bot's name, as ``getMe`` says. Raises TransportError."""
        result = await self._ask("getMe", {})
        name = str(result.get("account_name") or result.get("id") or "") if isinstance(result, dict) else ""
        await carry_out(NoteChannel(channel="zalo", facts={"bot": name, "link": None}), actor=None, now=self._clock(), source="job")
        return say("notify.zalo.bot_name", name=name)

    async def listen(self, stop: asyncio.Event) -> None:
        """Hear what people write until ``stop``: by the webhook where a secret is set, else by asking. Never raises for what goes wrong."""
        asking = asyncio.create_task(self._hear())
        await stop.wait()
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
        with contextlib.suppress(Exception):
            await self._mine(0)

    async def _hear(self) -> None:
        pause = FIRST_PAUSE
        ready = False
        while True:
            try:
                if not await is_on("zalo") or not await self._mine():
                    await asyncio.sleep(OFF_PAUSE)
                    continue
                ready = ready or await self._ready()
                if self._settings.zalo_oa_secret:
                    return
                for event in await self._updates():
                    await self._answer(event)
                pause = FIRST_PAUSE
            except TransportError as trouble:
                log.warning("zalo: no news: %s %s", trouble.why, trouble.detail)
                await asyncio.sleep(trouble.retry_after or pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            except Exception as error:
                # A database that is away, an update that nobody foresaw: the next one is heard. No trace, for there may be a token in it.
                log.error("zalo: hearing failed: %s", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    async def _mine(self, seconds: float = TURN) -> bool:
        """Whether this worker is the one that hears; of two that ask at once each would get half of the news."""
        asked = Listen(holder=self._holder, seconds=seconds)
        return bool((await carry_out(asked, actor=None, now=self._clock(), source="job"))["mine"])

    async def _ready(self) -> bool:
        """Tell the service which way we hear; the two exclude each other."""
        settings = self._settings
        if settings.zalo_oa_secret:
            url = settings.public_url.rstrip("/") + "/hooks/zalo"
            await self._ask("setWebhook", {"url": url, "secret_token": settings.zalo_oa_secret})
        else:
            await self._ask("deleteWebhook", {})
        return True

    async def _updates(self) -> list[Heard]:
        try:
            result = await self._ask("getUpdates", {"timeout": HOLD}, POLL)
        except TransportError as trouble:
            # Nothing came within the time; asked again, nothing is lost.
            if trouble.unknown or trouble.detail.startswith("408"):
                return []
            raise
        return bot_events(result)

    async def _answer(self, event: Heard) -> None:
        text = await answer_to(self._brake, event, self._clock())
        if text:
            try:
                await self.say(event.chat, text)
            except TransportError as trouble:
                log.warning("zalo: an answer did not arrive: %s %s", trouble.why, trouble.detail)

    async def _ask(self, method: str, body: dict[str, Any], patience: httpx.Timeout = wire.TIMEOUT) -> Any:
        """``result`` of a call that was carried out. Raises TransportError."""
        if self._http is None:
            raise TransportError("notify.zalo.unreachable")
        url = f"{self._settings.zalo_bot_api.rstrip('/')}/bot{self._settings.zalo_bot_token}/{method}"
        answer = await wire.call(self._http, "POST", url, body=body, patience=patience)
        if answer.status == 401:
            raise _refused(401, "")
        said = wire.demand(answer)
        if said.get("ok") is True:
            return said.get("result")
        code = said.get("error_code")
        raise _refused(code if isinstance(code, int) else answer.status, said.get("description"))


def _refused(code: int, message: object) -> TransportError:
    detail = wire.brief(code, message)
    if code == 401:
        return TransportError("notify.zalo.bot_token", retry_after=LONGEST_PAUSE * 10, whole_channel=True, detail=detail)
    if code == 403:
        return TransportError("notify.zalo.unfollowed", permanent=True, address_ended="blocked", detail=detail)
    if code == 429:
        return TransportError("notify.zalo.rate", retry_after=60, whole_channel=True, detail=detail)
    if code in (200, 408) or code >= 500:
        return TransportError("notify.zalo.busy", detail=detail)
    return TransportError("notify.zalo.refused", permanent=True, detail=detail)

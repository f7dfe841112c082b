"""The channel: letters to chats, one call each."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from server.accounts.brake import Brake
from server.notify.channels import ChannelName, Letter, Limit, Sent, To, TransportError
from server.notify.telegram import layout
from server.notify.telegram.api import BotApi, Refused, failure
from server.notify.telegram.commands import MoveChat
from server.notify.telegram.shapes import User
from server.settings import Settings
from server.storage.door import carry_out

log = logging.getLogger("soviec.telegram")

#: What the service documents: 30 letters a second in all, one a second in a chat, 20 a minute in a group.
ALL = Limit("telegram", 30, 1.0)


class Telegram:
    """The office's bot."""

    name: ChannelName = "telegram"
    abroad = True
    #: A letter that is sent again stands there twice: the service knows no name of ours for it.
    idempotent = False

    def __init__(self, settings: Settings, clock: Callable[[], datetime], api: BotApi) -> None:
        self.settings = settings
        self.clock = clock
        self.api = api
        #: Wrong codes, by who typed them.
        self.brake = Brake()

    async def open(self) -> None:
        """Make the connections ready; asks nothing yet."""
        await self.api.open()

    async def close(self) -> None:
        """End the connections."""
        await self.api.close()

    def limits(self, to: To) -> list[Limit]:
        """The bot's own limit, the chat's, and that of groups, whose numbers are negative."""
        chat = f"telegram:chat:{to.address}"
        found = [ALL, Limit(chat, 1, 1.0)]
        return [*found, Limit(f"{chat}:minute", 20, 60.0)] if _is_group(to.address) else found

    async def send(self, to: To, letter: Letter) -> Sent:
        """Carry it. A group that moved is followed; what is not taken as markup or as a button goes as text. Raises TransportError."""
        url = layout.opens(self.settings.public_url, letter.link)
        button = layout.takes_button(url)
        markup = True
        chat = to.address
        for _ in range(4):
            try:
                return await self._sent(chat, letter, url, button=button, markup=markup)
            except Refused as refused:
                if refused.moved_to is not None and str(refused.moved_to) != chat:
                    await carry_out(MoveChat(old=chat, new=str(refused.moved_to)), actor=None, now=self.clock(), source="job")
                    chat = str(refused.moved_to)
                elif button and refused.says("button_url_invalid", "inline keyboard button url"):
                    button = False
                elif markup and refused.says("can't parse entities"):
                    markup = False
                else:
                    raise failure(refused, group=_is_group(chat)) from None
        raise TransportError("notify.telegram.refused", permanent=True)

    async def check(self) -> str:
        """ "@SoViecBot". Raises TransportError."""
        return f"@{(await self.me()).username}"

    async def me(self) -> User:
        """The bot itself. Raises TransportError."""
        try:
            return msgspec.convert(await self.api.ask("getMe"), User)
        except Refused as refused:
            raise failure(refused) from None
        except msgspec.ValidationError as error:
            raise TransportError("notify.telegram.no_answer", detail=str(error)) from None

    async def listen(self, stop: asyncio.Event) -> None:
        """Deal with what people write and press, until ``stop``; one process at a time does."""
        from server.notify.telegram.listen import Listener

        await Listener(self).run(stop)

    async def say(self, chat: int, text: str) -> None:
        """Answer in a chat. A lost answer is no reason to do the thing again, so this raises nothing."""
        given = {"chat_id": chat, "text": layout.cut(layout.clean(text), layout.LONGEST), "link_preview_options": {"is_disabled": True}}
        await self.try_to("sendMessage", given)

    async def try_to(self, method: str, given: dict[str, Any]) -> None:
        """A call that nothing hangs on: what goes wrong is logged."""
        try:
            await self.api.ask(method, given)
        except (Refused, TransportError) as error:
            log.info("telegram: %s: %s", method, error)

    async def _sent(self, chat: str, letter: Letter, url: str, *, button: bool, markup: bool) -> Sent:
        in_html, plain = layout.written(letter, url, button=button)
        given: dict[str, Any] = {
            "chat_id": _number(chat),
            "text": in_html if markup else plain,
            "link_preview_options": {"is_disabled": True},
        }
        if markup:
            given["parse_mode"] = "HTML"
        keys = layout.keyboard(letter, url, button=button)
        if keys is not None:
            given["reply_markup"] = msgspec.to_builtins(keys)
        result = await self.api.ask("sendMessage", given)
        return Sent(str(result.get("message_id", "")) if isinstance(result, dict) else "")


def _is_group(chat: str) -> bool:
    return chat.startswith("-")


def _number(chat: str) -> int | str:
    return int(chat) if chat.lstrip("-").isdecimal() else chat

"""One update, dealt with once: what it does carries the service's own names as mutations, so a second time has no second effect."""

import logging
from typing import TYPE_CHECKING, Any

import msgspec

from server.notify.telegram.buttons import on_press
from server.notify.telegram.chat import on_member_change, on_message
from server.notify.telegram.commands import Done, known_update
from server.notify.telegram.shapes import Update
from server.storage.door import carry_out

if TYPE_CHECKING:
    from server.notify.telegram.channel import Telegram

log = logging.getLogger("soviec.telegram")


def number_of(raw: Any) -> int | None:
    """The number of an update, or None for what is none."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


async def deal_with(bot: "Telegram", raw: Any, holder: str | None = None) -> bool:
    """Do what the update wants and remember that. False: ``holder`` is not the one who listens any more.

    Raises what the database raises: then the update is not remembered and comes again.
    """
    number = number_of(raw)
    if number is None:
        log.warning("telegram: something that is no update was left aside")
        return True
    if not await known_update(number):
        try:
            update = msgspec.convert(raw, Update)
        except msgspec.ValidationError as error:
            log.warning("telegram: update %d can't be read: %s", number, error)
        else:
            await _dispatch(bot, update)
    return await remember(bot, number, holder)


async def remember(bot: "Telegram", number: int, holder: str | None = None) -> bool:
    """This update was dealt with, or is left aside for good."""
    answer = await carry_out(Done(update=number, holder=holder), actor=None, now=bot.clock(), source="job")
    return bool(answer["held"])


async def _dispatch(bot: "Telegram", update: Update) -> None:
    if update.message is not None:
        await on_message(bot, update.message)
    elif update.callback_query is not None:
        await on_press(bot, update.callback_query)
    elif update.my_chat_member is not None:
        await on_member_change(bot, update.my_chat_member)

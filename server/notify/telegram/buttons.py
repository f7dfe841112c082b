"""A button under a letter was pressed: each goes through the one door, as the person whose Telegram account pressed it."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from server.errors import Refusal
from server.notify.rules.kinds import kind_of
from server.notify.telegram import layout
from server.notify.telegram.chat import person_of
from server.notify.telegram.names import name_of
from server.notify.telegram.shapes import Callback, Keyboard
from server.people.queries import directory
from server.storage.door import Command, carry_out
from server.storage.engine import Row, row, rows
from server.storage.ids import is_id
from server.tasks.commands.carry import Progress
from server.tasks.commands.told import ReadNotice
from server.words import say

if TYPE_CHECKING:
    from server.notify.telegram.channel import Telegram

log = logging.getLogger("soviec.telegram")

#: Whoever presses a button under an older letter means a task that has moved on since.
LETTERS_ACT = timedelta(days=30)


class Pressed(msgspec.Struct, frozen=True, kw_only=True):
    """What a press asks for, read from what the button calls back with."""

    what: str
    delivery: str
    percent: int = 0


def read(data: str) -> Pressed | None:
    """``seen:<delivery>``, ``ask:<delivery>``, ``pct:50:<delivery>``; None for anything else. Forged, it may do what its presser may."""
    match data.split(":"):
        case [layout.SEEN | layout.ASK as what, delivery] if is_id(delivery):
            return Pressed(what=what, delivery=delivery)
        case [layout.DONE, percent, delivery] if is_id(delivery) and percent in map(str, layout.PERCENTS):
            return Pressed(what=layout.DONE, delivery=delivery, percent=int(percent))
    return None


async def on_press(bot: "Telegram", press: Callback) -> None:
    """Do it or say why not; the press is answered in any case."""
    text, alarm, shown = await _done(bot, press)
    answer = {"callback_query_id": press.id, "text": layout.cut(text, layout.LONGEST_ANSWER), "show_alert": alarm}
    await bot.try_to("answerCallbackQuery", answer)
    message = press.message
    if shown is not None and message is not None and message.date and shown != message.reply_markup:
        where = {"chat_id": message.chat.id, "message_id": message.message_id, "reply_markup": msgspec.to_builtins(shown)}
        await bot.try_to("editMessageReplyMarkup", where)


async def _done(bot: "Telegram", press: Callback) -> tuple[str, bool, Keyboard | None]:
    """What is answered, whether it must be seen, and the buttons from now on."""
    person = await person_of(press.sender.id)
    if person is None:
        log.info("telegram: a press by %s, who is not linked", press.sender.id)
        return say("notify.telegram.button.no_account"), True, None
    known = await directory()
    if person not in known.people or not known.people[person].active:
        log.info("telegram: a press by %s, whose account is not active", press.sender.id)
        return say("notify.telegram.chat.left"), True, None
    asked = read(press.data)
    messages = await _messages(bot, asked.delivery) if asked is not None else []
    if asked is None or not messages:
        log.info("telegram: a press by %s on what is no letter of ours or too old: %r", press.sender.id, press.data[:64])
        return say("notify.telegram.button.old"), True, None
    shown = press.message.reply_markup if press.message is not None and press.message.reply_markup is not None else Keyboard()
    if asked.what == layout.ASK:
        return say("notify.telegram.button.choose"), False, layout.with_percents(shown, asked.delivery)
    command = _command(asked, messages, press)
    if command is None:
        return say("notify.telegram.button.old"), True, None
    try:
        await carry_out(command, actor=person, now=bot.clock(), source="chat", mutation=name_of("press", press.id))
    except Refusal as refusal:
        log.info("telegram: a press by %s was refused: %s", press.sender.id, refusal.key)
        return refusal.message, True, None
    if asked.what == layout.SEEN:
        return say("notify.telegram.button.seen"), False, layout.without(shown, layout.SEEN)
    finished = asked.percent == max(layout.PERCENTS)
    text = say("notify.telegram.button.finished") if finished else say("notify.telegram.button.progress", percent=asked.percent)
    return text, finished, layout.without(shown, layout.DONE)


def _command(asked: Pressed, messages: list[Row], press: Callback) -> Command | None:
    if asked.what == layout.SEEN:
        return ReadNotice(notices=[one["id"] for one in messages])
    tasks = {one["subject"] for one in messages if kind_of(one["kind"]).acts and one["subject"]}
    if len(tasks) != 1:
        return None
    note = say("notify.telegram.button.note")
    return Progress(id=name_of("report", press.id), task=tasks.pop(), percent=asked.percent, note=note)


async def _messages(bot: "Telegram", delivery: str) -> list[Row]:
    """The messages of a letter that is not too old."""
    found = await row("SELECT made_at FROM delivery WHERE id = $1 AND channel = 'telegram'", delivery)
    if found is None or found["made_at"] < bot.clock() - LETTERS_ACT:
        return []
    return await rows(
        "SELECT o.id, o.kind, o.subject FROM delivery_item i JOIN outbox o ON o.id = i.message WHERE i.delivery = $1", delivery
    )

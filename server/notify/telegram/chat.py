"""What people write to the bot, and what it answers."""

import logging
from typing import TYPE_CHECKING

from server.errors import Refusal
from server.notify.commands.link import RevokeAddress
from server.notify.links import owner_of, state_data, use_code
from server.notify.rules import codes
from server.notify.telegram import layout
from server.notify.telegram.commands import CHANNEL, ChatBack, ChatEnded, MoveChat
from server.notify.telegram.names import name_of
from server.notify.telegram.shapes import MemberChange, Message
from server.people.queries import directory
from server.storage.door import carry_out
from server.storage.engine import Row
from server.storage.ids import LOCAL
from server.tasks import rules as task_rules
from server.tasks.queries.lists import Filters, listed
from server.words import say

if TYPE_CHECKING:
    from server.notify.telegram.channel import Telegram

log = logging.getLogger("soviec.telegram")

#: Tasks that /viec names.
NAMED = 10
LONGEST_TITLE = 200
#: In a group others talk to other bots: unless we are called by name, only these are for us.
IN_GROUPS = ("phong", "viec", "stop")


async def on_message(bot: "Telegram", message: Message) -> None:
    """Answer it, if it is for us."""
    if message.migrate_to_chat_id is not None:
        asked = MoveChat(old=str(message.chat.id), new=str(message.migrate_to_chat_id))
        await carry_out(asked, actor=None, now=bot.clock(), source="job")
        return
    if message.sender is not None and message.sender.is_bot and message.sender_chat is None:
        return
    if message.chat.is_group:
        await _in_group(bot, message)
    elif message.chat.type == "private":
        await _in_private(bot, message)


async def on_member_change(bot: "Telegram", change: MemberChange) -> None:
    """We were blocked or put out of a group, or let in again."""
    address = str(change.chat.id)
    if change.new_chat_member.status in ("kicked", "left"):
        await carry_out(ChatEnded(address=address), actor=None, now=bot.clock(), source="job")
    elif change.new_chat_member.status in ("member", "administrator"):
        await carry_out(ChatBack(address=address), actor=None, now=bot.clock(), source="job")


async def _in_private(bot: "Telegram", message: Message) -> None:
    command, rest, _ = await _command(message.text)
    if command == "start" and not rest:
        await _greet(bot, message)
    elif command in ("start", "phong") or (not command and codes.is_code(codes.normal(message.text))):
        await _link(bot, message, rest if command else message.text)
    elif command == "stop":
        await _stop(bot, message)
    elif command == "viec":
        await _tasks(bot, message)
    else:
        await bot.say(message.chat.id, say("notify.telegram.chat.help"))


async def _in_group(bot: "Telegram", message: Message) -> None:
    command, rest, called = await _command(message.text)
    if not command or called is False or (called is None and command not in IN_GROUPS and not (command == "start" and rest)):
        return
    if command in ("start", "phong"):
        if rest:
            await _link(bot, message, rest)
        else:
            await bot.say(message.chat.id, say("notify.telegram.chat.group_code"))
    elif command == "stop":
        await _stop(bot, message)
    elif command == "viec":
        await bot.say(message.chat.id, say("notify.telegram.chat.only_private"))
    else:
        await bot.say(message.chat.id, say("notify.telegram.chat.help"))


async def _command(text: str) -> tuple[str, str, bool | None]:
    """The command, what stands behind it, and whether it calls us by name: None where it names nobody."""
    if not text.startswith("/"):
        return "", text, None
    word, *rest = text.split(maxsplit=1)
    command, _, called = word[1:].partition("@")
    ours = str((await state_data(CHANNEL)).get("bot", ""))
    return command.casefold(), rest[0].strip() if rest else "", f"@{called}".casefold() == ours.casefold() if called else None


async def _link(bot: "Telegram", message: Message, typed: str) -> None:
    chat = message.chat
    label = chat.title if chat.is_group else message.sender.label if message.sender else ""
    try:
        tied = await use_code(
            bot.brake,
            channel=CHANNEL,
            typed=typed,
            address=str(chat.id),
            label=layout.clean(label),
            group=chat.is_group,
            guesser=str(message.sender.id if message.sender else chat.id),
            now=bot.clock(),
            mutation=name_of("message", f"{chat.id}:{message.message_id}"),
        )
    except Refusal as refusal:
        log.info("telegram: a code was refused in chat %s: %s", chat.id, refusal.key)
        await bot.say(chat.id, refusal.message)
        return
    key = "notify.telegram.chat.tied" if tied["person"] is not None else "notify.telegram.chat.tied_group"
    await bot.say(chat.id, say(key, name=tied["name"]))


async def _greet(bot: "Telegram", message: Message) -> None:
    returned = await carry_out(ChatBack(address=str(message.chat.id)), actor=None, now=bot.clock(), source="job")
    owner = await owner_of(CHANNEL, str(message.chat.id))
    known = await directory()
    if owner is None or owner["person"] not in known.people:
        await bot.say(message.chat.id, say("notify.telegram.chat.hello"))
        return
    key = "notify.telegram.chat.back" if returned["back"] else "notify.telegram.chat.hello_linked"
    await bot.say(message.chat.id, say(key, name=known.people[owner["person"]].name))


async def _stop(bot: "Telegram", message: Message) -> None:
    owner = await owner_of(CHANNEL, str(message.chat.id))
    if owner is None:
        await bot.say(message.chat.id, say("notify.telegram.chat.not_linked"))
        return
    person = owner["person"] or await person_of(message.sender.id if message.sender else 0)
    if person is None:
        await bot.say(message.chat.id, say("notify.telegram.chat.group_stranger"))
        return
    try:
        await carry_out(RevokeAddress(address=owner["id"]), actor=person, now=bot.clock(), source="chat")
    except Refusal as refusal:
        log.info("telegram: /stop was refused in chat %s: %s", message.chat.id, refusal.key)
        await bot.say(message.chat.id, refusal.message)
        return
    await bot.say(message.chat.id, say("notify.telegram.chat.stopped"))


async def _tasks(bot: "Telegram", message: Message) -> None:
    owner = await owner_of(CHANNEL, str(message.chat.id))
    known = await directory()
    if owner is None or owner["person"] not in known.people:
        await bot.say(message.chat.id, say("notify.telegram.chat.not_linked"))
        return
    actor = known.actor(owner["person"])
    if not actor.active:
        await bot.say(message.chat.id, say("notify.telegram.chat.left"))
        return
    found = await listed(Filters(whose="mine"), actor, bot.clock().astimezone(LOCAL).date(), known)
    if not found.rows:
        await bot.say(message.chat.id, say("notify.telegram.chat.no_tasks"))
        return
    lines = [say("notify.telegram.chat.tasks"), *(_line(one) for one in found.rows[:NAMED])]
    if found.more or len(found.rows) > NAMED:
        lines.append(say("notify.telegram.chat.more_tasks"))
    url = layout.opens(bot.settings.public_url, "/tasks?whose=mine")
    await bot.say(message.chat.id, "\n".join([*lines, url] if url else lines))


async def person_of(user: int) -> str | None:
    """Whose Telegram account this is: a private chat has its user's number."""
    owner = await owner_of(CHANNEL, str(user))
    return owner["person"] if owner is not None else None


def _line(task: Row) -> str:
    number, title = task_rules.number(task["ordinal"]), layout.cut(task["title"], LONGEST_TITLE)
    if task["due"] is None:
        return say("notify.telegram.chat.task_no_due", number=number, title=title, percent=task["percent"])
    return say("notify.telegram.chat.task", number=number, title=title, percent=task["percent"], due=f"{task['due']:%d/%m/%Y}")

"""What we read of the Bot API's objects; everything else in them is left out."""

import msgspec


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on Telegram. His private chat with the bot has the same number."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""

    @property
    def label(self) -> str:
        """What its owner recognises: "@tenduong", or his name there."""
        return f"@{self.username}" if self.username else " ".join(part for part in (self.first_name, self.last_name) if part)


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A private chat or a group."""

    id: int
    type: str = "private"
    title: str = ""

    @property
    def is_group(self) -> bool:
        """Whether several people read here."""
        return self.type in ("group", "supergroup")


class InlineButton(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A button under a letter: it calls back with ``callback_data`` (at most 64 bytes) or opens ``url``."""

    text: str
    callback_data: str = ""
    url: str = ""


class Keyboard(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of buttons under a letter."""

    inline_keyboard: list[list[InlineButton]] = []


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Something written in a chat. ``date`` 0: too old for the bot to touch."""

    message_id: int
    chat: Chat
    date: int = 0
    #: An anonymous administrator of a group writes as the group: then this is a bot, and ``sender_chat`` the group.
    sender: User | None = msgspec.field(default=None, name="from")
    sender_chat: Chat | None = None
    text: str = ""
    reply_markup: Keyboard | None = None
    migrate_to_chat_id: int | None = None


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """A button was pressed."""

    id: str
    sender: User = msgspec.field(name="from")
    message: Message | None = None
    data: str = ""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody stands in a chat now: member, kicked, left …"""

    status: str = ""


class MemberChange(msgspec.Struct, frozen=True, kw_only=True):
    """The bot itself was added to a chat, or put out of it; a person blocked it, or let it in again."""

    chat: Chat
    new_chat_member: Member


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news."""

    update_id: int
    message: Message | None = None
    callback_query: Callback | None = None
    my_chat_member: MemberChange | None = None


#: The kinds of news that we ask for.
ALLOWED = ["message", "callback_query", "my_chat_member"]

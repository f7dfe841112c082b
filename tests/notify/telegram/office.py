"""What the tests of Telegram share: people who write to the bot and press its buttons, and letters in the database."""

from dataclasses import dataclass, field
from typing import Any

import server.notify.commands
import server.tasks.commands  # noqa: F401
from server.notify.channels import Button, Letter, To
from server.notify.commands.channels import TurnChannel
from server.notify.links import offer
from server.notify.tables import Delivery, DeliveryItem
from server.notify.telegram import layout
from server.notify.telegram.channel import Telegram
from server.notify.telegram.updates import deal_with
from server.storage.door import carry_out
from server.storage.engine import Row, insert, row, rows
from server.storage.ids import new_id
from tests.notify.telegram.service import Service
from tests.office import CAST, Clock

#: Telegram accounts of the cast, and a group.
OFFICER, COLLEAGUE, STRANGER, GROUP = 501, 502, 599, -1001
BUTTONS = [Button("seen", "Đã nhận"), Button("progress", "Báo tiến độ"), Button("open", "Xem")]


def letter(**more: Any) -> Letter:
    """A letter on a task with all three buttons."""
    told: dict[str, Any] = {
        "id": new_id(),
        "kind": "task.assigned",
        "tag": "t",
        "title": "Việc mới: 26-014 Rà soát",
        "bare": "Việc mới 26-014",
    }
    return Letter(**{**told, "link": "/tasks/26-014", "buttons": BUTTONS, **more})


def to(chat: int = OFFICER) -> To:
    return To(id=new_id(), channel="telegram", address=str(chat))


@dataclass
class Room:
    """The bot with people around it. Updates are numbered as they come."""

    bot: Telegram
    telegram: Service
    clock: Clock
    number: int = 7000
    kept: dict[str, Any] = field(default_factory=dict)

    async def turn_on(self) -> None:
        asked = TurnChannel(channel="telegram", on=True, understood=True)
        await carry_out(asked, actor=CAST.admin, now=self.clock(), source="page")

    def update(self, **what: Any) -> dict[str, Any]:
        self.number += 1
        return {"update_id": self.number, **what}

    def written(self, text: str, user: int = OFFICER, chat: int | None = None, **more: Any) -> dict[str, Any]:
        """Somebody writes, in private or in the group."""
        where = {"id": chat, "type": "supergroup", "title": "Nhóm <CNTT> 🚀"} if chat else {"id": user, "type": "private"}
        sender = {"id": user, "is_bot": False, "first_name": "Kha <b>", "username": f"user{user}"}
        return self.update(message={"message_id": self.number + 1, "date": 1, "chat": where, "from": sender, "text": text, **more})

    def pressed(self, data: str, user: int = OFFICER, **more: Any) -> dict[str, Any]:
        """Somebody presses a button."""
        keys = {"inline_keyboard": [[{"text": "Đã nhận", "callback_data": f"seen:{data.rsplit(':')[-1]}"}]]}
        message = {"message_id": 1, "date": 1, "chat": {"id": user, "type": "private"}, "reply_markup": keys}
        sender = {"id": user, "is_bot": False, "first_name": "Kha"}
        return self.update(callback_query={"id": f"press-{self.number + 1}", "from": sender, "message": message, "data": data, **more})

    async def hear(self, update: dict[str, Any]) -> str:
        """The bot deals with it; what it answered: the last text, or the answer to a press."""
        before = len(self.telegram.calls)
        await deal_with(self.bot, update)
        for method, given in self.telegram.calls[before:]:
            if method in ("sendMessage", "answerCallbackQuery"):
                return str(given["text"])
        return ""

    async def code(self, person: str = CAST.officer, unit: str | None = None) -> str:
        return (await offer("telegram", actor=person, now=self.clock(), unit=unit)).code

    async def link(self, person: str = CAST.officer, user: int = OFFICER) -> None:
        """Turn the channel on, and tie this account to this person."""
        await self.turn_on()
        await self.hear(self.written(f"/start {await self.code(person)}", user))

    async def letter_about(self, task: str, person: str = CAST.officer) -> str:
        """A delivery of what the person was told of the task; its identifier."""
        told = await row("SELECT id FROM outbox WHERE subject = $1 AND person = $2", task, person)
        assert told is not None
        delivery = new_id()
        await insert(
            Delivery,
            {"id": delivery, "channel": "telegram", "address": "x", "person": person, "made_at": self.clock(), "next_at": self.clock()},
        )
        await insert(DeliveryItem, {"id": new_id(), "delivery": delivery, "message": told["id"]})
        return delivery


async def addresses() -> list[Row]:
    return await rows("SELECT person, unit, address, label, state, why FROM address ORDER BY since, id")


def pct(percent: int, delivery: str) -> str:
    return f"{layout.DONE}:{percent}:{delivery}"

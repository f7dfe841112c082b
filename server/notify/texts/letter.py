"""Messages of the outbox as one letter of a channel."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import orjson

from server.notify.channels import Button, Letter, To
from server.notify.rules.kinds import kind_of
from server.notify.texts.one import Told, told_of
from server.notify.texts.pieces import day_of, day_words, near_words, short
from server.people.directory import Directory
from server.storage.engine import row
from server.storage.ids import LOCAL
from server.words import catalogue, say

#: Messages that a letter names; of the others it says how many there are.
NAMED = 10
#: Letters of what one of them says.
LISTED = 110
Message = Mapping[str, Any]


async def letter_of(delivery_id: str, messages: Sequence[Message], to: To, directory: Directory, now: datetime) -> Letter:
    """What goes to this address: one message, or several as a list; ``messages`` are rows of the outbox, at least one.

    ``bare`` says neither titles nor names. Whether a push may carry more is the person's choice.
    """
    today = now.astimezone(LOCAL).date()
    shows = await _shows_content(to)
    if len(messages) == 1:
        return _single(delivery_id, messages[0], directory, today, shows)
    return _bundle(delivery_id, messages, directory, today, shows)


async def _shows_content(to: To) -> bool:
    if to.person is None:
        return False
    found = await row("SELECT show_content FROM notice_choice WHERE person = $1", to.person)
    return bool(found and found["show_content"])


def _told(message: Message, directory: Directory, today: date) -> Told:
    seen = message["at"].astimezone(LOCAL).date()
    return told_of(message["kind"], message["subject"], _data(message), directory, seen, today)


def _data(message: Message) -> dict[str, Any]:
    data = orjson.loads(message["data"])
    return data if isinstance(data, dict) else {}


def _due(message: Message) -> date | None:
    return day_of(_data(message).get("due"))


def _single(delivery_id: str, message: Message, directory: Directory, today: date, shows: bool) -> Letter:
    told = _told(message, directory, today)
    slot, subject = message["slot"], message["subject"]
    names: tuple[Literal["seen", "progress", "open"], ...]
    names = ("seen", "progress", "open") if kind_of(told.kind).acts and told.task else ("open",)
    return Letter(
        id=delivery_id,
        kind=told.kind,
        # A newer message of the same slot takes the older one's place on the device as it does in the inbox.
        tag=f"{subject}:{slot}" if slot and subject else str(message["id"]),
        title=told.title,
        bare=told.bare,
        lines=list(told.lines),
        link=told.link,
        task=told.task,
        number=told.number,
        messages=[str(message["id"])],
        buttons=[Button(name, say(f"notify.text.button.{name}")) for name in names],
        show_content=shows,
    )


def _bundle(delivery_id: str, messages: Sequence[Message], directory: Directory, today: date, shows: bool) -> Letter:
    several = [_told(one, directory, today) for one in messages]
    kinds = {one.kind for one in several}
    dues = {_due(one) for one in messages}
    due = dues.pop() if len(dues) == 1 else None
    key = f"notify.text.bundle.{several[0].kind}"
    count = len(messages)
    same = len(kinds) == 1 and key in catalogue()
    bare = say(key, count=count) if same else say("notify.text.bundle.any", count=count)
    title = bare
    if kinds == {"task.due_soon"} and due is not None:
        title = say("notify.text.bundle.due_one_day", count=count, day=near_words(due, today))
    lines = [_listed(told, one, today, same=same, dated=due is None) for told, one in zip(several[:NAMED], messages, strict=False)]
    if count > NAMED:
        lines.append(say("notify.text.bundle.more", count=count - NAMED))
    return Letter(
        id=delivery_id,
        kind="bundle",
        tag=delivery_id,
        title=title,
        bare=bare,
        lines=lines,
        messages=[str(one["id"]) for one in messages],
        buttons=[Button("open", say("notify.text.button.open"))],
        show_content=shows,
    )


def _listed(told: Told, message: Message, today: date, *, same: bool, dated: bool) -> str:
    line = short(told.about if same else told.title, LISTED)
    due = _due(message)
    if dated and due is not None and told.kind in ("task.due_soon", "task.overdue", "task.assigned"):
        return say("notify.text.bundle.with_due", line=line, due=day_words(due, today))
    return line

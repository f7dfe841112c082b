"""Remarks, the checklist, following."""

from typing import Any

from server.errors import Refusal
from server.files.commands import attach
from server.people.rules import may
from server.storage.door import Command, handles
from server.storage.engine import row, rows
from server.storage.transaction import Transaction, as_json
from server.tasks import rules
from server.tasks.commands.common import Loaded, answer, check_id, load, require, rescope, save, text_of, told
from server.tasks.queries.scope import may_see
from server.tasks.tables import ChecklistItem, Comment, Follower


class SayComment(Command, tag="task.comment"):
    """A remark on a task; people who are named in it are told, if they may see the task."""

    id: str
    task: str
    text: str
    mentions: list[str] = []
    files: list[str] = []


class SetItem(Command, tag="checklist.set"):
    """Tick a line of the checklist, or untick it."""

    task: str
    item: str
    done: bool


class AddItem(Command, tag="checklist.add"):
    """Add a line to the checklist."""

    id: str
    task: str
    text: str


class RemoveItem(Command, tag="checklist.remove"):
    """Take a line off the checklist."""

    task: str
    item: str


class Follow(Command, tag="task.follow"):
    """Watch a task, or stop watching it."""

    task: str
    on: bool = True


@handles(SayComment)
async def say_comment(tx: Transaction, given: SayComment) -> dict[str, Any]:
    """Append a remark."""
    loaded = await load(tx, given.task)
    require("comment", loaded, tx)
    text = text_of(given.text, "text")
    if not text:
        raise Refusal("invalid", "tasks.comment_empty", field="text")
    comment_id = check_id(given.id)
    if await row("SELECT id FROM comment WHERE id = $1", comment_id):
        raise Refusal("conflict", "tasks.id_taken", field="id")
    mentions = [one for one in dict.fromkeys(given.mentions) if one in loaded.directory.people]
    await Comment.insert(Comment(id=comment_id, task=loaded.id, person=loaded.actor.id, text=text, mentions=as_json(mentions), at=tx.now))
    if given.files:
        await attach(tx, task=loaded.id, files=given.files, by=loaded.actor.id, may_see=may_see, comment=comment_id)
    tx.change("comment", comment_id)
    tx.change("task", loaded.id)
    tx.audit("comment", "task", loaded.id, after={"text": text, "comment": comment_id, "mentions": mentions, "files": given.files})
    named = [one for one in mentions if may(loaded.directory.actor(one), "see", loaded.facts.matter, loaded.today)]
    tx.message("task.mentioned", named, subject=loaded.id, data=told(loaded, text=text[:200]))
    return answer(loaded, comment=comment_id)


async def _item(task: str, item: str) -> dict[str, Any]:
    found = await row("SELECT * FROM checklist_item WHERE id = $1 AND task = $2", item, task)
    if found is None:
        raise Refusal("not_found", "tasks.item_unknown")
    return found


@handles(SetItem)
async def set_item(tx: Transaction, given: SetItem) -> dict[str, Any]:
    """Ticking twice is ticking once."""
    loaded = await load(tx, given.task)
    require("check", loaded, tx)
    item = await _item(loaded.id, given.item)
    if bool(item["done"]) != given.done:
        await ChecklistItem.update(
            {
                ChecklistItem.done: given.done,
                ChecklistItem.done_by: loaded.actor.id if given.done else None,
                ChecklistItem.done_at: tx.now if given.done else None,
            }
        ).where(ChecklistItem.id == given.item)
        await save(tx, loaded, {})
        tx.audit("check" if given.done else "uncheck", "task", loaded.id, after={"item": item["text"]})
    return answer(loaded)


@handles(AddItem)
async def add_item(tx: Transaction, given: AddItem) -> dict[str, Any]:
    """A new last line."""
    loaded = await load(tx, given.task)
    require("check", loaded, tx)
    text = " ".join(given.text.split())
    if not text:
        raise Refusal("invalid", "tasks.comment_empty", field="text")
    had = await rows("SELECT id, sort FROM checklist_item WHERE task = $1 ORDER BY sort", loaded.id)
    if len(had) >= rules.CHECKLIST_LIMIT:
        raise Refusal("invalid", "tasks.checklist_many", field="text", limit=rules.CHECKLIST_LIMIT)
    place = had[-1]["sort"] + 1 if had else 0
    item_id = check_id(given.id)
    if await row("SELECT id FROM checklist_item WHERE id = $1", item_id):
        raise Refusal("conflict", "tasks.id_taken", field="id")
    await ChecklistItem.insert(ChecklistItem(id=item_id, task=loaded.id, text=text_of(text, "text"), sort=place))
    await save(tx, loaded, {})
    tx.audit("add_item", "task", loaded.id, after={"item": text})
    return answer(loaded)


@handles(RemoveItem)
async def remove_item(tx: Transaction, given: RemoveItem) -> dict[str, Any]:
    """Take a line off; the audit keeps its words."""
    loaded = await load(tx, given.task)
    require("check", loaded, tx)
    item = await _item(loaded.id, given.item)
    await ChecklistItem.delete().where(ChecklistItem.id == given.item)
    await save(tx, loaded, {})
    tx.audit("remove_item", "task", loaded.id, before={"item": item["text"], "done": bool(item["done"])})
    return answer(loaded)


async def follow_now(tx: Transaction, loaded: Loaded, person: str) -> None:
    """Make somebody a follower, if he is not one yet."""
    people = [one for one in loaded.people if one != person]
    if person not in loaded.followers:
        await Follower.insert(Follower(id=tx.new_id(), task=loaded.id, person=person))
        loaded.followers.append(person)
    await rescope(tx, loaded.task, people, loaded.followers, loaded.directory)


@handles(Follow)
async def follow(tx: Transaction, given: Follow) -> dict[str, Any]:
    """Whoever sees a task may follow it; whoever is on it already does."""
    loaded = await load(tx, given.task)
    require("follow", loaded, tx)
    me = loaded.actor.id
    if given.on and me not in loaded.followers and me not in loaded.people:
        await Follower.insert(Follower(id=tx.new_id(), task=loaded.id, person=me))
        loaded.followers.append(me)
    elif not given.on and me in loaded.followers:
        await Follower.delete().where(Follower.task == loaded.id).where(Follower.person == me)
        loaded.followers.remove(me)
    else:
        return answer(loaded)
    await rescope(tx, loaded.task, loaded.people, loaded.followers, loaded.directory)
    await save(tx, loaded, {})
    tx.audit("follow" if given.on else "unfollow", "task", loaded.id, after={"person": me})
    return answer(loaded)

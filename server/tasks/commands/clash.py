"""Two people edited one field: both values, for both of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import orjson

from server.people.directory import Directory
from server.storage.engine import row, rows
from server.storage.transaction import Transaction
from server.tasks import rules
from server.tasks.commands.common import Loaded, told
from server.tasks.commands.products import product_text
from server.tasks.queries.products import product
from server.tasks.show.timeline import value_text
from server.words import say


async def tell_both(tx: Transaction, loaded: Loaded, clashes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Tell each earlier author what became of his value; what the later one is told, by field.

    ``clashes`` holds the values that were written over, by column; the task has the new ones already. ``mine`` is the value of whoever
    is told, ``now`` the one that holds, ``theirs`` (for the later author) the one that he wrote over, ``by`` whose that was.
    """
    authors = await _last_editors(loaded.id, clashes)
    values: dict[str, dict[str, dict[str, Any]]] = {}
    said: dict[str, dict[str, Any]] = {}
    for name, earlier in clashes.items():
        now, label = loaded.task[name], say(f"tasks.field.{name}")
        now_said = {"now": plain(name, now), "now_text": await _words(name, now, loaded.directory)}
        was, was_text = plain(name, earlier), await _words(name, earlier, loaded.directory)
        author = authors.get(name)
        if author is not None:
            values.setdefault(author, {})[name] = {"label": label, "mine": was, "mine_text": was_text, **now_said}
        said[name] = {
            "label": label,
            "mine": now_said["now"],
            "mine_text": now_said["now_text"],
            **now_said,
            "theirs": was,
            "theirs_text": was_text,
            "by": author,
        }
    for author, lost in values.items():
        data = told(loaded, fields=list(lost), values=lost)
        tx.message("task.edited_over", [author], subject=loaded.id, data=data)
    return said


def plain(name: str, value: Any) -> Any:
    """A stored value as a replica holds it: days as text, a quantity as a number."""
    if isinstance(value, date):
        return value.isoformat()
    if name == "quantity" and value is not None:
        return value // 1000 if value % 1000 == 0 else value / 1000
    return value


async def _words(name: str, value: Any, directory: Directory) -> str:
    if name == "parent" and value:
        above = await row("SELECT ordinal, title FROM task WHERE id = $1", value)
        return f"{rules.number(above['ordinal'])} {above['title']}" if above else ""
    if name == "product" and value:
        return product_text(await product(value)) or say("tasks.show.product_unknown")
    return value_text(name, value, directory, rules.TEXT_LENGTH)


async def _last_editors(task: str, fields: Iterable[str]) -> dict[str, str]:
    """Who gave each of the fields the value that was written over, if an edit or a decision gave it."""
    wanted = set(fields)
    found: dict[str, str] = {}
    entries = await rows(
        "SELECT actor, after FROM audit_entry WHERE kind = 'task' AND subject = $1 "
        "AND action IN ('edit', 'approve', 'grant_extension') ORDER BY seq DESC LIMIT 200",
        task,
    )
    for entry in entries:
        gave = wanted & orjson.loads(entry["after"]).keys()
        if entry["actor"]:
            found |= dict.fromkeys(gave, entry["actor"])
        wanted -= gave
    return found

"""One task with everything that its page shows."""

from collections.abc import Collection
from datetime import date
from typing import Any

import msgspec

from server.audit.queries import of_subject
from server.people.directory import Directory
from server.people.rules import Person, may
from server.storage.engine import row, rows
from server.storage.ids import is_id
from server.tasks import rules
from server.tasks.facts import facts_of
from server.tasks.queries.lists import CARD, RISK
from server.tasks.queries.scope import Where, visible


class Whole(msgspec.Struct):
    """A task as read for one person."""

    task: dict[str, Any]
    parts: list[dict[str, Any]]
    followers: list[str]
    checklist: list[dict[str, Any]]
    extension: dict[str, Any] | None
    parent: dict[str, Any] | None
    children: list[dict[str, Any]]
    facts: rules.Facts


async def id_of(name: str) -> str | None:
    """The identifier behind what an address says: an identifier, or a number as people say it (``26-014``)."""
    ordinal = rules.ordinal_of(name)
    if ordinal is None:
        return name if is_id(name) else None
    found = await row("SELECT id FROM task WHERE ordinal = $1", ordinal)
    return found["id"] if found else None


async def whole(task_id: str, actor: Person, today: date, directory: Directory) -> Whole | None:
    """The task, or None if there is none or the person may not see it: the two look the same to him."""
    task = await row(
        f"SELECT t.*, {RISK}, (SELECT count(*) FROM extension e WHERE e.task = t.id AND e.state = 'waiting') AS extensions, "
        "(SELECT count(*) FROM review r WHERE r.task = t.id AND r.verdict = 'accept') AS accepted, "
        "(SELECT count(*) FROM task c WHERE c.parent = t.id AND c.deleted_at IS NULL "
        "AND c.status NOT IN ('completed', 'cancelled', 'declined')) AS open_children, "
        "p.title AS parent_title, p.ordinal AS parent_ordinal, pr.duty AS product_duty, pr.name AS product_name, pr.k AS product_k "
        "FROM task t LEFT JOIN task p ON p.id = t.parent LEFT JOIN kpi_product pr ON pr.id = t.product WHERE t.id = $1",
        task_id,
    )
    if task is None:
        return None
    parts = await rows(
        "SELECT id, person, role, share, percent, state, since FROM assignment WHERE task = $1 AND until IS NULL "
        "ORDER BY CASE role WHEN 'lead' THEN 0 ELSE 1 END, since, id",
        task_id,
    )
    followers = [one["person"] for one in await rows("SELECT person FROM follower WHERE task = $1 ORDER BY id", task_id)]
    facts = facts_of(
        task,
        [part["person"] for part in parts],
        followers,
        directory,
        open_children=task["open_children"],
        extension_waiting=task["extensions"] > 0,
        reviewed=task["accepted"] > 0,
    )
    if not may(actor, "see", facts.matter, today):
        return None
    checklist = await rows("SELECT id, text, done, done_by, done_at FROM checklist_item WHERE task = $1 ORDER BY sort, id", task_id)
    extension = await row("SELECT * FROM extension WHERE task = $1 AND state = 'waiting'", task_id) if facts.extension_waiting else None
    children = await _children(task_id, actor, today, directory) if task["children"] else []
    parent = {"id": task["parent"], "title": task["parent_title"], "ordinal": task["parent_ordinal"]} if task["parent_title"] else None
    return Whole(task, parts, followers, checklist, extension, parent, children, facts)


async def _children(task_id: str, actor: Person, today: date, directory: Directory) -> list[dict[str, Any]]:
    """Those below the task that this person may see: who sees a task does not see every part of it."""
    where = visible(Where(), actor, today, directory).add("t.parent = {}", task_id)
    return await rows(f"SELECT {CARD} FROM task t WHERE {where.sql} ORDER BY t.ordinal LIMIT 200", *where.values)


async def timeline(task_id: str, before: int | None = None, limit: int = 30, without: Collection[str] = ()) -> list[dict[str, Any]]:
    """What happened to the task, newest first; ``without`` are actions that are left out."""
    return await of_subject("task", task_id, limit, before, without)

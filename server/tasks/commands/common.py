"""What the commands of this area share: loading a task under lock, refusing, saving, rolling up."""

import datetime
from datetime import date
from typing import Any

import msgspec

from server.errors import Refusal
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.people.rules import Person, Verdict
from server.storage.engine import insert, is_sqlite, row, rows
from server.storage.ids import LOCAL, is_id
from server.storage.transaction import Transaction
from server.tasks import rules, search
from server.tasks.facts import facts_of, scopes_of
from server.tasks.tables import Task, TaskScope
from server.words import say


class Share(msgspec.Struct, forbid_unknown_fields=True):
    """A collaborator and his share of the whole, from 0 to 1, or in per cent."""

    person: str
    share: float | None = None


class Source(msgspec.Struct, forbid_unknown_fields=True):
    """The document that a task comes from."""

    number: str = ""
    date: datetime.date | None = None
    issuer: str = ""


class Loaded(msgspec.Struct):
    """A task under lock, with everything that the rules ask for."""

    task: dict[str, Any]
    parts: list[dict[str, Any]]
    followers: list[str]
    facts: rules.Facts
    directory: Directory
    actor: Person
    today: date

    @property
    def people(self) -> list[str]:
        """Who is on the task now, the lead first."""
        return [part["person"] for part in self.parts]

    @property
    def id(self) -> str:
        """The task's identifier."""
        return str(self.task["id"])


def today_of(tx: Transaction) -> date:
    """The local day of this change."""
    return tx.now.astimezone(LOCAL).date()


async def actor_of(tx: Transaction) -> tuple[Directory, Person]:
    """The organisation and the one who acts in it. Raises Refusal for a stranger."""
    directory = await read_directory()
    if tx.actor is None or tx.actor not in directory.people:
        raise Refusal("not_allowed", "people.unknown_person")
    return directory, directory.actor(tx.actor)


def check_id(given: str) -> str:
    """The identifier in its one spelling. Raises Refusal ``invalid``."""
    given = given.lower()
    if not is_id(given):
        raise Refusal("invalid", "tasks.id_bad", field="id", id=given[:60])
    return given


def refuse(verdict: Verdict) -> Refusal:
    """The refusal that a verdict means: unseen is ``not_found``, a wrong state ``conflict``, the bin ``gone``, else ``not_allowed``."""
    if verdict.state is not None:
        return Refusal("conflict", verdict.rule, status=say(f"tasks.status.{verdict.state}"))
    if verdict.rule == "people.rule.not_seen":
        return Refusal("not_found", "tasks.not_found")
    if verdict.rule in ("tasks.state.in_bin", "tasks.state.bin_over"):
        return Refusal("gone", verdict.rule)
    if verdict.rule.startswith("tasks.state."):
        return Refusal("conflict", verdict.rule)
    return Refusal("not_allowed", verdict.rule)


async def load(tx: Transaction, task_id: str) -> Loaded:
    """The task under lock. Raises Refusal ``not_found`` for one that does not exist or that the actor may not see."""
    directory, actor = await actor_of(tx)
    task = await row(f"SELECT * FROM task WHERE id = $1{'' if is_sqlite() else ' FOR UPDATE'}", task_id)
    if task is None:
        raise Refusal("not_found", "tasks.not_found")
    parts = await rows(
        "SELECT * FROM assignment WHERE task = $1 AND until IS NULL ORDER BY CASE role WHEN 'lead' THEN 0 ELSE 1 END, since, id", task_id
    )
    followers = [one["person"] for one in await rows("SELECT person FROM follower WHERE task = $1", task_id)]
    more = await row(
        "SELECT (SELECT count(*) FROM extension WHERE task = $1 AND state = 'waiting') AS waiting, "
        "(SELECT count(*) FROM review WHERE task = $1 AND verdict = 'accept') AS accepted, "
        "(SELECT count(*) FROM task WHERE parent = $1 AND deleted_at IS NULL "
        "AND status NOT IN ('completed', 'cancelled', 'declined')) AS children",
        task_id,
    )
    assert more is not None
    facts = facts_of(
        task,
        [part["person"] for part in parts],
        followers,
        directory,
        open_children=more["children"],
        extension_waiting=more["waiting"] > 0,
        reviewed=more["accepted"] > 0,
    )
    loaded = Loaded(task, parts, followers, facts, directory, actor, today_of(tx))
    if not rules.right_to("comment", actor, facts, loaded.today):
        raise Refusal("not_found", "tasks.not_found")
    return loaded


def require(move: rules.Move, loaded: Loaded, tx: Transaction) -> Verdict:
    """The verdict on this move. Raises Refusal when the rules forbid it."""
    verdict = rules.allowed(move, loaded.actor, loaded.facts, loaded.today, tx.now)
    if not verdict:
        raise refuse(verdict)
    return verdict


async def save(tx: Transaction, loaded: Loaded, values: dict[str, Any]) -> None:
    """Store new values of the task, raise its version, and tell the replicas."""
    loaded.task.update(values)
    loaded.task["version"] += 1
    loaded.task["changed_at"] = tx.now
    stored = {**values, "version": loaded.task["version"], "changed_at": tx.now}
    await Task.update({getattr(Task, name): value for name, value in stored.items()}).where(Task.id == loaded.id)
    tx.change("task", loaded.id)
    if "title" in values and loaded.task["children"]:
        # A replica shows with each task what its parent is called.
        for one in await rows("SELECT id FROM task WHERE parent = $1", loaded.id):
            tx.change("task", one["id"])


async def rescope(tx: Transaction, task: dict[str, Any], people: list[str], followers: list[str], directory: Directory) -> None:
    """Store who sees the task now. Whoever gains or loses it gets or drops everything that hangs on it, not the task alone."""
    wanted = scopes_of(task, people, followers, directory)
    had = {one["scope"] for one in await rows("SELECT scope FROM task_scope WHERE task = $1", task["id"])}
    for scope in sorted(had - wanted):
        await rows("DELETE FROM task_scope WHERE id = $1", f"{task['id']}:{scope}")
        await rows(
            "INSERT INTO lost_scope (id, task, scope) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
            f"{task['id']}:{scope}",
            task["id"],
            scope,
        )
    new = [{"id": f"{task['id']}:{scope}", "task": task["id"], "scope": scope} for scope in sorted(wanted - had)]
    if new:
        await insert(TaskScope, *new)
    if had and had != wanted:
        tx.change("scope", task["id"])


async def reindex(task: dict[str, Any]) -> None:
    """Store the words that find the task."""
    text = " ".join((rules.number(task["ordinal"]), task["title"], task["description"], task["source_number"], task["product_text"]))
    await search.index(task["id"], task["ordinal"], text)


async def roll_up(tx: Transaction, parent: str | None) -> None:
    """Bring a parent's percent, and its parents', in line with the children; a parent whose child has begun has begun."""
    for _ in range(rules.DEPTH_LIMIT + 1):
        if parent is None:
            return
        above = await row(f"SELECT id, parent, status, percent FROM task WHERE id = $1{'' if is_sqlite() else ' FOR UPDATE'}", parent)
        if above is None:
            return
        below = await rows("SELECT status, percent FROM task WHERE parent = $1 AND deleted_at IS NULL", parent)
        values: dict[str, Any] = {"children": len(below)}
        if below and above["status"] in rules.OPEN:
            values["percent"] = rules.rolled_up([(one["status"], one["percent"]) for one in below])
            begun = any(one["status"] in ("in_progress", "submitted", "completed") for one in below)
            if begun and above["status"] == "not_started":
                values |= {"status": "in_progress", "started_at": tx.now}
                # No change of a state goes unsaid: how a task stood on any day is read from the chain alone.
                tx.audit("begin", "task", parent, before={"status": "not_started"}, after={"status": "in_progress"})
        if any(values.get(name, above[name]) != above[name] for name in ("status", "percent")):
            # Other systems fetch what changed since they last asked.
            values["changed_at"] = tx.now
        await Task.update({getattr(Task, name): value for name, value in values.items()}).where(Task.id == parent)
        tx.change("task", parent)
        parent = above["parent"]


async def check_parent_open(loaded: Loaded) -> None:
    """Raises Refusal ``conflict`` where the task would come back to life under a parent that is handed in, closed or in the bin."""
    if not loaded.task["parent"]:
        return
    above = await row("SELECT status, deleted_at FROM task WHERE id = $1", loaded.task["parent"])
    if above is not None and (above["deleted_at"] is not None or above["status"] in ("submitted", *rules.CLOSED)):
        raise Refusal("conflict", "tasks.parent_over")


def reason_of(text: str) -> str:
    """A reason, trimmed. Raises Refusal when there is none."""
    text = text.strip()
    if not text:
        raise Refusal("invalid", "tasks.reason_missing", field="reason")
    return text_of(text, "reason")


def text_of(text: str, field: str) -> str:
    """A text, trimmed. Raises Refusal when it is too long."""
    text = text.strip()
    if len(text) > rules.TEXT_LENGTH:
        raise Refusal("invalid", "tasks.text_long", field=field, length=len(text), limit=rules.TEXT_LENGTH)
    return text


def quantity_of(given: float | None, least: float = 0) -> int | None:
    """A quantity in thousandths, ``least`` or more. Raises Refusal outside of that or above 1,000,000."""
    if given is None:
        return None
    if not least <= given <= 1_000_000:
        raise Refusal("invalid", "tasks.quantity_bad", field="quantity")
    return round(given * 1000)


def told(loaded: Loaded, **more: Any) -> dict[str, Any]:
    """What a message says of a task: its number, its title, its due date, and who did what it tells of."""
    due = loaded.task["due"]
    return {
        "number": rules.number(loaded.task["ordinal"]),
        "title": loaded.task["title"],
        "due": due.isoformat() if due else None,
        "by": loaded.actor.id,
        **more,
    }


def answer(loaded: Loaded, **more: Any) -> dict[str, Any]:
    """What a command says back."""
    return {
        "id": loaded.id,
        "number": rules.number(loaded.task["ordinal"]),
        "status": loaded.task["status"],
        "version": loaded.task["version"],
        **more,
    }

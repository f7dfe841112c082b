"""Writes down how tasks stand after a change, in the change's own transaction, whatever command made it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import orjson

from server.calendar.current import working_days
from server.ledger.rules import DONE, Move, Moves, Place, Standing, outcome_of
from server.ledger.tables import FigureMove, TaskFlow, TaskStanding
from server.people.directory import Directory
from server.people.queries import directory as read_directory
from server.storage.engine import insert, places, row, rows
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction, as_json, before_seal

AT_ONCE: Final = 300
#: Entries of the chain that are counted as such.
COUNTED: Final = {"return": "returned", "extend": "asked", "grant_extension": "extended"}
NO_TASKS: Final = ("proposed", "declined")
#: What makes a standing another one.
TOLD: Final = ("state", "due", "unit", "field", "priority", "origin", "lead", "plan")


def day_of(moment: datetime) -> date:
    """The local day of a moment."""
    return moment.astimezone(LOCAL).date()


def place_of(stored: Mapping[str, Any]) -> Place:
    """Where a stored standing, flow or move is counted."""
    path = tuple(one for one in stored["path"].split("/") if one)
    return Place(path, stored["field"], stored["priority"], stored["origin"], stored["lead"])


def columns_of(place: Place) -> dict[str, str]:
    """A place as it is stored."""
    return {
        "unit": place.unit,
        "path": f"/{'/'.join(place.path)}/",
        "field": place.field,
        "priority": place.priority,
        "origin": place.origin,
        "lead": place.lead,
    }


def move_row(tx: Transaction, move: Move) -> dict[str, Any]:
    """A move as it is stored."""
    return {
        "id": tx.new_id(),
        "day": move.day,
        "grains": move.grains,
        **columns_of(move.place),
        "amounts": as_json(move.amounts),
    }


@before_seal
async def note(tx: Transaction) -> None:
    """Compare every task that this transaction touched with how it stood, and write down what is new."""
    touched = tx.touched("task")
    for start in range(0, len(touched), AT_ONCE):
        await _note(tx, touched[start : start + AT_ONCE])


async def _note(tx: Transaction, touched: list[str]) -> None:
    tasks = await rows(
        "SELECT t.id AS task_id, t.status, t.due AS task_due, t.unit AS task_unit, t.field AS task_field, t.priority AS task_priority, "
        "t.kind AS task_kind, t.lead AS task_lead, t.plan AS task_plan, t.assigner, t.deleted_at, t.submitted_at, s.* "
        f"FROM task t LEFT JOIN task_standing s ON s.task = t.id AND s.until IS NULL WHERE t.id IN ({places(len(touched))})",
        *touched,
    )
    said = {one["subject"]: one for one in tx.said("task")}
    known = await read_directory()
    pen = _Pen(tx, known)
    for one in tasks:
        await pen.write(one, [entry for entry in tx.said("task") if entry["subject"] == one["task_id"]] if one["task_id"] in said else [])
    await pen.close()


class _Pen:
    """Collects the rows of one transaction."""

    def __init__(self, tx: Transaction, known: Directory) -> None:
        self.tx, self.known = tx, known
        self.moves = Moves()
        self.standings: list[dict[str, Any]] = []
        self.flows: list[dict[str, Any]] = []

    async def write(self, one: Mapping[str, Any], entries: list[Mapping[str, Any]]) -> None:
        before = one if one["id"] is not None else None
        after = self._after(one, before, entries)
        # A clock that went back between two commits takes no time away.
        now = max(self.tx.now, before["since"]) if before else self.tx.now
        day = day_of(now)
        if before is None and after is None:
            return
        if not _same(before, after):
            if before is not None:
                await rows("UPDATE task_standing SET until = $1, day_until = $2 WHERE id = $3", now, day, before["id"])
                self.moves.standing(_standing(before), day, -1)
            if after is None:
                await self._undo(one["task_id"], now, None)
            else:
                await self._begin(one["task_id"], before, after, now, day)
        place = place_of(after or before or {})
        for entry in entries:
            kind = COUNTED.get(entry["action"])
            if kind and after is not None and (kind != "returned" or orjson.loads(entry["after"]).get("person") == after["lead"]):
                self._flow(one["task_id"], kind, now, day, place)

    def _after(self, one: Mapping[str, Any], before: Mapping[str, Any] | None, entries: list[Mapping[str, Any]]) -> dict[str, Any] | None:
        if one["deleted_at"] is not None or one["status"] in NO_TASKS or one["assigner"] is None:
            return None
        path = self.known.path(one["task_unit"])
        found = {
            "state": one["status"],
            "due": one["task_due"],
            "unit": one["task_unit"] or "",
            "path": f"/{'/'.join(path)}/",
            "field": one["task_field"] or "",
            "priority": one["task_priority"],
            "origin": one["task_kind"],
            "lead": one["task_lead"] or "",
            "plan": one["task_plan"] or "",
            "outcome": "",
            "handed": None,
            "excused": False,
        }
        if one["status"] == "completed":
            if before is not None and before["state"] == "completed":
                # What was found at the end stays, whatever is corrected afterwards.
                found |= {name: before[name] for name in ("outcome", "handed", "excused")}
            else:
                handed = day_of(one["submitted_at"] or self.tx.now)
                excused = any(
                    entry["action"] == "accept"
                    and (told := orjson.loads(entry["after"])).get("objective_cause")
                    and told.get("person") == one["task_lead"]
                    for entry in entries
                )
                late = one["task_due"] is not None and handed > one["task_due"]
                found |= {"outcome": outcome_of(one["task_due"], handed, excused), "handed": handed, "excused": excused and late}
        return found

    async def _begin(self, task: str, before: Mapping[str, Any] | None, after: dict[str, Any], now: datetime, day: date) -> None:
        place = place_of(after)
        given, removed = now, None
        if before is not None:
            given = before["given_at"]
        else:
            removed = await row(
                "SELECT given_at, until, outcome, handed, excused FROM task_standing WHERE task = $1 ORDER BY until DESC LIMIT 1", task
            )
            if removed is not None:
                given = removed["given_at"]
                if after["state"] == "completed":
                    after |= {name: removed[name] for name in ("outcome", "handed", "excused")}
        self.standings.append(
            {"id": self.tx.new_id(), "task": task, "since": now, "until": None, "day": day, "day_until": None, **after, "given_at": given}
        )
        self.moves.standing(Standing(place, after["state"], after["due"], day), day, 1)
        if removed is not None:
            await self._redo(task, removed["until"], now, day)
            return
        was = before["state"] if before is not None else None
        if before is None:
            self._flow(task, "assigned", now, day, place)
        if was in ("completed", "cancelled") and was != after["state"]:
            await self._undo(task, now, (*DONE, "excused") if was == "completed" else ("cancelled",))
        if after["state"] == "completed" and was != "completed":
            took = max(working_days().between(day_of(given), after["handed"]), 0)
            self._flow(task, after["outcome"], now, day, place, took)
            if after["excused"]:
                self._flow(task, "excused", now, day, place)
        if after["state"] == "cancelled" and was != "cancelled":
            self._flow(task, "cancelled", now, day, place)

    def _flow(self, task: str, kind: str, now: datetime, day: date, place: Place, took: int | None = None) -> None:
        self.flows.append(
            {
                "id": self.tx.new_id(),
                "task": task,
                "kind": kind,
                "at": now,
                "day": day,
                "counted_day": day,
                "took": took,
                **columns_of(place),
            }
        )
        self.moves.flow(place, kind, day, day, 1, took)

    async def _undo(self, task: str, now: datetime, kinds: Iterable[str] | None) -> None:
        """What happened to it (of these kinds; None: all) is counted no more from today on."""
        await self._store_flows()
        some = list(kinds) if kinds is not None else []
        only = f" AND kind IN ({places(len(some), 4)})" if kinds is not None else ""
        undone = await rows(
            f"UPDATE task_flow SET undone_at = $1, undone_day = $2 WHERE task = $3 AND undone_at IS NULL{only} RETURNING *",
            now,
            day_of(now),
            task,
            *some,
        )
        for one in undone:
            # Counted in the periods that hold its day and the day from which it counted; undone in those of them that hold today too.
            self._book_end(one, day_of(now))

    def _book_end(self, one: Mapping[str, Any], day: date) -> None:
        self.moves.flow(place_of(one), one["kind"], one["day"], day, -1, one["took"])

    async def _redo(self, task: str, removed: datetime, now: datetime, day: date) -> None:
        """It is back from the bin: what its removal had undone is counted again, where its own day and today lie in one period."""
        for one in await rows("SELECT * FROM task_flow WHERE task = $1 AND undone_at = $2", task, removed):
            again = {**one, "id": self.tx.new_id(), "counted_day": day, "undone_at": None, "undone_day": None}
            self.flows.append(again)
            self.moves.flow(place_of(one), one["kind"], one["day"], day, 1, one["took"])

    async def _store_flows(self) -> None:
        if self.flows:
            await insert(TaskFlow, *self.flows)
            self.flows = []

    async def close(self) -> None:
        if self.standings:
            await insert(TaskStanding, *self.standings)
        await self._store_flows()
        moves = self.moves.all()
        if moves:
            await insert(FigureMove, *(move_row(self.tx, one) for one in moves))


def _standing(stored: Mapping[str, Any]) -> Standing:
    return Standing(place_of(stored), stored["state"], stored["due"], stored["day"])


def _same(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    if before is None or after is None:
        return before is after
    return all(before[name] == after[name] for name in TOLD)

"""Writes down how tasks stand after a change, in the change's own transaction, whatever command made it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
import orjson

from server.calendar.current import working_days
from server.ledger.rules import DONE, Move, Moves, Place, Standing, outcome_of
from server.ledger.tables import FigureMove, TaskFlow, TaskStanding
from server.people.queries import directory as read_directory
from server.storage.engine import insert, places, rows
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction, as_json, before_seal

AT_ONCE: Final = 300
#: Rows of a transaction that share the beginning of their identifiers.
NUMBERED: Final = 1 << 16
#: Entries of the chain that are counted as such.
COUNTED: Final = {"return": "returned", "extend": "asked", "grant_extension": "extended"}
#: Entries with which a task becomes somebody's; every other new standing comes back from the bin.
GIVEN: Final = ("create", "approve")
NO_TASKS: Final = ("proposed", "declined")
#: What is found of a task when its result is accepted.
FOUND: Final = ("outcome", "handed", "excused")
#: States that can be left again, and what did not happen then.
ENDS: Final[dict[str, tuple[str, ...]]] = {"completed": (*DONE, "excused"), "cancelled": ("cancelled",)}
#: What makes a standing another one.
TOLD: Final = ("state", "due", "unit", "field", "priority", "origin", "lead", "plan")


def day_of(moment: datetime) -> date:
    """The local day of a moment."""
    return moment.astimezone(LOCAL).date()


def place_of(stored: Mapping[str, Any]) -> Place:
    """Where a stored standing, flow or move is counted."""
    path = tuple(one for one in stored["path"].split("/") if one)
    return Place(path, stored["field"], stored["priority"], stored["origin"], stored["lead"], stored["plan"])


def columns_of(place: Place) -> dict[str, str]:
    """A place as it is stored."""
    return {
        "unit": place.unit,
        "path": f"/{'/'.join(place.path)}/",
        "field": place.field,
        "priority": place.priority,
        "origin": place.origin,
        "lead": place.lead,
        "plan": place.plan,
    }


def move_row(its_id: str, move: Move) -> dict[str, Any]:
    """A move as it is stored."""
    return {
        "id": its_id,
        "day": move.day,
        "grains": move.grains,
        **columns_of(move.place),
        "amounts": as_json(move.amounts),
    }


@before_seal
async def note(tx: Transaction) -> None:
    """Compare every task that this transaction touched with how it stood, and write down what is new."""
    touched = tx.touched("task")
    if not touched:
        return
    entries: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in tx.said("task"):
        entries[one["subject"]].append(one)
    pen = _Pen(tx, entries)
    for start in range(0, len(touched), AT_ONCE):
        await pen.look(touched[start : start + AT_ONCE])
    await pen.write()


class _Change(msgspec.Struct):
    """A task that stands otherwise than before, or to which something happened that is counted. ``left``: as it went into the bin."""

    task: str
    before: Mapping[str, Any] | None
    after: dict[str, Any] | None
    entries: list[Mapping[str, Any]]
    left: Mapping[str, Any] | None = None


class _Pen:
    """Collects the rows of one transaction."""

    def __init__(self, tx: Transaction, entries: Mapping[str, list[Mapping[str, Any]]]) -> None:
        self.tx, self.entries = tx, entries
        self.base, self.made = "", 0
        self.changes: list[_Change] = []
        self.moves = Moves()
        self.ended: dict[datetime, list[str]] = defaultdict(list)
        self.standings: list[dict[str, Any]] = []
        self.flows: list[dict[str, Any]] = []

    def _new_id(self) -> str:
        """Identifiers of one transaction follow one another: to make each anew takes longer than to store its row."""
        self.made += 1
        if self.made % NUMBERED == 0 or not self.base:
            self.base = self.tx.new_id()[:-4]
        return f"{self.base}{self.made % NUMBERED:04x}"

    async def look(self, tasks: list[str]) -> None:
        """Find what is new of these tasks; of most changes (a report, a remark) nothing, which this one question says."""
        found = await rows(
            "SELECT t.id AS task_id, t.status, t.due AS task_due, t.unit AS task_unit, t.field AS task_field, t.priority AS task_priority, "
            "t.kind AS task_kind, t.lead AS task_lead, t.plan AS task_plan, t.assigner, t.deleted_at, t.submitted_at, s.* "
            f"FROM task t LEFT JOIN task_standing s ON s.task = t.id AND s.until IS NULL WHERE t.id IN ({places(len(tasks))})",
            *tasks,
        )
        for one in found:
            entries = self.entries.get(one["task_id"], [])
            before = one if one["id"] is not None else None
            after = self._after(one, before, entries)
            if not _same(before, after) or (after and any(entry["action"] in COUNTED for entry in entries)):
                self.changes.append(_Change(one["task_id"], before, after, entries))

    def _after(self, one: Mapping[str, Any], before: Mapping[str, Any] | None, entries: list[Mapping[str, Any]]) -> dict[str, Any] | None:
        if one["deleted_at"] is not None or one["status"] in NO_TASKS or one["assigner"] is None:
            return None
        found = {
            "state": one["status"],
            "due": one["task_due"],
            "unit": one["task_unit"] or "",
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
                found |= {name: before[name] for name in FOUND}
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

    async def write(self) -> None:
        """Write down everything that was found."""
        if not self.changes:
            return
        known = await read_directory()
        for one in self.changes:
            if one.after is not None:
                # A unit that is none any more is still where the task is counted.
                path = known.path(one.after["unit"]) or ((one.after["unit"],) if one.after["unit"] else ())
                one.after["path"] = f"/{'/'.join(path)}/"
        await self._find_left()
        for one in self.changes:
            await self._write(one)
        await self._store()

    async def _find_left(self) -> None:
        """How those that come back from the bin stood when they went into it."""
        back = {
            one.task: one
            for one in self.changes
            if one.before is None and one.after is not None and not any(entry["action"] in GIVEN for entry in one.entries)
        }
        for start in range(0, len(back), AT_ONCE):
            tasks = list(back)[start : start + AT_ONCE]
            for left in await rows(
                "SELECT task, given_at, until, outcome, handed, excused FROM task_standing "
                f"WHERE task IN ({places(len(tasks))}) ORDER BY task, until",
                *tasks,
            ):
                back[left["task"]].left = left

    async def _write(self, one: _Change) -> None:
        # A clock that went back between two commits takes no time away.
        since = one.before["since"] if one.before is not None else one.left["until"] if one.left is not None else self.tx.now
        now = max(self.tx.now, since)
        day = day_of(now)
        if not _same(one.before, one.after):
            if one.before is not None:
                self.ended[now].append(one.before["id"])
                self.moves.standing(_standing(one.before), day, -1)
            if one.after is None:
                await self._undo(one.task, now, None)
            else:
                await self._begin(one, one.after, now, day)
        if one.after is not None:
            place = place_of(one.after)
            for entry in one.entries:
                kind = COUNTED.get(entry["action"])
                if kind and (kind != "returned" or orjson.loads(entry["after"]).get("person") == one.after["lead"]):
                    self._flow(one.task, kind, now, day, place)

    async def _begin(self, one: _Change, after: dict[str, Any], now: datetime, day: date) -> None:
        place, given = place_of(after), now
        if one.before is not None:
            given = one.before["given_at"]
        elif one.left is not None:
            given = one.left["given_at"]
            if after["state"] == "completed":
                after |= {name: one.left[name] for name in FOUND}
        self.standings.append(
            {
                "id": self._new_id(),
                "task": one.task,
                "since": now,
                "until": None,
                "day": day,
                "day_until": None,
                **after,
                "given_at": given,
            }
        )
        self.moves.standing(Standing(place, after["state"], after["due"], day), day, 1)
        if one.left is not None:
            await self._redo(one.task, one.left["until"], after["state"], now, day)
            return
        was = one.before["state"] if one.before is not None else None
        if one.before is None:
            self._flow(one.task, "assigned", now, day, place)
        if was in ENDS and was != after["state"]:
            await self._undo(one.task, now, ENDS[was])
        if after["state"] == "completed" and was != "completed":
            took = max(working_days().between(day_of(given), after["handed"]), 0)
            self._flow(one.task, after["outcome"], now, day, place, took)
            if after["excused"]:
                self._flow(one.task, "excused", now, day, place)
        if after["state"] == "cancelled" and was != "cancelled":
            self._flow(one.task, "cancelled", now, day, place)

    def _flow(self, task: str, kind: str, now: datetime, day: date, place: Place, took: int | None = None) -> None:
        self.flows.append(
            {
                "id": self._new_id(),
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

    async def _undo(self, task: str, now: datetime, kinds: Sequence[str] | None) -> None:
        """What happened to it (of these kinds; None: all) is counted no more from today on."""
        only = f" AND kind IN ({places(len(kinds), 4)})" if kinds is not None else ""
        undone = await rows(
            f"UPDATE task_flow SET undone_at = $1, undone_day = $2 WHERE task = $3 AND undone_at IS NULL{only} RETURNING *",
            now,
            day_of(now),
            task,
            *(kinds or ()),
        )
        for one in undone:
            # Undone in those of its periods that hold today too.
            self.moves.flow(place_of(one), one["kind"], one["day"], day_of(now), -1, one["took"])

    async def _redo(self, task: str, left: datetime, state: str, now: datetime, day: date) -> None:
        """It is back from the bin: what its removal had undone is counted again, where its own day and today lie in one period."""
        # What was undone for another reason at the same moment stays undone.
        over = [kind for end, kinds in ENDS.items() if end != state for kind in kinds]
        for one in await rows("SELECT * FROM task_flow WHERE task = $1 AND undone_at = $2", task, left):
            if one["kind"] not in over:
                self.flows.append({**one, "id": self._new_id(), "counted_day": day, "undone_at": None, "undone_day": None})
                self.moves.flow(place_of(one), one["kind"], one["day"], day, 1, one["took"])

    async def _store(self) -> None:
        for now, ended in self.ended.items():
            for start in range(0, len(ended), AT_ONCE):
                some = ended[start : start + AT_ONCE]
                await rows(
                    f"UPDATE task_standing SET until = $1, day_until = $2 WHERE id IN ({places(len(some), 3)})", now, day_of(now), *some
                )
        for table, given in (
            (TaskStanding, self.standings),
            (TaskFlow, self.flows),
            (FigureMove, [move_row(self._new_id(), one) for one in self.moves.all()]),
        ):
            if given:
                await insert(table, *given)


def _standing(stored: Mapping[str, Any]) -> Standing:
    return Standing(place_of(stored), stored["state"], stored["due"], stored["day"])


def _same(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    if before is None or after is None:
        return before is after
    return all(before[name] == after[name] for name in TOLD)

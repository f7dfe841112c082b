"""The reports, reviews and dates that made a line's numbers."""

from typing import TYPE_CHECKING

import msgspec
import orjson

from server.kpi.record.entries import Event, EventKind
from server.kpi.record.facts import Facts
from server.storage.engine import Row

if TYPE_CHECKING:
    from server.kpi.record.make import Part

VERDICTS: dict[str, EventKind] = {"accept": "accept", "return": "return", "undone": "undone"}
MOVED: dict[str, EventKind] = {"pause": "pause", "resume": "resume", "refuse_hand_back": "hand_back_refused"}


def events_of(part: "Part", facts: Facts, name: str) -> tuple[Event, ...]:
    """Everything of this person's part, in order of time; ``made`` names what each one made of the line."""
    row = part.row
    task = row["task"]
    moves = facts.moves.get(task, [])
    given = next((one for one in moves if one["action"] in ("create", "approve", "assign") and one["at"] == row["since"]), None)
    found = [
        Event(
            kind="assigned", id=row["id"], at=row["since"], by=given["actor"] if given else row["t_assigner"], quantity=part.given, made="g"
        )
    ]
    if part.taken is not None:
        words = str(orjson.loads(part.taken["after"]).get("reason") or "")
        found.append(Event(kind="taken_over", id=row["id"], at=part.taken["at"], by=part.taken["actor"], words=words, made="g"))
    found += [_report(one, part, name) for one in facts.reports.get(task, []) if _counts(one, part)]
    reviews = list(facts.reviews.get((task, row["person"]), []))
    if part.accepted is not None and part.accepted["person"] != row["person"]:
        reviews.append(part.accepted)
    found += [_review(one, part) for one in reviews]
    for one in moves:
        words = str(orjson.loads(one["after"]).get("reason") or "")
        if one["action"] in MOVED:
            found.append(Event(kind=MOVED[one["action"]], id=str(one["seq"]), at=one["at"], by=one["actor"], words=words))
        elif one["action"] == "hand_back" and one["actor"] == row["person"]:
            found.append(Event(kind="hand_back", id=str(one["seq"]), at=one["at"], by=one["actor"], words=words, made="gh"))
        elif one["action"] in ("edit", "grant_extension") and row["since"] <= one["at"] and not (row["until"] and one["at"] > row["until"]):
            found += _changed(one, words)
    found += [_excuse(one) for one in facts.excuses.get((task, row["person"]), [])]
    if name:
        found += [
            Event(kind="split", id=one["id"], at=one["at"], by=one["made_by"], quantity=one["quantity"], made="g")
            for one in facts.splits.get((task, row["person"]), [])
            if name == f"{one['year']}-{one['month']:02d}"
        ]
    return tuple(sorted(found, key=lambda one: (one.at, one.kind, one.id)))


#: What a change of the task changes of the line, by the field of the task.
WEIGH = {"due": "L", "quantity": "g", "kind": "g", "product": "k"}


def _changed(move: Row, words: str) -> list[Event]:
    """Somebody gave the task another due date, quantity, kind or product."""
    before, after = orjson.loads(move["before"]), orjson.loads(move["after"])
    changes = []
    for name in WEIGH:
        if name in after and before.get(name) != after[name]:
            shown = f"{name}_label" if name == "product" else name
            changes.append((name, str(before.get(shown) or ""), str(after.get(shown) or "")))
    made = "".join(dict.fromkeys(WEIGH[name] for name, _, _ in changes))
    event = Event(kind="changed", id=str(move["seq"]), at=move["at"], by=move["actor"], words=words, made=made, changes=tuple(changes))
    return [event] if changes else []


def _counts(report: Row, part: "Part") -> bool:
    return bool(report["person"] == part.row["person"] or (part.submitted is not None and report["id"] == part.submitted["id"]))


def _report(one: Row, part: "Part", name: str) -> Event:
    counted = part.submitted is not None and one["id"] == part.submitted["id"]
    return Event(
        kind="submit" if one["kind"] == "submit" else "report",
        id=one["id"],
        at=one["received"],
        by=one["person"],
        words=one["note"],
        quantity=one["quantity"],
        percent=one["percent"],
        device_at=one["at"],
        made="L" if counted else ("h" if name else ""),
    )


def _review(one: Row, part: "Part") -> Event:
    stands = part.accepted is not None and one["id"] == part.accepted["id"]
    return Event(
        kind=VERDICTS[one["verdict"]],
        id=one["id"],
        at=one["at"],
        by=one["reviewer"],
        words=one["note"],
        quantity=one["quantity"],
        major_error=bool(one["major_error"]),
        objective_cause=bool(one["objective_cause"]),
        made="h" if stands else ("Q" if one["verdict"] == "return" and one["major_error"] else ""),
    )


def _excuse(one: Row) -> Event:
    event = Event(kind="excuse", id=one["id"], at=one["at"], by=one["confirmed_by"], words=one["reason"], document=one["document"])
    return msgspec.structs.replace(event, what=one["what"], made="L" if one["what"] == "late" else "Q")

"""The kind ``task``: a task as a replica holds it, with what this person may do."""

from collections import defaultdict

from server.people.rules import Person
from server.storage.engine import places, rows
from server.tasks import rules
from server.tasks.facts import facts_of
from server.tasks.queries.lists import parts_of
from server.tasks.queries.one import Whole
from server.tasks.show.one import awaited, can_do
from sync.attachments import attached, files_of
from sync.reader import Ask, Reader, Row, amount, day, moment

_TASK = """SELECT t.*,
    (SELECT count(*) FROM review r WHERE r.task = t.id AND r.verdict = 'accept') AS accepted,
    CASE WHEN t.children = 0 THEN 0 ELSE (SELECT count(*) FROM task c WHERE c.parent = t.id AND c.deleted_at IS NULL
        AND c.status NOT IN ('completed', 'cancelled', 'declined')) END AS open_children,
    p.title AS parent_title, p.ordinal AS parent_ordinal
FROM task t LEFT JOIN task p ON p.id = t.parent"""


async def tasks(reader: Reader, ask: Ask) -> list[tuple[str, Row]]:
    """The tasks that are asked for and that he may see, each with its identifier."""
    where = reader.visible()
    tail = ask.put(where, "t")
    found = await rows(f"{_TASK} WHERE {where.sql} {tail}", *where.values)
    if not found:
        return []
    ids = [one["id"] for one in found]
    parts = await parts_of(ids)
    followers = await _by_task("SELECT task, person FROM follower", ids, "id")
    checklists = await _by_task("SELECT id, task, text, done, done_by, done_at FROM checklist_item", ids, "sort, id")
    extensions = await _by_task("SELECT task, id, person, old_due, due, reason, at FROM extension", ids, "id", "state = 'waiting'")
    files = await files_of("task", ids)
    return [
        (
            one["id"],
            _data(one, parts[one["id"]], followers[one["id"]], checklists[one["id"]], extensions[one["id"]], files[one["id"]], reader),
        )
        for one in found
    ]


async def _by_task(sql: str, ids: list[str], order: str, condition: str = "TRUE") -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for one in await rows(f"{sql} WHERE task IN ({places(len(ids))}) AND {condition} ORDER BY {order}", *ids):
        found[one["task"]].append(one)
    return found


def _data(
    task: Row, parts: list[Row], followers: list[Row], checklist: list[Row], waiting: list[Row], files: list[Row], reader: Reader
) -> Row:
    follow = [one["person"] for one in followers]
    facts = facts_of(
        task,
        [part["person"] for part in parts],
        follow,
        reader.directory,
        open_children=task["open_children"],
        extension_waiting=bool(waiting),
        reviewed=task["accepted"] > 0,
    )
    asked = waiting[0] if waiting else None
    overseer = reader.directory.overseer(task["unit"], task["field"], reader.today)
    whole = Whole(task, parts, follow, checklist, asked, None, [], facts)
    return {
        "number": rules.number(task["ordinal"]),
        "title": task["title"],
        "description": task["description"],
        "status": task["status"],
        "overdue": rules.overdue(task["status"], task["due"], reader.today),
        "percent": task["percent"],
        "start": day(task["start"]),
        "due": day(task["due"]),
        "no_due": task["no_due"],
        "due_text": task["due_text"],
        "cadence": task["cadence"],
        "priority": task["priority"],
        "kind": task["kind"],
        "unit": task["unit"],
        "field": task["field"],
        "parent": task["parent"],
        "parent_task": {"number": rules.number(task["parent_ordinal"]), "title": task["parent_title"]} if task["parent_title"] else None,
        "children": task["children"],
        "open_children": task["open_children"],
        "product": task["product"],
        "product_text": task["product_text"],
        "quantity": amount(task["quantity"]),
        "creator": task["creator"],
        "assigner": task["assigner"],
        "delegate": task["delegate"],
        "overseer": overseer.id if overseer else None,
        "lead": task["lead"],
        "lead_share": next((part["share"] / 1000 for part in parts if part["role"] == "lead"), None),
        "lead_percent": next((part["percent"] for part in parts if part["role"] == "lead"), None),
        "lead_state": next((part["state"] for part in parts if part["role"] == "lead"), None),
        "collaborators": [
            {"person": part["person"], "share": part["share"] / 1000, "percent": part["percent"], "state": part["state"]}
            for part in parts
            if part["role"] != "lead"
        ],
        "followers": follow,
        "checklist": [
            {
                "id": item["id"],
                "text": item["text"],
                "done": bool(item["done"]),
                "done_by": item["done_by"],
                "done_at": moment(item["done_at"]),
            }
            for item in checklist
        ],
        "source": _source(task),
        "outside_leads": task["outside_leads"],
        "outside_partners": task["outside_partners"],
        "plan": task["plan"],
        "handed_back": bool(task["handed_back"]),
        "handed_back_reason": task["handed_back_reason"],
        "extension": _extension(asked),
        **attached(files),
        "version": task["version"],
        "demo": bool(task["demo"]),
        "created_at": moment(task["created_at"]),
        "changed_at": moment(task["changed_at"]),
        "started_at": moment(task["started_at"]),
        "submitted_at": moment(task["submitted_at"]),
        "completed_at": moment(task["completed_at"]),
        "can": can_do(whole, reader.actor, reader.today, reader.now),
        "reviewable": _reviewable(facts, parts, reader.actor, reader),
        "reviewers": [one.id for one in awaited(facts, reader.directory, reader.today)],
    }


def _source(task: Row) -> Row | None:
    if not (task["source_number"] or task["source_date"] or task["source_issuer"]):
        return None
    return {"number": task["source_number"], "date": day(task["source_date"]), "issuer": task["source_issuer"]}


def _extension(asked: Row | None) -> Row | None:
    if asked is None:
        return None
    return {
        "id": asked["id"],
        "person": asked["person"],
        "old_due": day(asked["old_due"]),
        "due": day(asked["due"]),
        "reason": asked["reason"],
        "at": moment(asked["at"]),
    }


def _reviewable(facts: rules.Facts, parts: list[Row], actor: Person, reader: Reader) -> list[str]:
    """The people whose parts he may review now."""
    known = reader.directory
    return [
        part["person"]
        for part in parts
        if part["state"] != "accepted"
        and part["person"] in known.people
        and rules.reviews_part(actor, facts, known.actor(part["person"]), reader.today)
    ]

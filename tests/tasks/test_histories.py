"""Random histories by random people: whatever is asked in whatever order, what must hold holds after every step."""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from server.audit.queries import broken_at
from server.errors import Refusal
from server.people.queries import directory
from server.people.rules import may
from server.storage import engine as engines
from server.storage.engine import Row, rows
from server.storage.ids import new_id
from server.tasks.facts import facts_of
from server.tasks.queries.scope import Where, may_see, seen
from tests.office import CAST
from tests.tasks.desk import Desk, check_whole, contents

EVERYBODY = (
    CAST.director, CAST.deputy, CAST.delegate, CAST.stranger, CAST.head, CAST.deputy_head, CAST.officer, CAST.colleague, CAST.admin,
)  # fmt: skip
#: From which state a task may have come, told again without the rules.
CAME_FROM = {
    "proposed": {"cancelled"},
    "not_started": {"proposed", "paused", "cancelled"},
    "in_progress": {"not_started", "submitted", "paused", "cancelled"},
    "submitted": {"not_started", "in_progress", "completed"},
    "completed": {"submitted"},
    "paused": {"not_started", "in_progress"},
    "cancelled": {"proposed", "not_started", "in_progress", "submitted", "paused"},
    "declined": {"proposed"},
}

Pick = Callable[[Sequence[Any]], Any]


def people(pick: Pick, most: int = 2) -> list[str]:
    return list(dict.fromkeys(pick(EVERYBODY) for _ in range(pick(range(most + 1)))))


def collaborators(pick: Pick) -> list[dict[str, Any]]:
    return [{"person": one, "share": pick((None, 0.2, 0.3, 0.6))} for one in people(pick)]


def new_task(pick: Pick, tasks: Sequence[str], _: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "title": pick(("Việc một", "Việc hai", "  ")),
        "lead": pick((CAST.officer, CAST.colleague, CAST.head, None, *EVERYBODY)),
        "collaborators": collaborators(pick),
        "followers": people(pick),
        "due": pick((None, "2026-12-01", "2026-11-20")),
        "start": pick((None, "2026-11-25")),
        "unit": pick((None, None, CAST.cntt, CAST.hcth, CAST.leadership, CAST.centre, CAST.ministry)),
        "parent": pick((None, None, *tasks)),
        "checklist": pick(([], ["Một", "Hai"])),
    }


def edit(pick: Pick, tasks: Sequence[str], task: str) -> dict[str, Any]:
    values = {
        "title": ("Việc ba", ""),
        "due": (None, "2026-12-05", "2026-11-21"),
        "no_due": ("none", "ongoing", None),
        "start": (None, "2026-12-01"),
        "unit": (CAST.cntt, CAST.hcth, CAST.ministry, "nowhere"),
        "parent": (None, "", *tasks),
        "priority": ("urgent", "normal", "soon"),
        "quantity": (1, 2.5, 0, -1),
        "lead": (CAST.officer,),
    }
    names = list(dict.fromkeys(pick(list(values)) for _ in range(pick((1, 2)))))
    return {"task": task, "fields": {name: pick(values[name]) for name in names}, "base": pick(({}, {"due": "2026-12-01"}))}


def decide(pick: Pick, tasks: Sequence[str], task: str) -> dict[str, Any]:
    changes = pick(
        ({}, {}, {"lead": pick(EVERYBODY)}, {"parent": pick(tasks)}, {"due": "2026-12-24"}, {"unit": CAST.hcth, "lead": CAST.officer})
    )
    return {"task": task, "decision": pick(("approve", "approve", "decline")), "reason": pick(("", "Lý do")), "changes": changes}


def of_task(**values: Sequence[Any]) -> Callable[[Pick, Sequence[str], str], dict[str, Any]]:
    return lambda pick, _, task: {"task": task, **{name: pick(some) for name, some in values.items()}}


REASON = ("Lý do", "Lý do", "")
STEPS: dict[str, Callable[[Pick, Sequence[str], str], dict[str, Any]]] = {
    "task.create": new_task,
    "task.propose": new_task,
    "task.edit": edit,
    "task.decide": decide,
    "task.assign": lambda pick, _, task: {
        "task": task,
        "lead": pick((CAST.colleague, CAST.officer, *EVERYBODY)),
        "collaborators": pick(([{"person": CAST.officer, "share": 0.2}], None, collaborators(pick))),
        "followers": pick((None, people(pick))),
        "reason": pick(REASON),
    },
    "task.progress": of_task(percent=(0, 30, 70, 100, 101, -1), note=("", "Đang làm")),
    "task.submit": of_task(),
    "task.review": of_task(verdict=("accept", "accept", "return"), note=REASON, score=(None, 80, 101), person=(None, *EVERYBODY)),
    "task.review_undo": of_task(person=(None, CAST.colleague)),
    "task.status": of_task(to=("in_progress", "paused", "paused", "cancelled", "not_started", "completed"), reason=REASON),
    "task.hand_back": of_task(reason=REASON),
    "task.extend": of_task(due=("2026-12-15", "2026-11-01", "2026-12-01"), reason=REASON),
    "task.comment": of_task(text=("Ý kiến", " "), mentions=([], [CAST.director, CAST.stranger])),
    "task.follow": of_task(on=(True, False)),
    "task.bin": of_task(),
    "task.restore": of_task(),
    "checklist.add": of_task(text=("Ba", "")),
}


def likely(task: Row) -> list[tuple[str, str]]:
    """Moves that fit the state, by somebody who may, so that tasks live to their end."""
    lead, giver = task["lead"] or CAST.head, task["assigner"] or CAST.head
    if task["deleted_at"] is not None:
        return [("task.restore", CAST.director)]
    if task["status"] == "proposed":
        return [("task.decide", CAST.head), ("task.decide", CAST.director), ("task.edit", task["creator"]), ("task.bin", task["creator"])]
    if task["status"] in ("not_started", "in_progress"):
        carried = [
            (name, lead) for name in ("task.progress", "task.submit", "task.submit", "task.hand_back", "task.extend", "task.comment")
        ]
        led = [(name, giver) for name in ("task.assign", "task.status", "task.decide", "task.edit", "task.bin")]
        return [*carried, *led, ("task.assign", lead), ("task.progress", CAST.colleague), ("task.hand_back", CAST.colleague)]
    if task["status"] == "submitted":
        return [("task.review", giver), ("task.review", giver), ("task.review", CAST.head), ("task.review", CAST.director)]
    if task["status"] == "completed":
        return [("task.review_undo", giver), ("task.review_undo", CAST.head), ("task.comment", lead)]
    if task["status"] in ("paused", "cancelled"):
        return [("task.status", giver), ("task.status", CAST.director), ("task.assign", giver), ("task.bin", giver)]
    return [("task.bin", task["creator"]), ("task.follow", CAST.director)]


async def tasks_now() -> dict[str, Row]:
    return {one["id"]: one for one in await rows("SELECT * FROM task ORDER BY ordinal")}


async def check_sight(desk: Desk) -> None:
    """The rules and the two ways of SQL agree on who sees what."""
    known = await directory()
    all_tasks = await tasks_now()
    facts = {}
    for key, task in all_tasks.items():
        on_it = [one["person"] for one in await rows("SELECT person FROM assignment WHERE task = $1 AND until IS NULL", key)]
        watch = [one["person"] for one in await rows("SELECT person FROM follower WHERE task = $1", key)]
        facts[key] = facts_of(task, on_it, watch, known)
    for person in EVERYBODY:
        actor = known.actor(person)
        by_rule = {key for key, one in facts.items() if may(actor, "see", one.matter, desk.today)}
        where = seen(Where(), actor, desk.today, known)
        by_list = {one["id"] for one in await rows(f"SELECT t.id FROM task t WHERE {where.sql}", *where.values)}
        assert by_rule == by_list == await may_see(person, list(all_tasks)), known.people[person].username


async def check_told(before: dict[str, Row], since: int) -> None:
    """Replicas hear of everything that changed."""
    heard = {(one["kind"], one["subject"]) for one in await rows("SELECT kind, subject FROM change WHERE seq > $1", since)}
    after = await tasks_now()
    for key, task in after.items():
        if before.get(key) != task:
            assert ("task", key) in heard, "a task changed and no replica heard of it"
            came_from = before[key]["status"] if key in before else task["status"]
            assert came_from == task["status"] or came_from in CAME_FROM[task["status"]], (came_from, task["status"])
    assert set(before) <= set(after)


async def told_of_things() -> None:
    for kind in ("report", "review", "comment"):
        missing = await rows(f"SELECT id FROM {kind} WHERE id NOT IN (SELECT subject FROM change WHERE kind = '{kind}')")
        assert missing == [], kind


async def step(desk: Desk, pick: Pick) -> None:
    before = await tasks_now()
    ids = list(before)
    task = pick(ids) if ids else ""
    name, actor = pick(tuple(STEPS)), pick(EVERYBODY)
    sensible = pick((True, True, True, False))
    if len(ids) < 3:
        name, actor = pick((("task.create", CAST.head), ("task.propose", CAST.officer), ("task.create", CAST.director)))
    elif sensible:
        name, actor = pick(likely(before[task]))
    # Who does what fits mostly gives values that fit: the first of each choice.
    choose: Pick = (lambda some: some[0] if pick(range(5)) else pick(some)) if sensible else pick
    asked = STEPS[name](choose, ids or [new_id()], task)
    all_before = await contents()
    since = (await rows("SELECT coalesce(max(seq), 0) AS seq FROM change"))[0]["seq"]
    mutation = new_id()
    if name in ("task.progress", "task.submit", "task.review", "task.comment", "checklist.add"):
        asked["id"] = new_id()
    note(f"{desk.now:%H:%M:%S} {actor[:4]} {name} {asked}")
    refusal: Refusal | None = None
    answer: dict[str, Any] = {}
    try:
        answer = await desk.do(actor, name, mutation=mutation, **asked)
    except Refusal as said:
        refusal = said
    if refusal is not None:
        assert refusal.message
        assert await contents() == all_before, f"{name} was refused ({refusal.key}) and left something"
        return
    all_after = await contents()
    assert await desk.do(actor, name, mutation=mutation, **asked) == answer
    assert await contents() == all_after, f"{name} twice had two effects"
    await check_told(before, since)


async def move_somebody(desk: Desk, pick: Pick) -> None:
    person = pick((CAST.officer, CAST.colleague, CAST.deputy_head, CAST.stranger))
    name, more = pick(
        (("person.edit", {"unit": CAST.hcth}), ("person.edit", {"unit": CAST.cntt}), ("person.disable", {}), ("person.enable", {}))
    )
    await desk.do(CAST.admin, name, person=person, **more)


async def history(url: str, pick: Pick, length: int) -> None:
    used = engines.use(engines.make(url))
    await used.open()
    desk = Desk()
    try:
        for _ in range(length):
            if pick(range(20)) == 7:
                await move_somebody(desk, pick)
            else:
                await step(desk, pick)
            await check_whole(list(await tasks_now()))
            await check_sight(desk)
        await told_of_things()
        assert await broken_at() is None
    finally:
        await used.close()


@given(seed=st.integers(0, 2**32), length=st.integers(10, 40))
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck))
def test_what_must_hold_holds_after_every_step(filled_sqlite: Path, seed: int, length: int) -> None:
    """The seed replays the history; shrinking a history of 40 commands takes longer than reading it."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(filled_sqlite, Path(folder) / "office.sqlite3")
        asyncio.run(history(f"sqlite:///{folder}/office.sqlite3", random.Random(seed).choice, length))

"""A suggestion with each result that is handed in, and the human score beside it with each review: in the same transaction as they."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

from server.calendar.current import working_days
from server.insight.score.lexicon import lexicon
from server.insight.score.rules.progress import Factor, Reason, Step, frequency, progress
from server.insight.score.rules.quality import Earlier, Hint, check
from server.insight.score.rules.total import VERSION, quality_of, suggested
from server.insight.tables import Suggestion
from server.storage.door import follows
from server.storage.engine import row, rows
from server.storage.ids import LOCAL
from server.storage.transaction import Transaction, as_json
from server.tasks.commands.carry import Progress, Submit
from server.tasks.commands.decide import DoReview, TakeBack

#: Earlier reports that a new one is compared with: one's own of any task, and colleagues' of this task.
OWN: Final = 30
COLLEAGUES: Final = 20
MOST_HINTS: Final = 4

Row = dict[str, Any]


@follows(Submit)
async def suggest_all(tx: Transaction, given: Submit) -> None:
    """The lead handed the result in: every part that is not accepted yet gets its suggestion."""
    parts = await rows(
        "SELECT person FROM assignment WHERE task = $1 AND until IS NULL AND state <> 'accepted' ORDER BY person", given.task
    )
    for part in parts:
        await suggest(tx, given.task, part["person"])


@follows(Progress)
async def suggest_part(tx: Transaction, given: Progress) -> None:
    """A collaborator who says that his part is done may be reviewed by itself."""
    if given.percent < 100 or tx.actor is None:
        return
    part = await row("SELECT role FROM assignment WHERE task = $1 AND person = $2 AND until IS NULL", given.task, tx.actor)
    if part is not None and part["role"] != "lead":
        await suggest(tx, given.task, tx.actor)


@follows(DoReview)
async def compare(tx: Transaction, given: DoReview) -> None:
    """Both values stay: what was suggested, and what the reviewer gave."""
    if given.verdict != "accept" or given.score is None:
        return
    whose = given.person or await _lead(given.task)
    last = await row("SELECT id FROM suggestion WHERE task = $1 AND person = $2 ORDER BY round DESC LIMIT 1", given.task, whose)
    if last is not None:
        await Suggestion.update(
            {Suggestion.given: round(given.score * 1000), Suggestion.given_at: tx.now, Suggestion.reviewer: tx.actor}
        ).where(Suggestion.id == last["id"])
        tx.change("suggestion", last["id"])


@follows(TakeBack)
async def forget(tx: Transaction, given: TakeBack) -> None:
    """What was taken back was no judgement: it is not counted when suggestions and people are compared."""
    whose = given.person or await _lead(given.task)
    last = await row("SELECT id FROM suggestion WHERE task = $1 AND person = $2 ORDER BY round DESC LIMIT 1", given.task, whose)
    if last is not None:
        await Suggestion.update({Suggestion.given: None, Suggestion.given_at: None, Suggestion.reviewer: None}).where(
            Suggestion.id == last["id"]
        )
        tx.change("suggestion", last["id"])


async def suggest(tx: Transaction, task_id: str, person: str) -> None:
    """Work out one part's suggestion and keep it as its next round."""
    task = await row("SELECT id, title, created_at, start, due FROM task WHERE id = $1", task_id)
    part = await row("SELECT since FROM assignment WHERE task = $1 AND person = $2 AND until IS NULL", task_id, person)
    if task is None or part is None:
        return
    own = await rows(
        "SELECT r.id, r.kind, r.percent, r.note, r.received, (SELECT count(*) FROM attachment a WHERE a.report = r.id) AS files "
        "FROM report r WHERE r.task = $1 AND r.person = $2 ORDER BY r.received, r.id",
        task_id,
        person,
    )
    before = await _before(task_id, person)
    excused = await row(
        "SELECT 1 AS one FROM kpi_excuse WHERE task = $1 AND person = $2 AND what = 'late' AND withdrawn_at IS NULL", task_id, person
    )
    parts = factors(task, part["since"], own, before, tx.now, excused is not None)
    last = await row("SELECT max(round) AS round FROM suggestion WHERE task = $1 AND person = $2", task_id, person)
    number = int(last["round"] or 0) + 1 if last else 1
    total = suggested(parts.progress, parts.quality.points, parts.frequency)
    reasons = {
        "progress": [msgspec.to_builtins(one) for one in parts.progress.reasons],
        "quality": [msgspec.to_builtins(one) for one in parts.quality.reasons],
        "frequency": [msgspec.to_builtins(one) for one in parts.frequency.reasons],
    }
    name = str(uuid5(UUID(task_id), f"{person}:{number}"))
    await Suggestion.insert(
        Suggestion(
            id=name,
            task=task_id,
            person=person,
            round=number,
            total=total.total,
            progress=total.progress,
            quality=total.quality,
            frequency=total.frequency,
            reasons=as_json(reasons),
            rules=VERSION,
            at=tx.now,
        )
    )
    tx.change("suggestion", name)


class Factors(msgspec.Struct, frozen=True):
    """The three factors of one part."""

    progress: Factor
    quality: Factor
    frequency: Factor


def factors(task: Row, since: datetime, own: Sequence[Row], before: Sequence[Earlier], now: datetime, excused: bool) -> Factors:
    """From rows to what the rules know: days are working days from the day on which the part began, the first counted 0."""
    days = working_days()
    begins = max(since.astimezone(LOCAL).date(), task["start"] or date.min)

    def day(of: datetime) -> int:
        return max(0, days.between(begins, of.astimezone(LOCAL).date()))

    term = None if task["due"] is None else max(0, days.between(begins, task["due"]))
    finished = day(now)
    on_the_way = [one for one in own if one["kind"] == "progress"]
    steps = [Step(day(one["received"]), one["percent"]) for one in on_the_way]
    return Factors(
        progress(term, finished, steps, excused),
        _quality(task["title"], own, before),
        frequency(term, finished, [one.day for one in steps]),
    )


def _quality(title: str, own: Sequence[Row], before: Sequence[Earlier]) -> Factor:
    points: list[int] = []
    hints: dict[str, Hint] = {}
    earlier = list(before)
    words = lexicon()
    for one in own:
        found = check(one["note"], words, title, earlier, one["files"])
        points.append(found.points)
        hints |= {hint.key: hint for hint in found.hints}
        if one["note"].strip():
            earlier.append(Earlier(one["note"]))
    said = [Reason(hint.key, hint.values) for hint in list(hints.values())[:MOST_HINTS]]
    return Factor(quality_of(points), said or [Reason("good" if points else "no_reports")])


async def _before(task: str, person: str) -> list[Earlier]:
    """Reports that were there before this part's own: his own of other tasks, and colleagues' of this one."""
    own = await rows(
        "SELECT note FROM report WHERE person = $1 AND task <> $2 AND note <> '' ORDER BY received DESC LIMIT $3", person, task, OWN
    )
    others = await rows(
        "SELECT note FROM report WHERE task = $1 AND person <> $2 AND note <> '' ORDER BY received DESC LIMIT $3", task, person, COLLEAGUES
    )
    return [*(Earlier(one["note"]) for one in own), *(Earlier(one["note"], "colleague") for one in others)]


async def _lead(task: str) -> str | None:
    found = await row("SELECT lead FROM task WHERE id = $1", task)
    return found["lead"] if found else None

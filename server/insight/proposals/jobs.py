"""Proposing anew when loads have changed: not oftener than every few minutes, and at least once a day."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from server.calendar.current import working_days
from server.insight.proposals.commands import Propose, Proposed, Reason
from server.insight.proposals.read import Office, office
from server.insight.proposals.rules import Carrier, Effect, Movable
from server.insight.proposals.solve import Move, solve
from server.people.queries import directory
from server.storage.door import carry_out
from server.storage.engine import row
from server.storage.ids import LOCAL, new_id

PAUSE: Final = timedelta(minutes=5)
THOUSAND: Final = 1000
#: Proposals that wait at a time, of a whole office: more is a plan of its own.
MOST: Final = 60


class Proposer:
    """What one worker process remembers of its last answer."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._seen: tuple[object, ...] = ()
        self._at: datetime | None = None

    async def tick(self) -> int:
        """Propose, if loads or tasks have changed since. Answers how many new proposals there are."""
        now = self.clock()
        today = now.astimezone(LOCAL).date()
        found = await row("SELECT (SELECT max(at) FROM load) AS loads, (SELECT max(seq) FROM audit_entry) AS seq")
        mark = (found["loads"] if found else None, found["seq"] if found else None, today)
        if mark == self._seen or (self._at is not None and now - self._at < PAUSE and self._seen and self._seen[2] == today):
            return 0
        self._seen, self._at = mark, now
        here = await office(today, now, working_days(), await directory())
        moves = await asyncio.to_thread(solve, here.tasks, here.people, here.may_move, MOST)
        asked = Propose(proposals=[_proposed(one, place, here) for place, one in enumerate(moves)])
        answer = await carry_out(asked, actor=None, now=now, source="job")
        return int(answer["new"])


def _proposed(move: Move, place: int, here: Office) -> Proposed:
    task = next(one for one in here.tasks if one.id == move.task)
    receiver = next(one for one in here.people if one.id == move.receiver)
    return Proposed(
        id=new_id(),
        task=move.task,
        giver=move.giver,
        receiver=move.receiver,
        unit=here.units[move.task],
        reasons=reasons(task, receiver, move.effect),
        effect={name: round(value * THOUSAND) for name, value in msgspec.structs.asdict(move.effect).items()},
        sort=place,
    )


def reasons(task: Movable, receiver: Carrier, effect: Effect) -> list[Reason]:
    """Why this task and this receiver, the strongest first."""
    found = [Reason("load", {"giver": number(effect.giver_before), "giver_after": number(effect.giver_after)})]
    found.append(Reason("room", {"receiver": number(effect.receiver_before), "receiver_after": number(effect.receiver_after)}))
    if task.days_left is None:
        found.append(Reason("begun_no_due" if task.percent else "not_begun_no_due", {"percent": str(task.percent)}))
    else:
        found.append(Reason("begun" if task.percent else "not_begun", {"percent": str(task.percent), "days": str(task.days_left)}))
    if receiver.by_product.get(task.product or "", 0) and task.product:
        found.append(Reason("product", {"count": str(receiver.by_product[task.product])}))
    elif receiver.by_field.get(task.field or "", 0) and task.field:
        found.append(Reason("field", {"count": str(receiver.by_field[task.field])}))
    if receiver.on_time is not None and receiver.on_time >= 0.9:
        found.append(Reason("on_time", {"percent": str(round(100 * receiver.on_time))}))
    return found


def number(value: float) -> str:
    """An index as people read it: 1,31."""
    return f"{value:.2f}".replace(".", ",")

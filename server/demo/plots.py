"""How the tasks of the story go: those that have ended, those that are open today, and those with children.

Days are numbers of :class:`~server.demo.workdays.WorkDays`: 0 is the last working day before today, 1 the next.
"""

from collections.abc import Callable
from functools import partial
from random import Random

import msgspec

from server.demo.cast import OVERLOADED, RARE_REPORTERS, SLOW_FIELDS, Order
from server.demo.life import Kit, Life

#: One thing that happens on a day, in order of day.
Event = tuple[int, Callable[[], None]]


class Opening(msgspec.Struct, frozen=True):
    """An open situation of today: between which days it was created and is due, and how it stands."""

    created: tuple[int, int]
    due: tuple[int, int] | None
    starts: bool = True
    ends: str = ""
    no_due: str | None = None


OPENINGS: dict[str, Opening] = {
    "overdue": Opening((-42, -16), (-10, 0)),
    "overdue_unstarted": Opening((-20, -9), (-4, 0), starts=False),
    "soon": Opening((-25, -6), (1, 5)),
    "soon_unstarted": Opening((-8, -3), (1, 5), starts=False),
    "later": Opening((-25, -6), (8, 40)),
    "fresh": Opening((-4, 0), (6, 35), starts=False),
    "waiting": Opening((-28, -10), (-3, 6), ends="submit"),
    "returned": Opening((-28, -12), (-2, 7), ends="return"),
    "paused": Opening((-45, -25), (5, 30), ends="pause"),
    "handed_back": Opening((-12, -6), (5, 15), ends="hand_back"),
    "asking": Opening((-25, -10), (1, 6), ends="ask"),
    "ongoing": Opening((-200, -60), None, no_due="ongoing"),
    "no_due": Opening((-60, -10), None, no_due="none"),
}


def rhythm(username: str, rng: Random) -> int:
    """Working days from one report of this person to the next."""
    return rng.randint(11, 16) if username in RARE_REPORTERS else rng.randint(4, 7)


def late_chance(order: Order) -> float:
    """How likely this task ends after its due date."""
    chance = 0.29 if order.field in SLOW_FIELDS else 0.05
    return chance + (0.17 if order.lead.username in OVERLOADED else 0.0)


def reports(life: Life, first: int, finish: int, until: int, every: int | None = None) -> list[Event]:
    """The lead's regular reports from ``first`` on, up to ``until``, for work that ends on ``finish``; ``every``: of standing work."""
    rng = life.kit.rng
    events: list[Event] = []
    day = first + rng.randint(1, 3)
    bend = rng.uniform(0.8, 1.5)
    while day <= until:
        share = max(0.0, min(1.0, (day - first) / max(1, finish - first))) ** bend
        percent = max(5, min(95, 5 * round(20 * share)))
        note = life.kit.texts.say("notes_ongoing") if every else ""
        events.append((day, partial(life.report, day, percent, note)))
        day += every or rhythm(life.order.lead.username, rng)
    return events


def run(events: list[Event]) -> None:
    """Lets the events happen in the order of their days."""
    for _, happen in sorted(events, key=lambda event: event[0]):
        happen()


def ended(kit: Kit, order: Order, created: int, term: int, parent: str | None = None, quiet: bool = False) -> Life:
    """A task that is created and completed before today. ``quiet`` leaves out every turn of fortune."""
    rng = kit.rng
    life = Life(kit, order)
    undated = not quiet and rng.random() < 0.04
    due = created + term
    life.create(created, None if undated else due, "none" if undated else None, parent)
    carry_through(life, created, due, rng.random() < late_chance(order) and not undated, quiet or undated)
    return life


def carry_through(life: Life, created: int, due: int, late: bool, quiet: bool = False) -> None:
    """From the start to acceptance, with a turn of fortune now and then."""
    rng = life.kit.rng
    term = due - created
    turn = "" if quiet or term < 9 else rng.choices(("", "pause", "extend", "refuse", "hand_back", "reassign"), (74, 6, 9, 3, 3, 5))[0]
    events: list[Event] = []
    if turn == "extend":
        asked, due = due - rng.randint(2, 4), due + rng.randint(4, 9)
        answered = asked + rng.randint(0, 1)
        events += [(asked, lambda: life.ask_for_time(asked, due)), (answered, lambda: life.answer_time(answered, True, due))]
    elif turn == "refuse":
        asked = due - rng.randint(3, 5)
        wish = due + rng.randint(4, 9)
        events += [(asked, lambda: life.ask_for_time(asked, wish)), (asked + 1, lambda: life.answer_time(asked + 1, False, wish))]
    if late:
        finish = due + rng.choice((1, 1, 2, 3, 4, 6, 9, 12))
    else:
        finish = max(created + 2, due - rng.randint(0, max(1, term // 4)))
    if turn in ("extend", "refuse"):
        finish = max(finish, asked + 2)
    if turn == "pause":
        paused = created + term // 3
        resumed = paused + term // 4
        finish = max(finish, resumed + 2)
        events += [(paused, lambda: _pause(life, paused)), (resumed, lambda: _resume(life, resumed))]
    elif turn == "hand_back":
        given = created + rng.randint(1, 2)
        events += [(given, lambda: life.hand_back(given)), (given + 1, lambda: life.reassign(given + 1))]
    elif turn == "reassign":
        moved = created + term // 2
        events.append((moved, lambda: life.reassign(moved)))
    run(events + reports(life, created, finish, finish - 1))
    life.submit(finish)
    day = finish + rng.choice((0, 1, 1, 2, 3))
    if rng.random() < 0.11:
        life.send_back(day)
        again = day + rng.randint(1, 4)
        life.submit(again, again=True)
        day = again + rng.randint(0, 2)
    life.accept(day, late)


def _pause(life: Life, day: int) -> None:
    if life.state == "not_started":
        life.report(day, 10)
    life.switch(day, "paused")


def _resume(life: Life, day: int) -> None:
    life.switch(day, "in_progress")


def cancelled(kit: Kit, order: Order, created: int, term: int) -> Life:
    """A task that is cancelled halfway."""
    life = Life(kit, order)
    life.create(created, created + term)
    stop = created + max(2, term // 2)
    run(reports(life, created, created + term, stop - 1))
    life.switch(stop, "cancelled")
    return life


def opened(kit: Kit, order: Order, kind: str, since: int | None = None, parent: str | None = None) -> Life:
    """A task that is open today in the situation ``kind`` of :data:`OPENINGS`; ``since``: created no earlier than that."""
    rng = kit.rng
    opening = OPENINGS[kind]
    earliest, latest = opening.created
    created = rng.randint(min(latest, max(earliest, since)) if since is not None else earliest, latest)
    due = rng.randint(*opening.due) if opening.due else None
    life = Life(kit, order)
    life.create(created, due, opening.no_due, parent)
    if not opening.starts:
        if rng.random() < 0.2:
            life.talk(min(0, created + 1))
        return life
    finish = {"overdue": rng.randint(3, 9), "ongoing": 60, "no_due": rng.randint(10, 40)}.get(kind, (due or 0) + 1)
    turn = {"submit": rng.randint(-4, -1), "return": rng.randint(-8, -5), "pause": rng.randint(-18, -4)}.get(opening.ends, -1)
    if opening.ends in ("submit", "return"):
        finish = turn
    every = rng.randint(17, 24) if kind == "ongoing" else None
    run(reports(life, created, finish, turn - 1 if opening.ends else -1, every))
    if life.state == "not_started" and opening.ends != "hand_back":
        life.report(turn - 1 if opening.ends else -1, 10)
    _turn(life, opening.ends, turn, due)
    return life


def _turn(life: Life, ends: str, day: int, due: int | None) -> None:
    rng = life.kit.rng
    if ends == "submit":
        life.submit(day)
    elif ends == "return":
        life.submit(day)
        life.send_back(day + rng.randint(1, 2))
    elif ends == "pause":
        life.switch(day, "paused")
    elif ends == "hand_back":
        life.hand_back(day)
    elif ends == "ask":
        life.ask_for_time(day, (due or 0) + rng.randint(5, 10))

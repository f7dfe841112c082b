"""Which moves, all in all: a small integer programme, solved by HiGHS through scipy."""

from collections.abc import Callable, Sequence

import msgspec

from server.insight.load.rules import HORIZON, OVER
from server.insight.proposals.rules import CAP, MOST_A_PERSON, Carrier, Effect, Movable, cost, days_of, effect, may_receive

#: What a tenth of an index above 1.0 is worth against the cost of one move.
RELIEF = 20.0
#: Seconds after which the best answer so far is taken; ordinary offices need hundredths.
PATIENCE = 10.0
#: A nudge by the order of names, so that equals are decided the same way every time.
NUDGE = 1e-6


class Move(msgspec.Struct, frozen=True):
    """A task that goes from one person to another, and what this move alone does."""

    task: str
    giver: str
    receiver: str
    cost: float
    effect: Effect


def solve(tasks: Sequence[Movable], people: Sequence[Carrier], allowed: Callable[[str, str], bool], most: int | None = None) -> list[Move]:
    """The moves that relieve people above 1.0 at the least cost; to keep everything is always an option.

    ``allowed(task, receiver)`` says whether R4 lets somebody who may decide assign it. At most ``most`` moves in all. The same input, in
    whatever order, gives the same answer; the moves that help most stand first.
    """
    # Loading scipy takes longer than most answers: who never asks never waits for it.
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_matrix

    known = {one.id: one for one in sorted(people, key=lambda one: one.id)}
    given = sorted((one for one in tasks if one.lead in known and known[one.lead].index > OVER), key=lambda one: one.id)
    by_place: dict[tuple[str, str], list[Carrier]] = {}
    for one in known.values():
        by_place.setdefault((one.unit, one.position), []).append(one)
    pairs: list[tuple[Movable, Carrier, Carrier]] = []
    for task in given:
        giver = known[task.lead]
        near = by_place[(giver.unit, giver.position)]
        pairs += [(task, giver, one) for one in near if may_receive(task, giver, one) and allowed(task.id, one.id)]
    if not pairs:
        return []

    from_whom: dict[str, list[int]] = {}
    to_whom: dict[str, list[int]] = {}
    for at, (_, giver, receiver) in enumerate(pairs):
        from_whom.setdefault(giver.id, []).append(at)
        to_whom.setdefault(receiver.id, []).append(at)
    givers = sorted(from_whom)
    columns = len(pairs) + len(givers)  # a choice for each pair, then what stays above 1.0 for each giver
    costs = np.array([cost(task, receiver) + NUDGE * place for place, (task, _, receiver) in enumerate(pairs)] + [RELIEF] * len(givers))
    table: list[tuple[int, int, float]] = []
    limits: list[float] = []

    def row(entries: list[tuple[int, float]], limit: float) -> None:
        table.extend((len(limits), column, value) for column, value in entries)
        limits.append(limit)

    spreads = {task.id: np.cumsum(days_of(task)) for task in given}
    _once(pairs, row)
    for place, giver_id in enumerate(givers):
        giver = known[giver_id]
        own = from_whom[giver_id]
        row([(at, 1.0) for at in own], MOST_A_PERSON)
        wanted, there = np.cumsum(giver.demand), np.cumsum(giver.capacity)
        for day in range(HORIZON):
            if there[day] > 0:
                # demand − moved ≤ capacity × (1 + what stays above)
                entries = [(at, -float(spreads[pairs[at][0].id][day])) for at in own]
                row([*entries, (len(pairs) + place, -float(there[day]))], float(OVER * there[day] - wanted[day]))
    for receiver_id in sorted(to_whom):
        receiver, own = known[receiver_id], to_whom[receiver_id]
        wanted, there = np.cumsum(receiver.demand), np.cumsum(receiver.capacity)
        for day in range(HORIZON):
            row([(at, float(spreads[pairs[at][0].id][day])) for at in own], float(max(0.0, CAP * there[day] - wanted[day])))
    if most is not None:
        row([(at, 1.0) for at in range(len(pairs))], most)

    lines, places, values = zip(*table, strict=True)
    matrix = coo_matrix((values, (lines, places)), shape=(len(limits), columns))
    integral = np.array([1] * len(pairs) + [0] * len(givers))
    upper = np.array([1.0] * len(pairs) + [np.inf] * len(givers))
    answer = milp(
        costs,
        constraints=LinearConstraint(matrix, -np.inf, np.array(limits)),
        bounds=Bounds(0, upper),
        integrality=integral,
        options={"time_limit": PATIENCE},
    )
    if answer.x is None:
        return []
    chosen = [pair for at, pair in enumerate(pairs) if answer.x[at] > 0.5]
    moves = [Move(task.id, giver.id, receiver.id, cost(task, receiver), effect(task, giver, receiver)) for task, giver, receiver in chosen]
    return sorted(moves, key=lambda one: (-(one.effect.giver_before - one.effect.giver_after), one.cost, one.task))


def _once(pairs: list[tuple[Movable, Carrier, Carrier]], row: Callable[[list[tuple[int, float]], float], None]) -> None:
    """Each task goes to one person at most."""
    places: dict[str, list[int]] = {}
    for at, (task, _, _) in enumerate(pairs):
        places.setdefault(task.id, []).append(at)
    for found in places.values():
        row([(at, 1.0) for at in found], 1.0)

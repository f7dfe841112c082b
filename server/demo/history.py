"""The year of history of the invented office: about 600 tasks as commands in order of time, from a seed and nothing else."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from random import Random

from server.demo.cast import Cast, Misfit, Order
from server.demo.life import Kit, Life, Step
from server.demo.office import HERE, FieldGroup, Office
from server.demo.plots import cancelled, carry_through, ended, opened
from server.demo.texts import Texts
from server.demo.workdays import LOCAL, WorkDays

__all__ = ["Step", "story"]

#: Numbers of tasks by how they went.
ENDED, CANCELLED, APPROVED, DECLINED = 342, 14, 52, 13
#: Ended tasks that each leader of the centre led himself, at least.
LEADERS_OWN = 2
#: Tasks with parts, and how many of them are open today.
PARENTS, OPEN_PARENTS = 20, 4


def story(
    seed: int,
    today: date,
    office: Office,
    fields: list[FieldGroup],
    plan_rows: Sequence[str],
    is_working_day: Callable[[date], bool],
) -> Iterator[Step]:
    """The commands of about 600 tasks over the twelve months before ``today``, in order of time.

    The last step lies before ``today`` begins. ``plan_rows`` are titles that exist already and are not repeated.
    The same arguments give the same steps. Pure: reads no clock and touches no store.
    """
    rng = Random(seed)  # noqa: S311 - an invented story has no secrets
    days = WorkDays(today, is_working_day)
    end = datetime.combine(today, time(0), LOCAL).astimezone(UTC)
    kit = Kit(cast=Cast(office, fields, rng), texts=Texts(rng, set(plan_rows)), days=days, rng=rng, end=end)
    writer = _Writer(kit, first=days.number(today.replace(year=today.year - 1, day=min(today.day, 28))))
    writer.write()
    steps = [step for life in writer.lives for step in life.steps]
    yield from sorted(steps, key=lambda step: step.at)


class _Writer:
    def __init__(self, kit: Kit, first: int) -> None:
        self.kit = kit
        self.first = first
        self.lives: list[Life] = []

    def write(self) -> None:
        today = tomllib.loads((HERE / "openings.toml").read_text(encoding="utf-8"))
        for kind, lead, assigner in today["staged"]:
            self._try(partial(self._opened, kind, lead, assigner))
        for kind, count in today["scattered"].items():
            for _ in range(count):
                self._try(partial(self._opened, kind))
        for proposer, decider in today["proposals"]:
            self._try(partial(self._proposal, "waiting", proposer, decider))
        for number in range(PARENTS):
            self._try(partial(self._family, number < OPEN_PARENTS))
        leaders = [p.username for p in self.kit.cast.office.people if p.leads_centre]
        for username in leaders * LEADERS_OWN:
            self._try(partial(self._ended, "pgd1" if username == "giamdoc" else "giamdoc", username))
        for _ in range(ENDED):
            self._try(self._ended)
        for _ in range(CANCELLED):
            self._try(self._cancelled)
        for _ in range(APPROVED):
            self._try(partial(self._proposal, "done"))
        for _ in range(DECLINED):
            self._try(partial(self._proposal, "declined"))

    def _try(self, make: Callable[[], list[Life]]) -> None:
        """Keeps what ``make`` writes; a life that does not fit, or runs past the end, is written anew."""
        for _ in range(200):
            try:
                self.lives += make()
            except Misfit:
                continue
            return
        raise RuntimeError("no life fits before the end of the story")

    def _order(self, day: int, assigner: str | None = None, lead: str | None = None) -> Order:
        if assigner is None:
            assigner, lead = self.kit.cast.assigner(self.kit.days.day(day))
        return self.kit.cast.order(assigner, lead)

    def _term(self) -> int:
        return self.kit.rng.choice((3, 4, 5, 6, 7, 8, 10, 10, 12, 14, 15, 18, 20, 22, 25, 30, 38))

    def _opened(self, kind: str, lead: str | None = None, assigner: str | None = None) -> list[Life]:
        return [opened(self.kit, self._order(0 if lead else -10, assigner, lead), kind)]

    def _ended(self, assigner: str | None = None, lead: str | None = None) -> list[Life]:
        # Most of what was made lately is still open, so fewer of these are from the last weeks.
        created = self.kit.rng.randint(self.first, -5 if self.kit.rng.random() < 0.4 else -45)
        order = self._order(created, assigner, lead)
        # A deputy whose delegation may have ended by then gives no further order.
        quiet = order.assigner.position == "deputy_head"
        return [ended(self.kit, order, created, self._term(), quiet=quiet)]

    def _cancelled(self) -> list[Life]:
        created = self.kit.rng.randint(self.first, -12)
        return [cancelled(self.kit, self._order(created), created, self._term())]

    def _proposal(self, outcome: str, proposer: str | None = None, decider: str | None = None) -> list[Life]:
        cast, rng = self.kit.cast, self.kit.rng
        created = rng.randint(-4, -1) if outcome == "waiting" else rng.randint(self.first, -8)
        author = cast.office.by_username[proposer] if proposer else cast.proposer()
        room = cast.office.room_of[author.username]
        if decider is None:
            by_head = author.position == "officer" and rng.random() < 0.75
            decider = f"{room}.truong" if by_head else cast.overseer(author).username
        named = outcome == "done" or rng.random() < 0.5
        order = cast.order(decider, author.username)
        life = Life(self.kit, order)
        due = created + self._term() + 3
        named = named and rng.random() < 0.7
        life.propose(created, due, author, named)
        if outcome != "waiting":
            decided = created + rng.randint(1, 3)
            life.decide(decided, outcome == "done", named)
            if outcome == "done":
                carry_through(life, decided, due, rng.random() < 0.1, quiet=True)
        return [life]

    def _family(self, open_today: bool) -> list[Life]:
        """A task of a head or deputy head and the two to four parts that his room does."""
        kit = self.kit
        rng, cast = kit.rng, kit.cast
        room = rng.choice(("hcth", "kstthc", "tntkq", "cntt"))
        leader = f"{room}.truong"
        giver = rng.choice(("giamdoc", cast.overseer(cast.office.by_username[leader]).username))
        created = rng.randint(-34, -26) if open_today else rng.randint(self.first, -50)
        order = cast.order(giver, leader)
        parent = Life(kit, order)
        term = rng.randint(42, 60) if open_today else rng.randint(32, 44)
        parent.parent = True
        parent.create(created, created + term)
        lives = [parent]
        ends = [created]
        for number in range(rng.randint(2, 4)):
            since = created + rng.randint(1, 4)
            part = cast.order(leader)
            part.field = order.field
            if open_today and number < 2:
                lives.append(opened(kit, part, rng.choice(("later", "soon", "fresh")), since, parent.id))
                continue
            child = ended(kit, part, since, rng.randint(6, 14), parent.id, quiet=True)
            lives.append(child)
            ends.append(kit.days.number(child.steps[-1].at.date()))
        finish = max(ends) + 1
        if open_today:
            return lives
        parent.submit(finish)
        parent.accept(finish + 1, finish > created + term)
        return lives

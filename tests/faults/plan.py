"""What a history is going to do, all of it from its seed: the same seed makes the same plan, whatever the clock and the machine."""

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.faults.asks import UNDER, Asks
from tests.office import CAST

USERNAMES = {
    CAST.director: "giamdoc",
    CAST.deputy: "pgd1",
    CAST.delegate: "hcth.truong",
    CAST.stranger: "hcth.cv1",
    CAST.head: "cntt.truong",
    CAST.deputy_head: "cntt.pho1",
    CAST.officer: "cntt.cv1",
    CAST.colleague: "cntt.cv2",
}
#: How often each fault comes, among the requests that have one.
LINE = {
    "cut_before": 4,  # the request never reaches the server
    "cut_in_request": 3,  # a part of it does
    "cut_after": 6,  # the server has answered, nobody hears it
    "cut_in_answer": 3,
    "doubled": 5,  # twice at one moment, to two processes
    "twice": 3,  # once more after the first was answered
    "delayed": 3,
    "held": 4,  # until a request of another device has passed
    "late": 5,  # the device gives up; the request arrives much later
    "busy": 2,  # 429 or 503, not taken
    "bad_gateway": 2,  # taken, but the answer is a 502
}
DEADLY = {
    "kill_in_request": 2,  # SIGKILL while the request arrives
    "kill_working": 6,  # some milliseconds after it has arrived
    "kill_answered": 3,  # the answer was made, and is lost with the server
    "kill_heard": 2,  # the answer was heard
}
#: Where a device may be killed within a sync.
DEATHS = ("numbered", "answered", "stored", "paged")


@dataclass(frozen=True)
class Fault:
    """What happens to one request. ``wait`` in seconds, ``part`` of the bytes, ``process`` that gets it."""

    kind: str = "none"
    process: int = 0
    wait: float = 0.0
    part: float = 1.0


@dataclass(frozen=True)
class Write:
    """The person at the device does something: ``content`` goes up with it as a file."""

    device: str
    person: str
    id: str
    name: str
    args: dict[str, Any]
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Sync:
    """Push what waits, ``batch`` at a time, then pull in pages of ``limit``; ``patience`` is how often a broken request is tried again."""

    device: str
    faults: tuple[Fault, ...] = ()
    batch: int = 100
    limit: int = 500
    patience: int = 1
    #: The device is killed at this point.
    dies: str = ""
    #: The session ends after so many pushes were answered.
    revoked_after: int = 0
    #: Each batch is first sent without its first mutation.
    gap: bool = False


@dataclass(frozen=True)
class Watch:
    """Pull page after page for as long as the others are at work."""

    device: str
    limit: int


@dataclass(frozen=True)
class SignIn:
    """Somebody signs in, in whoever's place."""

    device: str
    person: str


@dataclass(frozen=True)
class SignOut:
    """Whoever is signed in signs out; what waits is held for him."""

    device: str


@dataclass(frozen=True)
class Revoke:
    """The session of the device ends without it being told."""

    device: str


@dataclass(frozen=True)
class Crash:
    """The device loses what is not on its disk."""

    device: str


@dataclass(frozen=True)
class Reinstall:
    """The device is set up anew from a copy: another name, the same entries."""

    device: str


@dataclass(frozen=True)
class KillServer:
    """SIGKILL, between two steps."""

    process: int


@dataclass(frozen=True)
class Release:
    """The requests that were late arrive now."""

    backwards: bool


@dataclass(frozen=True)
class Move:
    """A person gets to another room."""

    person: str
    unit: str


@dataclass(frozen=True)
class Lend:
    """The director's delegation ends, or begins anew."""


Action = Write | Sync | Watch | SignIn | SignOut | Revoke | Crash | Reinstall | KillServer | Release | Move | Lend


@dataclass(frozen=True)
class Moment:
    """What happens at one time. Killed servers come back after ``back_in`` more moments."""

    actions: tuple[Action, ...]
    back_in: int = 0


@dataclass
class Handset:
    """What the plan knows of a device. ``skew``: seconds that its clock is wrong by; ``new``: it begins with an empty replica."""

    name: str
    people: tuple[str, ...]
    skew: int
    new: bool


@dataclass
class Plan:
    """A whole history."""

    seed: int
    deadly: bool
    handsets: list[Handset]
    moments: list[Moment]


def plan_of(seed: int, today: date) -> Plan:
    """The plan of a seed. ``today`` is where due dates count from."""
    return _Planner(seed, today).made()


class _Planner:
    def __init__(self, seed: int, today: date) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.deadly = self.chance.random() < 0.35
        self.handsets = self._handsets()
        #: Who is at each device; the first of its people at the beginning.
        self.at = {one.name: one.people[0] for one in self.handsets}
        present = tuple(dict.fromkeys(who for one in self.handsets for who in one.people))
        self.asks = Asks(self.chance, seed, today, present)
        self.late = False

    def made(self) -> Plan:
        chance = self.chance
        moments = [self._storm(writes=3)]
        for _ in range(chance.randint(5, 11)):
            if chance.random() < 0.04:
                moments += self._set_up_anew()
                continue
            kind = chance.choices(
                [self._storm, self._alone, self._handover, self._revoked, self._crash, self._govern, self._offline, self._between],
                [32, 26, 9, 6, 7, 7, 7, 6],
            )[0]
            moments.append(kind())
            if self.late and chance.random() < 0.3:
                moments.append(Moment((Release(chance.random() < 0.5), *self._watchers(1))))
                self.late = False
        return Plan(self.seed, self.deadly, self.handsets, moments)

    def _handsets(self) -> list[Handset]:
        chance = self.chance
        leader = chance.choice(list(UNDER))
        people = [leader, *chance.sample(UNDER[leader], chance.randint(2, 3))]
        held: list[tuple[str, ...]] = [(one,) for one in people]
        if chance.random() < 0.6:
            held.append((chance.choice(people),))  # a second device of his own
        if chance.random() < 0.6:
            held[-1] = (*held[-1], chance.choice([one for one in people if one not in held[-1]]))  # a device that two share
        return [Handset(chr(65 + n), who, self._skew(), chance.random() < 0.3) for n, who in enumerate(held[:5])]

    def _skew(self) -> int:
        return self.chance.choice([0, 0, 0, -7 * 3600, 3 * 86400, -30 * 86400, 900 * 86400])

    def _fault(self) -> Fault:
        chance = self.chance
        process = chance.randint(0, 1)
        if chance.random() < 0.55:
            return Fault(process=process)
        table = LINE | (DEADLY if self.deadly else {})
        kind = chance.choices(list(table), list(table.values()))[0]
        self.late |= kind == "late"
        longest = 0.1 if kind == "held" else 0.03
        return Fault(kind, process, round(chance.uniform(0.001, longest), 4), round(chance.uniform(0.05, 0.95), 2))

    def _sync(self, one: Handset, **more: Any) -> Sync:
        chance = self.chance
        given: dict[str, Any] = {
            "faults": tuple(self._fault() for _ in range(chance.randint(1, 5))),
            "batch": chance.choice([1, 2, 3, 5, 100]),
            "limit": chance.choice([80, 200, 500, 1000]),
            "patience": chance.randint(0, 2),
            "dies": chance.choice(DEATHS) if chance.random() < 0.12 else "",
            "gap": chance.random() < 0.15,
        }
        return Sync(one.name, **(given | more))

    def _writes(self, one: Handset, most: int) -> list[Action]:
        return [self._write(one) for _ in range(self.chance.randint(1, most))]

    def _write(self, one: Handset) -> Write:
        person = self.at[one.name]
        asked = self.asks.next(person)
        return Write(one.name, person, asked.id, asked.name, asked.args, asked.content)

    def _watchers(self, most: int, besides: set[str] = frozenset()) -> list[Watch]:  # type: ignore[assignment]
        idle = [one for one in self.handsets if one.name not in besides]
        picked = self.chance.sample(idle, min(len(idle), self.chance.randint(0, most)))
        return [Watch(one.name, self.chance.choice([20, 80, 500])) for one in picked]

    def _back_in(self) -> int:
        return self.chance.choice([0, 1, 2])

    def _storm(self, writes: int = 2) -> Moment:
        """Several devices at one time, and somebody who pulls meanwhile."""
        busy = self.chance.sample(self.handsets, self.chance.randint(2, min(4, len(self.handsets))))
        actions: list[Action] = [write for one in busy for write in self._writes(one, writes)]
        actions += [self._sync(one) for one in busy]
        actions += self._watchers(2, {one.name for one in busy})
        return Moment(tuple(actions), self._back_in())

    def _alone(self) -> Moment:
        one = self.chance.choice(self.handsets)
        return Moment((*self._writes(one, 4), self._sync(one)), self._back_in())

    def _offline(self) -> Moment:
        """Work without a line."""
        return Moment(tuple(self._writes(self.chance.choice(self.handsets), 3)))

    def _handover(self) -> Moment:
        """Somebody leaves the device, with or without a last sync; somebody else, or he again, comes to it."""
        one = self.chance.choice([shared for shared in self.handsets if len(shared.people) > 1] or self.handsets)
        first: tuple[Action, ...] = tuple(self._writes(one, 2))
        self.at[one.name] = self.chance.choice(one.people)
        leave: tuple[Action, ...] = (SignOut(one.name),) if self.chance.random() < 0.6 else ()
        arrived = (SignIn(one.name, self.at[one.name]), *self._writes(one, 2))
        return Moment((*first, *leave, *arrived, self._sync(one)))

    def _revoked(self) -> Moment:
        """401 in the middle of the queue; perhaps he signs in again at once."""
        one = self.chance.choice(self.handsets)
        actions: list[Action] = [*self._writes(one, 3), self._write(one)]
        if self.chance.random() < 0.5:
            actions.append(self._sync(one, batch=1, revoked_after=self.chance.randint(1, 2), faults=(), dies=""))
        else:
            actions += [Revoke(one.name), self._sync(one)]
        return Moment(tuple(actions))

    def _crash(self) -> Moment:
        one = self.chance.choice(self.handsets)
        return Moment((*self._writes(one, 2), Crash(one.name), self._sync(one)))

    def _set_up_anew(self) -> list[Moment]:
        """A device dies before it keeps an answer; one that is made from a copy of it sends the same again under numbers of its own."""
        one = self.chance.choice(self.handsets)
        lost = self._sync(one, faults=(), dies="answered", batch=100, gap=False)
        return [Moment((*self._writes(one, 3), lost)), Moment((Reinstall(one.name), *self._writes(one, 2), self._sync(one)))]

    def _govern(self) -> Moment:
        """People move and powers come and go, while others write."""
        what: Action = Lend()
        if self.chance.random() < 0.6:
            what = Move(self.chance.choice([CAST.officer, CAST.colleague, CAST.stranger]), self.chance.choice([CAST.cntt, CAST.hcth]))
        one = self.chance.choice(self.handsets)
        return Moment((*self._writes(one, 2), what, self._sync(one), *self._watchers(1, {one.name})))

    def _between(self) -> Moment:
        """A server dies between two steps, or one device only pulls."""
        one = self.chance.choice(self.handsets)
        if self.deadly:
            return Moment((KillServer(self.chance.randint(0, 1)), self._sync(one)), self._back_in())
        return Moment((self._sync(one),))

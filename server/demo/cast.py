"""Who gives work to whom in the story, who reviews it, and how each person keeps his reports."""

from datetime import date
from random import Random

import msgspec

from server.demo.office import FieldGroup, Office, Person

#: Fields whose work runs late in this office: what the trends and the risk are to find.
SLOW_FIELDS = frozenset({"so-hoa", "ket-noi", "tai-cau-truc", "tai-chinh", "kiem-tra"})
#: People with more work than they can do.
OVERLOADED = frozenset({"cntt.cv1", "tntkq.cv2"})
#: People who report only now and then; all others report about weekly.
RARE_REPORTERS = frozenset({"hcth.cv4", "kstthc.cv2", "tntkq.cv4", "cntt.cv3", "pgd4", "pgd6"})
#: What the centre's leaders lead themselves.
LEADERS_FIELDS = frozenset({"tong-hop", "cai-cach", "doi-ngoai", "tiep-dan", "ke-hoach-so", "phoi-hop", "chong-tham-nhung", "co-che"})

_ROOMS = ("hcth", "kstthc", "tntkq", "cntt")
_OVERSEER = {"hcth": "pgd1", "kstthc": "pgd2", "tntkq": "pgd3", "cntt": "pgd4"}


class Misfit(Exception):
    """These choices make no legal life; the writer tries others."""


class Order(msgspec.Struct):
    """Who gives a task to whom. ``delegated`` says that the assigner acts for the director (R3)."""

    assigner: Person
    delegated: bool
    lead: Person
    collaborators: list[Person]
    followers: list[Person]
    field: str


class Cast:
    """Casts tasks: assigner, lead and the others, always within the table "who may assign to whom"."""

    def __init__(self, office: Office, groups: list[FieldGroup], rng: Random) -> None:
        self.office = office
        self._rng = rng
        self._groups = {g.slug: [f.slug for f in g.fields] for g in groups}
        self._room_groups = {room: [g.slug for g in groups if g.room == room] for room in _ROOMS}
        self._director = office.by_username["giamdoc"]
        self._deputised = next((d for d in office.delegations if d.holder == office.by_username["tntkq.pho1"].id), None)

    def order(self, assigner: str, lead: str | None = None) -> Order:
        """A task that ``assigner`` gives: to ``lead``, or to somebody whom he may assign."""
        giver = self.office.by_username[assigner]
        room = self.office.room_of[assigner]
        chosen = self.office.by_username[lead] if lead else self._lead_for(giver)
        own_room = giver.leads_room and self.office.room_of[chosen.username] == room
        delegated = assigner == "hcth.truong" and not own_room
        if own_room:
            pool = [p for p in self.office.by_unit[room] if p.position == "officer"]
        else:
            pool = [p for p in self.office.people if not p.leads_centre and p.username != "hcth.truong"]
        collaborators = self._some([p for p in pool if p is not chosen and p is not giver], near=self.office.room_of[chosen.username])
        field = self.field_for(chosen)
        followers = self._followers(giver, chosen, collaborators, own_room)
        return Order(assigner=giver, delegated=delegated, lead=chosen, collaborators=collaborators, followers=followers, field=field)

    def assigner(self, day: date) -> tuple[str, str | None]:
        """Somebody who enters a task on ``day``, as often as in life, and its lead if that is himself."""
        kind = self._rng.choices(("giamdoc", "deputy", "delegate", "head", "self"), (11, 25, 26, 35, 3))[0]
        if kind == "giamdoc":
            return "giamdoc", None
        if kind == "deputy":
            deputy = f"pgd{self._rng.choices(range(1, 8), (20, 14, 16, 18, 10, 11, 11))[0]}"
            return deputy, "giamdoc" if deputy == "pgd1" and self._rng.random() < 0.3 else None
        if kind == "delegate":
            return "hcth.truong", None
        if kind == "head" and self.deputised(day) and self._rng.random() < 0.5:
            return "tntkq.pho1", None
        head = f"{self._rng.choices(_ROOMS, (12, 4, 7, 6))[0]}.truong"
        return head, head if kind == "self" else None

    def deputised(self, day: date) -> bool:
        """Whether the head of TN&TKQ has handed his powers to his deputy on ``day``."""
        return self._deputised is not None and self._deputised.starts <= day <= self._deputised.ends

    def field_for(self, lead: Person) -> str:
        """A field of work that falls to this person."""
        if lead.leads_centre:
            return self._rng.choice(sorted(LEADERS_FIELDS))
        room = self.office.room_of[lead.username]
        groups = list(self._room_groups[room])
        if room == "tntkq" and self._rng.random() < 0.22:
            groups = ["giam-sat"]
        return self._rng.choice([field for slug in groups for field in self._groups[slug]])

    def reviewers(self, order: Order, person: Person) -> list[Person]:
        """Who may score ``person`` for a task of this order (R5), the likeliest first; never the person."""
        if order.assigner.leads_centre:
            may = [order.assigner, self._director]
        elif order.delegated or person.leads_centre or person.position == "head":
            may = [self._director]
        else:
            room = self.office.by_unit[self.office.room_of[person.username]]
            above = ("head",) if person.position == "deputy_head" else ("head", "deputy_head")
            may = [p for p in room if p.position in above and p not in order.collaborators]
        may = [p for p in may if p is not person]
        if not may:
            raise Misfit
        return may

    def overseer(self, person: Person) -> Person:
        """The deputy director who oversees the room of ``person``; the director for the leadership."""
        return self.office.by_username[_OVERSEER.get(self.office.room_of[person.username], "giamdoc")]

    def other_lead(self, order: Order) -> Person:
        """Somebody else whom the same assigner may make the lead, out of the same room, without any new power."""
        room = self.office.room_of[order.lead.username]
        on_task = [order.lead, order.assigner, *order.collaborators]
        pool = [p for p in self.office.by_unit[room] if p.position == "officer" and p not in on_task]
        if not pool:
            raise Misfit
        return self._rng.choice(pool)

    def proposer(self) -> Person:
        """An officer or a deputy head with an idea."""
        weights = [{"officer": 1.0, "deputy_head": 0.4}.get(p.position, 0.0) for p in self.office.people]
        return self._rng.choices(self.office.people, weights)[0]

    def _lead_for(self, giver: Person) -> Person:
        people = self.office.people
        room = self.office.room_of[giver.username]
        if giver.leads_room and giver.username != "hcth.truong":
            pool = [p for p in self.office.by_unit[room] if p.position in ("deputy_head", "officer") and p is not giver]
        elif giver.username == "hcth.truong":
            pool = [p for p in people if p is not giver and p is not self._director and (not p.leads_centre or self._rng.random() < 0.12)]
        elif giver is self._director:
            pool = [p for p in people if p is not giver]
        else:
            overseen = [slug for slug, deputy in _OVERSEER.items() if deputy == giver.username]
            pool = self.office.by_unit[overseen[0]] if overseen else [p for p in people if not p.leads_centre]
        if giver.position == "deputy_head":
            pool = [p for p in pool if p.position == "officer"]
        return self._rng.choices(pool, [self._weight(p, giver) for p in pool])[0]

    def _weight(self, person: Person, giver: Person) -> float:
        if person.username in OVERLOADED:
            return 2.6
        if person.leads_centre:
            return 3.5
        if giver.leads_centre:
            return {"head": 2.2, "deputy_head": 1.2, "officer": 0.9}[person.position]
        near = 1.7 if person.unit == giver.unit else 1.0
        return near * {"head": 0.9, "deputy_head": 0.7, "officer": 1.0}[person.position]

    def _some(self, pool: list[Person], near: str) -> list[Person]:
        count = min(len(pool), self._rng.choices((0, 1, 2, 3, 4), (42, 31, 16, 7, 4))[0])
        chosen: list[Person] = []
        for _ in range(count):
            left = [p for p in pool if p not in chosen]
            weights = [4.0 if self.office.room_of[p.username] == near else 1.0 for p in left]
            chosen.append(self._rng.choices(left, weights)[0])
        return chosen

    def _followers(self, giver: Person, lead: Person, collaborators: list[Person], own_room: bool) -> list[Person]:
        if own_room:
            pool = [p for p in self.office.by_unit[self.office.room_of[lead.username]] if p.position == "officer"]
        else:
            pool = [self.overseer(lead)]
            if not lead.leads_centre:
                pool.append(self.office.by_unit[self.office.room_of[lead.username]][0])
        free = [p for p in pool if p not in (giver, lead, *collaborators)]
        if not free or self._rng.random() > (0.08 if own_room else 0.45):
            return []
        return self._rng.sample(free, min(len(free), self._rng.choice((1, 1, 2))))

"""One history: the plan carried out, everything brought to rest, every promise looked at."""

import asyncio
import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

from server.storage.ids import LOCAL, utc_now
from tests.faults.checks import After, last_audit
from tests.faults.device import Device, Entry, Stopped
from tests.faults.office import Office
from tests.faults.phone import Phone, Phones
from tests.faults.plan import (
    Action,
    Crash,
    Handset,
    KillServer,
    Lend,
    Moment,
    Move,
    Plan,
    Reinstall,
    Release,
    Revoke,
    SignIn,
    SignOut,
    Sync,
    Watch,
    Write,
    plan_of,
)
from tests.office import CAST

NAMES = {value: key for key, value in vars(CAST).items() if isinstance(value, str)}
#: Rounds after which a queue that is not empty is stuck.
ROUNDS = 30


class Broken(AssertionError):
    """A promise was broken; says which, the seed, and what happened."""

    def __init__(self, seed: int, text: str) -> None:
        self.seed = seed
        super().__init__(text)


@dataclass
class Told:
    """What came of a history, for the figures."""

    mutations: int = 0
    applied: int = 0
    kills: int = 0
    pushes: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Told") -> None:
        self.mutations += other.mutations
        self.applied += other.applied
        self.kills += other.kills
        self.pushes += other.pushes
        self.faults += other.faults


async def live(office: Office, seed: int, *, phones: bool = False) -> Told:
    """Carry out the history of this seed; with ``phones`` its devices run the product's own scripts. Raises Broken."""
    plan = plan_of(seed, utc_now().astimezone(LOCAL).date())
    history = History(office, plan, await office.with_phones() if phones else None)
    try:
        told, wrong = await history.run()
    except Exception as error:
        raise Broken(seed, history.report([f"{type(error).__name__}: {error}", *office.ledger.wrong])) from error
    if wrong:
        raise Broken(seed, history.report(wrong))
    return told


class History:
    """A plan and the devices that carry it out."""

    def __init__(self, office: Office, plan: Plan, phones: Phones | None = None) -> None:
        self.office = office
        self.plan = plan
        self.log: list[str] = []
        self.devices: dict[str, Device | Phone] = {one.name: self._device(one, phones) for one in plan.handsets}
        #: Everything that was done, in order, by device.
        self.done: dict[str, list[Entry]] = {one: [] for one in self.devices}
        self.renamed = 0

    def _device(self, handset: Handset, phones: Phones | None) -> Device | Phone:
        if phones is not None:
            return Phone(handset, str(self.plan.seed), phones)
        return Device(handset, self._client(handset.name), self.office.line)

    def _client(self, name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"soviec-faults:{self.plan.seed}:{name}"))

    async def run(self) -> tuple[Told, list[str]]:
        """What came of it, and what is wrong."""
        office = self.office
        await office.reset()
        before = Counter(office.proxy.counts), sum(one.kills for one in office.processes)
        self.began, self.since = utc_now(), await last_audit()
        for device in self.devices.values():
            await device.sign_in(device.person, await office.sign_in(device.person))
        for held in self.plan.handsets:
            if not held.new and held.people[0] in office.copies:
                self.devices[held.name].begin_with(*office.copies[held.people[0]])
        down = 0
        for number, moment in enumerate(self.plan.moments):
            self._tell(number, moment)
            await self._moment(moment)
            down = down - 1 if down else moment.back_in
            if not down:
                await office.up()
            else:
                for one in office.processes:
                    one.start()
        await self._rest()
        after = await self._look()
        told = Told(
            mutations=len(after.entries),
            applied=sum(one["status"] == "applied" for one in after.stored.values()),
            kills=sum(one.kills for one in office.processes) - before[1],
            pushes=office.ledger.pushes,
            faults=Counter(office.proxy.counts) - before[0],
        )
        return told, after.wrong

    async def _moment(self, moment: Moment) -> None:
        """Some steps come first, in their order; then everything that has to do with the line happens at one time."""
        watching, working = [], []
        for action in moment.actions:
            match action:
                case Watch():
                    watching.append(action)
                case Sync() | Release() | Move() | Lend():
                    working.append(action)
                case _:
                    await self._now(action)
        ended = asyncio.Event()
        watchers = [asyncio.create_task(self._watch(one, ended)) for one in watching]
        try:
            await asyncio.gather(*(self._work(one) for one in working))
        finally:
            ended.set()
            await asyncio.gather(*watchers)
            # A request that was doubled or cut may still be on its way; a step ends when its requests have ended.
            await self.office.proxy.rest()

    async def _now(self, action: Action) -> None:
        match action:
            case Write():
                self.done[action.device].append(await self.devices[action.device].write(action, utc_now()))
            case SignIn():
                await self.devices[action.device].sign_in(action.person, await self.office.sign_in(action.person, anew=True))
            case SignOut():
                await self.devices[action.device].sign_out()
            case Revoke():
                if self.devices[action.device].cookie:
                    await self.office.revoke(self.devices[action.device].cookie)
            case Crash():
                await self.devices[action.device].crash()
            case Reinstall():
                self.renamed += 1
                await self.devices[action.device].reinstall(self._client(f"{action.device}{self.renamed}"))
            case KillServer():
                self.office.kill(action.process)

    async def _work(self, action: Action) -> None:
        match action:
            case Sync():
                device, proxy = self.devices[action.device], self.office.proxy
                if action.revoked_after and device.cookie:
                    proxy.after_pushes[device.name] = action.revoked_after, partial(self.office.revoke, device.cookie)
                proxy.expect(device.name, action.faults)
                await device.sync(action)
                proxy.expect(device.name, ())
                proxy.after_pushes.pop(device.name, None)
            case Release():
                await self.office.proxy.release(backwards=action.backwards)
            case Move():
                await self.office.move(action.person, action.unit)
            case Lend():
                await self.office.lend()

    async def _watch(self, action: Watch, ended: asyncio.Event) -> None:
        device = self.devices[action.device]
        try:
            while not ended.is_set():
                if not await device.page(action.limit):
                    await asyncio.sleep(0.01)
        except Stopped:
            pass

    async def _rest(self) -> None:
        """The line is whole again: everybody signs in, everything flows, what was late arrives after all."""
        office = self.office
        await office.up()
        office.proxy.planned.clear()
        late, office.proxy.late = office.proxy.late[1::2], office.proxy.late[::2]
        await office.proxy.release(backwards=True)
        await asyncio.gather(*(self._empty(device) for device in self.devices.values()))
        office.proxy.late = late
        await office.proxy.release(backwards=False)

    async def _empty(self, device: Device | Phone) -> None:
        people = list(dict.fromkeys([*await device.waiting(), device.person]))
        for person in people:
            for _ in range(ROUNDS):
                if device.person != person or not device.cookie:
                    await device.sign_in(person, await self.office.sign_in(person))
                await device.sync(Sync(device.name, patience=0))
                left = (await device.waiting()).get(person, [])
                if device.cookie and not left:
                    break
            else:
                raise AssertionError(f"promise 2: the queue of {NAMES[person]} on {device.name} is stuck: {left}")

    async def _look(self) -> After:
        entries = [one for done in self.done.values() for one in done]
        devices = list(self.devices.values())
        heard = {key: value for device in devices for key, value in (await device.heard()).items()}
        after = After(entries, self.office.ledger, heard, self.since, self.began, forgets=any(one.forgets for one in devices))
        await after.look()
        await after.attached(entries)
        await after.files(self.office.folder)
        for name, device in self.devices.items():
            for person in dict.fromkeys(one.person for one in self.done[name]):
                after.order(f"{name}, {NAMES[person]}", [one for one in self.done[name] if one.person == person])
            for client, person, numbers in await device.queues():
                await after.counted(client, person, numbers)
        copies = {person: await self.office.fresh(person) for person in sorted({device.person for device in devices})}
        for name, device in self.devices.items():
            while await device.page(1000):
                pass
            after.replica(f"{name}, {NAMES[device.person]}", await device.rows(), copies[device.person])
            if copy := device.copy():
                self.office.copies[device.person] = copy
            self.office.sessions[device.person].append(device.cookie)
        return after

    def _tell(self, number: int, moment: Moment) -> None:
        for action in moment.actions:
            if isinstance(action, Write):
                said = f"{action.device}: {NAMES[action.person]} writes {action.name} {action.id} {action.args}"
            else:
                said = str(action)
            self.log.append(f"{number:>3} {said}")

    def report(self, wrong: list[str]) -> str:
        """What is wrong, how to see it again, and what happened."""
        held = [f"  {one.name}: {[NAMES[who] for who in one.people]}, clock off by {one.skew} s" for one in self.plan.handsets]
        head = [f"SOVIEC_SEED={self.plan.seed} (replays this history: SOVIEC_SEED={self.plan.seed} pytest tests/faults)", *wrong[:12]]
        if len(wrong) > 12:
            head.append(f"and {len(wrong) - 12} more")
        servers = [f"the log of server {n}:\n{one.said()[-1200:]}" for n, one in enumerate(self.office.processes)]
        return "\n".join([*head, "devices:", *held, "steps:", *self.log, *servers])

"""One history: the plan carried out, everything brought to rest, every promise looked at."""

import asyncio
import uuid
from collections import Counter
from dataclasses import dataclass, field

from server.storage.ids import LOCAL, utc_now
from tests.faults.checks import After, last_audit
from tests.faults.device import Device, Entry, Stopped
from tests.faults.office import Office
from tests.faults.plan import (
    Action,
    Crash,
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


async def live(office: Office, seed: int) -> Told:
    """Carry out the history of this seed. Raises Broken."""
    plan = plan_of(seed, utc_now().astimezone(LOCAL).date())
    history = History(office, plan)
    try:
        told, wrong = await history.run()
    except Exception as error:
        raise Broken(seed, history.report([f"{type(error).__name__}: {error}"])) from error
    if wrong:
        raise Broken(seed, history.report(wrong))
    return told


class History:
    """A plan and the devices that carry it out."""

    def __init__(self, office: Office, plan: Plan) -> None:
        self.office = office
        self.plan = plan
        self.log: list[str] = []
        self.devices = {one.name: Device(one, self._client(one.name), office.line) for one in plan.handsets}
        #: Everything that was done, in order, by device.
        self.done: dict[str, list[Entry]] = {one: [] for one in self.devices}
        self.renamed = 0

    def _client(self, name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"soviec-faults:{self.plan.seed}:{name}"))

    async def run(self) -> tuple[Told, list[str]]:
        """What came of it, and what is wrong."""
        office = self.office
        await office.reset()
        before = Counter(office.proxy.counts), sum(one.kills for one in office.processes)
        self.began, self.since = utc_now(), await last_audit()
        for device in self.devices.values():
            device.sign_in(device.disk.person, await office.sign_in(device.disk.person))
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
                self.done[action.device].append(self.devices[action.device].write(action, utc_now()))
            case SignIn():
                self.devices[action.device].sign_in(action.person, await self.office.sign_in(action.person, anew=True))
            case SignOut():
                await self.devices[action.device].sign_out()
            case Revoke():
                if self.devices[action.device].disk.cookie:
                    await self.office.revoke(self.devices[action.device].disk.cookie)
            case Crash():
                self.devices[action.device].crash()
            case Reinstall():
                self.renamed += 1
                self.devices[action.device].reinstall(self._client(f"{action.device}{self.renamed}"))
            case KillServer():
                self.office.kill(action.process)

    async def _work(self, action: Action) -> None:
        match action:
            case Sync():
                device = self.devices[action.device]
                cookie = device.disk.cookie

                async def pushed(times: int) -> None:
                    if times == action.revoked_after and cookie:
                        await self.office.revoke(cookie)

                self.office.proxy.expect(action.device, action.faults)
                await device.sync(action, pushed)
                self.office.proxy.expect(action.device, ())
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

    async def _empty(self, device: Device) -> None:
        people = list(dict.fromkeys([*(one.person for one in device.waiting()), device.disk.person]))
        for person in people:
            for _ in range(ROUNDS):
                if device.disk.person != person or not device.disk.cookie:
                    device.sign_in(person, await self.office.sign_in(person))
                await device.sync(Sync(device.name, patience=0), _nothing)
                if device.disk.cookie and not device.waiting(person):
                    break
            else:
                raise AssertionError(f"promise 2: the queue of {NAMES[person]} on {device.name} is stuck: {device.waiting(person)[:2]}")

    async def _look(self) -> After:
        entries = [one for done in self.done.values() for one in done]
        heard = {key: value for device in self.devices.values() for key, value in device.disk.answers.items()}
        after = After(entries, self.office.ledger, heard, self.since, self.began)
        await after.look()
        await after.attached(entries)
        await after.files(self.office.folder)
        for name, device in self.devices.items():
            for person in dict.fromkeys(one.person for one in self.done[name]):
                after.order(f"{name}, {NAMES[person]}", [one for one in self.done[name] if one.person == person])
            for person, numbers in device.disk.numbers.items():
                await after.counted(device.disk.client, person, numbers)
        copies = {person: await self.office.fresh(person) for person in {device.disk.person for device in self.devices.values()}}
        for name, device in self.devices.items():
            while await device.page(1000):
                pass
            after.replica(f"{name}, {NAMES[device.disk.person]}", device.disk.rows, copies[device.disk.person])
            self.office.copies[device.disk.person] = device.disk.cursor, device.disk.rows
            self.office.sessions[device.disk.person].append(device.disk.cookie)
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


async def _nothing(_: int) -> None:
    return None

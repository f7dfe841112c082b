"""Who asks, and whether he may: one key, one kind of data, one unit with all below it."""

import math
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

import msgspec

from server.errors import Refusal
from server.keys.queries import Key, key_of
from server.people.directory import Directory, UnitFacts
from server.people.queries import directory as read_directory
from server.people.rules import Person
from server.words import say

#: Requests of one key within ``WINDOW``, in this process.
REQUESTS: Final = 120
WINDOW: Final = timedelta(minutes=1)
#: Keys that are counted at a time.
REMEMBERED: Final = 1000
SCHEME: Final = "bearer"


class Denied(Exception):
    """A request that is not looked at: without a key that opens (401), or too fast (429).

    ``headers`` go with the answer: how to ask (RFC 6750), when to ask again.
    """

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str]) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
        super().__init__(message)


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """A key that opens now, and within what: never more than its holder sees himself."""

    key: Key
    holder: Person
    directory: Directory
    #: The unit that the key opens, with everything below it.
    unit: str
    now: datetime

    def within(self, unit: str | None) -> bool:
        """Whether a unit lies within what the key opens."""
        return self.unit in self.directory.path(unit)

    def unit_of(self, asked: str) -> UnitFacts:
        """The unit that an address asks for; the key's own where it names none. Raises Refusal ``not_found`` or ``not_allowed``."""
        found = self.directory.units.get(asked or self.unit)
        if found is None:
            raise Refusal("not_found", "api.unit_unknown", field="unit")
        if not self.within(found.id):
            raise Refusal("not_allowed", "api.outside", field="unit", unit=self.directory.units[self.unit].name)
        return found


class Meter:
    """Counts the requests of each key, in memory: enough to keep a program that runs wild from slowing the office down."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, key: str, now: datetime) -> int:
        """How many seconds this key has to wait; 0 where it may ask, which is then counted."""
        times = self._asked.setdefault(key, deque())
        self._asked.move_to_end(key)
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        while times and not now - WINDOW < times[0] <= now:
            times.popleft()
        if len(times) >= REQUESTS:
            return max(1, math.ceil((times[0] + WINDOW - now).total_seconds()))
        times.append(now)
        return 0


async def admitted(authorization: str, scope: str, now: datetime, meter: Meter) -> Caller:
    """Whoever sends this header, for this kind of data ("": any key will do).

    Raises Denied for a key that opens nothing or asks too often, Refusal ``not_allowed`` for one that does not open this kind of data.
    """
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != SCHEME or not secret.strip():
        raise Denied(401, "no_key", say("api.no_key"), {"WWW-Authenticate": "Bearer"})
    key = await key_of(secret.strip(), "api", now)
    if key is None:
        raise Denied(401, "bad_key", say("api.bad_key"), {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    seconds = meter.wait(key.id, now)
    if seconds:
        raise Denied(429, "too_many", say("api.too_many", limit=REQUESTS, seconds=seconds), {"Retry-After": str(seconds)})
    if scope and scope not in key.scopes:
        raise Refusal("not_allowed", "api.no_scope", scope=say(f"keys.scope.{scope}"))
    known = await read_directory()
    holder = known.actor(key.person)
    unit = key.unit or holder.centre
    if unit is None:
        raise Denied(401, "bad_key", say("api.bad_key"), {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return Caller(key=key, holder=holder, directory=known, unit=unit, now=now)

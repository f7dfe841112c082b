"""Counting wrong passwords in memory: by address, and for user names that nobody has."""

from collections import OrderedDict, deque
from datetime import datetime

from server.accounts import rules

REMEMBERED = 10_000


class Brake:
    """Too many wrong passwords from one address: no further try is looked at for a while."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._strangers: OrderedDict[str, rules.Attempts] = OrderedDict()

    def failed(self, address: str, now: datetime) -> None:
        """Count one wrong password."""
        times = self._failures.setdefault(address, deque(maxlen=rules.ADDRESS_FAILURES + 1))
        times.append(now)
        self._failures.move_to_end(address)
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def holds(self, address: str, now: datetime) -> bool:
        """Whether this address has to wait."""
        times = self._failures.get(address)
        while times and now - times[0] > rules.ADDRESS_WINDOW:
            times.popleft()
        return times is not None and len(times) > rules.ADDRESS_FAILURES

    def stranger(self, username: str) -> rules.Attempts:
        """How often a user name that nobody has was tried."""
        return self._strangers.get(username, rules.Attempts())

    def stranger_failed(self, username: str, now: datetime) -> rules.Attempts:
        """Count for a user name that nobody has: it locks like any other, so that a lock does not tell who works here."""
        after = self._strangers[username] = rules.after_failure(self.stranger(username), now)
        self._strangers.move_to_end(username)
        if len(self._strangers) > REMEMBERED:
            self._strangers.popitem(last=False)
        return after

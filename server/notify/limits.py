"""The services' limits, one account for all workers, kept in Valkey.

A log of the moments at which letters go, one a key. A letter gets the first moment at which all of its limits hold, and that moment is
written down at once, so that a worker sleeps until then and asks no second time. In any span of ``seconds`` there are at most ``count``.
"""

from collections.abc import Sequence
from typing import Any

from server.notify.channels import Limit

PREFIX = "soviec:limit:"

#: KEYS: one log a limit. ARGV: now, the longest wait (seconds), a name for this letter, then count and seconds of each limit.
#: A moment that lies further ahead than anybody waits was written by a clock that jumped: it is forgotten.
TAKE = """
local now, most, name = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local at = now
for i, key in ipairs(KEYS) do
  local count, seconds = tonumber(ARGV[2 + 2 * i]), tonumber(ARGV[3 + 2 * i])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.6f', now - seconds))
  redis.call('ZREMRANGEBYSCORE', key, string.format('(%.6f', now + most + 1), '+inf')
  local full = redis.call('ZRANGE', key, -count, -count, 'WITHSCORES')
  if full[2] then at = math.max(at, tonumber(full[2]) + seconds) end
end
if at - now > most then return {0, string.format('%.6f', at - now)} end
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, string.format('%.6f', at), name)
  redis.call('PEXPIRE', key, math.ceil((at - now + tonumber(ARGV[3 + 2 * i])) * 1000) + 1000)
end
return {1, string.format('%.6f', at - now)}
"""


class Limits:
    """What is asked before a letter goes. ``redis`` is the connection of the queue."""

    def __init__(self, redis: Any) -> None:
        self._take = redis.register_script(TAKE)

    async def take(self, limits: Sequence[Limit], name: str, now: float, most: float) -> tuple[bool, float]:
        """Whether there is a place for the letter within ``most`` seconds from ``now`` (Unix time), and how many seconds off it is.

        A place that was given is taken; where there is none nothing was written, and the seconds say when asking again is of use.
        """
        if not limits:
            return True, 0.0
        numbers = [number for limit in limits for number in (limit.count, limit.seconds)]
        given, seconds = await self._take(keys=[PREFIX + limit.key for limit in limits], args=[now, most, name, *numbers])
        return bool(given), float(seconds)

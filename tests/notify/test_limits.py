"""The services' limits, asked of a real Valkey by several workers."""

from collections.abc import AsyncIterator

import pytest

from server.notify.channels import Limit
from server.notify.limits import Limits
from server.notify.queue import Queue
from server.notify.valkey import Valkey

pytestmark = pytest.mark.anyio

ALL = Limit("telegram", 3, 1.0)
CHAT = Limit("telegram:chat:7", 1, 1.0)


@pytest.fixture
async def limits(valkey: Valkey) -> AsyncIterator[Limits]:
    queue = await Queue.open(valkey.url)
    yield Limits(queue.redis)
    await queue.close()


async def moments(limits: Limits, count: int, asked: list[Limit], *, now: float = 1000.0, most: float = 60.0) -> list[float]:
    """When so many letters that are asked for at one moment may go."""
    found = []
    for number in range(count):
        given, seconds = await limits.take(asked, f"{asked[-1].key}-{number}-{now}", now, most)
        assert given
        found.append(round(now + seconds, 3))
    return found


async def test_no_span_of_a_second_has_more_letters_than_the_service_takes(limits):
    assert await moments(limits, 8, [ALL]) == [1000, 1000, 1000, 1001, 1001, 1001, 1002, 1002]


async def test_every_limit_of_a_letter_holds(limits):
    assert await moments(limits, 3, [ALL, CHAT]) == [1000, 1001, 1002]
    # The chat's letters have taken places of the whole channel, too.
    assert await moments(limits, 2, [ALL]) == [1001, 1002]


async def test_a_letter_that_would_wait_too_long_takes_no_place(limits):
    assert await moments(limits, 1, [CHAT]) == [1000]
    given, seconds = await limits.take([CHAT], "late", 1000.0, 0.5)
    assert (given, seconds) == (False, 1.0)
    assert await moments(limits, 1, [CHAT]) == [1001]


async def test_a_clock_that_was_set_back_stops_nothing_for_an_hour(limits):
    assert await moments(limits, 1, [CHAT], now=5000.0) == [5000]
    assert await moments(limits, 1, [CHAT], now=1400.0, most=5.0) == [1400]


async def test_a_letter_without_limits_asks_nobody(limits):
    assert await limits.take([], "free", 0.0, 0.0) == (True, 0.0)

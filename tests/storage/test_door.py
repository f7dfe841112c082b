"""The one door: once, all or nothing, in order of commits; on both engines."""

import asyncio
import subprocess
import sys

import pytest

from server.audit.queries import broken_at
from server.errors import Refusal
from server.storage.door import carry_out, command
from server.storage.engine import rows
from server.storage.ids import new_id
from server.storage.transaction import together
from tests.office import CAST, NOW
from tests.storage.helpers import Count, how_many, value

pytestmark = pytest.mark.anyio


async def do(asked, actor=CAST.officer, mutation=None):
    return await carry_out(asked, actor=actor, now=NOW, source="page", mutation=mutation)


async def test_fifty_at_once_lose_nothing(engine):
    before = await how_many("audit_entry")
    answers = await asyncio.gather(*(do(Count(name="n", note=str(number))) for number in range(50)))
    assert sorted(answer["value"] for answer in answers) == list(range(1, 51))
    assert await value("n") == 50
    assert await how_many("audit_entry") == before + 50
    assert await how_many("outbox", "kind = 'counted'") == 50
    assert await broken_at() is None


async def test_numbers_of_changes_have_neither_gaps_nor_doubles(engine):
    before = (await rows("SELECT max(seq) AS last FROM change"))[0]["last"] or 0
    await asyncio.gather(*(do(Count(name=f"n{number % 7}")) for number in range(40)))
    found = [one["seq"] for one in await rows("SELECT seq FROM change WHERE seq > $1 ORDER BY seq", before)]
    # Two things that changed, and the message of each.
    assert found == list(range(before + 1, before + 121))


async def test_a_reader_never_sees_a_smaller_number_appear(engine):
    """Promise 4: whoever has seen number n has seen all before it, whatever commits at the same moment."""
    seen: list[int] = [0]
    ended = asyncio.Event()

    async def follow() -> None:
        cursor = 0
        while not ended.is_set():
            for one in await rows("SELECT seq FROM change WHERE seq > $1 ORDER BY seq", cursor):
                seen.append(one["seq"])
                cursor = one["seq"]
            await asyncio.sleep(0)

    following = asyncio.create_task(follow())
    await asyncio.gather(*(do(Count(name=f"n{number % 5}")) for number in range(60)))
    await asyncio.sleep(0.02)
    ended.set()
    await following
    everything = [one["seq"] for one in await rows("SELECT seq FROM change ORDER BY seq")]
    assert seen[1:] == everything


async def test_the_same_mutation_again_has_no_second_effect(engine):
    mutation = new_id()
    first = await do(Count(name="n"), mutation=mutation)
    assert await do(Count(name="n"), mutation=mutation) == first
    assert await value("n") == 1
    assert await how_many("outbox", "kind = 'counted'") == 1


async def test_the_same_mutation_twenty_times_at_once_has_one_effect(engine):
    mutation = new_id()
    answers = await asyncio.gather(*(do(Count(name="n"), mutation=mutation) for _ in range(20)))
    assert answers == [{"value": 1}] * 20
    assert await value("n") == 1
    assert await broken_at() is None


@pytest.mark.parametrize(("asked", "actor"), [(Count(name="n", note="other"), CAST.officer), (Count(name="n"), CAST.stranger)])
async def test_the_same_mutation_with_other_content_or_of_another_person_is_refused(engine, asked, actor):
    mutation = new_id()
    await do(Count(name="n"), mutation=mutation)
    with pytest.raises(Refusal) as caught:
        await do(asked, actor, mutation)
    assert caught.value.code == "conflict"
    assert await value("n") == 1


async def test_what_is_refused_leaves_nothing(engine):
    tables = ("audit_entry", "change", "outbox", "mutation", "counter")
    before = [await how_many(table) for table in tables]
    mutation = new_id()
    with pytest.raises(Refusal):
        await do(Count(name="n", fail=True), mutation=mutation)
    assert [await how_many(table) for table in tables] == before
    assert await do(Count(name="n"), mutation=mutation) == {"value": 1}, "the identifier is not used up"


async def test_what_breaks_in_the_middle_leaves_nothing(engine):
    before = await how_many("audit_entry")

    async def two_and_break():
        async with together():
            await do(Count(name="n"))
            await do(Count(name="n"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await two_and_break()
    assert await value("n") == 0
    assert await how_many("audit_entry") == before
    await do(Count(name="n"))
    assert await value("n") == 1, "the next one finds the database free"


async def test_a_request_that_is_given_up_leaves_nothing_half_done(engine):
    # asyncpg asks the server to cancel over a connection of its own, and says aloud that the server then closes it.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    waiting = [asyncio.create_task(do(Count(name="n"))) for _ in range(20)]
    await asyncio.sleep(0.004)
    for task in waiting[::2]:
        task.cancel()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    await do(Count(name="n"))
    counted = await value("n")
    assert counted == await how_many("audit_entry", "kind = 'test'") == await how_many("outbox", "kind = 'counted'")
    assert counted >= sum(isinstance(one, dict) for one in done) + 1
    assert await broken_at() is None


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("no.such", {}), ("test.count", {}), ("test.count", {"name": 1}), ("test.count", {"name": "n", "more": 1}), ("", {})],
)
async def test_a_command_that_is_none_is_refused(engine, name, arguments):
    with pytest.raises(Refusal) as caught:
        command(name, arguments)
    assert caught.value.code == "invalid"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET after = '{\"value\": 99}' WHERE seq = $1",
        "UPDATE audit_entry SET actor = 'somebody else' WHERE seq = $1",
        "DELETE FROM audit_entry WHERE seq = $1",
    ],
)
async def test_a_change_of_the_past_shows(engine, change):
    for number in range(6):
        await do(Count(name="n", note=str(number)))
    last = await how_many("audit_entry")
    assert await broken_at() is None
    await rows(change, last - 3)

    assert await broken_at() == last - 3
    assert await broken_at(size=2) == last - 3, "pages of the walk do not hide it"


TWO = """
import asyncio, sys
from server.storage import engine
from server.storage.door import carry_out
from tests.office import NOW
from tests.storage.helpers import Count

async def main():
    used = engine.use(engine.make(sys.argv[1]))
    await used.open()
    for _ in range(40):
        await carry_out(Count(name="n"), actor=None, now=NOW, source="job")
    await used.close()

asyncio.run(main())
"""


async def test_two_processes_write_side_by_side(engine, office_url):
    others = [subprocess.Popen([sys.executable, "-c", TWO, office_url], stderr=subprocess.PIPE) for _ in range(2)]
    mine = await asyncio.gather(*(do(Count(name="n")) for _ in range(40)))
    for other in others:
        _, said = await asyncio.to_thread(other.communicate, timeout=60)
        assert other.returncode == 0, said.decode()
    assert len(mine) == 40
    assert await value("n") == 120
    assert await broken_at() is None

"""Writing files down, hanging them on tasks, and sweeping what nobody used."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from server.audit.tables import AuditEntry
from server.errors import Refusal
from server.files import queries
from server.files.commands import attach, keep
from server.files.intake import Taken, take
from server.files.jobs import sweep
from server.files.store import Store
from server.files.tables import Attachment, File, Upload
from server.storage import engine
from server.storage.transaction import transaction
from tests.files import make
from tests.files.conftest import COLLEAGUE, LIMIT, NOW, OFFICER, STRANGER, TASK, may_see, open_database

T = TypeVar("T")
Run = Callable[[Awaitable[T]], T]
DAY = 86_400


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Both engines: what is told here rests on their locks and their answers to RETURNING and ON CONFLICT."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'test.sqlite3'}"


@pytest.fixture
def run(database: engine.Engine) -> Any:
    """Run one story in a fresh event loop with the database open."""

    def story(told: Awaitable[T]) -> T:
        async def inside() -> T:
            await open_database(database)
            try:
                return await told
            finally:
                await database.close()

        return asyncio.run(inside())

    return story


async def _sent(store: Store, content: bytes = b"xin chao", name: str = "a.txt", *, by: str = OFFICER, days: float = 0) -> Taken:
    taken = take(store, content, name, LIMIT)
    async with transaction(actor=by, now=NOW + timedelta(days=days), source="page") as tx:
        await keep(tx, taken, by=by)
    return taken


async def _hang(*shas: str, by: str = OFFICER, task: str = TASK, **more: Any) -> list[str]:
    async with transaction(actor=by, now=NOW, source="page") as tx:
        return await attach(tx, task=task, files=shas, by=by, may_see=may_see, **more)


def _age(store: Store, days: float) -> None:
    for sha in store.contents():
        os.utime(store.path(sha), (time.time() - days * DAY,) * 2)


def test_it_hangs_files_on_a_report_in_their_order(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        first, second = await _sent(store, b"mot", "Một.txt"), await _sent(store, b"hai", "Hai.csv")
        ids = await _hang(second.sha256, first.sha256, report="r1", names={first.sha256: "../Đổi tên.exe"})
        found = await queries.of_task(TASK)
        assert [one.id for one in sorted(found, key=lambda one: ids.index(one.id))] == ids
        assert {one.name for one in found} == {"Đổi tên.exe.txt", "Hai.csv"}
        assert (await queries.of_reports(TASK)).keys() == {"r1"}
        assert len((await queries.of_tasks([TASK, "other"]))[TASK]) == 2
        assert await queries.of_comments(TASK) == {}
        assert await queries.of_tasks([]) == {}
        assert found[0].added_at == NOW
        await _hang(first.sha256)
        entries = await AuditEntry.select(AuditEntry.action, AuditEntry.kind).order_by(AuditEntry.seq)
        said = [(entry["action"], entry["kind"]) for entry in entries]
        assert said == [("send", "file")] * 2 + [("attach", "file")] * 2 + [("attach", "task")]

    run(story())


@pytest.mark.parametrize("who", [COLLEAGUE, STRANGER])
def test_it_refuses_a_file_that_somebody_else_sent(store: Store, run: Run[Any], who: str) -> None:
    async def story() -> None:
        taken = await _sent(store)
        with pytest.raises(Refusal) as refused:
            await _hang(taken.sha256, by=who)
        assert (refused.value.code, refused.value.key) == ("invalid", "files.not_yours")
        assert not await Attachment.count()
        assert not await File.exists().where(File.attached.eq(True))

    run(story())


@pytest.mark.parametrize("sha", ["0" * 64, "x", "", "../../etc/passwd"])
def test_it_refuses_a_file_that_is_not_there(store: Store, run: Run[Any], sha: str) -> None:
    async def story() -> None:
        taken = await _sent(store)
        with pytest.raises(Refusal) as refused:
            await _hang(taken.sha256, sha)
        assert refused.value.key == "files.not_yours"
        assert not await Attachment.count(), "all or nothing"

    run(story())


def test_it_lets_one_who_sees_a_file_hang_it_elsewhere(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        taken = await _sent(store, name="Gốc.txt")
        await _hang(taken.sha256)
        await _hang(taken.sha256, by=COLLEAGUE, task="task of the colleague")
        assert [one.name for one in await queries.of_task("task of the colleague")] == ["Gốc.txt"]
        with pytest.raises(Refusal):
            await _hang(taken.sha256, by=STRANGER)

    run(story())


def test_it_hangs_a_file_once_even_if_it_is_named_twice(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        photo = await _sent(store, make.photo(), "a.jpg")
        assert len(await _hang(photo.sent, photo.sha256, photo.sent)) == 1
        assert await Attachment.count() == 1

    run(story())


def test_it_refuses_more_than_ten(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        shas = [(await _sent(store, b"%d" % n)).sha256 for n in range(11)]
        with pytest.raises(Refusal) as refused:
            await _hang(*shas)
        assert refused.value.key == "files.too_many"
        assert await _hang() == []

    run(story())


def test_it_writes_a_content_down_once_and_each_sender_once(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        for by in (OFFICER, OFFICER, STRANGER):
            await _sent(store, by=by)
        assert (await File.count(), await Upload.count()) == (1, 2)

    run(story())


def test_it_sweeps_what_hung_on_nothing_for_a_week(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        used, unused, photo = await _sent(store, b"dung"), await _sent(store, b"thua"), await _sent(store, make.photo(), "a.jpg")
        await _hang(used.sha256)
        _age(store, 8)
        assert await sweep(store, now=NOW + timedelta(days=6)) == 0
        assert await sweep(store, now=NOW + timedelta(days=8)) == 3, "the unused text, the photo and its thumbnail"
        assert list(store.contents()) == [used.sha256]
        assert await queries.file_for(OFFICER, unused.sha256, may_see) is None
        assert await queries.file_for(OFFICER, used.sha256, may_see) is not None
        assert (await File.count(), await Upload.count()) == (1, 1)
        with pytest.raises(Refusal):
            await _hang(photo.sha256)
        assert await sweep(store, now=NOW + timedelta(days=8)) == 0

    run(story())


def test_it_spares_what_came_again(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        await _sent(store)
        _age(store, 8)
        taken = await _sent(store, days=5)
        assert await sweep(store, now=NOW + timedelta(days=8)) == 0
        assert store.exists(taken.sha256)

    run(story())


def test_it_spares_the_thumbnail_that_another_file_shares(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        gone, stays = await _sent(store, make.photo(), "a.jpg"), await _sent(store, make.picture("PNG"), "b.png")
        await File.update({File.thumb: gone.thumb}).where(File.id == stays.sha256)
        await _hang(stays.sha256)
        _age(store, 8)
        await sweep(store, now=NOW + timedelta(days=8))
        assert gone.thumb is not None
        assert store.exists(gone.thumb)
        assert not store.exists(gone.sha256)

    run(story())


def test_it_sweeps_what_a_kill_left_without_a_row(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        orphan = take(store, b"mo coi", "a.txt", LIMIT)
        (store.incoming / "half").write_bytes(b"x")
        assert await sweep(store, now=NOW) == 0, "it may be on its way to its row"
        _age(store, 2)
        os.utime(store.incoming / "half", (time.time() - 2 * DAY,) * 2)
        assert await sweep(store, now=NOW) == 1
        assert not store.exists(orphan.sha256)
        assert not list(store.incoming.iterdir())

    run(story())


def test_a_sweep_at_the_same_moment_never_takes_a_file_that_is_being_hung(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        for n in range(20):
            taken = await _sent(store, b"%d" % n)

            async def late(sha: str = taken.sha256, wait: float = n % 5 / 2000) -> list[str]:
                await asyncio.sleep(wait)
                return await _hang(sha)

            hung, swept = await asyncio.gather(late(), sweep(store, now=NOW + timedelta(days=8)), return_exceptions=True)
            assert isinstance(hung, list | Refusal)
            assert isinstance(swept, int)
            here = await File.exists().where(File.id == taken.sha256)
            assert here == await Attachment.exists().where(Attachment.file == taken.sha256)
            assert here == isinstance(hung, list)

    run(story())


def test_many_may_send_one_content_at_one_moment(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        await asyncio.gather(*[_sent(store, by=f"person {n}") for n in range(8)])
        assert (await File.count(), await Upload.count()) == (1, 8)

    run(story())


def test_it_asks_few_questions_however_many_files_hang(store: Store, run: Run[Any]) -> None:
    async def story() -> None:
        for n in range(8):
            await _hang((await _sent(store, b"%d" % n)).sha256, report=f"r{n}")
        with engine.counted() as statements:
            assert len(await queries.of_reports(TASK)) == 8
        assert len(statements) == 1

    run(story())

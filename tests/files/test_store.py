"""The folder of the files."""

import hashlib
import io
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from server.errors import Refusal
from server.files.store import Store

DAY = 86_400


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


def _age(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def test_it_keeps_a_content_under_its_hash(store: Store) -> None:
    stored = store.put(b"noi dung", 100)
    assert stored.sha256 == hashlib.sha256(b"noi dung").hexdigest()
    assert store.path(stored.sha256) == store.root / stored.sha256[:2] / stored.sha256[2:]
    with store.open(stored.sha256) as file:
        assert file.read() == b"noi dung"
    assert (stored.size, store.size(stored.sha256)) == (8, 8)


def test_it_keeps_the_same_content_once(store: Store) -> None:
    assert store.put(b"a", 10) == store.put(io.BytesIO(b"a"), 10)
    assert len(list(store.contents())) == 1
    assert not list(store.incoming.iterdir())


def test_it_lets_only_its_owner_in(store: Store) -> None:
    path = store.path(store.put(b"a", 10).sha256)
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (path.parent, store.root, store.incoming):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_it_stops_reading_at_the_limit(store: Store) -> None:
    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return b"x" * size

    source = Endless()
    with pytest.raises(Refusal) as refused:
        store.put(source, 1_000_000)
    assert (refused.value.code, refused.value.field) == ("invalid", "files")
    assert source.given < 2_000_000
    assert not list(store.incoming.iterdir())
    assert not list(store.contents())


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "..", "a" * 63, "A" * 64, "a" * 62 + "/."])
def test_it_never_makes_a_path_of_what_is_no_hash(store: Store, name: str) -> None:
    assert not store.exists(name)
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.path(name)


def test_a_kill_before_the_rename_leaves_no_half_content(tmp_path: Path) -> None:
    program = """
        import os, sys
        from pathlib import Path
        from server.files.store import Store
        os.replace = lambda *_: os.kill(os.getpid(), 9)
        Store(Path(sys.argv[1])).put(b"x" * 1000, 5000)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program), str(tmp_path / "files")], check=False)
    assert ended.returncode == -9
    store = Store(tmp_path / "files")
    assert not list(store.contents())
    (left,) = store.incoming.iterdir()
    assert store.remove_unfinished(DAY) == 0
    _age(left, DAY + 1)
    assert store.remove_unfinished(DAY) == 1
    assert not list(store.incoming.iterdir())


def test_it_removes_the_old_and_spares_what_came_again(store: Store) -> None:
    sha = store.put(b"a", 10).sha256
    assert not store.remove_older(sha, DAY)
    _age(store.path(sha), DAY + 1)
    store.put(b"a", 10)
    assert not store.remove_older(sha, DAY)
    _age(store.path(sha), DAY + 1)
    assert store.remove_older(sha, DAY)
    assert not store.exists(sha)
    assert not store.remove_older(sha, DAY)

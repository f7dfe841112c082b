"""Uploads in pieces."""

import fcntl
import hashlib
import io
import os
import time

import pytest

from server.errors import Refusal
from server.files.intake import take_staged
from server.files.pieces import Pieces
from server.files.store import Store
from tests.files import make
from tests.files.conftest import LIMIT, OFFICER, STRANGER

CONTENT = make.pdf()
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def pieces(store: Store) -> Pieces:
    return Pieces(store)


def _add(pieces: Pieces, first: int, last: int, *, by: str = OFFICER, limit: int = LIMIT) -> int:
    return pieces.add(SHA, by, first, io.BytesIO(CONTENT[first:last]), limit)


def test_it_goes_on_where_the_line_broke_off(pieces: Pieces, store: Store) -> None:
    assert pieces.received(SHA, OFFICER) == 0
    assert _add(pieces, 0, 50) == 50
    assert _add(pieces, 30, 70) == 70, "an answer was lost: the piece comes again, and a little more"
    assert _add(pieces, 70, len(CONTENT)) == len(CONTENT)
    with pieces.whole(SHA, OFFICER) as staged:
        taken = take_staged(store, staged, "Báo cáo.pdf")
    assert (taken.sha256, store.exists(SHA), pieces.received(SHA, OFFICER)) == (SHA, True, 0)


def test_a_content_that_took_days_to_arrive_counts_as_new(pieces: Pieces, store: Store) -> None:
    _add(pieces, 0, len(CONTENT))
    (path,) = pieces.folder.iterdir()
    os.utime(path, (time.time() - 1000,) * 2)
    with pieces.whole(SHA, OFFICER) as staged:
        store.keep(staged)
    assert not store.remove_older(SHA, 500)


def test_it_keeps_what_arrived_before_the_line_broke_off(pieces: Pieces) -> None:
    class Broken:
        left = [CONTENT[:40]]

        def read(self, size: int, /) -> bytes:
            if not self.left:
                raise ConnectionResetError
            return self.left.pop()

    with pytest.raises(ConnectionResetError):
        pieces.add(SHA, OFFICER, 0, Broken(), LIMIT)
    assert pieces.received(SHA, OFFICER) == 40


def test_it_refuses_a_gap_and_says_how_much_is_there(pieces: Pieces) -> None:
    _add(pieces, 0, 50)
    with pytest.raises(Refusal) as refused:
        _add(pieces, 51, 60)
    assert (refused.value.code, refused.value.values) == ("conflict", {"received": 50})


def test_it_refuses_two_pieces_at_once(pieces: Pieces) -> None:
    _add(pieces, 0, 50)
    (path,) = pieces.folder.iterdir()
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Refusal) as refused:
            _add(pieces, 50, 60)
    assert refused.value.code == "conflict"


def test_it_holds_the_limit_over_all_pieces(pieces: Pieces) -> None:
    _add(pieces, 0, 50, limit=60)
    with pytest.raises(Refusal) as refused:
        _add(pieces, 50, 70, limit=60)
    assert refused.value.key == "files.too_large"


def test_it_keeps_nothing_that_is_not_what_it_was_called(pieces: Pieces) -> None:
    pieces.add(SHA, OFFICER, 0, io.BytesIO(b"something else"), LIMIT)
    with pytest.raises(Refusal) as refused, pieces.whole(SHA, OFFICER):
        pytest.fail("not whole")
    assert refused.value.key == "files.piece_wrong"
    assert pieces.received(SHA, OFFICER) == 0


def test_it_keeps_the_pieces_of_people_apart(pieces: Pieces) -> None:
    _add(pieces, 0, 50)
    assert pieces.received(SHA, STRANGER) == 0
    assert _add(pieces, 0, 10, by=STRANGER) == 10
    assert pieces.received(SHA, OFFICER) == 50


@pytest.mark.parametrize("sha", ["../x", "", "A" * 64])
def test_it_takes_nothing_but_a_hash(pieces: Pieces, sha: str) -> None:
    with pytest.raises(Refusal):
        pieces.received(sha, OFFICER)


def test_it_removes_what_was_abandoned(pieces: Pieces) -> None:
    _add(pieces, 0, 50)
    (path,) = pieces.folder.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert pieces.remove_abandoned(100) == 0
    os.utime(path, (time.time() - 101,) * 2)
    assert pieces.remove_abandoned(100) == 1

"""Promises 1 to 5, 7 and 9 of the sync protocol over seeded histories on SQLite, which two server processes share.

A failure prints its seed and every step; ``SOVIEC_SEED=… pytest tests/faults`` replays it.
"""

from pathlib import Path

import pytest

from tests.faults.batches import batches, lived, named
from tests.faults.office import fill_now

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seeds", batches(80), ids=named)
def test_every_promise_holds_whatever_happens_to_lines_servers_and_devices(tmp_path: Path, seeds: range) -> None:
    url = f"sqlite:///{tmp_path / 'soviec.sqlite3'}"
    fill_now(url)
    told = lived(url, tmp_path, seeds)
    assert told.applied > 5 * len(seeds) or len(seeds) == 1, "histories in which nothing happens show nothing"

"""Promises 1 to 5, 7 and 9 of the sync protocol over seeded histories on PostgreSQL, with two server processes.

A failure prints its seed and every step; ``SOVIEC_SEED=… pytest tests/faults`` replays it.
"""

from pathlib import Path

import pytest

from tests.faults.batches import batches, lived, named
from tests.faults.office import fill_now
from tests.postgres import PostgresServer

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.mark.parametrize("seeds", batches(80, first=1001), ids=named)
def test_every_promise_holds_whatever_happens_to_lines_servers_and_devices(
    postgres_server: PostgresServer, tmp_path: Path, seeds: range
) -> None:
    url = postgres_server.copy("office_today", fill_now)
    told = lived(url, tmp_path, seeds)
    postgres_server.drop(url)
    assert told.applied > 5 * len(seeds) or len(seeds) == 1, "histories in which nothing happens show nothing"

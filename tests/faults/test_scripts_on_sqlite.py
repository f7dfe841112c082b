"""Promises 1 to 5, 7 and 9 of the sync protocol over seeded histories of devices that run the product's own scripts, on SQLite.

A failure prints its seed and every step; ``SOVIEC_SEED=… pytest tests/faults`` replays it.
"""

from pathlib import Path

import pytest

from tests.faults.batches import batches, lived, named
from tests.faults.office import fill_now

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seeds", batches(20, first=81), ids=named)
def test_every_promise_holds_for_devices_that_run_the_products_own_scripts(tmp_path: Path, seeds: range) -> None:
    url = f"sqlite:///{tmp_path / 'soviec.sqlite3'}"
    fill_now(url)
    told = lived(url, tmp_path, seeds, phones=True)
    assert told.applied > 5 * len(seeds) or len(seeds) == 1, "histories in which nothing happens show nothing"

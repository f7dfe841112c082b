"""A desk for each test of the ledger."""

import pytest

from tests.tasks.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()

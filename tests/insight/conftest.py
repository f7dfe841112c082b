"""A desk for each test of foresight."""

import pytest

from tests.tasks.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()

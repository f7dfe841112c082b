"""A desk for each test of scores."""

import pytest

from tests.kpi.desk import ScoreDesk


@pytest.fixture
def desk() -> ScoreDesk:
    return ScoreDesk()

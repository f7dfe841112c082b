"""A desk for each test of keys."""

import pytest

from tests.keys.ring import Ring


@pytest.fixture
def ring() -> Ring:
    return Ring()

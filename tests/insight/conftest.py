"""A desk for each test of foresight."""

import pytest

from server.insight import commands
from tests.tasks.desk import Desk

#: Importing them registers the commands.
REGISTERED = commands


@pytest.fixture
def desk() -> Desk:
    return Desk()

"""An invented office, once as it is and once as it was known at a moment, and a small model of it."""

from datetime import UTC, datetime, timedelta

import pytest

from ml import fit
from ml.make import made
from ml.simulator import START, simulated
from ml.tables import log_of

NOW = START + timedelta(days=365)


@pytest.fixture(scope="session")
def rows():
    return simulated(700, seed=5)


@pytest.fixture(scope="session")
def log(rows):
    return log_of(rows[0], rows[1], now=NOW)


@pytest.fixture(scope="session")
def few_trees():
    """The same training with fewer trees: these tests ask whether it works, not how well."""
    before = dict(fit.SETTINGS)
    fit.SETTINGS.update(max_iter=10, learning_rate=0.25)
    yield
    fit.SETTINGS.update(before)


@pytest.fixture(scope="session")
def model(log, few_trees):
    return made([log], datetime(2026, 1, 10, 8, tzinfo=UTC))

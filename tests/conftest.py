"""What every test may ask for, and what `make test` insists on."""

import os
from collections.abc import Generator

import pytest

from tests import scratch

pytest_plugins = ("tests.postgres", "tests.office")

scratch.settle()

#: Set by `make test`: everything that tests need is there, so a test that skips hides something.
COMPLETE = bool(os.environ.get("SOVIEC_TESTS_COMPLETE"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if COMPLETE and report.skipped and not hasattr(report, "wasxfail"):
        why = str(report.longrepr)
        # A table of examples that is empty, as a check's list of templates may be, hides nothing.
        if "empty parameter set" not in why:
            report.outcome = "failed"
            report.longrepr = f"skipped, which `make test` does not allow: {why}"
    return report

"""What every test may ask for, and what `make test` insists on."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests import scratch

pytest_plugins = ("tests.postgres", "tests.office")

scratch.settle()

HERE = Path(__file__).parent
#: Set by `make test`: everything that tests need is there, so a test that skips hides something.
COMPLETE = bool(os.environ.get("SOVIEC_TESTS_COMPLETE"))


#: Whose files take longest, so that no worker begins a long one when the others have nothing left.
LONG_FIRST = (
    "faults",
    "browser",
    "static",
    "js",
    "cli",
    "kpi",
    "sync",
    "reports",
    "ledger",
    "notify",
    "plans",
    "demo",
    "ml",
    "printing",
    "storage",
    "insight",
)
PLACES = {folder: place for place, folder in enumerate(LONG_FIRST)}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: PLACES.get(item.path.relative_to(HERE).parts[0], len(PLACES)))


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

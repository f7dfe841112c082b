"""What can be asked for: the addresses, who may ask, with what, and what comes back. The handlers, the document and the page follow it."""

from typing import Final

import msgspec

from server.reports.api import answers, asks

BASE: Final = "/api/v1"
DOCUMENT: Final = f"{BASE}/openapi.json"


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One address. ``scope``: what a key must open, "" for any key; ``example``: the end of an address that shows it."""

    id: str
    path: str
    scope: str
    asks: type[msgspec.Struct] = asks.Nothing
    answers: type[msgspec.Struct]
    title: str
    about: str
    #: The sentence about the ``{id}`` in the path.
    names: str = ""
    example: str = ""
    #: Whether it may be told that nothing changed (If-None-Match).
    kept: bool = False


UNITS: Final = Operation(
    id="units", path=f"{BASE}/units", scope="", answers=answers.UnitList, title="api.op.units.title", about="api.op.units.about", kept=True
)
REPORT: Final = Operation(
    id="report",
    path=f"{BASE}/reports",
    scope="reports",
    asks=asks.ReportAsk,
    answers=answers.ReportAnswer,
    title="api.op.report.title",
    about="api.op.report.about",
    example="?period=2026-10",
    kept=True,
)
FILED_LIST: Final = Operation(
    id="filed_list",
    path=f"{BASE}/reports/filed",
    scope="reports",
    asks=asks.FiledAsk,
    answers=answers.FiledList,
    title="api.op.filed_list.title",
    about="api.op.filed_list.about",
    example="?since=2026-01-01T00:00:00Z",
)
FILED_ONE: Final = Operation(
    id="filed_one",
    path=f"{BASE}/reports/filed/{{id}}",
    scope="reports",
    answers=answers.FiledAnswer,
    title="api.op.filed_one.title",
    about="api.op.filed_one.about",
    names="api.ask.filed",
    example="/0199f0c2-7a10-7c44-9a51-3f2b8d1c6e70",
    kept=True,
)
TASKS: Final = Operation(
    id="tasks",
    path=f"{BASE}/tasks",
    scope="tasks",
    asks=asks.TasksAsk,
    answers=answers.TaskList,
    title="api.op.tasks.title",
    about="api.op.tasks.about",
    example="?status=overdue&limit=100",
)
TASK: Final = Operation(
    id="task",
    path=f"{BASE}/tasks/{{id}}",
    scope="tasks",
    answers=answers.Task,
    title="api.op.task.title",
    about="api.op.task.about",
    names="api.ask.task",
    example="/26-014",
)
SCORES: Final = Operation(
    id="scores",
    path=f"{BASE}/scores",
    scope="scores",
    asks=asks.ScoresAsk,
    answers=answers.ScoreList,
    title="api.op.scores.title",
    about="api.op.scores.about",
    example="?period=2026-10",
)

OPERATIONS: Final = (UNITS, REPORT, FILED_LIST, FILED_ONE, TASKS, TASK, SCORES)

"""Every kind of a replica, in the order in which a first copy sends them."""

from collections.abc import Awaitable, Callable
from typing import Final

from sync.hanging import comments, reports, reviews
from sync.notices import notices
from sync.organisation import fields, people, units
from sync.reader import Ask, Found, Reader
from sync.tasks import tasks

Kind = Callable[[Reader, Ask], Awaitable[Found]]

#: In the order in which a first copy sends them: what others point to comes first.
KINDS: Final[dict[str, Kind]] = {
    "unit": units,
    "field": fields,
    "person": people,
    "task": tasks,
    "report": reports,
    "review": reviews,
    "comment": comments,
    "notice": notices,
}
#: What hangs on a task, and its table.
ON_TASKS: Final = {"report": "report", "review": "review", "comment": "comment"}

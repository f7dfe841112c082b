"""Every kind of a replica, in the order in which a first copy sends them."""

from collections.abc import Awaitable, Callable
from typing import Final

from sync.hanging import comments, reports, reviews
from sync.history import events
from sync.insight import loads, proposals, risks, suggestions
from sync.notices import notices
from sync.organisation import calendar, fields, office, people, products, units
from sync.reader import Ask, Found, Reader
from sync.scores import scores
from sync.tasks import tasks

Kind = Callable[[Reader, Ask], Awaitable[Found]]

#: In the order in which a first copy sends them: what others point to comes first.
KINDS: Final[dict[str, Kind]] = {
    "office": office,
    "calendar": calendar,
    "unit": units,
    "field": fields,
    "person": people,
    "product": products,
    "task": tasks,
    "report": reports,
    "review": reviews,
    "comment": comments,
    "event": events,
    "risk": risks,
    "suggestion": suggestions,
    "notice": notices,
    "score": scores,
    "load": loads,
    "proposal": proposals,
}
#: What hangs on a task, and its table.
ON_TASKS: Final = {"report": "report", "review": "review", "comment": "comment", "suggestion": "suggestion"}
#: Everything that comes and goes with its task.
HANGING: Final = (*ON_TASKS, "event", "risk")

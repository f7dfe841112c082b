"""What waits for a person's decision, kept until anything in the office changes."""

from typing import Any

from server.storage.engine import current, row
from server.tasks.queries import lists
from server.tasks.show.reviews import sorted_waiting
from server.web.nav import judges
from server.web.viewer import Viewer

Waiting = dict[str, list[dict[str, Any]]]

#: By person: for which engine, change of the feed, version of the directory and day it holds, and what it is.
_kept: dict[str, tuple[tuple[object, int, int, str], Waiting]] = {}
MOST_KEPT = 500


async def waiting_for(viewer: Viewer) -> Waiting:
    """What waits for this person, by kind; every change has its row in the feed, so the newest row says whether what is kept holds."""
    if not judges(viewer.actor, viewer.today):
        return {}
    newest = await row("SELECT seq FROM change ORDER BY seq DESC LIMIT 1")
    mark = (current(), newest["seq"] if newest else 0, viewer.directory.version, viewer.today.isoformat())
    known = _kept.get(viewer.id)
    if known is not None and known[0] == mark:
        return known[1]
    found = await lists.waiting(viewer.actor, viewer.today, viewer.directory)
    # Only the deciding of extensions and hand-backs asks who else is on a task.
    parts = await lists.parts_of([one["id"] for one in found if one["status"] not in ("submitted", "proposed")])
    waiting = sorted_waiting(found, parts, viewer.actor, viewer.directory, viewer.today)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[viewer.id] = (mark, waiting)
    return waiting


async def badges_of(viewer: Viewer) -> dict[str, int]:
    """The numbers beside the places of the navigation."""
    return {"reviews": sum(len(some) for some in (await waiting_for(viewer)).values())}

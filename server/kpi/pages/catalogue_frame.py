"""What the catalogue's pages have in common: the places of the area, and who keeps it."""

from typing import Any

from server.kpi.pages.frame import tabs_of
from server.kpi.rules.keepers import keeps_catalogue
from server.tasks.commands.common import refuse
from server.web.viewer import Viewer


def may_keep(viewer: Viewer) -> bool:
    """Whether this person drafts the catalogue."""
    return bool(keeps_catalogue(viewer.actor, viewer.today))


def require_keeper(viewer: Viewer) -> None:
    """Raises Refusal ``not_allowed``, with the rule."""
    verdict = keeps_catalogue(viewer.actor, viewer.today)
    if not verdict:
        raise refuse(verdict)


async def frame_of(viewer: Viewer) -> dict[str, Any]:
    """The tabs of the area; the administrator reads the catalogue and nothing else there."""
    return {"tabs": [] if viewer.profile.position == "admin" else await tabs_of(viewer, "catalogue")}

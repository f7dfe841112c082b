"""What an area above the tasks shows on a task's page and on Chờ duyệt: it registers here, and this area knows nothing of it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from server.web.viewer import Viewer

#: For tasks, the contexts of what this viewer may see, by task, in the order of the people who are on it; each has its person as ``id``.
Suggesting = Callable[[Viewer, Sequence[str]], Awaitable[dict[str, list[dict[str, Any]]]]]

_suggesting: list[Suggesting] = []


def suggested_by(made: Suggesting) -> Suggesting:
    """Who knows the suggested scores of parts: ``server.insight`` says so when it is imported."""
    _suggesting[:] = [made]
    return made


async def suggestions(viewer: Viewer, tasks: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Suggested scores that this viewer may see, by task; tasks without any are left out."""
    return await _suggesting[0](viewer, tasks) if _suggesting and tasks else {}

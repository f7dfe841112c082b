"""Suggested scores beside what is reviewed, and what a phone needs to check a report before it is sent."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import get
from litestar.response import Response

from server.insight.score.lexicon import LISTS, lexicon
from server.insight.score.queries import before, seen_of
from server.insight.score.show import suggestion
from server.tasks.pages.beside import suggested_by
from server.tasks.pages.one import seen
from server.web.replies import AnyRequest, json
from server.web.viewer import Viewer
from server.words import say

#: Everything that a check may hint at, with words of its own for whoever writes.
HINTS = ("empty", "files_only", "short", "vague", "same_own", "same_colleague", "echo", "stuffed", "no_result", "no_figures")


@suggested_by
async def suggestions(viewer: Viewer, tasks: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The contexts of the suggestions that this viewer may see."""
    found = await seen_of(tasks, viewer.actor, viewer.directory, viewer.today)
    return {task: [suggestion(one, viewer.directory) for one in some] for task, some in found.items()}


@get("/tasks/{name:str}/report-check")
async def report_check(request: AnyRequest, viewer: Viewer, name: str) -> Response[bytes]:
    """What a report on this task is compared with, and the words of the check: the checking itself is done where it is written.

    Offline the service worker gives the same answer (``static/js/worker/pages/reportCheck.js``).
    """
    task = (await seen(viewer, name)).task
    words = msgspec.to_builtins(lexicon())
    return json(
        {
            "title": task["title"],
            "earlier": [msgspec.to_builtins(one) for one in await before(task["id"], viewer.id)],
            "lexicon": {one: words[one] for one in LISTS},
            "words": {one: say(f"insight.check.{one}") for one in (*HINTS, "good")},
        }
    )


routes = [report_check]

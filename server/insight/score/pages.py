"""Suggested scores beside what is reviewed, and what a phone needs to check a report before it is sent."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import get
from litestar.response import Response

from server.errors import Refusal
from server.insight.load.queries import sees_centre
from server.insight.score.lexicon import LISTS, lexicon
from server.insight.score.queries import ENOUGH, before, monthly, seen_of
from server.insight.score.rules.total import VERSION
from server.insight.score.show import monthly_context, suggestion
from server.tasks.pages.beside import suggested_by
from server.tasks.pages.one import seen
from server.tasks.pages.waiting import badges_of
from server.web.nav import judges
from server.web.page import page
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


@get("/foresight/scores")
async def scores(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """How far suggestions are from what reviewers gave, month by month, for whoever reviews; a room's figures for its own leaders."""
    if viewer.profile.position == "admin":
        raise Refusal("not_allowed", "people.rule.admin_no_tasks")
    if not judges(viewer.actor, viewer.today):
        raise Refusal("not_allowed", "insight.score.only_reviewers")
    known = viewer.directory
    own = known.path(viewer.profile.unit)
    wide = sees_centre(viewer.actor, viewer.today)
    found = [one for one in await monthly(viewer.today) if one.unit is None or wide or one.unit in own]
    context = {"monthly": monthly_context(found, known), "enough": ENOUGH, "rules": VERSION}
    return page(request, viewer, "foresight/scores.html", context, nav="foresight", badges=await badges_of(viewer))


routes = [report_check, scores]

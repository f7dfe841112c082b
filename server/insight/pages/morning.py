"""Dự báo: a leader's morning on one page; an officer's own risks and load."""

from typing import Any, Final

from litestar import get
from litestar.response import Response

from server.calendar.current import working_days
from server.insight.load.pages import Tried, board_of, with_mutations
from server.insight.load.show import Board, address, day_cells, load_summary
from server.insight.proposals.queries import waiting_for
from server.insight.proposals.show import proposals_context
from server.insight.risk.queries import Asked, Risky, risky
from server.tasks.pages.waiting import badges_of
from server.tasks.show.cards import card
from server.tasks.show.values import long_day, person_in
from server.web.nav import judges
from server.web.page import page
from server.web.replies import AnyRequest
from server.web.viewer import Viewer
from server.words import say

#: How much of each the morning shows; each leads to its own page.
RISKS: Final = 5
PEOPLE: Final = 5
PROPOSALS: Final = 3
#: Reasons beside a task.
REASONS: Final = 2
#: Bands of a load that are worth a morning's look.
HEAVY: Final = ("severe", "over", "watch")


def _risks(found: Risky, viewer: Viewer) -> dict[str, Any]:
    cards = [card(one, viewer.directory, viewer.today, working_days()) for one in found.rows]
    marked = [one for one in cards if one["risk"]]
    high, watch = found.counts["high"], found.counts["watch"]
    return {
        "entries": [{**one, "risk": {**one["risk"], "reasons": one["risk"]["reasons"][:REASONS]}} for one in marked[:RISKS]],
        "said": say("insight.morning.risks", high=high, watch=watch) if high + watch else "",
        "foreign": found.foreign and bool(marked),
        "empty": {"title": say("insight.morning.no_risks"), "text": say("insight.morning.no_risks_text")},
    }


def _people(board: Board) -> dict[str, Any]:
    heavy = [board.loads[one.id] for one in board.scope.people if one.id in board.loads and board.loads[one.id].band in HEAVY]
    heavy.sort(key=lambda one: -one.peak)
    over = sum(one.band != "watch" for one in heavy)
    return {
        "entries": [
            {**load_summary(one), "id": one.person, "person": person_in(board.directory, one.person), "href": address(person=one.person)}
            for one in heavy[:PEOPLE]
        ],
        "count": len(heavy),
        "said": say("insight.morning.people", over=over, watch=len(heavy) - over) if heavy else "",
        "empty": {"title": say("insight.morning.no_people"), "text": say("insight.morning.no_people_text")},
    }


def _own(board: Board) -> dict[str, Any]:
    load = board.loads.get(board.viewer)
    return {**load_summary(load), "days": day_cells(load, board)}


async def show_morning(request: AnyRequest, viewer: Viewer, refused: Tried | None = None) -> Response[bytes]:
    """The page; with a reason that was refused, what had been typed and why. Raises Refusal for the administrator."""
    board = await board_of(viewer, "")
    leads = judges(viewer.actor, viewer.today)
    waiting = await waiting_for(viewer.id, viewer.directory, viewer.today, viewer.now)
    again = refused.values | {"message": refused.message} if refused else None
    proposed = proposals_context(waiting, viewer.directory, viewer.today, working_days(), PROPOSALS, again)
    context = {
        "day": long_day(viewer.today),
        "leads": leads,
        "risks": _risks(await risky(Asked(), viewer.actor, viewer.today, viewer.directory, own=not leads), viewer),
        "people": None if board.scope.kind == "own" else _people(board),
        "own": _own(board) if board.scope.kind == "own" else None,
        "proposals": with_mutations(proposed) if board.takers else None,
        "here": "/foresight",
    }
    status = refused.status if refused else 200
    return page(request, viewer, "shared/foresight/morning.html", context, nav="foresight", status=status, badges=await badges_of(viewer))


@get("/foresight")
async def morning(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """What will perhaps be late and why, who carries too much, what could be done about it."""
    return await show_morning(request, viewer)


routes = [morning]

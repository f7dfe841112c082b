"""What a leader does with a proposal: one tap, or a reason why not."""

from litestar import post
from litestar.response import Response

from server.errors import Refusal
from server.insight.load.pages import named_in, show_load, tried, undo_of
from server.insight.pages.morning import show_morning
from server.insight.proposals.commands import Accept, Decline
from server.storage.door import carry_out
from server.storage.engine import row
from server.tasks.show.values import name_of
from server.web.forms import read_form
from server.web.replies import AnyRequest, Notice, local_path, see_other
from server.web.viewer import Viewer
from server.words import say


@post("/foresight/accept")
async def accept(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """The task goes to the receiver; the notice offers to give it back."""
    form = await read_form(request)
    back = local_path(form.raw("next"), "/foresight")
    asked = Accept(proposal=form.text("proposal"))
    try:
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        return see_other(back, Notice(refusal.message, "error"))
    move = await row("SELECT task, giver, receiver FROM proposal WHERE id = $1", asked.proposal)
    if move is None:  # what was just accepted is there
        return see_other(back)
    done = say("insight.proposal.accepted", number=made.get("number", ""), receiver=name_of(viewer.directory, move["receiver"]))
    return see_other(back, Notice(done, "success", undo_of(move["task"], move["giver"], say("insight.proposal.undo_reason"), back)))


@post("/foresight/decline")
async def decline(request: AnyRequest, viewer: Viewer) -> Response[bytes]:
    """Not this one; a missing reason is asked for on the page where the button stands."""
    form = await read_form(request)
    back = local_path(form.raw("next"), "/foresight")
    try:
        asked = Decline(proposal=form.text("proposal"), reason=form.text("reason"))
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=form.mutation)
    except Refusal as refusal:
        if refusal.field != "reason":
            return see_other(back, Notice(refusal.message, "error"))
        refused = tried("decline", form, refusal)
        if back.partition("?")[0] == "/foresight":
            return await show_morning(request, viewer, refused)
        return await show_load(request, viewer, named_in(back), refused)
    return see_other(back, Notice(say("insight.proposal.declined")))


routes = [accept, decline]

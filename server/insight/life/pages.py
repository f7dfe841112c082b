"""Mô hình: which model is in force, how good it is, how it has done here; an administrator puts one in force or back."""

from typing import Any, Final

from litestar import get, post
from litestar.response import Response

from ml import overload
from ml.errors import ModelRefused
from server.errors import Refusal
from server.insight.life.commands import PRIOR, PromoteModel, RollBack
from server.insight.life.queries import checks, files, here
from server.insight.life.show import card_context, checks_context, force_context, here_context, verdict_of, versions_context
from server.insight.life.store import in_force
from server.insight.score.queries import monthly
from server.insight.score.show import monthly_context
from server.storage.door import Command, carry_out
from server.tasks.pages.waiting import badges_of
from server.web.forms import read_form
from server.web.nav import judges
from server.web.office import office_of
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

PATH: Final = "/foresight/model"


async def show_model(request: AnyRequest, viewer: Viewer, refused: Refusal | None = None) -> Response[bytes]:
    """The page, for everybody: whoever's tasks are scored may know by what. Figures by room are for leaders and the administrator."""
    administrator = viewer.profile.position == "admin"
    rooms = administrator or judges(viewer.actor, viewer.today)
    listed = await files()
    context: dict[str, Any] = {
        "force": None,
        "broken": "",
        "chosen": next((verdict_of(one) for one in listed if one["state"] == "champion"), ""),
        "card": [],
        "here": None,
        "checks": checks_context(await checks(), viewer.now),
        "versions": versions_context(listed, administrator=administrator, now=viewer.now),
        "scores": [one for one in monthly_context(await monthly(viewer.today), viewer.directory) if rooms or not one["unit"]],
        "overload": overload_context(),
        "administrator": administrator,
        "may_roll_back": administrator and any(one["state"] == "champion" for one in listed),
        "problem": refused.message if refused else "",
    }
    try:
        used = await in_force(office_of(request).settings.data)
    except ModelRefused:
        # What exactly is wrong with the file stands in the log of the worker, and `model card` says it.
        context["broken"] = say("insight.model.broken")
    else:
        context |= {
            "force": force_context(used, viewer.now),
            "card": card_context(used.model.card, viewer.directory, rooms=rooms),
            "here": here_context(await here(used.version, viewer.now), viewer.directory, rooms=rooms),
        }
        champion = next((one["id"] for one in listed if one["state"] == "champion"), None)
        if champion is not None and champion != used.version:
            context["broken"] = say("insight.model.fallen_back", version=champion)
    status = {None: 200, "conflict": 409, "not_found": 404, "not_allowed": 403}.get(refused.code if refused else None, 422)
    return page(
        request,
        viewer,
        "foresight/model.html",
        context,
        nav="me" if administrator else "foresight",
        status=status,
        badges=await badges_of(viewer),
    )


def overload_context() -> dict[str, str]:
    """The file that counts loads: it says of itself that it is arithmetic."""
    try:
        card = overload.load().card
    except ModelRefused:
        return {"version": "", "formula": say("insight.model.broken")}
    return {"version": card.version, "formula": say("insight.model.formula", days=card.horizon)}


@get(PATH)
async def model(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Which model is in force and how it has done here."""
    return await show_model(request, viewer)


@post(f"{PATH}/promote")
async def promote(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Put a kept version in force; the tick says that it is meant."""
    form = await read_form(request)
    return await _done(request, viewer, PromoteModel(version=form.text("version")), sure=form.checked("sure"), mutation=form.mutation)


@post(f"{PATH}/rollback")
async def roll_back(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Put the version before this one in force."""
    form = await read_form(request)
    return await _done(request, viewer, RollBack(), sure=form.checked("sure"), mutation=form.mutation)


async def _done(request: AnyRequest, viewer: Viewer, asked: Command, *, sure: bool, mutation: str | None) -> Response[bytes]:
    try:
        if not sure:
            raise Refusal("invalid", "insight.model.not_sure", field="sure")
        made = await carry_out(asked, actor=viewer.id, now=viewer.now, source="page", mutation=mutation)
    except Refusal as refusal:
        return await show_model(request, viewer, refusal)
    version = made["version"]
    said = say("insight.model.back_to_prior") if version == PRIOR else say("insight.model.now_used", version=version)
    return see_other(PATH, Notice(said, "success"))


routes = [model, promote, roll_back]

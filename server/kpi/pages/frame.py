"""What every page of scores has: the places of the area, numbers of forms, and one refusal for whoever is not scored."""

import re
from decimal import Decimal
from typing import Any

from server.errors import Refusal
from server.kpi.queries.room import units_of
from server.kpi.rights import decides, keeps
from server.storage.ids import is_id
from server.web.forms import Form
from server.web.viewer import Viewer
from server.words import say

_NUMBER = re.compile(r"\d{1,6}([.,]\d{1,6})?")


def require_scored(viewer: Viewer) -> None:
    """Raises Refusal ``not_found`` for the administrator: scores are none of his business."""
    if viewer.profile.position == "admin":
        raise Refusal("not_found", "kpi.page.no_such_page")


def require_id(text: str) -> str:
    """An identifier out of an address. Raises Refusal ``not_found``."""
    if not is_id(text):
        raise Refusal("not_found", "kpi.page.not_found")
    return text


def require_decides(viewer: Viewer) -> None:
    """Raises Refusal ``not_allowed`` for whoever does not decide for the centre."""
    require_scored(viewer)
    if not decides(viewer.actor, viewer.today):
        raise Refusal("not_allowed", "kpi.page.only_decides")


def require_keeps(viewer: Viewer) -> None:
    """Raises Refusal ``not_allowed`` for whoever does not keep the periods of the centre."""
    require_scored(viewer)
    if not keeps(viewer.actor, viewer.today):
        raise Refusal("not_allowed", "kpi.page.only_keeps")


async def tabs_of(viewer: Viewer, current: str) -> list[dict[str, Any]]:
    """The pages of this area that the person can use."""
    rates = bool(await units_of(viewer.id, viewer.now))
    found = [("mine", "/kpi")]
    if rates:
        found.append(("room", "/kpi/room"))
    if keeps(viewer.actor, viewer.today):
        found.append(("periods", "/kpi/periods"))
    found += [("year", "/kpi/year"), ("catalogue", "/kpi/catalogue")]
    if rates:
        found.append(("marks", "/kpi/marks"))
    found += [("petitions", "/kpi/petitions"), ("rules", "/kpi/rules")]
    return [{"href": href, "label": say(f"kpi.page.tab.{key}"), "count": 0, "current": key == current} for key, href in found]


def number(form: Form, name: str) -> float | None:
    """A number as people write it (2,25 or 2.25), or None where the field is empty. Raises Refusal ``invalid`` at this field."""
    text = form.text(name).replace(" ", "")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise Refusal("invalid", "kpi.page.bad_number", field=name, value=text)
    return float(Decimal(text.replace(",", ".")))


def refused(problem: Refusal | None) -> dict[str, Any]:
    """What a form shows of a refusal: the sentence at its field, and above the form."""
    if problem is None:
        return {"errors": {}, "problem": ""}
    return {"errors": {(problem.field or "").removeprefix("points."): problem.message}, "problem": problem.message}

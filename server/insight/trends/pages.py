"""Xu hướng: one's own work, that of a person whom one scores, of a room, a field, the centre, month by month."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import get
from litestar.response import Response

from server.errors import Refusal
from server.insight.trends.queries import Asked, Whose, leads_of, trend_of
from server.insight.trends.show import small, small_table, trend_context
from server.kpi.rights import Raters, raters
from server.people.directory import UnitFacts
from server.tasks.pages.waiting import badges_of
from server.tasks.show.values import people_groups, person_in
from server.web.page import page
from server.web.replies import AnyRequest
from server.web.viewer import SignedIn, Viewer
from server.words import say

PATH: Final = "/foresight/trends"
KINDS: Final[tuple[Whose, ...]] = ("person", "unit", "field", "centre")
#: Rooms beside each other on the centre's page; an office with more opens them one by one, for each is counted by itself.
MOST_ROOMS: Final = 12


def address(whose: Whose, which: str = "") -> str:
    """Where this trend is shown."""
    return f"{PATH}?whose={whose}" + (f"&which={which}" if which else "")


def asked_of(given: Mapping[str, str], viewer: Viewer, chain: Raters) -> Asked:
    """Whose trend is asked for; without a word one's own. Raises Refusal ``not_found``, or ``not_allowed`` for another person's."""
    if viewer.profile.position == "admin" or viewer.actor.centre is None:
        raise Refusal("not_allowed", "people.rule.admin_no_tasks")
    whose = next((one for one in KINDS if one == given.get("whose", "person")), None)
    if whose is None:
        raise Refusal("not_found", "insight.trends.unknown")
    which = given.get("which", "")
    known = viewer.directory
    if whose == "person":
        which = which or viewer.id
        if which not in known.people:
            raise Refusal("not_found", "insight.trends.unknown")
        if which != viewer.id and not chain.may_see(viewer.id, which):
            raise Refusal("not_allowed", "insight.trends.not_yours")
    elif whose == "unit":
        which = which or viewer.actor.unit or ""
        if which not in {one.id for one in rooms(viewer)}:
            raise Refusal("not_found", "insight.trends.unknown")
    elif whose == "field":
        which = which or next((one.id for one in known.fields.values() if one.active), "")
        if which and which not in known.fields:
            raise Refusal("not_found", "insight.trends.unknown")
    else:
        which = ""
    return Asked(whose, which, viewer.actor.centre, viewer.today)


def rooms(viewer: Viewer) -> list[UnitFacts]:
    """The units of the viewer's centre, without the centre itself."""
    known = viewer.directory
    inside = [one for one in known.units.values() if known.centre_of(one.id) == viewer.actor.centre and one.id != viewer.actor.centre]
    return sorted((one for one in inside if one.active), key=lambda one: (one.sort, one.name))


async def crowd_only(asked: Asked, viewer: Viewer, chain: Raters) -> bool:
    """Whether months that tell of one person are left out: they are, unless the viewer may see the trend of each of these people."""
    return not await leads_of(asked, viewer.directory) <= chain.visible(viewer.id) | {viewer.id}


@get(PATH)
async def trends(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """How the share of work on time has gone, month by month."""
    chain = await raters(viewer.today)
    asked = asked_of(request.query_params, viewer, chain)
    hides = asked.whose != "person" and await crowd_only(asked, viewer, chain)
    found = await trend_of(asked, viewer.directory, crowd_only=hides)
    context: dict[str, Any] = {
        **trend_context(found, viewer.today),
        "tabs": _tabs(asked, viewer),
        "whose": asked.whose,
        "name": _name(asked, viewer),
        "own": asked.whose == "person" and asked.which == viewer.id,
        "person": person_in(viewer.directory, asked.which) if asked.whose == "person" else None,
        **_choices(asked, viewer, chain),
        "rooms": await _rooms(asked, viewer, chain) if asked.whose == "centre" else None,
    }
    return page(request, viewer, "foresight/trends.html", context, nav="foresight", badges=await badges_of(viewer))


def _name(asked: Asked, viewer: Viewer) -> str:
    known = viewer.directory
    if asked.whose == "person":
        return known.people[asked.which].name
    if asked.whose == "field":
        return known.fields[asked.which].name if asked.which else ""
    return known.units[asked.which or asked.centre].name


def _tabs(asked: Asked, viewer: Viewer) -> list[dict[str, Any]]:
    own = asked.whose == "person" and asked.which == viewer.id
    found = [{"href": PATH, "label": say("insight.trends.tab.own"), "current": own}]
    if asked.whose == "person" and not own:
        found.append({"href": address("person", asked.which), "label": say("insight.trends.tab.person"), "current": True})
    return found + [
        {"href": address(one), "label": say(f"insight.trends.tab.{one}"), "current": asked.whose == one} for one in KINDS if one != "person"
    ]


def _choices(asked: Asked, viewer: Viewer, chain: Raters) -> dict[str, Any]:
    """What may be chosen on this tab: people by room, or rooms or fields."""
    known = viewer.directory
    if asked.whose == "person":
        seen = chain.visible(viewer.id)
        people = [one for one in known.people.values() if one.id in seen and one.active]
        return {"people": people_groups(people, known) if len(people) > 1 else [], "options": [], "value": asked.which}
    listed: list[tuple[str, str]] = []
    if asked.whose == "unit":
        listed = [(one.id, one.name) for one in rooms(viewer)]
    elif asked.whose == "field":
        listed = [(one.id, one.name) for one in known.fields.values() if one.active]
    return {"people": [], "options": [{"value": key, "label": label} for key, label in listed], "value": asked.which}


async def _rooms(asked: Asked, viewer: Viewer, chain: Raters) -> dict[str, Any] | None:
    """The centre's rooms beside each other, as small drawings."""
    below = [one for one in rooms(viewer) if one.parent == asked.centre and one.kind != "leadership"]
    if not 1 < len(below) <= MOST_ROOMS:
        return None
    found = []
    for one in below:
        each = Asked("unit", one.id, asked.centre, asked.today)
        hides = await crowd_only(each, viewer, chain)
        found.append(await trend_of(each, viewer.directory, crowd_only=hides))
    items = [small(one.name, address("unit", one.id), trend) for one, trend in zip(below, found, strict=True)]
    return {"entries": items, "table": small_table([one.name for one in below], found)}


routes = [trends]

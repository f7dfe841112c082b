"""What several pages of messages ask of the running application."""

from typing import Any

from server.notify import registry
from server.notify.channels import Channel
from server.notify.rules import quiet
from server.settings import Settings
from server.web.office import office_of
from server.web.replies import AnyRequest

#: By settings: what is set up does not change while the application runs.
_made: dict[int, tuple[Settings, dict[str, Channel]]] = {}


def channels_of(request: AnyRequest) -> dict[str, Channel]:
    """The channels that are set up here, closed."""
    settings = office_of(request).settings
    known = _made.get(id(settings))
    if known is None or known[0] is not settings:
        _made.clear()
        known = _made[id(settings)] = (settings, dict[str, Channel](registry.make(settings).items()))
    return known[1]


def default_quiet(request: AnyRequest) -> quiet.Quiet | None:
    """The quiet hours of who never chose his own."""
    return quiet.quiet_of(office_of(request).settings.quiet_hours)


def refused(problem: Any) -> dict[str, Any]:
    """What a form was refused for: ``errors`` by field, "" for the whole."""
    return {"errors": {problem.field or "": problem.message} if problem else {}}

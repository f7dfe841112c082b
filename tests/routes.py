"""The application of a test: new in everything that holds something, on routes that are registered once a process.

Registering them takes Litestar a quarter of a second, and nothing of it depends on the test.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from unittest.mock import patch

from litestar import Litestar, Router

from server import app as product
from server.files.api import Files
from server.settings import Settings

#: With what an application was made, and the application.
_kept: list[tuple[dict[str, Any], Litestar]] = []

#: What is new in every application, and is given to the one that is kept.
NEW = {"state", "lifespan"}


def application(settings: Settings, clock: Callable[[], datetime]) -> Litestar:
    """``create_app(settings, clock)``; the application made before it in this process must have ended."""
    with patch.object(product, "Litestar", _made):
        return product.create_app(settings, clock=clock)


def _made(**given: Any) -> Litestar:
    """What ``Litestar(**given)`` is."""
    for before, kept in _kept:
        if _same(before, given):
            return _renewed(kept, given)
    # The lists are Litestar's to change.
    before = {name: list(value) if isinstance(value, list) else value for name, value in given.items()}
    _kept.append((before, Litestar(**given)))
    return _kept[-1][1]


def _same(before: dict[str, Any], given: dict[str, Any]) -> bool:
    """Whether nothing but ``NEW`` and the files differs: a route that is made anew for each application is registered anew."""
    if before.keys() != given.keys() or set(before["state"]) != set(given["state"]):
        return False
    fixed = {name: value for name, value in given.items() if name not in {*NEW, "route_handlers"}}
    return all(before[name] == value for name, value in fixed.items()) and _routes(before) == _routes(given)


def _routes(given: dict[str, Any]) -> list[Any]:
    """The routes themselves; that of the files by the one thing in it that registering reads."""
    return [
        ("/files", one.request_max_body_size) if isinstance(one, Router) and one.path == "/files" else one
        for one in given["route_handlers"]
    ]


def _renewed(kept: Litestar, given: dict[str, Any]) -> Litestar:
    # The routes of files hold their store themselves, so it is the store that is filled anew.
    files: Files = kept.state["files"]
    vars(files).update(vars(given["state"]["files"]))
    given["state"]["files"] = files
    kept.state = given["state"]
    kept._lifespan_managers = list(given["lifespan"])
    return kept

"""The application of a test: new in everything that holds something, on routes that are registered once a process.

Registering them takes Litestar a quarter of a second, and nothing of it depends on the test.
"""

from collections.abc import Callable
from datetime import datetime
from inspect import iscoroutinefunction
from typing import Any
from unittest.mock import patch

from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

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
            return _renewed(before, kept, given)
    # The lists are Litestar's to change.
    before = {name: list(value) if isinstance(value, list) else value for name, value in given.items()}
    _kept.append((before, Litestar(**given)))
    return _kept[-1][1]


def _same(before: dict[str, Any], given: dict[str, Any]) -> bool:
    """Whether nothing but ``NEW``, the files and what handlers of one making hold differs; if more does, all is registered anew."""
    if before.keys() != given.keys() or set(before["state"]) != set(given["state"]):
        return False
    fixed = {name: value for name, value in given.items() if name not in {*NEW, "route_handlers"}}
    return all(before[name] == value for name, value in fixed.items()) and _routes(before) == _routes(given)


def _routes(given: dict[str, Any]) -> list[Any]:
    """What registering reads of each route that an application makes for itself; the others are themselves."""
    found: list[Any] = []
    for one in given["route_handlers"]:
        if isinstance(one, Router) and one.path == "/files":
            found.append(("/files", one.request_max_body_size))
        elif isinstance(one, HTTPRouteHandler) and iscoroutinefunction(one.fn) and one.fn.__closure__:
            found.append((one.fn.__code__, one.paths, one.http_methods, one.status_code, one.request_max_body_size))
        else:
            found.append(one)
    return found


def _renewed(before: dict[str, Any], kept: Litestar, given: dict[str, Any]) -> Litestar:
    # The routes of files hold their store themselves, so it is the store that is filled anew.
    files: Files = kept.state["files"]
    vars(files).update(vars(given["state"]["files"]))
    given["state"]["files"] = files
    kept.state = given["state"]
    kept._lifespan_managers = list(given["lifespan"])
    for old, new in zip(before["route_handlers"], given["route_handlers"], strict=True):
        if isinstance(old, HTTPRouteHandler) and old is not new:
            # What is registered is a copy of the handler, with the same function; it is looked up at each request.
            copies = [one for route in kept.routes if isinstance(route, HTTPRoute) for one in route.route_handlers if one.fn is old.fn]
            assert copies, f"{old.paths} is not registered"
            for one in copies:
                one._fn = new.fn
    before["route_handlers"] = list(given["route_handlers"])
    return kept

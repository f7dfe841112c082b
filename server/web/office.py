"""What the whole application holds: settings, clock, the key of forms, the count of wrong passwords."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import msgspec
from litestar import Request

from server.accounts.brake import Brake
from server.settings import Settings


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """One running application; ``app.state.office``."""

    settings: Settings
    clock: Callable[[], datetime]
    secret: bytes
    brake: Brake


def office_of(request: Request[Any, Any, Any]) -> Office:
    """The application that answers this request."""
    return cast(Office, request.app.state.office)


def base_of(request: Request[Any, Any, Any]) -> str:
    """The address of the product as people type it: what the office set, else what this browser typed."""
    url = request.url
    return office_of(request).settings.public_url.rstrip("/") or f"{url.scheme}://{url.netloc}"

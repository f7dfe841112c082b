"""Whether a page of the device says what the same page of the server says, to the same person at the same moment.

    browser = await visit("cntt.cv1")
    await agree(browser, CAST.officer, clock, "/tasks?status=all", "/tasks/filter")

The server's pages come from the whole application, with what it gives to its templates caught on the way; the device's come from the rows
of a replica that is pulled at that moment, through `static/js/show`, in Node.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from unittest.mock import patch

import httpx
import msgspec

from server.storage.ids import LOCAL
from server.web import page as pages
from server.words import catalogue
from tests.js.node import run
from tests.office import Clock
from tests.sync.device import Device, Rows

#: What can't be the same on both sides, wherever in a context it stands, and why.
APART = {
    "csrf": "a token of the session, which the device's own forms do not need",
    "mutation": "a new identifier each time a form is shown",
    "asset_version": "of the release's files, not of the page",
    "notice": "what a redirect left: the device keeps its own",
    "from_device": "said by the device alone",
    "values.id": "the identifier of a task that is not made yet, new each time the form is shown",
}


class Ask(msgspec.Struct, frozen=True):
    """An address, and how a part of a page is asked for."""

    url: str
    htmx: bool = False
    target: str = ""
    online: bool = False

    @property
    def headers(self) -> dict[str, str]:
        return {"HX-Request": "true", "HX-Target": self.target} if self.htmx else {}


async def agree(browser: httpx.AsyncClient, person: str, clock: Clock, *asked: str | Ask, device: Device | None = None) -> None:
    """Hold the device's contexts against the server's, address by address; every difference is said with its path.

    ``device``: one that pulled before and has no network now; without it, a new one pulls at this moment.
    """
    asks = [one if isinstance(one, Ask) else Ask(one) for one in asked]
    theirs = [await served(browser, one) for one in asks]
    device = device or await Device(person, clock).pull()
    ours = shown(person, clock(), device.rows, asks)
    wrong = [
        f"{ask.url}{path}: {said}" for ask, server, here in zip(asks, theirs, ours, strict=True) for path, said in differences(server, here)
    ]
    assert not wrong, "\n".join(wrong[:40])


async def served(browser: httpx.AsyncClient, ask: Ask) -> dict[str, Any]:
    """What the server gives its template at this address, or where it sends on to."""
    caught: list[dict[str, Any]] = []
    render = pages.render

    def caught_render(template: str, context: Any) -> str:
        caught.append({"template": template, "context": plain(context)})
        return render(template, context)

    with patch.object(pages, "render", caught_render):
        answer = await browser.get(ask.url, headers=ask.headers)
    if answer.status_code == 303:
        return {"to": answer.headers["location"]}
    assert len(caught) == 1, f"{ask.url} answered {answer.status_code}: {answer.text[:400]}"
    return {"status": answer.status_code, **caught[0]}


def shown(
    person: str, now: datetime, rows: Rows, asks: Sequence[Ask], entries: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any] | None]:
    """What the device gives its templates; None where it leaves the answer to the server."""
    plain_rows = [
        {"kind": kind, "id": one, "task": data.get("task") if kind != "task" else one, "data": data} for (kind, one), data in rows.items()
    ]
    given = {
        "words": catalogue(),
        "person": person,
        "now": now.astimezone(LOCAL).isoformat(timespec="milliseconds"),
        "rows": plain_rows,
        "entries": list(entries),
        "asks": [msgspec.to_builtins(one) for one in asks],
    }
    found: list[dict[str, Any] | None] = run("show.mjs", given)
    return found


def plain(value: Any) -> Any:
    """A context as JSON would bring it."""
    return json.loads(msgspec.json.encode(value))


def differences(server: Any, here: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Where two contexts differ: the path and what each side has. What the device leaves to the server agrees with a refusal."""
    if not path and here is None and isinstance(server, dict) and server.get("status", 200) >= 400:
        return
    if isinstance(server, dict) and isinstance(here, dict):
        leave = {"part"} if not path else set()
        for key in sorted({*server, *here} - APART.keys() - leave):
            if f"{path.rpartition(' → ')[2]}.{key}" in APART:
                continue
            if key not in server:
                yield f"{path} → {key}", f"only the device says it: {_short(here[key])}"
            elif key not in here:
                yield f"{path} → {key}", f"the device does not say it; the server: {_short(server[key])}"
            else:
                yield from differences(server[key], here[key], f"{path} → {key}")
    elif isinstance(server, list) and isinstance(here, list):
        if len(server) != len(here):
            yield f"{path}", f"the server has {len(server)}, the device {len(here)}: {_short(server)} | {_short(here)}"
        for place, (one, other) in enumerate(zip(server, here, strict=False)):
            yield from differences(one, other, f"{path}[{place}]")
    elif server != here or isinstance(server, bool) is not isinstance(here, bool):
        yield path, f"the server says {_short(server)}, the device {_short(here)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"

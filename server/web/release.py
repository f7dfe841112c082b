"""What the service worker is given: its script, the shell of a release, and what makes the app installable."""

from functools import cache

import orjson
from litestar import get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Response

from server.web.assets import ASKED_ANEW, FOR_EVER, ROOT, Asset, address, asset_version, assets, ready, send
from server.web.page import HEADERS
from server.web.replies import AnyRequest
from server.words import catalogue

#: Rooms of ``static/js`` that only the worker imports; the browser keeps the scripts of a worker by itself.
OF_THE_WORKER = ("js/worker/", "js/show/", "js/outbox/", "js/replica/")
#: What has one address in every release: the names of these never mean anything else, or hardly matter.
UNVERSIONED = ("fonts/", "icons/", "icons.svg", "mark.svg", "vendor/htmx-")
#: Files of vendor/ that a page or the worker fetches itself, besides htmx.
FETCHED = ("vendor/idiomorph-", "vendor/minijinja-")
SHOWN = (".css", ".js", ".mjs", ".svg", ".woff2", ".wasm", ".png")
#: The worker runs WebAssembly, pages do not; it loads nothing and talks to nobody but this server.
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


def shell() -> list[str]:
    """The addresses that pages of this release need when there is no network."""
    found = []
    for name in assets():
        if not name.endswith(SHOWN) or name.startswith(OF_THE_WORKER):
            continue
        if name.startswith(UNVERSIONED):
            found.append(f"/static/{name}")
        elif name.startswith(FETCHED) or not name.startswith("vendor/"):
            found.append(address(name))
    return found


@cache
def release(max_bytes: int) -> Asset:
    """Everything that the worker needs besides files, once."""
    templates = ROOT / "templates"
    said = {
        "version": asset_version(),
        "files": shell(),
        "templates": {
            path.relative_to(templates).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted((templates / "shared").rglob("*.html"))
        },
        "words": catalogue(),
        "headers": HEADERS,
        "wasm": next(address(name) for name in assets() if name.startswith("vendor/minijinja-") and name.endswith(".wasm")),
        "max_bytes": max_bytes,
    }
    return ready(orjson.dumps(said), "application/json")


@cache
def script() -> Asset:
    """The worker's script: another text for another release, so that browsers notice."""
    return ready(f'// The service worker of this release.\nimport "{address("js/worker/main.js")}";\n'.encode(), "text/javascript", False)


def prepare(max_bytes: int) -> None:
    """Read everything of this release now: what is put in its place on the disk later is the next one's."""
    assets()
    release(max_bytes)
    script()


@get("/sw.js", sync_to_thread=False)
def worker(request: AnyRequest) -> Response[bytes]:
    """The service worker, over the whole site."""
    return send(request, script(), ASKED_ANEW, {"Service-Worker-Allowed": "/", "Content-Security-Policy": WORKER_POLICY})


@get("/offline/{name:str}", sync_to_thread=False)
def offline(request: AnyRequest, name: FromPath[str], state: State) -> Response[bytes]:
    """``{version}.json``: the release as the worker needs it; there is no other here than this one."""
    if name != f"{asset_version()}.json":
        raise NotFoundException
    return send(request, release(state.files.limit), FOR_EVER)


@get("/manifest.webmanifest", sync_to_thread=False)
def manifest(request: AnyRequest) -> Response[bytes]:
    """What the product is called and looks like once it is installed."""
    return send(request, assets()["manifest.webmanifest"], ASKED_ANEW)


routes = [worker, offline, manifest]

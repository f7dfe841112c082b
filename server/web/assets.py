"""The files of ``static/``: read once, compressed once; those of a release stand below its version."""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from litestar import get
from litestar.exceptions import NotFoundException
from litestar.response import Response

from server.web.replies import AnyRequest

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
FOR_EVER = "public, max-age=31536000, immutable"
#: A file that is asked for without a version may be another one tomorrow.
ASKED_ANEW = "no-cache"
#: What a release is besides its files: the service worker shows pages by these.
ALSO_OF_A_RELEASE = ("templates/shared/**/*.html", "server/words/*.toml")
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
}
COMPRESSED = (".css", ".js", ".mjs", ".json", ".svg", ".txt", ".webmanifest", ".wasm")


class Asset(msgspec.Struct, frozen=True):
    """One file, ready to send."""

    body: bytes
    packed: bytes | None
    etag: str
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Every file by its path below ``static/``."""
    found = {}
    for path in sorted(STATIC.rglob("*")):
        if path.is_file() and path.suffix in TYPES:
            found[path.relative_to(STATIC).as_posix()] = ready(path.read_bytes(), TYPES[path.suffix], path.suffix in COMPRESSED)
    return found


def ready(body: bytes, media_type: str, compressed: bool = True) -> Asset:
    """Bytes with their mark, and compressed once where that saves something."""
    mark = hashlib.sha256(body).hexdigest()[:20]
    return Asset(body, gzip.compress(body, 6, mtime=0) if compressed else None, f'"{mark}"', media_type)


@cache
def asset_version() -> str:
    """The release: a short mark that changes when a file, a template of the worker or a sentence does."""
    said = hashlib.sha256("".join(f"{name}{asset.etag}" for name, asset in assets().items()).encode())
    for pattern in ALSO_OF_A_RELEASE:
        for path in sorted(ROOT.glob(pattern)):
            said.update(path.relative_to(ROOT).as_posix().encode())
            said.update(path.read_bytes())
    return said.hexdigest()[:10]


def address(name: str) -> str:
    """Where a file of this release stands: new bytes never come under an old address."""
    return f"/static/v-{asset_version()}/{name}"


def send(request: AnyRequest, asset: Asset, cache_control: str, more: Mapping[str, str] | None = None) -> Response[bytes]:
    """One file, compressed where the browser can take it; 304 for who has it already."""
    headers = {
        "Cache-Control": cache_control,
        "ETag": asset.etag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        **(more or {}),
    }
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)


@get("/static/{name:path}", sync_to_thread=False)
def static_file(request: AnyRequest, name: str) -> Response[bytes]:
    """One file. Below ``v-{version}/`` it is of that release, for ever; of another release than this one there is none here."""
    wanted = name.lstrip("/")
    release, _, below = wanted.partition("/")
    versioned = release.startswith("v-")
    if versioned and release != f"v-{asset_version()}":
        raise NotFoundException
    asset = assets().get(below if versioned else wanted)
    if asset is None:
        raise NotFoundException
    # A file of vendor/ carries its own version in its name, and a font never changes under its name.
    kept = versioned or wanted.startswith(("vendor/", "fonts/"))
    return send(request, asset, FOR_EVER if kept else ASKED_ANEW)

"""The files of ``static/``: read once, compressed once, known by one version."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

import msgspec
from litestar import get
from litestar.exceptions import NotFoundException
from litestar.response import Response

from server.web.replies import AnyRequest

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
#: Modules import each other without ``?v=``: a new one must not meet an old one.
ASKED_ANEW = "no-cache"
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
            body = path.read_bytes()
            packed = gzip.compress(body, 6, mtime=0) if path.suffix in COMPRESSED else None
            mark = hashlib.sha256(body).hexdigest()[:20]
            found[path.relative_to(STATIC).as_posix()] = Asset(body, packed, f'"{mark}"', TYPES[path.suffix])
    return found


@cache
def asset_version() -> str:
    """A short mark that changes when any of the files does; pages ask for ``?v=`` of it."""
    said = "".join(f"{name}{asset.etag}" for name, asset in assets().items())
    return hashlib.sha256(said.encode()).hexdigest()[:10]


@get("/static/{name:path}", sync_to_thread=False)
def static_file(request: AnyRequest, name: str) -> Response[bytes]:
    """One file, 304 for who has it already. With the version of now it may be kept for ever."""
    asset = assets().get(name.lstrip("/"))
    if asset is None:
        raise NotFoundException
    # A versioned file of vendor/ and a font never change under their names.
    kept = request.query_params.get("v") == asset_version() or name.lstrip("/").startswith(("vendor/", "fonts/"))
    headers = {
        "Cache-Control": FOR_EVER if kept else ASKED_ANEW,
        "ETag": asset.etag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)

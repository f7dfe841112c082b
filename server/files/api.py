"""``/files``: send, and read what one may see."""

import asyncio
from typing import Any, Protocol, TypeAlias

import msgspec
from litestar import HttpMethod, Request, Response, Router, post, put, route
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, SkipValidation
from litestar.response.base import ASGIResponse

from server.errors import Refusal
from server.files import rules
from server.files.intake import Taken, take_uploads, take_whole
from server.files.pieces import Pieces
from server.files.queries import Held, MaySee, file_for
from server.files.serve import Asked, answer
from server.files.store import Store
from server.files.upload import piece_of, receive
from server.storage.ids import utc_now


class Viewer(Protocol):
    """Whoever is signed in; the application provides him as ``viewer``."""

    @property
    def id(self) -> str: ...


class Files:
    """The store with the two things that only the application knows: who may see a task, and the largest size (bytes) of a file."""

    def __init__(self, store: Store, may_see: MaySee, limit: int = rules.DEFAULT_LIMIT) -> None:
        self.store = store
        self.pieces = Pieces(store)
        self.may_see = may_see
        self.limit = limit

    async def held(self, viewer: Viewer, sha: FromPath[str], name: str | None = None) -> Held:
        """The file if the viewer may read it. Refusal (not_found) in every other case: nobody learns which contents exist."""
        found = await file_for(viewer.id, sha, self.may_see, name)
        if found is None:
            raise Refusal("not_found", "files.not_here")
        return found


SignedIn: TypeAlias = NamedDependency[SkipValidation[Viewer]]
TheFiles: TypeAlias = NamedDependency[SkipValidation[Files]]
_READ = [HttpMethod.GET, HttpMethod.HEAD]


@route("/{sha:str}", http_method=_READ)
async def download(
    request: Request[Any, Any, Any], sha: FromPath[str], viewer: SignedIn, files: TheFiles, name: FromQuery[str | None] = None
) -> ASGIResponse:
    """The file. HEAD says besides how much of it is here: ``Upload-Offset``, with ``Upload-Complete: ?1`` once it is whole."""
    asked = Asked.of(request.method, request.headers)
    found = await file_for(viewer.id, sha, files.may_see, name)
    if found is None and asked.head and rules.is_sha(sha):
        received = await asyncio.to_thread(files.pieces.received, sha, viewer.id)
        headers = {"Upload-Offset": str(received), "Upload-Complete": "?0", "Content-Length": str(received), "Cache-Control": "no-store"}
        return ASGIResponse(status_code=200 if received else 404, headers=headers, is_head_response=True)
    if found is None:
        raise Refusal("not_found", "files.not_here")
    said = answer(files.store, found.id, found.media_type, found.name, asked)
    if asked.head:
        said.headers.update({"Upload-Offset": str(found.size), "Upload-Complete": "?1"})
    return said


@put("/{sha:str}")
async def send_piece(
    request: Request[Any, Any, Any], sha: FromPath[str], viewer: SignedIn, files: TheFiles, name: FromQuery[str | None] = None
) -> Response[dict[str, Any]]:
    """Take a file or a piece of it.

    201 once it is whole, 200 if it was before, 202 while some is missing, 409 if something is missing before this piece.
    """
    try:
        return await _taken(request, sha, viewer.id, files, name or "")
    except Refusal as refusal:
        # Such as the same piece arriving twice at one moment: its sender reads where to go on, as in every answer.
        here = await asyncio.to_thread(files.pieces.received, sha, viewer.id) if rules.is_sha(sha) else 0
        return _received(refusal.status, here, complete=False, refusal=refusal)


async def _taken(request: Request[Any, Any, Any], sha: str, by: str, files: Files, name: str) -> Response[dict[str, Any]]:
    if not rules.is_sha(sha):
        raise Refusal("invalid", "files.piece_wrong", field="files")
    piece = piece_of(request.headers.get("content-range"))
    known = await file_for(by, sha, files.may_see)
    if known is not None and files.store.exists(known.id):
        size = files.store.size(known.id)
        return _received(200, size, complete=True, file={"sha256": known.id, "sent": sha, "name": known.name, "size": size})
    if piece.total is not None and piece.total > files.limit:
        refusal = Refusal("invalid", "files.too_large", field="files", limit=files.limit // rules.MEGABYTE)
        return _received(413, 0, complete=False, refusal=refusal)
    here = await asyncio.to_thread(files.pieces.received, sha, by)
    if piece.first > here:
        raise Refusal("conflict", "files.piece_missing", received=here)
    here = await receive(files.pieces, sha, request.stream(), piece, by=by, limit=files.limit)
    if piece.total is not None and here < piece.total:
        return _received(202, here, complete=False)
    taken = await take_whole(files.store, files.pieces, sha, name, by=by, now=utc_now())
    return _received(201, here, complete=True, file=msgspec.to_builtins(taken))


def _received(
    status: int, received: int, *, complete: bool, file: dict[str, Any] | None = None, refusal: Refusal | None = None
) -> Response[dict[str, Any]]:
    body: dict[str, Any] = {"received": received, "complete": complete, **(file or {})}
    if refusal is not None:
        body |= {"code": refusal.code, "message": refusal.message, "field": refusal.field}
    headers = {"Upload-Offset": str(received), "Upload-Complete": f"?{int(complete)}", "Cache-Control": "no-store"}
    return Response(body, status_code=status, headers=headers)


@route("/{sha:str}/thumb", http_method=_READ)
async def thumbnail(request: Request[Any, Any, Any], sha: FromPath[str], viewer: SignedIn, files: TheFiles) -> ASGIResponse:
    """Its small picture."""
    held = await files.held(viewer, sha)
    if held.thumb is None:
        raise Refusal("not_found", "files.no_thumb")
    name = rules.clean_name(held.name, rules.WEBP, held.thumb)
    return answer(files.store, held.thumb, rules.WEBP, name, Asked.of(request.method, request.headers))


@post("/", status_code=201)
async def send(request: Request[Any, Any, Any], viewer: SignedIn, files: TheFiles) -> list[Taken]:
    """Keep the files of a form, field ``files``; one or more."""
    form = await request.form()
    uploads = [value for value in form.getall("files", []) if isinstance(value, UploadFile)]
    return await take_uploads(files.store, uploads, by=viewer.id, now=utc_now(), limit=files.limit)


def router(files: Files) -> Router:
    """The routes. A body may be as large as a full form; each file is measured while it is stored."""
    return Router(
        path="/files",
        route_handlers=[download, send_piece, thumbnail, send],
        dependencies={"files": Provide(lambda: files, sync_to_thread=False)},
        request_max_body_size=files.limit * rules.MOST_FILES + rules.MEGABYTE,
    )

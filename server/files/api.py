"""``/files``: send, and read what one may see."""

from typing import Any, Protocol, TypeAlias

from litestar import HttpMethod, Request, Router, post, route
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, SkipValidation
from litestar.response.base import ASGIResponse

from server.errors import Refusal
from server.files import rules
from server.files.intake import Taken, take_uploads
from server.files.queries import Held, MaySee, file_for
from server.files.serve import Asked, answer
from server.files.store import Store
from server.storage.ids import utc_now


class Viewer(Protocol):
    """Whoever is signed in; the application provides him as ``viewer``."""

    @property
    def id(self) -> str: ...


class Files:
    """The store with the two things that only the application knows: who may see a task, and the largest size (bytes) of a file."""

    def __init__(self, store: Store, may_see: MaySee, limit: int = rules.DEFAULT_LIMIT) -> None:
        self.store = store
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
    """The file."""
    held = await files.held(viewer, sha, name)
    return answer(files.store, held.id, held.media_type, held.name, Asked.of(request.method, request.headers))


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
        route_handlers=[download, thumbnail, send],
        dependencies={"files": Provide(lambda: files, sync_to_thread=False)},
        request_max_body_size=files.limit * rules.MOST_FILES + rules.MEGABYTE,
    )

"""What the page and the programs' way of signing in share: the attempt, the cookie, the end."""

from typing import TypeVar

from litestar.datastructures import Cookie
from litestar.response import Response

from server.accounts.device import describe
from server.accounts.entry import Attempt, sign_in
from server.accounts.origin import own_origin
from server.accounts.sessions import COOKIE, session_id
from server.errors import Refusal
from server.web.office import office_of
from server.web.replies import AnyRequest

T = TypeVar("T")

#: Readable by scripts: whose session it is. The service worker looks before each answer.
PERSON_COOKIE = "soviec_person"
SECONDS_OF_A_DAY = 86_400
#: Bytes of a sign-in, which anybody may send: a name and a password are no more.
MAX_BODY = 64 * 1024


async def open_session(request: AnyRequest, username: str, password: str) -> tuple[str, str]:
    """(person, token), or SignInRefused. A form of another site is refused before anything is looked at."""
    office = office_of(request)
    if not own_origin(request.headers, office.settings.public_url):
        raise Refusal("not_allowed", "accounts.foreign_form")
    before = request.cookies.get(COOKIE)
    attempt = Attempt(
        username=username,
        password=password,
        address=request.client.host if request.client else "",
        device=describe(request.headers.get("user-agent", "")),
        now=office.clock(),
        session_days=office.settings.session_days,
        replaces=session_id(before) if before else None,
    )
    return await sign_in(attempt, office.brake)


def keep_cookie(request: AnyRequest, answer: Response[bytes], token: str, person: str) -> Response[bytes]:
    """Give the browser its session, and the service worker the name of whose it is."""
    answer.set_cookie(_cookie(request, COOKIE, token, hidden=True))
    return name_person(request, answer, person)


def name_person(request: AnyRequest, answer: Response[bytes], person: str) -> Response[bytes]:
    """Say whose session this browser has. It opens no door: the service worker answers for nobody else."""
    if request.cookies.get(PERSON_COOKIE) != person:
        answer.set_cookie(_cookie(request, PERSON_COOKIE, person, hidden=False))
    return answer


def _cookie(request: AnyRequest, key: str, value: str, *, hidden: bool) -> Cookie:
    settings = office_of(request).settings
    life = settings.session_days * SECONDS_OF_A_DAY
    return Cookie(key=key, value=value, path="/", max_age=life, httponly=hidden, secure=settings.secure, samesite="lax")


def drop_cookie(answer: Response[T]) -> Response[T]:
    """Take the session out of the browser."""
    answer.delete_cookie(COOKIE, path="/")
    answer.delete_cookie(PERSON_COOKIE, path="/")
    return answer

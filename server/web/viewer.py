"""Who looks at a page: the session behind the cookie, and the check of forms."""

from datetime import date, datetime
from typing import TypeAlias, cast
from urllib.parse import quote

import msgspec
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import SkipValidation

from server.accounts import rules as account_rules
from server.accounts.commands import Seen
from server.accounts.queries import SessionFacts, session
from server.accounts.sessions import COOKIE, csrf_matches, csrf_token, session_id
from server.calendar.current import refresh
from server.notify.inbox.queries import unread
from server.people import rules
from server.people.directory import Directory, Profile
from server.people.queries import directory
from server.storage.door import carry_out
from server.storage.ids import LOCAL
from server.web.office import Office, office_of
from server.web.replies import AnyRequest, by_itself, came_from, wants_json

FORM_FIELD = "csrf_token"
HEADER = "x-csrf-token"
SAFE = ("GET", "HEAD", "OPTIONS")
#: What a person may open who has yet to choose a password of his own.
BEFORE_OWN_PASSWORD = ("/me/password", "/sign-out", "/api/v1/session")


class SignedOut(Exception):
    """Nobody is signed in here, or not any more. ``next`` is where he wanted to go."""

    def __init__(self, next_path: str) -> None:
        self.sign_in = "/sign-in" if next_path == "/" else f"/sign-in?next={quote(next_path, safe='')}"
        super().__init__(next_path)


class MustChangePassword(Exception):
    """The password was set by somebody else; the person chooses an own one first."""


class ForeignForm(Exception):
    """A write without the token of this session."""


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """The person at the other end, and the moment of his request. ``today`` is the day of the office."""

    profile: Profile
    actor: rules.Person
    directory: Directory
    session: str
    csrf: str
    now: datetime
    today: date
    #: What printed papers say before the date.
    place: str = ""
    #: Messages that he has not read: the number beside Thông báo, counted for pages alone.
    unread: int = 0

    @property
    def id(self) -> str:
        """The person's identifier: the actor of commands."""
        return self.profile.id


#: What a page asks for: ``async def me(request: AnyRequest, viewer: SignedIn)``.
SignedIn: TypeAlias = NamedDependency[SkipValidation[Viewer]]


async def viewer(request: AnyRequest) -> Viewer:
    """The dependency of every page but the sign-in. Raises SignedOut, MustChangePassword or ForeignForm."""
    office = office_of(request)
    now = office.clock()
    token = request.cookies.get(COOKIE)
    found = await session(session_id(token)) if token else None
    if found is None or found.disabled or _over(found, now, office):
        raise SignedOut(_wanted(request))
    known = await directory(found.version or 0)
    await refresh(found.calendar or 0)
    profile = known.people.get(found.person)
    if profile is None or not profile.active:
        raise SignedOut(_wanted(request))
    seen = Viewer(
        profile=profile,
        actor=known.actor(profile.id),
        directory=known,
        session=found.id,
        csrf=csrf_token(office.secret, found.id),
        now=now,
        today=now.astimezone(LOCAL).date(),
        place=office.settings.place,
        unread=0 if wants_json(request) else await unread(profile.id, now),
    )
    request.scope["state"]["viewer"] = seen
    if request.method not in SAFE:
        await _check_form(request, office, found.id)
    if found.must_change and request.url.path not in BEFORE_OWN_PASSWORD:
        raise MustChangePassword
    # A screen that nobody sits at must not keep its session alive by asking for itself.
    if not by_itself(request) and now - found.seen_at >= account_rules.seen_interval(office.settings.idle_minutes):
        await carry_out(Seen(session=found.id), actor=profile.id, now=now, source="page")
    return seen


def viewer_of(request: AnyRequest) -> Viewer | None:
    """The viewer that this request has found already, for pages that say what went wrong."""
    return cast("Viewer | None", request.scope["state"].get("viewer"))


def _over(found: SessionFacts, now: datetime, office: Office) -> bool:
    return account_rules.session_over(found.seen_at, found.expires_at, now, office.settings.idle_minutes)


def _wanted(request: AnyRequest) -> str:
    if request.method not in SAFE or request.headers.get("hx-request") == "true":
        return came_from(request)
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


async def _check_form(request: AnyRequest, office: Office, session: str) -> None:
    given = request.headers.get(HEADER)
    if given is None and request.content_type[0] in (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART):
        field = (await request.form()).get(FORM_FIELD)
        given = field if isinstance(field, str) else None
    if not csrf_matches(office.secret, session, given):
        raise ForeignForm

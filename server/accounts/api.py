"""Signing in and out as programs do it."""

from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.response import Response

from server.accounts.commands import SignOut
from server.accounts.sessions import csrf_token, session_id
from server.errors import Refusal
from server.people.directory import Directory
from server.people.queries import directory
from server.storage.door import carry_out
from server.storage.ids import LOCAL
from server.web.office import office_of
from server.web.replies import AnyRequest, json
from server.web.session import MAX_BODY, drop_cookie, keep_cookie, name_person, open_session
from server.web.viewer import SignedIn

PATH = "/api/v1/session"
#: Says in an answer for whom it is: whoever keeps answers or waiting work for one person sees at once when it is another's.
PERSON_HEADER = "Soviec-Person"


class Given(msgspec.Struct, frozen=True):
    """The body of a sign-in. ``code`` is the second factor, which is not asked for yet."""

    username: str
    password: str
    code: str | None = None


def person_json(known: Directory, person: str, may_assign: list[str]) -> dict[str, Any]:
    """A person as programs know him; ``may_assign`` is only for himself."""
    profile = known.people[person]
    return {
        "id": profile.id,
        "username": profile.username,
        "name": profile.name,
        "position": profile.position,
        "unit": profile.unit,
        "active": profile.active,
        "may_assign": may_assign,
    }


@post(PATH, request_max_body_size=MAX_BODY)
async def create_session(request: AnyRequest) -> Response[bytes]:
    """201 with the person and the token of forms, and the cookie; 401, 403 or 429 with a sentence."""
    try:
        given = msgspec.json.decode(await request.body(), type=Given)
    except msgspec.MsgspecError:
        raise Refusal("invalid", "web.bad_request") from None
    person, token = await open_session(request, given.username, given.password)
    office = office_of(request)
    known = await directory()
    today = office.clock().astimezone(LOCAL).date()
    may_assign = [one.id for one in known.may_assign(known.actor(person), today)]
    said = {"person": person_json(known, person, may_assign), "csrf_token": csrf_token(office.secret, session_id(token))}
    return keep_cookie(request, json(said, 201, {PERSON_HEADER: person}), token, person)


@get(PATH)
async def current_session(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Who is signed in here."""
    may_assign = [one.id for one in viewer.directory.may_assign(viewer.actor, viewer.today)]
    said = {"person": person_json(viewer.directory, viewer.id, may_assign), "csrf_token": viewer.csrf}
    return name_person(request, json(said, headers={PERSON_HEADER: viewer.id}), viewer.id)


@delete(PATH, status_code=204)
async def end_session(viewer: SignedIn) -> Response[None]:
    """Sign out: 204."""
    await carry_out(SignOut(session=viewer.session), actor=viewer.id, now=viewer.now, source="page")
    return drop_cookie(Response(None, status_code=204, headers={"Cache-Control": "no-store"}))


routes = [create_session, current_session, end_session]

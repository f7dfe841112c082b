"""Signing in and out, and the page "Tôi": who I am here, my devices, my password."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.accounts import rules
from server.accounts.commands import SetPassword, SignOut, SignOutEverywhere
from server.accounts.entry import SignInRefused
from server.accounts.passwords import hash_password, matches, random_password
from server.accounts.queries import account, devices, session
from server.accounts.sessions import COOKIE, session_id
from server.accounts.show import delegation_lines, demo_accounts, device_lines
from server.errors import Refusal
from server.people.queries import directory
from server.people.rules import may
from server.storage.door import carry_out
from server.web.forms import read_form
from server.web.office import office_of
from server.web.page import page
from server.web.replies import AnyRequest, Notice, local_path, see_other
from server.web.session import MAX_BODY, drop_cookie, keep_cookie, open_session
from server.web.viewer import SignedIn, Viewer
from server.words import say


@get("/sign-in")
async def sign_in_form(request: AnyRequest) -> Response[bytes]:
    """The form; who is signed in already goes where he wanted."""
    wanted = local_path(request.query_params.get("next"))
    token = request.cookies.get(COOKIE)
    found = await session(session_id(token)) if token else None
    office = office_of(request)
    if (
        found
        and not found.disabled
        and not rules.session_over(found.seen_at, found.expires_at, office.clock(), office.settings.idle_minutes)
    ):
        return see_other(wanted)
    return await _sign_in_page(request, wanted)


@post("/sign-in", request_max_body_size=MAX_BODY)
async def sign_in(request: AnyRequest) -> Response[bytes]:
    """Open a session and go on to ``next``; or the form again, with what was wrong."""
    form = await read_form(request)
    wanted = local_path(form.text("next"))
    try:
        # The password is taken as it was typed: spaces at its ends belong to it.
        password = (await request.form()).get("password", "")
        person, token = await open_session(request, form.text("username"), password if isinstance(password, str) else "")
    except SignInRefused as problem:
        return await _sign_in_page(request, wanted, problem.message, form.text("username"), problem.status)
    return keep_cookie(request, see_other(wanted), token, person)


async def _sign_in_page(
    request: AnyRequest, wanted: str, message: str | None = None, username: str = "", status: int = 200
) -> Response[bytes]:
    context: dict[str, Any] = {
        "message": message,
        "username": username,
        "next": wanted,
        "demo": demo_accounts(await directory()),
    }
    return page(request, None, "web/sign_in.html", context, status=status, nav="")


@post("/sign-out")
async def sign_out(viewer: SignedIn) -> Response[bytes]:
    """End this session."""
    await carry_out(SignOut(session=viewer.session), actor=viewer.id, now=viewer.now, source="page")
    return drop_cookie(see_other("/sign-in", Notice(say("accounts.signed_out"))))


@get("/me")
async def me(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Who I am here: name, position, unit, powers lent and held, devices."""
    known = viewer.directory
    unit = known.units.get(viewer.profile.unit or "")
    context = {
        "title": say("web.nav.me"),
        "person": viewer.profile,
        "unit": unit.name if unit else "",
        "held": delegation_lines(known, viewer.today, receiver=viewer.id),
        "given": delegation_lines(known, viewer.today, giver=viewer.id),
        "devices": device_lines(await devices(viewer.id, viewer.now), viewer.session, viewer.today),
    }
    return page(request, viewer, "web/me.html", context, nav="me")


@get("/me/sessions")
async def my_sessions(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The devices that are signed in."""
    shown = device_lines(await devices(viewer.id, viewer.now), viewer.session, viewer.today)
    return page(request, viewer, "web/sessions.html", {"devices": shown}, nav="me")


@post("/me/sessions")
async def end_other_sessions(viewer: SignedIn) -> Response[bytes]:
    """Sign out everywhere else."""
    answer = await carry_out(SignOutEverywhere(person=viewer.id, keep=viewer.session), actor=viewer.id, now=viewer.now, source="page")
    return see_other("/me/sessions", Notice(say("accounts.signed_out_others", count=answer["ended"])))


async def _password_page(request: AnyRequest, viewer: Viewer, errors: dict[str, str], status: int = 200) -> Response[bytes]:
    known = await account(viewer.id)
    must = say("accounts.password_must_change") if known and known.must_change else None
    return page(request, viewer, "web/password.html", {"errors": errors, "must": must}, status=status, nav="me")


@get("/me/password")
async def password_form(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The form for a new password."""
    return await _password_page(request, viewer, {})


@post("/me/password")
async def change_password(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Set a new password; all other devices are signed out."""
    sent = await request.form()
    current, new, again = (str(sent.get(name, "")) for name in ("current", "password", "again"))
    known = await account(viewer.id)
    brake = office_of(request).brake
    address = request.client.host if request.client else ""
    errors: dict[str, str] = {}
    weak = rules.weakness(new, viewer.profile.username)
    if brake.holds(address, viewer.now):
        errors["current"] = say("accounts.refused_too_many")
    elif known is None or not await matches(known.password_hash, current):
        brake.failed(address, viewer.now)
        errors["current"] = say("accounts.password_current")
    elif weak:
        errors["password"] = say(weak)
    elif new == current:
        errors["password"] = say("accounts.password_same")
    elif new != again:
        errors["again"] = say("accounts.password_twice")
    if errors:
        return await _password_page(request, viewer, errors, 422)
    await carry_out(
        SetPassword(person=viewer.id, password_hash=await hash_password(new), keep=viewer.session),
        actor=viewer.id,
        now=viewer.now,
        source="page",
    )
    return see_other("/me", Notice(say("accounts.password_changed")))


@post("/people/{person:str}/password")
async def give_password(request: AnyRequest, viewer: SignedIn, person: FromPath[str]) -> Response[bytes]:
    """An administrator gives somebody a password that he has to change; it is shown once."""
    allowed = may(viewer.actor, "administer", None, viewer.today)
    if not allowed:
        raise Refusal("not_allowed", allowed.rule)
    profile = viewer.directory.people.get(person)
    if profile is None:
        raise Refusal("not_found", "people.unknown_person")
    password = random_password()
    asked = SetPassword(person=person, password_hash=await hash_password(password), must_change=True)
    await carry_out(asked, actor=viewer.id, now=viewer.now, source="page")
    context = {"name": profile.name, "username": profile.username, "password": password}
    return page(request, viewer, "web/given_password.html", context, nav="people")


routes = [
    give_password,
    sign_in_form,
    sign_in,
    sign_out,
    me,
    my_sessions,
    end_other_sessions,
    password_form,
    change_password,
]

"""/keys: tokens of other systems and screens on walls. Who may make, renew and take back what, the rules say."""

from typing import cast

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response

from server.errors import Refusal
from server.keys import rules
from server.keys.commands import KeyMake, KeyRevoke
from server.keys.queries import holder_may, key_by_id, overseen, scopes_of
from server.keys.secret import hash_of, hint_of, new_secret
from server.keys.show import key_lines, makes, new_context, opened_by
from server.storage.door import carry_out
from server.storage.engine import Row
from server.web.forms import Form, new_mutation, read_form
from server.web.office import base_of
from server.web.page import page
from server.web.replies import AnyRequest, Notice, see_other
from server.web.viewer import SignedIn, Viewer
from server.words import say

HOME = "/keys"


def _nav(viewer: Viewer) -> str:
    return "people" if viewer.profile.position == "admin" else "me"


@get(HOME)
async def keys(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Every key that the viewer may take back, and which he may make."""
    known, actor = viewer.directory, viewer.actor
    found = await overseen(actor, known, viewer.today)
    lines = key_lines([(one, holder_may(one, known, viewer.today)) for one in found], known, actor, viewer.now)
    context = {
        "keys": [one for one in lines if one["can_revoke"]],
        "ended": [one for one in lines if not one["can_revoke"]],
        "makes": makes(actor, known, viewer.today),
        "admin": actor.position == "admin",
    }
    return page(request, viewer, "keys/list.html", context, nav=_nav(viewer))


def _kind(text: str) -> rules.Kind:
    if text not in ("api", "wall"):
        raise Refusal("not_found", "keys.unknown")
    return cast(rules.Kind, text)


def _form_page(request: AnyRequest, viewer: Viewer, kind: rules.Kind, form: Form, problem: Refusal | None = None) -> Response[bytes]:
    context = new_context(kind, viewer.actor, viewer.directory, viewer.today) | {
        "values": form.values,
        "chosen": form.many("scopes"),
        "errors": {problem.field or "": problem.message} if problem else {},
        # What was made already wants an identifier of its own when it is made anew.
        "mutation": new_mutation() if problem is None or problem.code == "conflict" else form.mutation or new_mutation(),
    }
    return page(request, viewer, "keys/new.html", context, nav=_nav(viewer), status=problem.status if problem else 200)


def _as_form(stored: Row) -> Form:
    """The form of a key that is made anew: what it is, without its days."""
    scopes = [("scopes", one) for one in sorted(scopes_of(stored))]
    return Form([("name", stored["name"]), ("unit", stored["unit"] or ""), ("replaces", stored["id"]), *scopes])


@get(f"{HOME}/new")
async def new_key(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """The form; ``replaces`` names the key that is made anew."""
    kind = _kind(request.query_params.get("kind", ""))
    stored = await key_by_id(request.query_params.get("replaces", ""))
    if stored is not None and (stored["kind"] != kind or not _may_end(viewer, stored)):
        raise Refusal("not_found", "keys.unknown")
    if kind not in makes(viewer.actor, viewer.directory, viewer.today):
        raise Refusal("not_allowed", rules.may_make(kind, viewer.actor, (), viewer.today).rule)
    return _form_page(request, viewer, kind, _as_form(stored) if stored else Form([]))


def _may_end(viewer: Viewer, stored: Row) -> bool:
    over = rules.oversees(viewer.actor, stored["kind"], viewer.directory.path(stored["unit"]), viewer.today)
    return stored["person"] == viewer.id or over


@post(f"{HOME}/new")
async def make_key(request: AnyRequest, viewer: SignedIn) -> Response[bytes]:
    """Make a key and show its secret, this once; or the form again with what is wrong."""
    form = await read_form(request)
    kind = _kind(form.text("kind"))
    secret = new_secret()
    try:
        asked = KeyMake(
            id=form.mutation or new_mutation(),
            kind=kind,
            hash=hash_of(secret),
            hint=hint_of(secret),
            name=form.text("name"),
            scopes=form.many("scopes"),
            unit=form.raw("unit"),
            since=form.day("since"),
            until=form.day("until"),
            replaces=form.raw("replaces"),
        )
        await carry_out(asked, actor=viewer.id, now=viewer.now, source="page")
    except Refusal as problem:
        if problem.field is None and problem.code != "conflict":
            raise
        return _form_page(request, viewer, kind, form, problem)
    context = {"kind": kind, "name": " ".join(asked.name.split()), "secret": secret, "opened_by": opened_by(kind, base_of(request), secret)}
    return page(request, viewer, "keys/made.html", context, nav=_nav(viewer), headers={"Referrer-Policy": "no-referrer"})


@post(f"{HOME}/{{key:str}}/revoke")
async def revoke_key(viewer: SignedIn, key: FromPath[str]) -> Response[bytes]:
    """Take a key back."""
    stored = await key_by_id(key)
    await carry_out(KeyRevoke(id=key), actor=viewer.id, now=viewer.now, source="page")
    name = stored["name"] if stored else ""
    return see_other(HOME, Notice(say("keys.revoked", name=name)))


routes = [keys, new_key, make_key, revoke_key]

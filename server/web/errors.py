"""What people and programs are told when something is refused or goes wrong."""

import logging
from typing import Any

from litestar.exceptions import HTTPException
from litestar.response import Response

from server.accounts.entry import SignInRefused
from server.errors import Refusal
from server.storage.ids import new_id
from server.web.office import office_of
from server.web.page import html, page
from server.web.replies import AnyRequest, came_from, json, see_other, wants_json
from server.web.session import PERSON_COOKIE
from server.web.viewer import ForeignForm, MustChangePassword, SignedOut, viewer_of
from server.words import say

log = logging.getLogger("soviec")

#: What the page of errors knows to explain; other numbers read as one of these.
EXPLAINED = {401: 403, 405: 404, 422: 400}


def told(
    request: AnyRequest,
    status: int,
    code: str,
    message: str,
    *,
    field: str | None = None,
    reference: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response[bytes]:
    """One refusal, as JSON for programs, as a page for people; from within a part of a page it replaces the whole."""
    if wants_json(request):
        return json({"code": code, "message": message, "field": field}, status, headers)
    viewer = viewer_of(request)
    context = {
        "code": EXPLAINED.get(status, status),
        "message": message,
        "kept": None,
        "back": came_from(request, "") or None,
        "reference": reference,
    }
    return page(request, viewer, "web/error.html", context, status=status, nav="", headers=headers)


def refused(request: AnyRequest, problem: Refusal) -> Response[bytes]:
    """A rule said no."""
    return told(request, problem.status, problem.code, problem.message, field=problem.field)


def signed_out(request: AnyRequest, problem: SignedOut) -> Response[bytes]:
    """Nobody is signed in: to the sign-in and back afterwards."""
    if wants_json(request):
        answer = json({"code": "signed_out", "message": say("web.signed_out"), "field": None}, 401)
    elif request.headers.get("hx-request") == "true":
        answer = html(request, "", 401, {"HX-Redirect": problem.sign_in})
    else:
        answer = see_other(problem.sign_in)
    # The session's own cookie stays: this answer may come after that of a sign-in which another tab has just sent.
    if PERSON_COOKIE in request.cookies:
        answer.delete_cookie(PERSON_COOKIE, path="/")
    return answer


def must_change_password(request: AnyRequest, _: MustChangePassword) -> Response[bytes]:
    """First an own password."""
    if wants_json(request):
        return json({"code": "not_allowed", "message": say("web.must_change_password"), "field": None}, 403)
    if request.headers.get("hx-request") == "true":
        return html(request, "", 403, {"HX-Redirect": "/me/password"})
    return see_other("/me/password")


def foreign_form(request: AnyRequest, _: ForeignForm) -> Response[bytes]:
    """A write without the token of this session."""
    return told(request, 403, "not_allowed", say("web.foreign_form"))


def sign_in_refused(request: AnyRequest, problem: SignInRefused) -> Response[bytes]:
    """A sign-in by a program was refused; the page answers for itself."""
    return told(request, problem.status, problem.why, problem.message)


def http_problem(request: AnyRequest, problem: HTTPException) -> Response[bytes]:
    """What the framework refuses: unknown addresses, wrong methods, bodies that are too large or unreadable."""
    status = problem.status_code
    headers = {name: value for name, value in (problem.headers or {}).items() if name.lower() in ("allow", "retry-after")}
    if status == 404:
        return told(request, 404, "not_found", say("web.not_found"))
    if status == 405:
        return told(request, 405, "invalid", say("web.method_not_allowed"), headers=headers)
    if status == 413:
        return told(request, 413, "invalid", say("web.too_large", megabytes=office_of(request).settings.upload_limit_mb))
    if status < 500:
        return told(request, status, "invalid", say("web.bad_request"), headers=headers)
    return unexpected(request, problem)


def unexpected(request: AnyRequest, problem: Exception) -> Response[bytes]:
    """Our fault: a number for the person, the trace under that number for the log."""
    number = new_id()[-12:]
    log.error("%s %s failed, number %s", request.method, request.url.path, number, exc_info=problem)
    reference = say("web.reference", number=number)
    return told(request, 500, "error", f"{say('web.unexpected')} {reference}", reference=number)


HANDLERS: dict[Any, Any] = {
    Refusal: refused,
    SignedOut: signed_out,
    MustChangePassword: must_change_password,
    ForeignForm: foreign_form,
    SignInRefused: sign_in_refused,
    HTTPException: http_problem,
    Exception: unexpected,
}

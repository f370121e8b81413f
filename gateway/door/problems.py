"""Answers to refusals and faults: a problem document (RFC 9457) for programs, a page for people."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from dataclasses import field as member
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from flask import Flask, Response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # it ships no types
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as Answer

from gateway.door import auth, form_tokens, language
from gateway.door.http import HOST, etag_of
from kernel import context
from kernel.errors import LyceumError, Stale, Throttled, Unauthenticated, Unavailable

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
API: Final = "/api/"
#: Where programs ask: the beginnings of the paths.
PROGRAMS: Final = (API, "/live/", "/health", "/metrics", "/calendars/")
#: Retry-After, in seconds, while a service is away.
RETRY_SECONDS: Final = 2

#: Retry-After, in seconds, for the gateway's own limit: its window.
LIMIT_SECONDS: Final = 1

#: Status → its title.
TITLES: Final = {
    400: lazy_gettext("The request cannot be read"),
    401: lazy_gettext("Not signed in"),
    403: lazy_gettext("No access"),
    404: lazy_gettext("Not found"),
    405: lazy_gettext("This cannot be done here"),
    409: lazy_gettext("Not possible as things stand"),
    411: lazy_gettext("Say how long it is"),
    412: lazy_gettext("Someone changed it first"),
    413: lazy_gettext("Too large"),
    415: lazy_gettext("Another format is needed"),
    422: lazy_gettext("Check what was entered"),
    428: lazy_gettext("Say what you are changing"),
    429: lazy_gettext("Too often"),
    500: lazy_gettext("Our mistake"),
    503: lazy_gettext("A part of the system is away"),
    504: lazy_gettext("No answer in time"),
}

#: Status → the text of a refusal by Flask or werkzeug.
_DETAILS: Final = {
    404: lazy_gettext("There is nothing at this address."),
    405: lazy_gettext("This address does not take this method."),
    413: lazy_gettext("The body is larger than this address takes."),
    429: lazy_gettext("Very many people are signing in from your network at the moment. Try again in a second."),
    500: lazy_gettext("The mistake has been written down. Try again; if it stays, tell the methodologist the number."),
}
_RULES: Final = {
    400: "malformed",
    404: "no-such-address",
    405: "method-not-allowed",
    411: "length-required",
    413: "too-large",
    415: "media-type",
    428: "if-match-required",
    429: "throttled",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal or fault in the caller's language. `present`, of status 412, is the current state of the thing."""

    status: int
    detail: str
    rule: str
    field: str | None = None
    faults: tuple[dict[str, str], ...] = ()
    present: dict[str, Any] | None = None
    #: The fields of a refused form, which its person may send again.
    again: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = member(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the status."""
        return str(TITLES.get(self.status, TITLES[400 if self.status < 500 else 500]))

    @property
    def request_id(self) -> str:
        """The id to quote when asking what happened."""
        return request_id()

    def document(self) -> dict[str, Any]:
        """The members of the problem document."""
        document: dict[str, Any] = {
            "type": f"urn:lyceum:problem:{self.rule}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "rule": self.rule,
            "request_id": self.request_id,
        }
        if self.field is not None:
            document["field"] = self.field
        if self.faults:
            document["faults"] = self.faults
        if self.present is not None:
            document["present"] = self.present
        return document


def install(app: Flask) -> None:
    """Answer every error with a problem."""
    app.register_error_handler(LyceumError, _answer_to_refusal)
    app.register_error_handler(HTTPException, answer_to_http)
    app.register_error_handler(Exception, _answer_to_mistake)


def request_id() -> str:
    """The id of this request in the logs of the gateway and all services."""
    call = context.current()
    return call.call_id if call else ""


def of_refusal(error: LyceumError) -> Problem:
    """The problem for a refusal or fault of the gateway or a service."""
    detail = language.said(error.text)
    faults = tuple(
        {"field": fault.field, "rule": fault.rule, "message": language.said(fault.text)} for fault in error.faults
    )
    present = error.params.get("present") if isinstance(error, Stale) else None
    return Problem(error.status, detail, error.rule, error.field, faults, present, headers=_headers(error, present))


def of_http(error: HTTPException) -> Problem:
    """The problem for an error that Flask, werkzeug or an extension raised."""
    status = error.code or 500
    if isinstance(error, CSRFError):
        return _of_form()
    described = error.description if error.description != type(error).description else None
    if type(error).__module__.startswith("flask_"):  # extensions' own texts are not written for people
        described = None
    detail = gettext(described) if described else str(_DETAILS.get(status, TITLES.get(status, TITLES[400])))
    # such as Allow, the methods that the address takes
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = str(LIMIT_SECONDS)
    return Problem(status, detail, _RULES.get(status, "malformed" if status < 500 else "fault"), headers=headers)


def answer_to_http(error: HTTPException) -> Any:
    """The response to an error of the framework; a redirect stays one."""
    if error.code is not None and error.code < 400:
        return error
    return rendered(of_http(error))


def rendered(problem: Problem) -> Response:
    """The problem as a document for programs, or as a page for people."""
    if _is_for_programs():
        body = msgspec.json.encode(problem.document())
        response = Response(body, problem.status, mimetype=MEDIA_TYPE)
    else:
        response = Response(render_template("frame/error.html", problem=problem), problem.status)
    response.headers.update(problem.headers)
    return response


def _of_form() -> Problem:
    """The problem for a form that was shown in another session."""
    if form_tokens.is_anothers(request):
        detail = gettext("Somebody else has signed in since this page was opened. Nothing was done.")
        return Problem(409, detail, "other-account")
    again = form_tokens.to_send_again(request)
    if again:
        detail = gettext("You have signed in anew since this page was opened. What you typed is not saved yet.")
    else:
        detail = gettext("This form is too old, or cookies are off. Load the page again and send it once more.")
    return Problem(400, detail, "form-too-old", again=again)


def _headers(error: LyceumError, present: dict[str, Any] | None) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="lyceum"'
    if isinstance(error, Throttled):
        headers["Retry-After"] = str(error.params.get("retry_after", RETRY_SECONDS))
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_SECONDS)
    if present and isinstance(present.get("version"), int):
        headers["ETag"] = etag_of(present["version"])
    return headers


def _answer_to_refusal(error: LyceumError) -> Answer:
    if isinstance(error, Unauthenticated) and not _is_for_programs():
        again = form_tokens.to_send_again(request) if request.method == "POST" else ()
        if again:
            detail = gettext(
                "You are no longer signed in. What you typed is not saved yet: sign in, then send it again."
            )
            return rendered(Problem(error.status, detail, error.rule, again=again))
        goal = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("session.login", next=goal), 303)
    if error.rule == auth.CHANGE_FIRST and request.method == "GET" and not _is_for_programs():
        return redirect(url_for("password.page", next=request.full_path.rstrip("?")), 303)
    if error.status >= 500:
        log.warning("fault", kind=error.kind, rule=error.rule, request_id=request_id())
        if request.method == "POST" and not _is_for_programs():
            return rendered(replace(of_refusal(error), again=form_tokens.to_send_again(request)))
    return rendered(of_refusal(error))


def _is_for_programs() -> bool:
    """Whether the answer is a document: no page has links on a host that is none."""
    return request.path.startswith((API, "/live/", "/health", "/metrics", "/calendars/")) or not HOST.fullmatch(
        request.host
    )


def _answer_to_mistake(error: Exception) -> Response:
    """Answer to a bug: 500 with the request's id. The error's message is not logged, as it may hold personal data."""
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("mistake", error=type(error).__name__, frames=frames, request_id=request_id())
    return rendered(of_http(InternalServerError()))

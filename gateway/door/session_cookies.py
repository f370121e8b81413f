"""The session of a browser, in cookies that no script can read, and its renewal in passing.

Pages are asked for by cookies alone. At the API they identify the caller of a page's own requests (`api_caller`);
programs send an access token instead.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Flask, Request, Response, current_app, g, request

from contracts.identity.sessions import Sessions
from gateway.door import asking, auth, form_tokens, own_pages, policy
from gateway.door.auth import Caller, TokenChecker
from kernel.auth import Claims
from kernel.errors import Unauthenticated

SCHOOL_COOKIE: Final = "school"
STAY_COOKIE: Final = "stay"
#: A session that has not been used for this long cannot be renewed, so its cookies last no longer.
STAY_SECONDS: Final = 7 * 24 * 3600


def install(app: Flask) -> None:
    """Set and delete the cookies with the responses."""
    app.after_request(_set_cookies)


def identify(incoming: Request) -> bool:
    """Whether the cookies say who asks: they are there, and no Authorization header is.

    The header wins: a program that sends it says by it who it is, whoever is signed in in the browser around it, such
    as on the API's interactive page.
    """
    there = _name("access") in incoming.cookies or _name("refresh") in incoming.cookies
    return there and "Authorization" not in incoming.headers


def api_caller(tokens: TokenChecker, operation: str) -> Caller:
    """The caller of a page's request to the API, in the school that its header names.

    Nothing is looked up for a request that no page of this site sent. Raises what `own_pages.check`, `session` and
    `auth.check_account` raise, `Invalid` if the school is not an id, `Forbidden` if the account is no member of it.
    """
    own_pages.check(request, uploads=operation in policy.UPLOADS)
    token, claims = session(tokens)
    auth.check_account(request, claims, required=request.method not in own_pages.SAFE)
    return Caller(token, claims, claims.actor(auth.named_school(request)), by_cookies=True)


def session(checker: TokenChecker) -> tuple[str, Claims]:
    """The access token and its claims, after renewing it if it has expired.

    Pages opened at once send the same refresh token, and each gets a successor: identity lets the browser go on with
    any one of them. Raises `Unauthenticated` if there is no session or it has ended.
    """
    access, refresh = request.cookies.get(_name("access")), request.cookies.get(_name("refresh"))
    if access:
        try:
            return access, checker.claims(access)
        except Unauthenticated as error:
            if error.rule == "session-ended" or not refresh:
                raise
    if not refresh:
        raise Unauthenticated("Sign in first: no access token came with the request.", rule="token-missing")
    tokens: dict[str, Any] = asking.carry_out(Sessions.refresh_session, refresh_token=refresh)
    keep(tokens, stay=STAY_COOKIE in request.cookies)
    return tokens["access_token"], checker.claims(tokens["access_token"])


def keep(tokens: dict[str, Any], *, stay: bool) -> None:
    """Set the session's cookies with the response to this request; with `stay` they outlive the browser."""
    g.tokens, g.stay = tokens, stay


def drop() -> None:
    """Delete the session's cookies with the response to this request, and end the forms of its pages."""
    form_tokens.forget()
    g.signed_out = True


def remember_school(school: UUID) -> None:
    """Remember with the response to this request in which school pages are shown."""
    g.school_chosen = school


def _name(kind: str) -> str:
    """The cookie's name. Browsers accept the prefix `__Host-` only over HTTPS and only from this host."""
    return f"__Host-{kind}" if current_app.config["SESSION_COOKIE_SECURE"] else kind


def _set_cookies(response: Response) -> Response:
    tokens: dict[str, Any] | None = g.get("tokens")
    if g.get("signed_out"):
        for name in (_name("access"), _name("refresh"), STAY_COOKIE, SCHOOL_COOKIE):
            _set(response, name, "", max_age=0)
    elif tokens is not None:
        stay = STAY_SECONDS if g.stay else None
        _set(response, _name("access"), tokens["access_token"], max_age=stay)
        _set(response, _name("refresh"), tokens["refresh_token"], max_age=stay)
        if stay:
            _set(response, STAY_COOKIE, "1", max_age=stay)
    if "school_chosen" in g:
        _set(response, SCHOOL_COOKIE, str(g.school_chosen), max_age=None)
    return response


def _set(response: Response, name: str, value: str, *, max_age: int | None) -> None:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name, value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="Lax")

"""The session of a browser, in cookies that no script can read, and its renewal in passing.

Pages are asked for by cookies alone. At the API they identify the caller of a page's own requests (`api_caller`);
programs send an access token instead.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Flask, Request, Response, g, request

from contracts.identity.sessions import Sessions
from gateway.door import asking, auth, cookies, form_tokens, own_pages, policy
from gateway.door.auth import Caller, TokenChecker
from kernel.auth import Claims
from kernel.errors import Unauthenticated

ACCESS: Final = "access"
REFRESH: Final = "refresh"
SCHOOL: Final = "school"
CHILD: Final = "child"
STAY: Final = "stay"
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
    there = cookies.read(incoming, ACCESS) or cookies.read(incoming, REFRESH)
    return bool(there) and "Authorization" not in incoming.headers


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
    access, refresh = cookies.read(request, ACCESS), cookies.read(request, REFRESH)
    if access:
        try:
            return access, checker.claims(access)
        except Unauthenticated as error:
            if error.rule == "session-ended" or not refresh:
                raise
    if not refresh:
        raise Unauthenticated("Sign in first: no access token came with the request.", rule="token-missing")
    token = renew()
    return token, checker.claims(token)


def renew() -> str:
    """A new access token, with the roles of the moment; the browser gets it with the response."""
    tokens: dict[str, Any] = asking.carry_out(Sessions.refresh_session, refresh_token=cookies.read(request, REFRESH))
    keep(tokens, stay=bool(cookies.read(request, STAY)))
    return str(tokens["access_token"])


def keep(tokens: dict[str, Any], *, stay: bool) -> None:
    """Set the session's cookies with the response to this request; with `stay`, on a device of the visitor's own, they
    outlive the browser.
    """
    g.tokens, g.stay = tokens, stay


def on_own_device() -> bool:
    """Whether the visitor called the device their own at sign-in, and has not withdrawn it or signed out."""
    if g.get("signed_out"):
        return False
    return bool(g.stay if "tokens" in g else cookies.read(request, STAY))


def share_device() -> None:
    """From the response to this request on the session is that of a shared device: it ends with the browser."""
    held = {"access_token": cookies.read(request, ACCESS), "refresh_token": cookies.read(request, REFRESH)}
    keep(g.get("tokens") or held, stay=False)


def earlier() -> str:
    """The refresh token of the browser's session until now, whoever's it is; empty without one."""
    return cookies.read(request, REFRESH)


def drop() -> None:
    """Delete the session's cookies with the response to this request, and end the forms of its pages."""
    form_tokens.forget()
    g.signed_out = True


def remember_school(school: UUID) -> None:
    """Remember with the response to this request in which school pages are shown."""
    g.school_chosen = school


def remember_child(student_id: str) -> None:
    """Remember with the response to this request whose pages a family looks at."""
    g.child_chosen = student_id


def _set_cookies(response: Response) -> Response:
    tokens: dict[str, Any] | None = g.get("tokens")
    if g.get("signed_out"):
        for kind in (ACCESS, REFRESH, STAY, SCHOOL, CHILD):
            cookies.put(response, kind, "", max_age=0)
    elif tokens is not None:
        stay = STAY_SECONDS if g.stay else None
        cookies.put(response, ACCESS, tokens["access_token"], max_age=stay)
        cookies.put(response, REFRESH, tokens["refresh_token"], max_age=stay)
        if stay:
            cookies.put(response, STAY, "1", max_age=stay)
        elif cookies.read(request, STAY):  # of whoever signed in here before, on a device of their own
            cookies.put(response, STAY, "", max_age=0)
    if "child_chosen" in g:
        cookies.put(response, CHILD, g.child_chosen, max_age=None)
    if "school_chosen" in g:
        cookies.put(response, SCHOOL, str(g.school_chosen), max_age=None)
    return response

"""The visitor of a page: the session in cookies and its renewal, the chosen school, what the frame shows."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, current_app, g, request
from flask_babel import get_locale

from contracts.identity.sessions import Sessions
from gateway.door import asking, auth
from gateway.door.auth import Caller, TokenChecker
from gateway.pages.frame import kept
from kernel.auth import Claims
from kernel.errors import LyceumError, Unauthenticated

SCHOOL_COOKIE: Final = "school"
STAY_COOKIE: Final = "stay"
#: A session that has not been used for this long cannot be renewed, so its cookies last no longer.
STAY_SECONDS: Final = 7 * 24 * 3600
#: Seconds in which a repeated refresh token gets the same answer: pages opened at once send the same token.
SAME_MOMENT: Final = 30.0
REMEMBERED: Final = 10_000


@dataclass
class _Renewal:
    until: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    tokens: dict[str, Any] | None = None


@dataclass
class Renewals:
    """Exchanges each refresh token once, even if several requests send it at the same moment."""

    _known: OrderedDict[bytes, _Renewal] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def exchange(self, refresh_token: str) -> dict[str, Any]:
        """New tokens for a refresh token. Raises `Unauthenticated` if it is no longer valid."""
        renewal = self._of(hashlib.sha256(refresh_token.encode()).digest())
        with renewal.lock:
            if renewal.tokens is None or renewal.until < time.monotonic():
                renewal.tokens = asking.carry_out(Sessions.refresh_session, refresh_token=refresh_token)
                renewal.until = time.monotonic() + SAME_MOMENT
            return renewal.tokens

    def _of(self, digest: bytes) -> _Renewal:
        with self._lock:
            while self._known and (len(self._known) > REMEMBERED or _is_over(next(iter(self._known.values())))):
                self._known.popitem(last=False)
            return self._known.setdefault(digest, _Renewal(until=time.monotonic() + SAME_MOMENT))


def _is_over(renewal: _Renewal) -> bool:
    return renewal.until < time.monotonic() and not renewal.lock.locked()


def install(app: Flask) -> None:
    """Set the visitors' cookies, and give every template what the frame of a page shows."""
    app.extensions["lyceum-renewals"] = Renewals()
    app.after_request(_set_cookies)
    app.context_processor(
        lambda: {
            "visitor": g.get("caller"),
            "me": me_or_none,
            "leads": leads,
            "language": str(get_locale()),
        }
    )


def caller(tokens: TokenChecker) -> Caller:
    """The visitor, by the session in the cookies, in the chosen school or else in the first one.

    Raises `Unauthenticated` if there is no session or it has ended.
    """
    token, claims = _session(tokens)
    schools = [membership.tenant_id for membership in claims.memberships]
    wanted = request.args.get("school") or request.cookies.get(SCHOOL_COOKIE)
    chosen = next((school for school in schools if str(school) == wanted), schools[0] if schools else None)
    if chosen is not None and str(chosen) != request.cookies.get(SCHOOL_COOKIE) and len(schools) > 1:
        g.school_chosen = chosen
    return Caller(token, claims, claims.actor(chosen))


def sign_in(tokens: dict[str, Any], *, stay: bool) -> None:
    """Set the session's cookies with the response to this request."""
    g.tokens, g.stay = tokens, stay


def sign_out() -> None:
    """Delete the session's cookies with the response to this request."""
    g.signed_out = True


def me() -> dict[str, Any]:
    """Who is signed in."""
    if "me" not in g:
        g.me = kept.me()
    found: dict[str, Any] = g.me
    return found


def me_or_none() -> dict[str, Any] | None:
    """As `me`; None if nobody signed in or identity is away, since a page can be shown without it."""
    if auth.caller().actor is None:
        return None
    try:
        return me()
    except LyceumError:
        return None


def membership() -> dict[str, Any] | None:
    """The visitor's membership of the chosen school; None for an operator."""
    return _membership(me())


def _membership(known: dict[str, Any]) -> dict[str, Any] | None:
    school = str(auth.actor().tenant_id)
    return next((held for held in known["memberships"] if held["school_id"] == school), None)


def leads(class_id: str | None) -> bool:
    """Whether the visitor is homeroom teacher of the class; without a class (a group of several), of any class."""
    known = me_or_none()
    held = _membership(known) if known else None
    own = [led["class_id"] for led in held["homeroom"]] if held else []
    return bool(own) if class_id is None else class_id in own


def _session(checker: TokenChecker) -> tuple[str, Claims]:
    """The access token and its claims, after renewing it if it has expired."""
    access, refresh = request.cookies.get(_name("access")), request.cookies.get(_name("refresh"))
    if access:
        try:
            return access, checker.claims(access)
        except Unauthenticated as error:
            if error.rule == "session-ended" or not refresh:
                raise
    if not refresh:
        raise Unauthenticated("Sign in first: no access token came with the request.", rule="token-missing")
    tokens = current_app.extensions["lyceum-renewals"].exchange(refresh)
    sign_in(tokens, stay=STAY_COOKIE in request.cookies)
    return tokens["access_token"], checker.claims(tokens["access_token"])


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

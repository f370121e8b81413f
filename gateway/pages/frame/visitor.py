"""Who visits a page: the session in cookies, renewed in passing; the school chosen; what the frame of a page shows."""

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
from gateway.door.auth import Caller, Door
from kernel.auth import Claims
from kernel.errors import LyceumError, Unauthenticated

SCHOOL_COOKIE: Final = "school"
STAY_COOKIE: Final = "stay"
#: A session that is not used for so long cannot be renewed any more: its cookies need not stay longer.
STAY_SECONDS: Final = 7 * 24 * 3600
#: Two pages opened at once bring the same refresh token: the second gets what the first got.
SAME_MOMENT: Final = 30.0
REMEMBERED: Final = 10_000


@dataclass
class _Renewal:
    until: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    tokens: dict[str, Any] | None = None


@dataclass
class Renewals:
    """Exchanges of refresh tokens: each once, though several requests bring it at the same moment."""

    _known: OrderedDict[bytes, _Renewal] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def exchange(self, refresh_token: str) -> dict[str, Any]:
        """New tokens for a refresh token. Raises `Unauthenticated` where it is not good any more."""
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
    """Keep the cookies of visitors, and give every template what the frame of a page shows."""
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


def caller(door: Door) -> Caller:
    """Who visits, by the session in the cookies, in the school chosen or in the first one.

    Raises `Unauthenticated` where there is no session or it has ended.
    """
    token, claims = _session(door)
    schools = [membership.tenant_id for membership in claims.memberships]
    wanted = request.args.get("school") or request.cookies.get(SCHOOL_COOKIE)
    chosen = next((school for school in schools if str(school) == wanted), schools[0] if schools else None)
    if chosen is not None and str(chosen) != request.cookies.get(SCHOOL_COOKIE) and len(schools) > 1:
        g.school_chosen = chosen
    return Caller(token, claims, claims.actor(chosen))


def sign_in(tokens: dict[str, Any], *, stay: bool) -> None:
    """Let the visitor in: the answer to this request carries the session's cookies."""
    g.tokens, g.stay = tokens, stay


def sign_out() -> None:
    """Let the visitor out: the answer to this request takes the cookies back."""
    g.signed_out = True


def me() -> dict[str, Any]:
    """Who is signed in, asked once for each request."""
    if "me" not in g:
        g.me = asking.ask(Sessions.me)
    found: dict[str, Any] = g.me
    return found


def me_or_none() -> dict[str, Any] | None:
    """As `me`; None where nobody signed in or identity is away: the frame of a page does without."""
    if auth.caller().actor is None:
        return None
    try:
        return me()
    except LyceumError:
        return None


def membership() -> dict[str, Any] | None:
    """The visitor's place in the school chosen; None for an operator."""
    return _place(me())


def _place(known: dict[str, Any]) -> dict[str, Any] | None:
    school = str(auth.actor().tenant_id)
    return next((place for place in known["memberships"] if place["school_id"] == school), None)


def leads(class_id: str | None) -> bool:
    """Whether the visitor is homeroom teacher of the class; of any, for the lesson of a group of several."""
    known = me_or_none()
    place = _place(known) if known else None
    own = [led["class_id"] for led in place["homeroom"]] if place else []
    return bool(own) if class_id is None else class_id in own


def _session(door: Door) -> tuple[str, Claims]:
    access, refresh = request.cookies.get(_name("access")), request.cookies.get(_name("refresh"))
    if access:
        try:
            return access, door.claims(access)
        except Unauthenticated as error:
            if error.rule == "session-ended" or not refresh:
                raise
    if not refresh:
        raise Unauthenticated("Sign in first: no access token came with the request.", rule="token-missing")
    tokens = current_app.extensions["lyceum-renewals"].exchange(refresh)
    sign_in(tokens, stay=STAY_COOKIE in request.cookies)
    return tokens["access_token"], door.claims(tokens["access_token"])


def _name(kind: str) -> str:
    """With the prefix, browsers take the cookie over HTTPS from this host alone."""
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

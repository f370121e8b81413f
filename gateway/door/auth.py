"""Identify the caller: the request's access token, the school that it names, sessions that have ended."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

from cachetools import TTLCache
from flask import Request, g

from contracts.identity.sessions import Sessions
from gateway.door import policy
from kernel.auth import Actor, Claims, Verifier
from kernel.bus.calls import Calling
from kernel.contract import Rpc
from kernel.errors import Conflict, Forbidden, Invalid, Unauthenticated

#: The rule that says that the password has to be replaced first.
CHANGE_FIRST: Final = "password-issued"
#: Seconds by which the clocks of this machine and identity's may differ.
CLOCKS_DIFFER: Final = 5.0
#: The rule by which a service refuses a method that it does not have yet (`kernel.running.consumer`).
NO_SUCH_METHOD: Final = "no-such-method"
#: Seconds to wait for identity's word on a session.
CHECK_TIMEOUT: Final = 2.0

View = TypeVar("View", bound=Callable[..., Any])

SCHOOL_HEADER: Final = "Lyceum-School"
#: The account that a page was made for. Another may have signed in in the same browser since.
ACCOUNT_HEADER: Final = "Lyceum-Account"
#: Longer than the life of any access token: the session id need not be remembered afterwards.
REMEMBERED_SECONDS: Final = 900.0
#: More than the number of sessions that end in that time in the largest installation. The oldest are dropped first.
REMEMBERED_SESSIONS: Final = 200_000


def operation(asked: Rpc | str) -> Callable[[View], View]:
    """Mark a view with the operation that it carries out, for the policy and the OpenAPI document.

    Raises KeyError at import if the operation does not exist or if only services may call it.
    """
    name = asked if isinstance(asked, str) else repr(asked)
    if policy.between_services(name):
        raise KeyError(f"no human may ask for {name}")

    def mark(view: View) -> View:
        attributes: Any = view
        attributes.operation = name
        attributes._apidoc = {**getattr(view, "_apidoc", {}), "operation": name}
        return view

    return mark


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes the request: an account, in one school or in none yet; all None if nobody signed in."""

    token: str | None = None
    claims: Claims | None = None
    actor: Actor | None = None
    #: Whether a browser's cookies say so, and no Authorization header.
    by_cookies: bool = False


def caller() -> Caller:
    """The caller of the request being handled."""
    found: Caller = g.get("caller") or Caller()
    return found


def actor() -> Actor:
    """The actor of a request to an operation that requires signing in."""
    found = caller().actor
    assert found is not None, "the policy lets nobody in here without signing in"
    return found


@dataclass
class EndedSessions:
    """Sessions that ended before their access tokens expired. Thread-safe."""

    _ended: OrderedDict[UUID, float] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, session_id: UUID) -> None:
        """Refuse the tokens of this session from now on."""
        now = time.monotonic()
        with self._lock:
            self._ended[session_id] = now + REMEMBERED_SECONDS
            while self._ended and (len(self._ended) > REMEMBERED_SESSIONS or next(iter(self._ended.values())) < now):
                self._ended.popitem(last=False)

    def forget(self) -> None:
        """Know of no session any more, as after a start."""
        with self._lock:
            self._ended.clear()

    def __contains__(self, session_id: UUID | None) -> bool:
        return session_id in self._ended


@dataclass(frozen=True)
class TokenChecker:
    """Checks access tokens: signature and expiry by `verifier`, and whether the session has ended.

    The ends of sessions are heard from `client`. Whether a session ended before this process heard anything, such as
    before it was started again, it asks identity once.
    """

    verifier: Verifier
    ended: EndedSessions
    client: Calling
    #: (session, since when events are heard) → identity said then that it goes on.
    _open: TTLCache[tuple[UUID | None, float | None], bool] = field(
        default_factory=lambda: TTLCache(REMEMBERED_SESSIONS, REMEMBERED_SECONDS)
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def claims(self, token: str) -> Claims:
        """The claims of an access token. Raises `Unauthenticated` if it is not valid or its session has ended."""
        claims = self.verifier.claims(token)
        if claims.account_id is None:  # a service's token; services call each other over the bus, never the gateway
            raise Unauthenticated("The access token is not valid.", rule="token-invalid")
        if claims.session_id in self.ended:
            raise Unauthenticated("The session has ended: sign in again.", rule="session-ended")
        self._check_before_hearing(token, claims)
        return claims

    def _check_before_hearing(self, token: str, claims: Claims) -> None:
        """Raises `Unauthenticated` for a session that ended unheard, `Unavailable` where nobody can say."""
        since = self.client.hears_since
        if since is not None and claims.issued_at > since + CLOCKS_DIFFER:
            return
        with self._lock:
            if since is not None and (claims.session_id, since) in self._open:
                return
        try:
            self.client.call(Sessions.check_session, {}, token=token, tenant_id=None, timeout=CHECK_TIMEOUT)
        except Invalid as error:
            if error.rule == NO_SUCH_METHOD:  # an identity of the version before cannot say
                return
            raise
        except Unauthenticated:
            if claims.session_id is not None:
                self.ended.add(claims.session_id)
            raise
        with self._lock:
            self._open[claims.session_id, since] = True

    def api_caller(self, request: Request) -> Caller:
        """The caller of a request to the API, by its headers.

        Raises `Unauthenticated`, `Conflict` if they name another account, `Invalid` if the school is not an id,
        `Forbidden` if the account is no member of it.
        """
        token = bearer_token(request)
        claims = self.claims(token)
        check_account(request, claims, required=False)
        return Caller(token, claims, claims.actor(named_school(request)))


def bearer_token(request: Request) -> str:
    """The token of the Authorization header. Raises `Unauthenticated` if there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        raise Unauthenticated("Sign in first: no access token came with the request.", rule="token-missing")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send the access token as: Authorization: Bearer <token>.", rule="token-missing")
    return token.strip()


def admit(operation: str, who: Caller) -> None:
    """Raise `Unauthenticated` or `Forbidden` unless the caller may carry out the operation."""
    if who.claims is not None and who.claims.password_issued and operation not in policy.WITH_ISSUED_PASSWORD:
        raise Forbidden("Replace the password first: the school made it, so others may know it.", rule=CHANGE_FIRST)
    undecided = who.actor is not None and who.actor.tenant_id is None and _schools(who) > 1
    if undecided and who.actor is not None and not policy.allows(operation, who.actor.roles):
        raise Forbidden("Say in which school you act.", rule="school-required", field=SCHOOL_HEADER)
    policy.check(operation, who.actor)


def _schools(who: Caller) -> int:
    return len(who.claims.memberships) if who.claims else 0


def check_account(request: Request, claims: Claims, *, required: bool) -> None:
    """Refuse a request that a page made for another account sends: its entries must not go out in this one's name.

    Raises `Conflict`, or `Forbidden` if the account is `required` and the request names none.
    """
    named = request.headers.get(ACCOUNT_HEADER)
    if named is None and required:
        raise Forbidden("Say for which account the page was made.", rule="account-required", field=ACCOUNT_HEADER)
    if named is not None and named.lower() != str(claims.account_id):
        raise Conflict(
            "Somebody else has signed in since this page was opened. Nothing was done.",
            rule="other-account",
            field=ACCOUNT_HEADER,
        )


def named_school(request: Request) -> UUID | None:
    """The school that a request to the API names, or None. Raises `Invalid` if it is not an id."""
    named = request.headers.get(SCHOOL_HEADER)
    if named is None:
        return None
    try:
        return UUID(named)
    except ValueError:
        raise Invalid("Not a valid UUID.", rule="uuid", field=SCHOOL_HEADER) from None

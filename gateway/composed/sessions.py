"""Signing in and out; whose session it is."""

from __future__ import annotations

import time
from typing import Any, Final

from flask import current_app, request
from httpagentparser import simple_detect  # type: ignore[import-untyped]  # it ships no types
from marshmallow import fields, validate

from contracts.identity.people import LANGUAGES
from contracts.identity.sessions import Sessions
from gateway.door import auth, devices, language, seal, session_cookies
from gateway.door.asking import carry_out
from kernel.contract import View

#: Letters of `OpenSession.client`.
LONGEST_CLIENT: Final = 80


class PlaceView(View):
    """The account's place in one school."""

    school_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    roles = fields.List(fields.Str(), required=True)


class SignedInView(View):
    """Whose session it is, as its access token says."""

    account_id = fields.UUID(required=True)
    roles = fields.List(fields.Str(), required=True, metadata={"description": "Roles held outside any school."})
    schools = fields.List(fields.Nested(PlaceView), required=True)
    language = fields.Str(
        required=True, validate=validate.OneOf(LANGUAGES), metadata={"description": "In which answers are told."}
    )
    rights_age = fields.Int(
        required=True,
        metadata={"description": "Seconds since the roles were looked up. A change of them takes effect sooner."},
    )
    outbox_key = fields.Str(
        required=True,
        metadata={"description": "By which pages seal what was typed and is not saved yet: 32 bytes, in base64."},
    )


def open_session(login: str, password: str) -> dict[str, Any]:
    """Sign in: tokens of a new session.

    The client's address is taken from the connection, not from the request's body.
    """
    session: dict[str, Any] = carry_out(
        Sessions.open_session, login=login, password=password, address=request.remote_addr or "", client=_client()
    )
    return session


def sign_in(login: str, password: str) -> dict[str, Any]:
    """Sign in with this browser: its session until now ends, and from now on it is known."""
    session: dict[str, Any] = carry_out(
        Sessions.open_session, login=login, password=password, address=request.remote_addr or "", client=_client(),
        device=devices.remember(), earlier=session_cookies.earlier(),
    )  # fmt: skip
    return session


def _client() -> str:
    """The browser and its system, such as "Firefox, Windows"; empty if it does not say."""
    told = request.headers.get("User-Agent", "").encode("ascii", "ignore").decode()
    system, browser = simple_detect("".join(filter(str.isprintable, told)))
    return ", ".join(name for name in (browser, system) if not name.startswith("Unknown"))[:LONGEST_CLIENT]


def close_session() -> None:
    """Sign out: the session's tokens stop working.

    This process refuses them at once, the others when they hear `SessionRevoked`. A browser's cookies are deleted even
    if identity is away.
    """
    if auth.caller().by_cookies:
        session_cookies.drop()
    carry_out(Sessions.close_session)
    session_id = auth.actor().session_id
    if session_id is not None:
        current_app.extensions["lyceum"].tokens.ended.add(session_id)


def signed_in() -> dict[str, Any]:
    """Whose session it is. No service is asked, unless the session has to be renewed."""
    claims = auth.caller().claims
    assert claims is not None, "the policy lets nobody in here without signing in"
    return {
        "account_id": claims.account_id,
        "roles": sorted(claims.roles),
        "schools": [
            {"school_id": one.tenant_id, "person_id": one.person_id, "roles": sorted(one.roles)}
            for one in claims.memberships
        ],
        "language": language.code(),
        "rights_age": max(0, int(time.time() - claims.issued_at)),
        "outbox_key": seal.of(claims.account_id),
    }

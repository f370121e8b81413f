"""Signing in and out."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from contracts.identity.sessions import Sessions
from gateway.door import auth, session_cookies
from gateway.door.asking import carry_out


def open_session(login: str, password: str) -> dict[str, Any]:
    """Sign in: tokens of a new session.

    The client's address is taken from the connection, not from the request's body.
    """
    address = request.remote_addr or ""
    session: dict[str, Any] = carry_out(Sessions.open_session, login=login, password=password, address=address)
    return session


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

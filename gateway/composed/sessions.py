"""Signing in and out."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from contracts.identity.sessions import Sessions
from gateway.door import auth
from gateway.door.asking import carry_out


def open_session(login: str, password: str) -> dict[str, Any]:
    """Sign in: tokens of a new session.

    The address that the request came from is seen, not told.
    """
    address = request.remote_addr or ""
    session: dict[str, Any] = carry_out(Sessions.open_session, login=login, password=password, address=address)
    return session


def close_session() -> None:
    """Sign out: the session's tokens stop working.

    Here at once; everywhere when the news of it arrives.
    """
    carry_out(Sessions.close_session)
    session_id = auth.actor().session_id
    if session_id is not None:
        current_app.extensions["lyceum"].door.ended.add(session_id)

"""The cookies that the gateway sets: no script reads them, no other site sends them with its forms."""

from __future__ import annotations

from flask import Request, current_app
from werkzeug.wrappers import Response


def read(incoming: Request, kind: str) -> str:
    """A cookie's value, empty if it did not come."""
    return incoming.cookies.get(_name(kind), "")


def put(response: Response, kind: str, value: str, *, max_age: int | None) -> None:
    """Set a cookie for so many seconds; None: until the browser is closed; 0: delete it."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(_name(kind), value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="Lax")


def _name(kind: str) -> str:
    """Browsers accept the prefix `__Host-` only over HTTPS, only from this very host and for all of its pages."""
    return f"__Host-{kind}" if current_app.config["SESSION_COOKIE_SECURE"] else kind

"""Browsers in which somebody has signed in before: they bear a signed cookie with an id that says nothing about anyone.

Identity counts the failed sign-ins of a known browser apart, and the door its requests to sign in: so nobody elsewhere,
not even at the same address, can shut its people out.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from flask import Request, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from gateway.door import cookies

COOKIE: Final = "device"
#: A browser is forgotten when nobody has signed in with it for this long.
KNOWN_SECONDS: Final = 365 * 24 * 3600


def known(incoming: Request) -> str | None:
    """The id of the browser that asks; None for one that no door of this installation has given an id."""
    try:
        found: str = _serializer().loads(cookies.read(incoming, COOKIE))
    except BadSignature:
        return None
    return found


def remember() -> str:
    """The id of the browser that asks, a new one if it has none; it gets it with the response, if one is sent to it."""
    g.device = known(request) or secrets.token_hex(16)
    return str(g.device)


def set_cookie(response: Response) -> Response:
    """Give the browser its id, once somebody has signed in with it."""
    if "device" in g and "tokens" in g:
        cookies.put(response, COOKIE, _serializer().dumps(g.device), max_age=KNOWN_SECONDS)
    return response


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(
        str(current_app.secret_key), salt="lyceum.device", signer_kwargs={"digest_method": hashlib.sha256}
    )

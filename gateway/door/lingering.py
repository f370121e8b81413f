"""Read the rest of a refused body, so that the client gets to see the refusal.

A server that closes a connection while bytes still arrive resets it, and the client may never see the response.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any, Final

from flask import Flask, Response, request

#: Statuses of refusals that are sent before the body was read.
_UNREAD: Final = frozenset({411, 413})
#: Most bytes and seconds spent on reading a refused body, and most seconds of a pause in it.
MOST: Final = 256 * 1024 * 1024
SECONDS: Final = 30.0
PAUSE: Final = 2.0


def install(app: Flask) -> None:
    """Read the rest of refused bodies after the response has been sent."""

    @app.after_request
    def linger(response: Response) -> Response:
        if response.status_code in _UNREAD:
            connection = _connection_of(request.environ)
            if connection is not None:
                response.headers["Connection"] = "close"
                response.call_on_close(lambda: _drain(connection))
        return response


def _connection_of(environ: dict[str, Any]) -> socket.socket | None:
    """The connection's socket, from gunicorn or eventlet; None under another server."""
    if "gunicorn.socket" in environ:
        found: socket.socket = environ["gunicorn.socket"]
        return found
    body = environ.get("eventlet.input")
    return None if body is None else body.get_socket()


def _drain(connection: socket.socket) -> None:
    """Shut down our side, read what still comes, and close."""
    left, until = MOST, time.monotonic() + SECONDS
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(PAUSE)
        while left > 0 and time.monotonic() < until:
            read = len(connection.recv(64 * 1024))
            if not read:
                break
            left -= read
        connection.shutdown(socket.SHUT_RDWR)

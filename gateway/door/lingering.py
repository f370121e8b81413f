"""Read the rest of a body that was answered unread, so that the client gets to see the response.

A server that closes a connection while bytes still arrive resets it, and the client may never see the response.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any, Final

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import LimitedStream

#: Statuses of refusals that are sent before the body was read.
_UNREAD: Final = frozenset({411, 413})
#: Most bytes and seconds spent on reading such a body, and most seconds of a pause in it.
MOST: Final = 256 * 1024 * 1024
SECONDS: Final = 30.0
PAUSE: Final = 2.0


def install(app: Flask) -> None:
    """Read the rest of bodies after the response has been sent, where the connection is closed then."""

    @app.after_request
    def linger(response: Response) -> Response:
        if response.status_code in _UNREAD or (_client_closes() and _is_left()):
            connection = _connection_of(request.environ)
            if connection is not None:
                response.headers["Connection"] = "close"
                response.call_on_close(lambda: _drain(connection))
        return response


def _client_closes() -> bool:
    """Whether the connection ends with this request. Otherwise the server reads the rest before the next one."""
    return "close" in request.headers.get("Connection", "").lower()


def _is_left() -> bool:
    """Whether a part of the body was not read."""
    try:
        stream = request.stream
    except RequestEntityTooLarge:
        return True
    return isinstance(stream, LimitedStream) and stream.tell() < (request.content_length or 0)


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

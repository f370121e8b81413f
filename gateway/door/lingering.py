"""Reading on what a refused caller still sends, so that they get to read why.

A server that closes a connection on which bytes still come resets it, and the caller may never see the answer.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any, Final

from flask import Flask, Response, request

#: Statuses of refusals before the body was read.
_UNREAD: Final = frozenset({411, 413})
#: Bytes and seconds that are given to a body nobody wants, and seconds without any.
MOST: Final = 256 * 1024 * 1024
SECONDS: Final = 30.0
PAUSE: Final = 2.0


def install(app: Flask) -> None:
    """Let refused bodies come to their end, after the answer went out."""

    @app.after_request
    def linger(response: Response) -> Response:
        if response.status_code in _UNREAD:
            line = _line_of(request.environ)
            if line is not None:
                response.headers["Connection"] = "close"
                response.call_on_close(lambda: _drain(line))
        return response


def _line_of(environ: dict[str, Any]) -> socket.socket | None:
    """The connection, as gunicorn or eventlet hands it on; None under another server."""
    if "gunicorn.socket" in environ:
        found: socket.socket = environ["gunicorn.socket"]
        return found
    body = environ.get("eventlet.input")
    return None if body is None else body.get_socket()


def _drain(line: socket.socket) -> None:
    """Say that nothing more will be sent, read what comes, and close."""
    left, until = MOST, time.monotonic() + SECONDS
    with suppress(OSError):
        line.shutdown(socket.SHUT_WR)
        line.settimeout(PAUSE)
        while left > 0 and time.monotonic() < until:
            read = len(line.recv(64 * 1024))
            if not read:
                break
            left -= read
        line.shutdown(socket.SHUT_RDWR)

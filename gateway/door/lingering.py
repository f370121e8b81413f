"""Read the rest of a body that was answered unread, so that the client gets to see the response.

A server that closes a connection while bytes still arrive resets it, and the client may never see the response.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import LimitedStream

from gateway.door.receiving import GATHERED, LEAVING_PAUSE, Leaving

#: Statuses of refusals that are sent before the body was read.
_UNREAD: Final = frozenset({411, 413})


def install(app: Flask) -> None:
    """Have connections closed whose bodies were not read, and what still comes read after the response.

    gunicorn's worker does so with every connection that it closes (`gateway/worker.py`).
    """

    @app.after_request
    def linger(response: Response) -> Response:
        left = _left()
        if response.status_code in _UNREAD or left > GATHERED or (left and _client_closes()):
            response.headers["Connection"] = "close"
            body = request.environ.get("eventlet.input")
            if body is not None:
                response.call_on_close(lambda: _drain(body.get_socket()))
        return response


def _client_closes() -> bool:
    """Whether the connection ends with this request. Otherwise the server reads the rest before the next one."""
    return "close" in request.headers.get("Connection", "").lower()


def _left() -> int:
    """The bytes of the body that were not read."""
    length = request.content_length or 0
    try:
        stream = request.stream
    except RequestEntityTooLarge:
        return length
    return length - stream.tell() if isinstance(stream, LimitedStream) else 0


def _drain(connection: socket.socket) -> None:
    """Shut down our side, read what still comes, and close."""
    leaving = Leaving(time.monotonic())
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(LEAVING_PAUSE)
        while not leaving.is_over(time.monotonic()) and (read := len(connection.recv(64 * 1024))):
            leaving.add(read, time.monotonic())
        connection.shutdown(socket.SHUT_RDWR)

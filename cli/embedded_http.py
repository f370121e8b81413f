"""The HTTP server of `lyceum run` and `lyceum live`: eventlet's, but errors are problem documents, without quotes."""

from __future__ import annotations

import io
import time
from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    HeaderDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
from typing import Any, Final

import eventlet
import eventlet.wsgi
from eventlet.wsgi import HeaderLineTooLong, HeadersTooLarge, HttpProtocol

from gateway.door import unreadable
from gateway.door.receiving import BODY_SECONDS, GATHERED, HEAD_SECONDS, NEVER, Patience

#: The standard library's defects of unreadable headers: it skips such a line, or ends the headers there. For multipart
#: forms it reports other defects too, because it gets the headers without the body; those are ignored.
UNREADABLE: Final = (
    FirstHeaderLineIsContinuationDefect,
    HeaderDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)


#: Connections beside those whose requests are being answered: half requests, and browsers that wait.
WAITING: Final = 300


def serve(listener: Any, app: Any, *, most: int, streams: bool = False) -> Any:
    """Serve a WSGI application in a green thread, which is returned.

    At most `most` requests are answered at one time, and as many uploads beside them. `streams`: each part of an answer
    is sent as it comes. Otherwise small parts are sent together.
    """
    more = {"minimum_chunk_size": 1} if streams else {}
    return eventlet.spawn(
        eventlet.wsgi.server, listener, in_turns(app, most), protocol=Protocol, log_output=False, debug=False,
        max_size=most + WAITING, socket_timeout=BODY_SECONDS, **more,
    )  # fmt: skip


def in_turns(app: Any, most: int) -> Any:
    """The application, which begins so many answers at one time, and beside them as many with long bodies."""
    turns, uploads = eventlet.Semaphore(most), eventlet.Semaphore(most)

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        with uploads if _length_in(environ) > GATHERED else turns:
            return app(environ, start_response)

    return answer


def _length_in(environ: dict[str, Any]) -> int:
    return int(environ.get("CONTENT_LENGTH") or 0)


class Incoming(io.RawIOBase):
    """What a client sends. Waiting for it ends with the patience (TimeoutError)."""

    def __init__(self, connection: Any) -> None:
        self.patience = Patience()
        #: Whether something of the present request came.
        self.came = False
        self._connection = connection

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read once."""
        began = time.monotonic()
        self._connection.settimeout(self.patience.seconds)
        try:
            size: int = self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(BODY_SECONDS)  # of a part of the answer
        self.patience.spend(time.monotonic() - began, size)
        self.came = self.came or size > 0
        return size


class Protocol(HttpProtocol):
    """Reads requests, and answers those that are unreadable or too slow with a problem document."""

    def setup(self) -> None:
        """Read by patience."""
        super().setup()
        self.rfile.close()
        self.incoming = Incoming(self.connection)
        self.rfile: Any = io.BufferedReader(self.incoming, 64 * 1024)

    def handle_one_request(self) -> None:
        """Read a request and answer it."""
        try:
            super().handle_one_request()
        except TimeoutError:
            self.close_connection = True
            if self.incoming.came:
                self._refuse(408, "late")

    def get_environ(self) -> dict[str, Any]:
        """The request for the application, with its body where that is short: half of one never takes a turn."""
        environ: dict[str, Any] = super().get_environ()
        self.incoming.patience = Patience()
        length = _length_in(environ)
        if 0 < length <= GATHERED:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        return environ

    def log_message(self, *_said: Any) -> None:
        """Log nothing: the standard library's messages quote the request."""

    def send_error(self, code: int, *_said: Any, **_more: Any) -> None:
        """Refuse a request that the standard library could not parse."""
        self._refuse(int(code), "unparsed")

    def _read_request_line(self) -> bytes:
        self.incoming.patience, self.incoming.came = Patience(HEAD_SECONDS, NEVER), False
        line: bytes = super()._read_request_line()
        if len(line) >= self.server.url_length_limit:
            self._refuse(414, "address-too-long")
            return b""
        return line

    def parse_request(self) -> bool:
        """Parse the request line and headers, and check the body's length. Returns False after refusing the request."""
        try:
            if not super().parse_request():
                return False
        except (HeaderLineTooLong, HeadersTooLarge):
            self._refuse(431, "headers-too-large")
            return False
        if any(isinstance(defect, UNREADABLE) for defect in self.headers.defects):
            self._refuse(400, "headers")
            return False
        lengths = self.headers.get_all("content-length", [])
        if len(lengths) > 1 or (lengths and not (lengths[0].isascii() and lengths[0].strip().isdigit())):
            self._refuse(400, "content-length")
            return False
        if lengths and "transfer-encoding" in self.headers:
            self._refuse(400, "two-lengths")
            return False
        return True

    def _refuse(self, status: int, why: str) -> None:
        self.wfile.write(unreadable.answer_to(status, why))
        self.wfile.flush()
        self.close_connection = True

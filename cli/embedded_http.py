"""The HTTP server of `lyceum run` and `lyceum live`: eventlet's, but errors are problem documents, without quotes."""

from __future__ import annotations

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

#: The standard library's defects of unreadable headers: it skips such a line, or ends the headers there. For multipart
#: forms it reports other defects too, because it gets the headers without the body; those are ignored.
UNREADABLE: Final = (
    FirstHeaderLineIsContinuationDefect,
    HeaderDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)


def serve(listener: Any, app: Any, *, most: int, streams: bool = False) -> Any:
    """Serve a WSGI application in a green thread, which is returned; at most `most` requests at one time.

    `streams`: each part of an answer is sent as it comes. Otherwise small parts are sent together.
    """
    more = {"minimum_chunk_size": 1} if streams else {}
    return eventlet.spawn(
        eventlet.wsgi.server, listener, app, protocol=Protocol, log_output=False, debug=False, max_size=most, **more
    )


class Protocol(HttpProtocol):
    """Reads requests, and answers unreadable ones with a problem document."""

    def log_message(self, *_said: Any) -> None:
        """Log nothing: the standard library's messages quote the request."""

    def send_error(self, code: int, *_said: Any, **_more: Any) -> None:
        """Refuse a request that the standard library could not parse."""
        self._refuse(int(code), "unparsed")

    def _read_request_line(self) -> bytes:
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

"""HTTP as the server within one process speaks it: eventlet's, which neither quotes requests nor answers in HTML."""

from __future__ import annotations

from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    HeaderDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
from typing import Any, Final

from eventlet.wsgi import HeaderLineTooLong, HeadersTooLarge, HttpProtocol

from gateway.door import unreadable

#: What the standard library finds in headers that cannot be read: it passes such a line over, or ends the headers
#: with it. Of a form in several parts it finds more: no part, as it has been given the headers alone.
UNREADABLE: Final = (
    FirstHeaderLineIsContinuationDefect,
    HeaderDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)


class Protocol(HttpProtocol):
    """Reads requests; what cannot be read as one is answered with a problem document."""

    def log_message(self, *_said: Any) -> None:
        """Say nothing: the words of the standard library quote what came."""

    def send_error(self, code: int, *_said: Any, **_more: Any) -> None:
        """Refuse what the standard library could not parse."""
        self._refuse(int(code), "unparsed")

    def _read_request_line(self) -> bytes:
        line: bytes = super()._read_request_line()
        if len(line) >= self.server.url_length_limit:
            self._refuse(414, "address-too-long")
            return b""
        return line

    def parse_request(self) -> bool:
        """Whether the request line and the headers can be read; what they say of the body's length has to fit."""
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

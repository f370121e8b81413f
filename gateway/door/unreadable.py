"""The answer to what a web server cannot read as a request: a problem document (RFC 9457), and a line in the log.

Servers answer such bytes before any application sees them, and quote them in their own logs: a body that is sent with
too short a length would stand there as a broken request line, with the password in it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec
import structlog

log = structlog.get_logger()

TITLE: Final = "Запрос не читается. The request cannot be read."
#: What to tell, by status: in both languages, as nothing is known of the caller's.
_DETAILS: Final = {
    400: "Проверьте строку запроса, заголовки и длину тела. Check the request line, the headers and the body's length.",
    414: "Адрес слишком длинный. The address is too long.",
    431: "Заголовки слишком велики, или их слишком много. The headers are too large, or too many.",
}
_RULES: Final = {414: "address-too-long", 431: "headers-too-large"}


def answer_to(status: int, why: str) -> bytes:
    """The whole answer, after which the connection closes. `why` names the fault in the log and quotes nothing.

    What is neither too long an address nor too large headers is a 400.
    """
    told = status if status in _DETAILS else 400
    log.warning("request_unreadable", status=told, why=why)
    rule = _RULES.get(told, "malformed")
    body = msgspec.json.encode(
        {
            "type": f"urn:lyceum:problem:{rule}",
            "title": TITLE,
            "status": told,
            "detail": _DETAILS[told],
            "rule": rule,
        }
    )
    head = (
        f"HTTP/1.1 {told} {HTTPStatus(told).phrase}\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body

"""The answer to bytes that a web server cannot parse as a request: a problem document (RFC 9457), and a log line.

Servers answer such bytes before any application sees them, and quote them in their own logs. The rest of a body that
is longer than its Content-Length would stand there as a broken request line, with a password in it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec
import structlog

log = structlog.get_logger()

TITLE: Final = "Запрос не читается. The request cannot be read."
#: Status → text, in both languages, because the caller's is unknown.
_DETAILS: Final = {
    400: "Проверьте строку запроса, заголовки и длину тела. Check the request line, the headers and the body's length.",
    408: "Запрос шёл слишком долго. Отправьте его ещё раз. The request took too long to come. Send it again.",
    414: "Адрес слишком длинный. The address is too long.",
    431: "Заголовки слишком велики, или их слишком много. The headers are too large, or too many.",
}
_RULES: Final = {408: "too-slow", 414: "address-too-long", 431: "headers-too-large"}


def answer_to(status: int, why: str) -> bytes:
    """The bytes of the response, which closes the connection. `why` names the error in the log and quotes nothing.

    A status without a text becomes 400.
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

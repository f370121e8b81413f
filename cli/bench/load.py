"""Requests to a gateway, several at once, as browsers send them: connections are kept."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

AT_ONCE: Final = 8
#: The gateway counts sign-ins by address: each connection has one of its own.
ADDRESSES: Final = [f"127.0.0.{10 + number}" for number in range(AT_ONCE)]


@dataclass(frozen=True)
class Request:
    """A request, and the status of its answer. A body is sent as JSON."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    status: int = 200


class WrongAnswer(ConnectionError):
    """An answer of another status, or none."""


def send_all(port: int, requests: Sequence[Request], heard: Callable[[int, bytes], None] = lambda *_: None) -> None:
    """Send all requests, `AT_ONCE` at a time; `heard` gets each one's place and the body of its answer.

    Raises `WrongAnswer`.
    """
    places = count()  # `next` of it is atomic

    def work(address: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))
        try:
            while (place := next(places)) < len(requests):
                heard(place, _answer(connection, requests[place]))
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, ADDRESSES))


def _answer(connection: http.client.HTTPConnection, request: Request) -> bytes:
    body = None if request.body is None else json.dumps(request.body)
    headers = request.headers if body is None else {**request.headers, "Content-Type": "application/json"}
    try:
        connection.request(request.method, request.path, body, headers)
        response = connection.getresponse()
        content = response.read()
        if response.headers["Content-Encoding"] == "gzip":
            content = gzip.decompress(content)
    except (OSError, http.client.HTTPException) as error:
        raise WrongAnswer(f"{request.method} {request.path}: {error!r}") from error
    if response.status != request.status:
        raise WrongAnswer(f"{request.method} {request.path} answered {response.status}: {content[:300]!r}")
    return content

"""Attacks on what stands before the application, embedded and gunicorn alike: smuggling, traversal, odd bytes."""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit

import pytest

from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

INSIDE = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKS = f"0\r\n\r\n{INSIDE}"
POST = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
#: A request about whose end two servers may disagree; the second one is inside of it.
SMUGGLED = {
    "both lengths": f"{POST}Content-Length: {len(CHUNKS)}\r\nTransfer-Encoding: chunked\r\n\r\n{CHUNKS}",
    "both the other way round": f"{POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n{CHUNKS}",
    "two lengths": f"{POST}Content-Length: 0\r\nContent-Length: {len(INSIDE)}\r\n\r\n{INSIDE}",
    "a list of lengths": f"{POST}Content-Length: 0, {len(INSIDE)}\r\n\r\n{INSIDE}",
    "a length with a sign": f"{POST}Content-Length: +0\r\n\r\n{INSIDE}",
    "a length in hexadecimal": f"{POST}Content-Length: 0x0\r\n\r\n{INSIDE}",
    "a blank before the colon": f"{POST}Transfer-Encoding : chunked\r\nContent-Length: {len(CHUNKS)}\r\n\r\n{CHUNKS}",
    "another coding": f"{POST}Transfer-Encoding: xchunked\r\nContent-Length: {len(CHUNKS)}\r\n\r\n{CHUNKS}",
    "a coding twice": f"{POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n{CHUNKS}",
    "a coding on the next line": f"{POST}Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n{CHUNKS}",
    "a bare feed": f"{POST}X-A: b\nTransfer-Encoding: chunked\r\nContent-Length: {len(CHUNKS)}\r\n\r\n{CHUNKS}",
    "chunks": f"{POST}Transfer-Encoding: chunked\r\n\r\n{CHUNKS}",
}
TRAVERSAL = [
    "/static/../gateway/app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/..%5capp.py",
    "/static/....//app.py", "/static/%252e%252e/app.py", "/static//etc/passwd", "/static/%2fetc%2fpasswd",
    "/../../etc/passwd", "/api/docs/../../../etc/passwd", "/api/docs/..%2f..%2fetc%2fpasswd", "/static/\\..\\app.py",
    "/static/.", "/static/", "/static/%00", "/static/lyceum.css%00.py", "/static/%c0%ae%c0%ae/app.py",
]  # fmt: skip
ODD_HEADERS = [
    "X-Request-Id: a\x00b",
    "X-Request-Id: a\rb",
    "Accept-Language: ru\x0bX: 1",
    "Cookie: access=\x01\x7f\x80",
]


def answers(stack: Stack, sent: bytes) -> bytes:
    """All that comes back until the server closes, or says nothing more."""
    place = urlsplit(stack.address)
    received = b""
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)  # who waits for more of a request learns that none comes
        while part := line.recv(65536):
            received += part
    return received


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


@pytest.mark.parametrize("kind", SMUGGLED)
def test_no_request_is_smuggled_within_another(stack: Stack, kind: str) -> None:
    answer = answers(stack, SMUGGLED[kind].encode())
    assert all(400 <= status < 500 or status == 501 for status in statuses(answer))
    assert b"no-such-address" not in answer, "the request within was answered"
    assert b"/smuggled" not in answer


@pytest.mark.parametrize("path", TRAVERSAL)
def test_no_path_leads_out_of_the_files_that_are_served(stack: Stack, path: str) -> None:
    answer = answers(stack, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert len(statuses(answer)) == 1
    assert statuses(answer)[0] in (400, 404)
    assert b"import " not in answer
    assert b"root:" not in answer


@pytest.mark.parametrize("header", ODD_HEADERS)
def test_odd_bytes_in_headers_reach_no_answer(stack: Stack, header: str) -> None:
    sent = f"GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n\r\n".encode("latin-1")
    answer = answers(stack, sent)
    assert statuses(answer)[0] in (200, 400)
    head = answer.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]|\r(?!\n)", head)


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "G\u00cbT"])
def test_other_methods_tell_nothing_back(stack: Stack, method: str) -> None:
    sent = f"{method} /login HTTP/1.1\r\nHost: x\r\nX-Secret: told-back\r\nConnection: close\r\n\r\n"
    answer = answers(stack, sent.encode("latin-1"))
    assert statuses(answer)[0] in (400, 404, 405, 501)
    assert b"told-back" not in answer

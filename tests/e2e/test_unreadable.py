"""Bytes that are no request, as attackers and broken programs send them: refused clearly, and not quoted in the log."""

from __future__ import annotations

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from kernel.waiting import eventually
from tests.e2e.stack import Stack, once_let_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

SECRET = "s3cret-Пестов"
LOGIN = json.dumps({"login": "teacher", "password": SECRET}, ensure_ascii=False)
ME = "GET /api/v1/me HTTP/1.1\r\nHost: x\r\n"

#: What is sent, and the status and rule of the answer.
UNREADABLE = {
    "no request line": (f"{LOGIN}\r\n\r\n", 400, "malformed"),
    "a word too many": (f"GET /api/v1/me HTTP/1.1 {SECRET}\r\n\r\n", 400, "malformed"),
    "a version that is none": (f"GET /{SECRET} HTTP/9.9\r\nHost: x\r\n\r\n", 400, "malformed"),
    "a header without colon": (f"{ME}Authorization Bearer {SECRET}\r\n\r\n", 400, "malformed"),
    "a header of a form without colon": (
        f"{ME}Content-Type: multipart/form-data; boundary=b\r\nAuthorization Bearer {SECRET}\r\n\r\n",
        400,
        "malformed",
    ),
    "a header that goes on with none before it": (f"GET / HTTP/1.1\r\n {SECRET}\r\nHost: x\r\n\r\n", 400, "malformed"),
    "a header without name": (f"{ME}: {SECRET}\r\n\r\n", 400, "malformed"),
    "a long address": (f"GET /{SECRET}{'x' * 9000} HTTP/1.1\r\nHost: x\r\n\r\n", 414, "address-too-long"),
    "a long header": (f"{ME}X-A: {SECRET}{'x' * 9000}\r\n\r\n", 431, "headers-too-large"),
    "many headers": (ME + "".join(f"X-{n}: {SECRET}\r\n" for n in range(150)) + "\r\n", 431, "headers-too-large"),
    "a length of letters": (f"{ME}Content-Length: {SECRET}\r\n\r\n", 400, "malformed"),
    "a length below zero": (f"{ME}Content-Length: -1\r\n\r\n", 400, "malformed"),
    "two lengths": (f"{ME}Content-Length: 2\r\nContent-Length: 5\r\n\r\n{SECRET}", 400, "malformed"),
}


def answers(stack: Stack, sent: bytes) -> bytes:
    """All that comes back on a connection until it is closed."""
    address = urlsplit(stack.address)
    received = b""
    with socket.create_connection((address.hostname, address.port), timeout=20) as line:
        line.sendall(sent)
        while part := line.recv(65536):
            received += part
    return received


def problem_in(answer: bytes) -> tuple[int, dict[str, Any]]:
    """Status and document of the last answer in the bytes; an earlier one may stand before it."""
    head, _, body = answer[answer.rindex(b"HTTP/1.1 ") :].partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    document: dict[str, Any] = json.loads(body)
    return int(head.split()[1]), document


def logged(stack: Stack) -> str:
    return (stack.data / "output.log").read_text()


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_no_request_is_refused_with_a_problem_and_not_quoted(stack: Stack, kind: str) -> None:
    sent, status, rule = UNREADABLE[kind]
    before = logged(stack).count("request_unreadable")
    answer = answers(stack, sent.encode())
    told, problem = problem_in(answer)
    assert (told, problem["status"], problem["rule"]) == (status, status, rule)
    assert "Check" in problem["detail"] or "too" in problem["detail"]
    assert SECRET.encode() not in answer
    eventually(lambda: logged(stack).count("request_unreadable") > before, 10, "the refusal is in the log")
    assert "s3cret" not in logged(stack)
    assert "Пестов" not in logged(stack)


def test_the_rest_of_a_body_longer_than_it_says_is_not_quoted(stack: Stack) -> None:
    head = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
    answer = once_let_in(lambda: answers(stack, f"{head}{{}}{LOGIN}\r\n\r\n".encode()))
    assert answer.startswith(b"HTTP/1.1 422 ")
    assert problem_in(answer)[0] == 400
    assert SECRET.encode() not in answer
    assert "s3cret" not in logged(stack)

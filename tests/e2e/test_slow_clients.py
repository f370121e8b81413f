"""Clients that send half a request, a trickle, or take no answer: others are served meanwhile, and they are left."""

from __future__ import annotations

import math
import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import pytest
import requests

from kernel.waiting import eventually
from tests.e2e.stack import Stack, Visitor, once_let_in
from tests.identity.small_bundle import SmallBundle

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(180)]

MEGABYTE = 1024 * 1024
#: A large file that anybody may have.
LARGE = "/api/docs/swagger-ui-bundle.js"
#: Connections of each kind that hold half a request.
OF_EACH = 40
#: Seconds in which somebody else gets a page meanwhile.
SERVED = 2.0
#: Seconds after which each is left: those of a body, and a pause after the refusal.
LEFT = 40.0


def kinds(upload: dict[str, str]) -> dict[str, tuple[str, bytes]]:
    """Kind of half request → its head, and what of the body is sent. `upload`: headers of somebody who may upload."""
    form = "POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    signed_in = "".join(f"{name}: {value}\r\n" for name, value in upload.items())
    return {
        "headers": ("GET /login HTTP/1.1\r\nX-a: ", b""),
        "nothing": ("", b""),
        "a form": (f"{form}Content-Length: 100\r\n\r\n", b"login=a"),
        "JSON": (
            f"POST /api/v1/sessions HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {MEGABYTE}\r\n\r\n",
            b'{"login": "' + b"x" * 100_000,
        ),
        "a body that is refused": (f"{form}Content-Length: {10 * MEGABYTE}\r\n\r\n", b"login=a"),
        "an upload": (
            f"POST /api/v1/imports HTTP/1.1\r\nContent-Type: application/zip\r\n{signed_in}"
            f"Content-Length: {10 * MEGABYTE}\r\n\r\n",
            b"PK\x03\x04",
        ),
    }  # fmt: skip


@contextmanager
def held(stack: Stack, heads: list[tuple[str, bytes]]) -> Iterator[list[socket.socket]]:
    """Open connections, each with half a request."""
    place = urlsplit(stack.address)
    assert place.hostname is not None
    with ExitStack() as open_ones:
        lines = []
        for head, body in heads:
            line = open_ones.enter_context(socket.create_connection((place.hostname, place.port), timeout=20))
            line.sendall(head.replace("\r\n", "\r\nHost: x\r\n", 1).encode() + body)
            line.setblocking(False)
            lines.append(line)
        yield lines


def is_left(line: socket.socket) -> bool:
    """Whether the server has closed the connection; what it said first is read."""
    try:
        while line.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def seconds_of(ask: Callable[[], object]) -> float:
    began = time.monotonic()
    ask()
    return time.monotonic() - began


def test_s14_half_requests_keep_nobody_waiting_and_end_while_a_slow_upload_goes_on(stack: Stack) -> None:
    visitor = stack.demo("methodologist")
    heads = [head for head in kinds(visitor.headers).values() for _ in range(OF_EACH)]
    bundle = SmallBundle("slow-1").zip()

    with ThreadPoolExecutor(1) as beside, held(stack, heads) as lines:
        began = time.monotonic()
        uploading = beside.submit(slow_upload, stack, visitor, bundle.ljust(20 * MEGABYTE, b"\0"), 22.0)
        waits = [seconds_of(lambda: page(stack)) for _ in range(20)]
        assert max(waits) < SERVED, waits
        eventually(lambda: all(map(is_left, lines)), LEFT, "each is left")
        assert time.monotonic() - began < LEFT
        assert uploading.result(60).startswith(b"HTTP/1.1 4"), "read to its end, and no bundle"


def page(stack: Stack) -> None:
    assert requests.get(f"{stack.address}/login", timeout=30).status_code == 200


def slow_upload(stack: Stack, visitor: Visitor, body: bytes, seconds: float) -> bytes:
    """The answer to an upload that takes so long, in even parts."""
    place = urlsplit(stack.address)
    assert place.hostname is not None
    head = [
        "POST /api/v1/imports?dry_run=true HTTP/1.1", f"Host: {place.netloc}", "Content-Type: application/zip",
        f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in visitor.headers.items()),
    ]  # fmt: skip
    parts = 100
    size = math.ceil(len(body) / parts)
    with socket.create_connection((place.hostname, place.port), timeout=60) as line:
        line.sendall("\r\n".join([*head, "", ""]).encode())
        for part in range(parts):
            line.sendall(body[part * size : (part + 1) * size])
            time.sleep(seconds / parts)  # the line is slow: this is what is tried
        return line.recv(65536)


def test_an_answer_that_nobody_takes_keeps_nobody_waiting(stack: Stack) -> None:
    """Connections that ask again and again for more than the system keeps for them, and read nothing."""
    asked = f"GET {LARGE} HTTP/1.1\r\nHost: x\r\n\r\n" * 8
    place = urlsplit(stack.address)
    with ExitStack() as open_ones:
        for _ in range(OF_EACH):
            line = open_ones.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            line.connect((place.hostname, place.port))
            line.sendall(asked.encode())
        waits = [seconds_of(lambda: page(stack)) for _ in range(20)]
    assert max(waits) < SERVED, waits


def test_connections_that_are_not_closed_after_the_last_answer_keep_nobody_waiting(stack: Stack) -> None:
    place = urlsplit(stack.address)
    with ExitStack() as open_ones:
        for _ in range(OF_EACH):
            line = open_ones.enter_context(socket.create_connection((place.hostname, place.port), timeout=20))
            line.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        waits = [seconds_of(lambda: page(stack)) for _ in range(10)]
        assert max(waits) < SERVED, waits


def test_requests_that_come_behind_each_other_are_answered_in_their_order(stack: Stack) -> None:
    place = urlsplit(stack.address)
    asked = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(asked + last[:20])
        line.sendall(last[20:])
        answers = b"".join(iter(lambda: line.recv(65536), b""))
    assert re.findall(rb"HTTP/1\.1 (\d+)", answers) == [b"200", b"404", b"200"]


def test_a_client_that_waits_to_be_told_to_go_on_is_told(stack: Stack) -> None:
    place = urlsplit(stack.address)
    head = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"

    def ask() -> bytes:
        with socket.create_connection((place.hostname, place.port), timeout=20) as line:
            line.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            assert line.recv(65536).startswith(b"HTTP/1.1 100 ")
            line.sendall(b"{}")
            return line.recv(65536)

    assert once_let_in(ask).startswith(b"HTTP/1.1 422 ")


def test_who_is_too_slow_is_told_so(stack: Stack) -> None:
    with held(stack, [("GET /login HTTP/1.1\r\nX-a: ", b"")]) as (line,):
        line.settimeout(20)
        answer = line.recv(65536)
        with suppress(OSError):
            line.shutdown(socket.SHUT_WR)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"too-slow" in answer

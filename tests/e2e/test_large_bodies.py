"""Bodies that nobody reads: larger than anything a school sends, with and without a length, or not asked for."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from tests.e2e.stack import Stack, Visitor, once_let_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

MEGABYTE = 1024 * 1024
#: Address → type and megabytes of a body that it does not take.
TOO_LARGE = {"/sessions": ("application/json", 10), "/imports": ("application/zip", 200)}


def pieces(megabytes: int) -> Iterator[bytes]:
    """A body whose end nobody knows beforehand."""
    for _ in range(megabytes):
        yield b"x" * MEGABYTE


def processes(stack: Stack) -> dict[int, int]:
    """The system's Python processes, and the megabytes that each holds."""
    whole = psutil.Process(stack.process.pid)
    ours = [
        one for one in (whole, *whole.children(recursive=True)) if one.exe() == whole.exe()
    ]  # the servers' come and go
    return {one.pid: one.memory_info().rss // MEGABYTE for one in ours}


def refused(visitor: Visitor, path: str, body: Any, media_type: str, **headers: str) -> tuple[int, str]:
    """Status and rule, which a caller gets to read who sends all before reading."""
    return visitor.refusal("POST", path, data=body, headers={"Content-Type": media_type, **headers})


def refused_to_urllib(visitor: Visitor, path: str, body: bytes, media_type: str) -> tuple[int, str]:
    """The same for a client that reads nothing before it has sent everything."""
    headers = {**visitor.headers, "Content-Type": media_type}
    asked = urllib.request.Request(f"{visitor.address}/api/v1{path}", data=body, headers=headers, method="POST")
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(asked, timeout=60)
    return answer.value.code, json.loads(answer.value.read())["rule"]


@pytest.fixture
def unharmed(stack: Stack) -> Iterator[Visitor]:
    """Someone who sends too much; afterwards the same processes serve, and none has kept it."""
    visitor = stack.demo("methodologist")
    before = processes(stack)
    yield visitor
    after = processes(stack)
    assert after.keys() == before.keys()
    assert sum(after.values()) - sum(before.values()) < 100
    assert visitor.get("/me")


@pytest.mark.parametrize("path", TOO_LARGE)
def test_a_body_in_chunks_is_not_read(unharmed: Visitor, path: str) -> None:
    media_type, megabytes = TOO_LARGE[path]
    assert refused(unharmed, path, pieces(megabytes), media_type) == (411, "length-required")
    assert refused(unharmed, path, iter([b"{}"]), media_type) == (411, "length-required")


@pytest.mark.parametrize("path", TOO_LARGE)
def test_a_body_that_says_how_large_it_is_is_not_read(unharmed: Visitor, path: str) -> None:
    media_type, megabytes = TOO_LARGE[path]
    assert refused(unharmed, path, b"x" * megabytes * MEGABYTE, media_type) == (413, "too-large")
    assert refused_to_urllib(unharmed, path, b"x" * megabytes * MEGABYTE, media_type) == (413, "too-large")


@pytest.mark.parametrize("path", TOO_LARGE)
def test_a_body_that_only_claims_to_be_large_is_refused_before_it_comes(
    stack: Stack, unharmed: Visitor, path: str
) -> None:
    media_type, megabytes = TOO_LARGE[path]
    answer = raw(stack, unharmed, path, media_type, megabytes * MEGABYTE, b"{}")
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("path", TOO_LARGE)
def test_of_a_body_longer_than_it_says_the_rest_is_not_taken_for_part_of_it(
    stack: Stack, unharmed: Visitor, path: str
) -> None:
    body = b"{}" + b"x" * 1000 + b"\r\n"
    answer = once_let_in(lambda: raw(stack, unharmed, path, TOO_LARGE[path][0], 2, body))
    assert answer.startswith(b"HTTP/1.1 422 ")


def raw(stack: Stack, visitor: Visitor, path: str, media_type: str, length: int, body: bytes) -> bytes:
    """The beginning of the answer to a request whose length is what we say."""
    address = urlsplit(stack.address)
    head = {
        "Host": address.netloc, "Content-Type": media_type, "Content-Length": str(length), **visitor.headers,
    }  # fmt: skip
    lines = [f"POST /api/v1{path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    with socket.create_connection((address.hostname, address.port), timeout=20) as line:
        line.sendall("\r\n".join(lines).encode() + body)
        return line.recv(4096)


def test_a_slow_client_gets_the_whole_answer_to_a_body_that_nobody_read(stack: Stack) -> None:
    """A server that closes while bytes of a request are unread resets the connection, with what is not yet sent."""
    address = urlsplit(stack.address)
    head = f"GET /api/v1/openapi.json HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\nContent-Length: 50000"
    whole = requests.get(f"{stack.address}/api/v1/openapi.json", timeout=20).content
    for _ in range(20):
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            line.settimeout(20)
            line.connect((address.hostname, address.port))
            line.sendall(f"{head}\r\n\r\n".encode() + b"x" * 50_000)
            answer = b"".join(iter(lambda: line.recv(512), b""))
        assert answer.endswith(whole)

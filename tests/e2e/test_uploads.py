"""Files on their way through the door: kept whole or not at all, on both ways of running."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kernel.waiting import eventually
from tests.e2e.stack import Stack
from tests.identity.small_bundle import SmallBundle

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

MEGABYTE = 1024 * 1024
#: Media type of the body → what stands before a file in it.
BODIES = {
    "application/zip": b"",
    "multipart/form-data; boundary=x": (
        b'--x\r\nContent-Disposition: form-data; name="bundle"; filename="school.zip"\r\n'
        b"Content-Type: application/zip\r\n\r\n"
    ),
}


def files(stack: Stack) -> set[Path]:
    """The files in the store, those that are arriving among them."""
    return {path for path in Path(stack.environment["LYCEUM_DATA"], "files").rglob("*") if path.is_file()}


@pytest.mark.parametrize("media_type", BODIES)
def test_of_a_file_that_is_half_uploaded_nothing_is_kept(stack: Stack, media_type: str) -> None:
    visitor, before = stack.demo("methodologist"), files(stack)
    place = urlsplit(stack.address)
    assert place.hostname is not None
    head = [
        "POST /api/v1/imports HTTP/1.1", f"Host: {place.netloc}", f"Content-Type: {media_type}",
        f"Content-Length: {8 * MEGABYTE}", *(f"{name}: {value}" for name, value in visitor.headers.items()),
    ]  # fmt: skip
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + BODIES[media_type] + b"PK\x03\x04" * MEGABYTE)
        # the one in between: what came is being written
        if media_type == "application/zip":
            eventually(lambda: files(stack) - before, 20, "the file begins to arrive")
    eventually(lambda: files(stack) == before, 20, "what came of it is gone")
    assert visitor.get("/me")


def test_the_same_file_twice_is_kept_once(stack: Stack) -> None:
    visitor, before = stack.demo("methodologist"), files(stack)
    bundle = SmallBundle("uploads-1").zip()
    for _ in range(2):
        visitor.import_bundle(bundle, dry_run="true")
    (kept,) = files(stack) - before
    assert kept.read_bytes() == bundle


@pytest.mark.parametrize("media_type", BODIES)
def test_a_file_at_the_limit_is_taken_and_one_byte_more_is_refused(stack: Stack, media_type: str) -> None:
    visitor, before = stack.demo("methodologist"), files(stack)
    most, end = 64 * MEGABYTE, b"\r\n--x--\r\n"
    wraps = bool(BODIES[media_type])
    for size, expected in ((most - MEGABYTE, (422, "bundle-form")), (most + 1, (413, "too-large"))):
        body = BODIES[media_type] + b"PK\x03\x04".ljust(size, b"\0") + (end if wraps else b"")
        assert visitor.refusal("POST", "/imports", data=body, headers={"Content-Type": media_type}) == expected
    (kept,) = files(stack) - before  # no import needs it: it is deleted when it is a day old
    assert kept.stat().st_size == most - MEGABYTE
    kept.unlink()

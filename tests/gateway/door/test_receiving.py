"""Gathering requests: when one is whole, open, refused or late, however its bytes are cut."""

from __future__ import annotations

import pytest

from gateway.door.receiving import (
    BODY_SECONDS,
    GATHERED,
    HEAD,
    HEAD_SECONDS,
    LEAVING_PAUSE,
    LEAVING_SECONDS,
    RATE,
    Leaving,
    Patience,
    Receiving,
)

FORM = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"


def after(*parts: bytes) -> Receiving:
    request = Receiving(0)
    for part in parts:
        request.add(part, 0)
    return request


def test_a_request_is_whole_with_its_last_byte_wherever_it_is_cut() -> None:
    whole = FORM + b"a=1&b"
    for cut in range(1, len(whole)):
        request = after(whole[:cut])
        assert (request.is_whole, request.is_open, request.refusal) == (False, False, None)
        request.add(whole[cut:], 0)
        assert request.is_whole
        assert request.came == whole
    byte_by_byte = after(*(whole[place : place + 1] for place in range(len(whole))))
    assert byte_by_byte.is_whole


def test_what_follows_a_whole_request_stays_with_it() -> None:
    assert after(FORM + b"a=1&bGET / HT").came.endswith(b"GET / HT")
    assert after(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").is_whole


def test_empty_lines_before_a_request_are_none_of_it() -> None:
    assert not after(b"\r\n\r\n").came
    assert not after(b"\r\n\r\n").is_whole
    request = after(b"\r", b"\n\r\nGET / HTTP/1.1\r\n\r\n")
    assert request.came == b"GET / HTTP/1.1\r\n\r\n"
    assert request.is_whole


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: %d" % (GATHERED + 1), b"Transfer-Encoding: chunked",
        b"Content-Length: 5\r\nExpect: 100-continue", b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: five", b"Content-Length: -1", b"Content-Length: +5", b"Content-Length: " + b"9" * 5000,
        b"Host: x\nContent-Length: 5",
    ],
)  # fmt: skip
def test_what_cannot_be_gathered_is_left_to_its_reader(headers: bytes) -> None:
    request = after(b"POST / HTTP/1.1\r\n" + headers + b"\r\n\r\n")
    assert (request.is_open, request.is_whole, request.refusal) == (True, False, None)


def test_a_head_too_large_is_refused_before_it_ends() -> None:
    assert after(b"GET /" + b"x" * HEAD).refusal == 414
    assert after(b"GET / HTTP/1.1\r\nX-A: " + b"x" * HEAD).refusal == 431
    assert after(FORM + b"x" * HEAD).refusal is None


def test_a_head_has_its_seconds_however_it_trickles() -> None:
    request = Receiving(0)
    for second in range(int(HEAD_SECONDS)):
        assert not request.is_late(second)
        request.add(b"G", second)
    assert request.is_late(HEAD_SECONDS)
    assert Receiving(0).is_late(HEAD_SECONDS)


def test_a_body_may_be_slow_and_may_not_stand_still() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % GATHERED
    request, now = after(head), 0.0
    while not request.is_whole:
        now += 15
        assert not request.is_late(now)
        request.add(b"x" * RATE * 15, now)
    assert now > 900
    request = after(head, b"x" * RATE * 500)
    assert not request.is_late(BODY_SECONDS - 1)
    assert request.is_late(BODY_SECONDS)


def test_patience_ends_where_little_moves() -> None:
    patience = Patience()
    for _ in range(30):
        patience.spend(1, RATE // 2)
    assert patience.seconds == pytest.approx(5)
    patience.spend(10, 1)
    with pytest.raises(TimeoutError):
        _ = patience.seconds


def test_a_connection_that_is_left_is_read_for_a_while() -> None:
    leaving = Leaving(0)
    assert not leaving.is_over(LEAVING_PAUSE - 0.1)
    assert leaving.is_over(LEAVING_PAUSE)
    for moment in range(int(LEAVING_SECONDS)):
        assert not leaving.is_over(moment)
        leaving.add(1, moment)
    assert leaving.is_over(LEAVING_SECONDS)
    much = Leaving(0)
    much.add(2**40, 0)
    assert much.is_over(0)

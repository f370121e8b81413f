"""The reader of calendars refuses what the RFC forbids."""

from __future__ import annotations

import pytest

from tests.kit.icalendar_text import read

EVENT = (
    b"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260901T000000Z\r\nDTSTART:20260901T053000Z\r\nDTEND:20260901T061000Z\r\n"
    b"SUMMARY:A\\, b\r\nEND:VEVENT\r\n"
)
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + EVENT + b"END:VCALENDAR\r\n"


def test_a_calendar_is_read() -> None:
    (event,) = read(CALENDAR).children
    assert (event["UID"], event.text("SUMMARY")) == ("1", "A, b")


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        (b"\r\n", b"\n"), (b"PRODID:x\r\n", b""), (b"UID:1\r\n", b"UID:1\r\nUID:2\r\n"), (b"UID:1\r\n", b""),
        (b"A\\, b", b"A, b"), (b"UID:1", b"UID:" + b"1" * 80), (b"DTEND:20260901T061000Z", b"DTEND:20260901T051000Z"),
        (b"DTEND:20260901T061000Z", b"DTEND;VALUE=DATE:20260902"), (b"DTSTAMP:20260901T000000Z", b"DTSTAMP:today"),
        (b"END:VEVENT\r\n", b""), (b"SUMMARY", b"summary"), (b"UID:1\r\n", b"UID:1\r\nSTATUS:GONE\r\n"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR"), (b"UID:1", b"UID:1\r\n"),
    ],
)  # fmt: skip
def test_what_the_rfc_forbids_is_refused(part: bytes, instead: bytes) -> None:
    assert part in CALENDAR
    with pytest.raises((AssertionError, UnicodeDecodeError)):
        read(CALENDAR.replace(part, instead))

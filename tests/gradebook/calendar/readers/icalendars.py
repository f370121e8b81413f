"""iCalendar files as tests make them, and what the reader makes of those."""

from __future__ import annotations

from datetime import date
from typing import Any

from formats.result import Reading
from services.gradebook.calendar.readers.icalendar_days import CalendarEvent, read_icalendar

FIRST, LAST = date(2026, 9, 1), date(2026, 12, 31)


def lines(*properties: str, kind: str = "VEVENT") -> str:
    return "\r\n".join([f"BEGIN:{kind}", *properties, f"END:{kind}", ""])


def calendar(*events: str) -> bytes:
    return lines("VERSION:2.0", "PRODID:-//school//", *(event.rstrip() for event in events), kind="VCALENDAR").encode()


def read(*events: str, zone: Any = None, first: date = FIRST, last: date = LAST) -> Reading[tuple[CalendarEvent, ...]]:
    return read_icalendar(calendar(*events), first, last, zone)


def found(reading: Reading[tuple[CalendarEvent, ...]]) -> tuple[CalendarEvent, ...]:
    assert reading.value is not None, reading.faults
    return reading.value


def days(*properties: str, **asked: Any) -> list[tuple[str, str]]:
    """First and last days of the events of one entry, which must be without fault."""
    reading = read(lines("SUMMARY:Сбор", *properties), **asked)
    assert reading.faults == ()
    return [(str(event.starts_on)[5:], str(event.ends_on)[5:]) for event in found(reading)]


def rules(reading: Reading[Any]) -> list[tuple[str, str]]:
    return [(fault.place, fault.rule) for fault in reading.faults]

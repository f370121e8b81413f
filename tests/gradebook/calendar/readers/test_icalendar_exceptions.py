"""Repeated events of iCalendar files: dates left out, added, moved and called off."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from services.gradebook.calendar.readers.icalendar_days import read_icalendar
from tests.gradebook.calendar.readers.icalendars import days, found, lines, read, rules

MOSCOW = ZoneInfo("Europe/Moscow")


def test_exceptions_and_additions_of_a_repeated_event() -> None:
    repeated = ["DTSTART:20260902T080000", "RRULE:FREQ=WEEKLY;COUNT=4"]
    assert [day for day, _ in days(*repeated, "EXDATE:20260909T080000,20260916T080000", "EXDATE:20260923T080000")] == [
        "09-02"
    ]
    assert [day for day, _ in days("DTSTART:20260902T080000", "RDATE:20260905T080000")] == ["09-02", "09-05"]
    assert [day for day, _ in days("DTSTART;VALUE=DATE:20260902", "RDATE;VALUE=DATE:20260905")] == ["09-02", "09-05"]


def test_one_repetition_may_be_another_or_called_off() -> None:
    repeated = lines("UID:1", "SUMMARY:Совет", "DTSTART:20260902T080000", "RRULE:FREQ=WEEKLY;COUNT=3")
    other = lines("UID:1", "SUMMARY:Большой совет", "RECURRENCE-ID:20260909T080000", "DTSTART:20260910T100000")
    off = lines("UID:1", "RECURRENCE-ID:20260916T080000", "DTSTART:20260916T080000", "STATUS:CANCELLED")
    unlike = lines("UID:2", "RECURRENCE-ID:20260902T080000", "DTSTART:20260902T080000", "STATUS:CANCELLED")
    reading = read(repeated, other, off, unlike)
    assert [(event.name, event.starts_on.day) for event in found(reading)] == [("Совет", 2), ("Большой совет", 10)]
    assert reading.faults == ()


@pytest.mark.parametrize("more", ["EXDATE:20260908T100000Z\r\n", "EXDATE;TZID=Europe/Samara:20260908T140000\r\n"])
def test_an_exception_may_be_written_in_another_zone(more: str) -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=4\r\n"
    event = f"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Хор\r\nDTSTART;TZID=Europe/Samara:20260901T140000\r\n{rule}{more}"
    content = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    reading = read_icalendar(content, date(2026, 9, 1), date(2027, 5, 31))
    assert reading.value is not None
    assert [event.starts_on.day for event in reading.value] == [1, 15, 22]


DAILY = ("UID:1", "SUMMARY:Хор", "DTSTART;TZID=Europe/Moscow:20260901T080000", "RRULE:FREQ=DAILY;COUNT=3")


@pytest.mark.parametrize(
    "exception",
    [
        ("DTSTART:20260902T100000Z", "RECURRENCE-ID:20260902T050000Z"),
        ("DTSTART;TZID=Europe/Samara:20260902T140000", "RECURRENCE-ID;TZID=Europe/Moscow:20260902T080000"),
        ("DTSTART;VALUE=DATE:20260902", "RECURRENCE-ID;TZID=Europe/Moscow:20260902T080000"),
        ("DTSTART;TZID=Europe/Moscow:20260902T100000", "RECURRENCE-ID;VALUE=DATE:20260902"),
        ("DTSTART:20260902T100000", "RECURRENCE-ID:20260902T080000"),
    ],
)
def test_what_replaces_a_repetition_may_be_written_in_another_zone(exception: tuple[str, str]) -> None:
    moved = read(lines(*DAILY), lines("UID:1", "SUMMARY:Большой хор", *exception))
    assert [(event.name, event.starts_on.day) for event in sorted(found(moved), key=lambda one: one.starts_on)] == [
        ("Хор", 1), ("Большой хор", 2), ("Хор", 3)
    ]  # fmt: skip
    called_off = read(lines(*DAILY), lines("UID:1", "STATUS:CANCELLED", *exception))
    assert [event.starts_on.day for event in found(called_off)] == [1, 3]


@pytest.mark.parametrize(
    ("series", "replaced"),
    [
        ("DTSTART:20260901T090000", "RECURRENCE-ID;TZID=Europe/Samara:20260908T090000"),
        ("DTSTART;VALUE=DATE:20260901", "RECURRENCE-ID;TZID=Europe/Samara:20260908T000000"),
        ("DTSTART;VALUE=DATE:20260901", "RECURRENCE-ID:20260908T000000Z"),
        ("DTSTART;VALUE=DATE:20260901", "RECURRENCE-ID:20260908T000000"),
    ],
)
def test_what_replaces_a_repetition_without_zone_may_have_one(series: str, replaced: str) -> None:
    moved = lines("UID:1", "SUMMARY:Совет", "DTSTART:20260909T120000", replaced)
    reading = read(lines("UID:1", "SUMMARY:Совет", series, "RRULE:FREQ=WEEKLY;COUNT=3"), moved)
    assert [event.starts_on.day for event in found(reading)] == [1, 9, 15]


@pytest.mark.parametrize("until", ["99991231T235959Z", "00010101T000000Z"])
@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/New_York"])
def test_an_end_at_the_end_of_time_is_one(until: str, zone: str) -> None:
    repeated = (f"DTSTART;TZID={zone}:20260901T090000", f"RRULE:FREQ=MONTHLY;UNTIL={until}")
    assert [day for day, _ in days(*repeated)] == (["09-01", "10-01", "11-01", "12-01"] if until > "1" else [])


def test_each_time_is_given_once_and_added_ones_may_be_left_out() -> None:
    first = "DTSTART:20260902T080000"
    assert [day for day, _ in days(first, "RDATE:20260902T080000,20260905T080000")] == ["09-02", "09-05"]
    assert [day for day, _ in days(first, "RDATE:20260904T080000", "EXDATE:20260904T080000")] == ["09-02"]


def test_a_date_left_out_of_a_repeated_time_is_the_whole_day() -> None:
    repeated = ("DTSTART;TZID=Europe/Moscow:20260902T080000", "RRULE:FREQ=DAILY;COUNT=3")
    assert [day for day, _ in days(*repeated, "EXDATE;VALUE=DATE:20260903")] == ["09-02", "09-04"]
    assert [day for day, _ in days("DTSTART;VALUE=DATE:20260902", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20260903")] == [
        "09-02"
    ]


def test_an_added_period_begins_with_its_start() -> None:
    period = "RDATE;VALUE=PERIOD:20260905T080000/PT1H,20260907T080000/20260907T090000"
    assert [day for day, _ in days("DTSTART:20260902T080000", period)] == ["09-02", "09-05", "09-07"]


@pytest.mark.parametrize(
    "properties",
    [
        ("DTSTART:20260902T080000", "RRULE:FREQ=DAILY;COUNT=2", "EXRULE:FREQ=DAILY;COUNT=1"),
        ("DTSTART:20260902T080000", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260902T080000"),
    ],
)
def test_exceptions_by_a_rule_are_told(properties: tuple[str, ...]) -> None:
    reading = read(lines("SUMMARY:Хор", *properties))
    assert rules(reading) == [("Хор", "exceptions-not-supported")]
    assert reading.faults[0].reason.said("ru") == (
        "Исключения события «Хор» записаны правилом (EXRULE, THISANDFUTURE), которое не поддерживается."
    )


def test_exceptions_at_the_ends_of_time_are_read() -> None:
    for moment in ("00010101T000000", "99991231T235959"):
        ends = (f"DTSTART;TZID=Asia/Novosibirsk:{moment}", f"EXDATE;TZID=America/New_York:{moment}")
        assert read(lines(*ends, f"RECURRENCE-ID;TZID=Asia/Novosibirsk:{moment}"), lines(*ends)).value == ()


def test_yearly_holidays_may_have_begun_long_ago() -> None:
    for began in ("19840901", "19050901"):
        assert days(f"DTSTART;VALUE=DATE:{began}", "RRULE:FREQ=YEARLY") == [("09-01", "09-01")]
    assert days("DTSTART;VALUE=DATE:20010901", "RRULE:FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1") == [("09-01", "09-01")]
    weekly = read(lines("SUMMARY:Хор", "DTSTART;VALUE=DATE:19840901", "RRULE:FREQ=WEEKLY"))
    assert weekly.faults[0].reason.said("ru") == (
        "Событие «Хор» повторяется больше 20 лет по правилу, которое долго считать: взят только первый раз."
    )

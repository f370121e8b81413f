"""Events of iCalendar files: days, times, repetition, and calendars made to harm."""

import time as clock
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import vRecur

from formats.recurrence import Steps, repeated
from services.gradebook.calendar.readers.icalendar_days import CalendarEvent, read_icalendar
from tests.examples import examples
from tests.gradebook.calendar.readers.icalendars import FIRST, LAST, calendar, days, found, lines, read, rules

MOSCOW = ZoneInfo("Europe/Moscow")
NOVOSIBIRSK = ZoneInfo("Asia/Novosibirsk")


def test_an_all_day_event_ends_on_the_day_before_its_written_end() -> None:
    reading = read(
        lines("UID:1@school", "SUMMARY:Осенние  каникулы", "DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261104")
    )
    assert reading.value == (CalendarEvent("1@school", "Осенние каникулы", date(2026, 10, 26), date(2026, 11, 3)),)
    assert reading.faults == ()


@pytest.mark.parametrize(
    ("properties", "ends"),
    [
        ([], "10-26"),
        (["DTEND;VALUE=DATE:20261026"], "10-26"),
        (["DTEND;VALUE=DATE:20261027"], "10-26"),
        (["DTEND;VALUE=DATE:20261028"], "10-27"),
        (["DURATION:P3D"], "10-28"),
        (["DURATION:P1W"], "11-01"),
    ],
)
def test_the_last_day_of_an_all_day_event(properties: list[str], ends: str) -> None:
    assert days("DTSTART;VALUE=DATE:20261026", *properties) == [("10-26", ends)]


def test_times_are_given_in_the_zone_that_is_asked_for() -> None:
    event = lines(
        "SUMMARY:Совет", "DTSTART;TZID=Asia/Novosibirsk:20260903T010000", "DTEND;TZID=Asia/Novosibirsk:20260903T040000"
    )
    (own,) = found(read(event))
    assert (own.starts_on, own.ends_on) == (date(2026, 9, 3), date(2026, 9, 3))
    assert own.starts_at == datetime(2026, 9, 3, 1, tzinfo=NOVOSIBIRSK)
    (moscow,) = found(read(event, zone=MOSCOW))
    assert (moscow.starts_on, moscow.ends_on) == (date(2026, 9, 2), date(2026, 9, 2))
    assert moscow.starts_at == own.starts_at
    assert moscow.starts_at.tzinfo is MOSCOW
    assert moscow.ends_at == datetime(2026, 9, 3, 0, tzinfo=MOSCOW)


def test_a_time_of_no_zone_is_local_and_one_of_utc_is_not() -> None:
    (local,) = found(read(lines("DTSTART:20260903T083000", "DURATION:PT45M"), zone=MOSCOW))
    assert local.starts_at == datetime(2026, 9, 3, 8, 30, tzinfo=MOSCOW)
    assert local.ends_at == datetime(2026, 9, 3, 9, 15, tzinfo=MOSCOW)
    (utc,) = found(read(lines("DTSTART:20260903T083000Z")))
    assert utc.starts_at == utc.ends_at == datetime(2026, 9, 3, 8, 30, tzinfo=UTC)
    (naive,) = found(read(lines("DTSTART:20260903T083000")))
    assert naive.starts_at == datetime.combine(date(2026, 9, 3), time(8, 30))


def test_an_event_over_midnight_lies_on_both_days() -> None:
    assert days("DTSTART:20260903T220000", "DTEND:20260904T020000") == [("09-03", "09-04")]
    assert days("DTSTART:20260903T220000", "DTEND:20260904T000000") == [("09-03", "09-03")]
    assert days("DTSTART:20260903T000000", "DTEND:20260903T000000") == [("09-03", "09-03")]


def test_events_that_touch_the_days_asked_for_by_their_start() -> None:
    events = [
        lines("SUMMARY:в", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270110"),
        lines("SUMMARY:б", "DTSTART;VALUE=DATE:20260901"),
        lines("SUMMARY:а", "DTSTART;VALUE=DATE:20260820", "DTEND;VALUE=DATE:20260902"),
        lines("SUMMARY:раньше", "DTSTART;VALUE=DATE:20260820", "DTEND;VALUE=DATE:20260901"),
        lines("SUMMARY:позже", "DTSTART;VALUE=DATE:20270101"),
    ]
    assert [event.name for event in found(read(*events))] == ["а", "б", "в"]


@pytest.mark.parametrize(
    ("rule", "starts"),
    [
        ("FREQ=DAILY;COUNT=3", ["09-02", "09-03", "09-04"]),
        ("FREQ=DAILY;UNTIL=20260904", ["09-02", "09-03", "09-04"]),
        ("FREQ=DAILY;INTERVAL=2;COUNT=2", ["09-02", "09-04"]),
        ("FREQ=DAILY;BYDAY=WE,FR;COUNT=3", ["09-02", "09-04", "09-09"]),
        ("FREQ=WEEKLY;COUNT=3", ["09-02", "09-09", "09-16"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=MO;COUNT=3", ["09-02", "09-14", "09-16"]),
        ("FREQ=WEEKLY;INTERVAL=7;UNTIL=20261230", ["09-02", "10-21", "12-09"]),
        ("FREQ=MONTHLY", ["09-02", "10-02", "11-02", "12-02"]),
        ("FREQ=MONTHLY;BYDAY=1WE", ["09-02", "10-07", "11-04", "12-02"]),
        ("FREQ=MONTHLY;BYDAY=-1WE", ["09-30", "10-28", "11-25", "12-30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["10-31", "12-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;BYMONTH=9,11", ["09-30", "11-30"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["09-30", "10-30", "11-30", "12-31"]),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28", ["09-28", "11-28"]),
        ("FREQ=YEARLY", ["09-02"]),
        ("FREQ=YEARLY;BYMONTH=10;BYDAY=1MO", ["10-05"]),
    ],
)
def test_repeated_events_are_expanded_within_the_days(rule: str, starts: list[str]) -> None:
    assert [day for day, _ in days("DTSTART;VALUE=DATE:20260902", f"RRULE:{rule}")] == starts


def test_a_rule_counts_from_its_first_day_and_not_from_the_days_asked_for() -> None:
    asked = {"first": date(2026, 9, 10), "last": date(2026, 9, 20)}
    assert days("DTSTART;VALUE=DATE:20260902", "RRULE:FREQ=WEEKLY;COUNT=3", **asked) == [("09-16", "09-16")]
    assert days("DTSTART;VALUE=DATE:20060913", "RRULE:FREQ=YEARLY", **asked) == [("09-13", "09-13")]


def test_the_end_of_a_rule_is_a_moment_of_the_events_own_zone() -> None:
    start = "DTSTART;TZID=Asia/Novosibirsk:20260902T010000"
    assert len(days(start, "RRULE:FREQ=DAILY;UNTIL=20260903T180000Z")) == 3  # 01:00 of the 4th there
    assert len(days(start, "RRULE:FREQ=DAILY;UNTIL=20260903T175959Z")) == 2
    assert len(days(start, "RRULE:FREQ=DAILY;UNTIL=20260903T005959")) == 1
    assert len(days(start, "RRULE:FREQ=DAILY;UNTIL=20260903T010000")) == 2
    assert len(days("DTSTART:20260902T010000", "RRULE:FREQ=DAILY;UNTIL=20260903T010000Z")) == 2


def test_a_clock_change_does_not_move_a_repeated_event() -> None:
    start = ["DTSTART;TZID=Europe/Berlin:20261023T080000", "RRULE:FREQ=DAILY;COUNT=4"]
    starts = [event.starts_at for event in found(read(lines(*start)))]
    assert [(at.hour, at.utcoffset()) for at in starts if at] == [(8, at.utcoffset()) for at in starts if at]
    assert len({at.utcoffset() for at in starts if at}) == 2


def test_repetition_ends_after_the_last_day_and_where_the_steps_run_out() -> None:
    rule, start = vRecur({"FREQ": ["DAILY"]}), datetime.combine(FIRST, time(8))
    for last, left, expected in ((date(2026, 9, 3), 9, 3), (date(2026, 9, 30), 2, 2), (date(2026, 8, 31), 9, 0)):
        starts = repeated(rule, start, last, Steps(left))
        assert starts is not None
        assert len(list(starts)) == expected
    assert repeated([rule, rule], start, LAST, Steps()) is None


def test_a_cancelled_event_is_none() -> None:
    assert days("DTSTART:20260902T080000", "STATUS:CANCELLED") == []
    assert days("DTSTART:20260902T080000", "STATUS:CONFIRMED") == [("09-02", "09-02")]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=8,9",
        "FREQ=DAILY;BYMONTH=2",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=9,11;BYMONTHDAY=-31",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=29",
        "FREQ=YEARLY;BYYEARDAY=366",
        "FREQ=YEARLY;BYWEEKNO=53",
        "BYDAY=MO",
    ],
)
def test_a_rule_that_could_be_searched_for_without_end_gives_the_first_time_and_a_fault(rule: str) -> None:
    started = clock.process_time()
    reading = read(lines("SUMMARY:Сбор", "DTSTART;VALUE=DATE:20260902", f"RRULE:{rule}"))
    assert [event.starts_on for event in found(reading)] == [date(2026, 9, 2)]
    assert rules(reading) == [("Сбор", "repetition-not-supported")]
    assert reading.faults[0].reason.said("ru") == (
        "Правило повторения события «Сбор» не поддерживается: взят только первый раз."
    )
    assert clock.process_time() - started < 0.5


def test_a_rule_of_long_ago_is_not_counted_up_from() -> None:
    rule = "RRULE:FREQ=DAILY"
    assert rules(read(lines("SUMMARY:Сбор", "DTSTART;VALUE=DATE:20051231", rule))) == [("Сбор", "repetition-too-old")]
    assert rules(read(lines("SUMMARY:Сбор", "DTSTART;VALUE=DATE:20060101", rule))) == []


@pytest.mark.slow
def test_all_rules_together_take_a_bounded_number_of_steps() -> None:
    daily = lines("SUMMARY:Сбор", "DTSTART;VALUE=DATE:20060101", "RRULE:FREQ=DAILY")
    started = clock.process_time()
    reading = read(*[daily] * 500)
    assert ("", "too-many-events") in rules(reading)
    assert clock.process_time() - started < 5
    assert reading.faults[-1].reason.said("ru").startswith("Событий за эти дни слишком много: взяты первые ")


@pytest.mark.parametrize(
    ("properties", "rule", "ru"),
    [
        (["SUMMARY:Сбор"], "no-start", "У события «Сбор» нет даты начала."),
        (
            ["SUMMARY:Сбор", "DTSTART;TZID=Nowhere/City:20260902T080000"],
            "unknown-zone",
            "Часовой пояс «Nowhere/City» события «Сбор» неизвестен: время взято как местное.",
        ),
        *(
            (
                ["SUMMARY:Сбор", "DTSTART:20260902T080000", end],
                "bad-end",
                "Конец события «Сбор» не читается или раньше начала: взят день начала.",
            )
            for end in (
                "DTEND:20260901T080000",
                "DTEND;VALUE=DATE:20260903",
                "DTEND:20260902T090000Z",
                "DURATION:P9999D",
            )
        ),
    ],
)
def test_what_cannot_be_read_of_an_event_is_a_fault(properties: list[str], rule: str, ru: str) -> None:
    reading = read(lines(*properties))
    assert rules(reading) == [("Сбор", rule)]
    assert reading.faults[0].reason.said("ru") == ru
    assert len(found(reading)) == (rule != "no-start")


def test_a_broken_property_is_named() -> None:
    reading = read(lines("SUMMARY:Сбор", "DTSTART:20260902T080000", "DTEND:soon"))
    assert rules(reading) == [("Сбор", "broken-property"), ("Сбор", "bad-end")]
    assert reading.faults[0].reason.said("ru") == "Свойство DTEND события «Сбор» не читается."
    assert reading.faults[0].reason.said("en") == "The property DTEND of the event “Сбор” cannot be read."


ZONE = lines(
    "TZID:{name}",
    "BEGIN:STANDARD",
    "DTSTART:20000101T000000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0100",
    "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    "END:STANDARD",
    kind="VTIMEZONE",
)


@pytest.mark.parametrize("change", [str, lambda zone: zone.replace("VTIMEZONE", "VTIME\r\n ZONE"), str.lower])
def test_zones_that_a_file_brings_along_are_not_used(change: Any) -> None:
    zone = change(ZONE.format(name="Made/Up"))
    event = lines("SUMMARY:Сбор", "DTSTART;TZID=Made/Up:20260902T080000")
    reading = read(zone, event, zone=MOSCOW)
    assert rules(reading) == [("Сбор", "unknown-zone")]
    assert found(reading)[0].starts_at == datetime(2026, 9, 2, 8, tzinfo=MOSCOW)


def test_windows_names_of_zones_are_known() -> None:
    (event,) = found(read(lines("DTSTART;TZID=Russian Standard Time:20260902T080000")))
    assert event.starts_at == datetime(2026, 9, 2, 8, tzinfo=MOSCOW)


def test_windows_1251_and_folded_lines_and_a_mark_are_read() -> None:
    event = lines("SUMMARY:Осенние\r\n  каникулы", "DTSTART;VALUE=DATE:2026\r\n 0902")
    (read_1251,) = found(read_icalendar(calendar(event).decode().encode("windows-1251"), FIRST, LAST))
    (marked,) = found(read_icalendar(b"\xef\xbb\xbf" + calendar(event), FIRST, LAST))
    assert read_1251 == marked
    assert marked.name == "Осенние каникулы"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not-icalendar"),
        (b"garbage", "not-icalendar"),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "not-icalendar"),
        (b"BEGIN:VCALENDAR\r\nNO COLON\r\nEND:VCALENDAR\r\n", "not-icalendar"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\n" * 8, "not-icalendar"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\nEND:X\r\n" * 3000, "too-large"),
        (b"BEGIN:VCALENDAR\r\n" + b"A" * 2 * 1024**2, "too-large"),
    ],
)
def test_what_is_no_calendar_is_refused(content: bytes, rule: str) -> None:
    reading = read_icalendar(content, FIRST, LAST)
    assert reading.refused
    assert [(fault.rule, fault.fatal) for fault in reading.faults] == [(rule, True)]


def test_a_calendar_without_events_is_empty() -> None:
    assert read().value == ()


@given(st.dates(date(2026, 9, 1), date(2026, 12, 31)), st.integers(1, 9), st.integers(1, 60), st.integers(1, 4))
@settings(max_examples=examples(50))
def test_daily_events_lie_on_every_nth_day(start: date, interval: int, count: int, length: int) -> None:
    rule = f"RRULE:FREQ=DAILY;INTERVAL={interval};COUNT={count}"
    events = found(read(lines(f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DURATION:P{length}D", rule)))
    expected = [start.toordinal() + interval * number for number in range(count)]
    assert [event.starts_on.toordinal() for event in events] == [day for day in expected if day <= LAST.toordinal()]
    assert all((event.ends_on - event.starts_on).days == length - 1 for event in events)


PART = st.one_of(
    st.sampled_from(
        ["INTERVAL=0", "INTERVAL=-1", "INTERVAL=2", "INTERVAL=x", "COUNT=0", "COUNT=3", "COUNT=-3", "UNTIL=2026"]
    ),
    st.sampled_from(["BYMONTH=13", "BYMONTH=0", "BYMONTH=2,9", "BYMONTH=5L", "BYMONTHDAY=0", "BYMONTHDAY=32,-32"]),
    st.sampled_from(
        ["BYDAY=MO", "BYDAY=9MO", "BYDAY=XX", "BYDAY=-1SU", "BYDAY=", "BYSETPOS=1", "BYSETPOS=-1", "WKST=XX"]
    ),
    st.sampled_from(
        ["UNTIL=20261001", "UNTIL=20261001T000000Z", "COUNT=9999999", "INTERVAL=999999999", "BYMONTHDAY=31"]
    ),
)


@given(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "SECONDLY", "X"]), st.lists(PART, max_size=4))
@settings(max_examples=examples(300), deadline=2000)  # a rule that is taken must come to its end soon
def test_any_rule_is_taken_or_a_fault(frequency: str, parts: list[str]) -> None:
    rule = ";".join([f"RRULE:FREQ={frequency}", *parts])
    events = found(read(lines("SUMMARY:Сбор", "DTSTART;VALUE=DATE:20260902", rule)))
    starts = [event.starts_on for event in events]
    assert starts == sorted(set(starts))


MADE = calendar(
    lines(
        "UID:1",
        "SUMMARY:Сбор",
        "DTSTART;TZID=Europe/Moscow:20260902T080000",
        "RRULE:FREQ=WEEKLY;UNTIL=20261001T000000Z",
    ),
    lines("DTSTART;VALUE=DATE:20260902", "DURATION:P2D", "EXDATE;VALUE=DATE:20260903", "RDATE:20260905T080000"),
)


@given(st.lists(st.tuples(st.integers(0, len(MADE) - 1), st.integers(0, 255)), max_size=10))
@settings(max_examples=examples(200), deadline=None)  # the library's first parse of a property is slow
def test_flipped_bytes_never_raise(changes: list[tuple[int, int]]) -> None:
    content = bytearray(MADE)
    for index, byte in changes:
        content[index] = byte
    reading = read_icalendar(bytes(content), FIRST, LAST, MOSCOW)
    for event in reading.value or ():
        assert event.starts_on <= event.ends_on
    assert all(fault.reason.said("ru") and fault.reason.said("en") for fault in reading.faults)


def test_an_event_without_name_and_identity() -> None:
    (event,) = found(read(lines("DTSTART;VALUE=DATE:20260902")))
    assert (event.uid, event.name) == ("", "")


def test_calendars_nest_so_deep_and_no_deeper() -> None:
    for depth, refused in ((7, False), (8, True)):
        nested = b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\n" * depth + b"END:X\r\n" * depth + b"END:VCALENDAR\r\n"
        assert read_icalendar(nested, FIRST, LAST).refused is refused


@pytest.mark.parametrize("zone", ["Europe", "America/Argentina", "x" * 300, '"Europe"'])
def test_a_zone_that_is_a_folder_or_longer_than_a_name_is_unknown(zone: str) -> None:
    line = f"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Сбор\r\nDTSTART;TZID={zone}:20261001T100000\r\nEND:VEVENT\r\n"
    content = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{line}END:VCALENDAR\r\n".encode()
    reading = read_icalendar(content, date(2026, 9, 1), date(2027, 5, 31))
    assert reading.value is not None
    assert [event.starts_at for event in reading.value] == [datetime(2026, 10, 1, 10)]  # noqa: DTZ001  # local, as the zone is unknown
    (fault,) = reading.faults
    assert fault.rule == "unknown-zone"
    assert zone.strip('"')[:100] in fault.reason.said("ru")


def test_properties_that_are_not_read_are_of_any_length_and_form() -> None:
    more = "DESCRIPTION:" + "слово, " * 10_000 + "\r\nATTACH;VALUE=DATE:x\r\n"
    line = f"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Сбор\r\nDTSTART;VALUE=DATE:20261001\r\n{more}END:VEVENT\r\n"
    content = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{line}END:VCALENDAR\r\n".encode()
    reading = read_icalendar(content, date(2026, 9, 1), date(2027, 5, 31))
    assert reading.value is not None
    assert ([event.name for event in reading.value], reading.faults) == (["Сбор"], ())


def test_alarms_are_no_events() -> None:
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n"
    event = "BEGIN:VEVENT\r\nUID:{0}\r\nSUMMARY:Сбор\r\nDTSTART;VALUE=DATE:20261001\r\n{1}END:VEVENT\r\n"
    events = "".join(event.format(number, alarm) for number in range(1600))
    content = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()
    reading = read_icalendar(content, date(2026, 9, 1), date(2027, 5, 31))
    assert reading.value is not None
    assert (len(reading.value), reading.faults) == (1600, ())


def test_zones_are_known_by_the_names_that_windows_gives_them() -> None:
    event = "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Сбор\r\nDTSTART;TZID={}:20261001T100000\r\nEND:VEVENT\r\n"
    content = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + event.format("Russian Standard Time") + "END:VCALENDAR\r\n"
    reading = read_icalendar(content.encode(), date(2026, 9, 1), date(2027, 5, 31), ZoneInfo("Asia/Yekaterinburg"))
    assert reading.value is not None
    assert [event.starts_at.hour for event in reading.value if event.starts_at] == [12]
    assert reading.faults == ()


def test_a_line_may_be_folded_inside_a_letter() -> None:
    name = "Осенние каникулы для всех классов и групп продлённого дня"
    event = lines(f"SUMMARY:{name}", "DTSTART;VALUE=DATE:20261026").encode()
    for place in range(event.index(b":", 20) + 2, event.index(b"\r\nDTSTART") - 1):
        content = calendar("X").replace(b"X\r\n", event[:place] + b"\r\n " + event[place:])
        reading = read_icalendar(content, FIRST, LAST)
        assert [one.name for one in found(reading)] == [name]


def test_breaks_that_a_text_was_pasted_with_end_no_line() -> None:
    broken = read(lines("SUMMARY:Кани\u2028кулы\x0bосени", "DESCRIPTION:а\u2028б", "DTSTART;VALUE=DATE:20261026"))
    assert [one.name for one in found(broken)] == ["Кани кулы осени"]
    assert broken.faults == ()


def test_of_names_in_several_languages_the_first_is_taken() -> None:
    names = ("SUMMARY;LANGUAGE=ru:Каникулы", "SUMMARY;LANGUAGE=en:Holidays")
    assert [one.name for one in found(read(lines(*names, "DTSTART;VALUE=DATE:20261026")))] == ["Каникулы"]


def test_a_line_that_is_no_property_is_named_as_such() -> None:
    reading = read(lines("SUMMARY:Сбор", "DTSTART;VALUE=DATE:20261026", "нечто"))
    assert rules(reading) == [("Сбор", "broken-property")]
    reason = reading.faults[0].reason
    assert reason.said("ru") == "Строка события «Сбор» не читается."
    assert reason.said("en") == "A line of the event “Сбор” cannot be read."


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("DTSTART;VALUE=DATE:20261226T000000Z", "DTEND;VALUE=DATE:20270108T000000Z"),
        ("DTSTART;VALUE=DATE:20261226T000000", "DTEND;VALUE=DATE:20270108T000000"),
        (
            "DTSTART;TZID=Europe/Samara;VALUE=DATE:20261226T000000",
            "DTEND;VALUE=DATE;TZID=Europe/Samara:20270108T000000",
        ),
        ("dtstart;value=date:20261226T200000z", "dtend;value=date:20270108T200000z"),
        ("DTSTART;VALUE=DATE:20261226T0000", "DTEND;VALUE=DATE:20270108"),
        ('DTSTART;X-A="a:b";VALUE=DATE:20261226T000000+0400', "DTEND;VALUE=DATE:20270108T00:00:00+04:00"),
        ("DTSTART;VALUE=DATE:20261226", "DTEND;VALUE=DATE:20270108"),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Samara", "America/New_York", None])
def test_p31_a_date_with_a_time_behind_is_that_date_in_every_zone(starts: str, ends: str, zone: str | None) -> None:
    at = ZoneInfo(zone) if zone else None
    assert days(starts, ends, zone=at, last=date(2027, 5, 31)) == [("12-26", "01-07")]


def test_p31_dates_left_out_and_added_may_have_times_behind_as_well() -> None:
    found_days = days(
        "DTSTART;VALUE=DATE:20261005T000000Z",
        "RRULE:FREQ=DAILY;COUNT=3",
        "EXDATE;VALUE=DATE:20261006T000000Z,20261020T000000Z",
        "RDATE;VALUE=DATE:20261009T000000Z",
        zone=ZoneInfo("Europe/Samara"),
    )
    assert found_days == [("10-05", "10-05"), ("10-07", "10-07"), ("10-09", "10-09")]


def test_p31_a_moment_that_is_said_to_be_one_stays_one() -> None:
    moment = days("DTSTART;VALUE=DATE-TIME:20261226T220000Z", "DTEND:20261226T230000Z", zone=ZoneInfo("Europe/Samara"))
    assert moment == [("12-27", "12-27")]


def test_p31_what_is_no_date_is_told_and_not_cut() -> None:
    reading = read(lines("SUMMARY:Сбор", "DTSTART;VALUE=DATE:20261226Tвечером"))
    assert [rule for _, rule in rules(reading)] == ["broken-property", "no-start"]

"""Working-day calendars: what is out of the ordinary in a year."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.calendar.readers.calendars import WorkingCalendar, read_working_calendar
from tests.examples import examples
from tests.shared import shared

HOLIDAYS = '<holidays><holiday id="1" title="Праздник весны"/><holiday id="2" title=" День знаний "/></holidays>'


def calendar(*days: str, year: str = "2027", holidays: str = HOLIDAYS) -> bytes:
    return f'<calendar year="{year}">{holidays}<days>{"".join(days)}</days></calendar>'.encode()


def read(content: bytes) -> WorkingCalendar:
    reading = read_working_calendar(content)
    assert reading.value is not None, reading.faults
    return reading.value


def rules(content: bytes) -> list[tuple[str, str]]:
    return [(fault.place, fault.rule) for fault in read_working_calendar(content).faults]


def test_days_off_short_days_working_days_and_days_moved() -> None:
    found = read(
        calendar(
            '<day d="09.01" t="1" h="2"/>',
            '<day d="05.03" t="1" f="05.01"/>',
            '<day d="05.01" t="1" h="1"/>',
            '<day d="12.31" t="1" f="01.03"/>',
            '<day d="04.30" t="2"/>',
            '<day d="11.06" t="3"/>',
            '<day d="11.13" t="2"/>',
            '<day d="11.14" t="2"/>',
            '<day d="11.19" t="2"/>',
            '<day d="07.01" t="1"/>',
        )
    )
    assert found == WorkingCalendar(
        year=2027,
        days_off={
            date(2027, 5, 1): "Праздник весны",
            date(2027, 5, 3): "Праздник весны",
            date(2027, 7, 1): "Выходной день",
            date(2027, 9, 1): "День знаний",
            date(2027, 12, 31): "Выходной день",
        },
        short_days=frozenset(date(2027, *day) for day in [(4, 30), (11, 13), (11, 14), (11, 19)]),
        working_days=frozenset(date(2027, 11, day) for day in (6, 13, 14)),
        moved=((date(2027, 5, 1), date(2027, 5, 3)), (date(2027, 1, 3), date(2027, 12, 31))),
    )
    assert list(found.days_off) == sorted(found.days_off)


@pytest.mark.parametrize(
    ("day", "rule", "ru", "en"),
    [
        ('d="02.30" t="1"', "no-such-day", "Дня «02.30» в 2027 году нет.", "There is no day “02.30” in 2027."),
        ('d="1.1" t="1"', "no-such-day", "Дня «1.1» в 2027 году нет.", "There is no day “1.1” in 2027."),
        ('d="01.09" t="9"', "unknown-kind", "Неизвестный вид дня «9».", "The kind of day “9” is unknown."),
        ('d="01.09"', "unknown-kind", "Неизвестный вид дня «».", "The kind of day “” is unknown."),
        ('d="05.01" t="2"', "day-twice", "День 01.05.2027 указан дважды.", "The day 2027-05-01 stands twice."),
    ],
)
def test_a_day_that_cannot_be_understood_costs_itself_only(day: str, rule: str, ru: str, en: str) -> None:
    reading = read_working_calendar(calendar('<day d="05.01" t="1" h="1"/>', f"<day {day}/>"))
    assert reading.value is not None
    assert reading.value.days_off == {date(2027, 5, 1): "Праздник весны"}
    assert reading.value.short_days == frozenset()
    (fault,) = reading.faults
    assert (fault.rule, fault.fatal) == (rule, False)
    assert (fault.reason.said("ru"), fault.reason.said("en")) == (ru, en)
    assert fault.place in day


def test_a_day_without_date_a_wrong_source_and_an_unnamed_holiday_are_faults() -> None:
    assert rules(calendar('<day t="1"/>')) == [("", "no-such-day")]
    content = calendar('<day d="05.03" t="1" f="99.99"/>')
    assert rules(content) == [("05.03", "no-such-day")]
    assert read(content).days_off == {date(2027, 5, 3): "Выходной день"}
    assert read(content).moved == ()
    assert rules(calendar('<day d="05.03" t="1" h="7"/>')) == [("05.03", "unknown-holiday")]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"<timetable year='2027'><days><day d='01.01' t='1'/></days></timetable>", "not-a-calendar"),
        (calendar(), "not-a-calendar"),
        (calendar('<day d="01.01" t="1"/>', year=""), "not-a-calendar"),
        (calendar('<day d="01.01" t="1"/>', year="27"), "not-a-calendar"),
        (calendar('<day d="01.01" t="1"/>', year="1989"), "not-a-calendar"),
        (calendar('<day d="01.01" t="1"/>', year="2101"), "not-a-calendar"),
        (b"<!DOCTYPE calendar>" + calendar('<day d="01.01" t="1"/>'), "xml-unsafe"),
        (b"<calendar", "xml-broken"),
        (b"", "xml-broken"),
    ],
)
def test_what_is_no_calendar_is_refused(content: bytes, rule: str) -> None:
    reading = read_working_calendar(content)
    assert reading.refused
    assert [(fault.rule, fault.fatal) for fault in reading.faults] == [(rule, True)]


def test_the_refusal_says_what_is_missing() -> None:
    (fault,) = read_working_calendar(b"<a/>").faults
    assert fault.reason.said("ru") == "Это не производственный календарь: нет года и списка дней."
    assert fault.reason.said("en") == "This is no working-day calendar: it has no year and list of days."


@pytest.mark.parametrize("year", ["1990", "2100"])
def test_the_first_and_the_last_year(year: str) -> None:
    assert read(calendar('<day d="01.01" t="1"/>', year=year)).year == int(year)


def test_no_more_entries_are_read_than_a_year_has_room_for() -> None:
    days = ['<day d="01.01" t="1"/>'] + ['<day d="xx" t="1"/>'] * 799 + ['<day d="01.02" t="1"/>']
    reading = read_working_calendar(calendar(*days))
    assert reading.value is not None
    assert list(reading.value.days_off) == [date(2027, 1, 1)]
    assert reading.faults[-1].rule == "more-faults"


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_published_calendar_of_a_year(year: int) -> None:
    path = shared(f"calendars/ru-{year}.xml")
    reading = read_working_calendar(path.read_bytes())
    found = reading.value
    assert found is not None
    assert reading.faults == ()
    assert found.year == year
    # Public holidays by law (Labour Code, article 112), whatever the year.
    for month, day in [(1, 1), (1, 7), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)]:
        assert date(year, month, day) in found.days_off
    # A day off is moved from a weekend or holiday to a day that would be worked, and is off there.
    for source, target in found.moved:
        assert source.weekday() >= 5 or source in found.days_off
        assert target in found.days_off
    # A shortened day comes before a day off.
    for day in found.short_days:
        after = day + timedelta(days=1)
        assert after in found.days_off or after.weekday() >= 5
    working = sum(_is_worked(date(year, 1, 1) + timedelta(days=number), found) for number in range(365))
    assert working == 247  # as the published norm of working hours counts both years


def _is_worked(day: date, found: WorkingCalendar) -> bool:
    return day in found.working_days or (day.weekday() < 5 and day not in found.days_off)


ATTRIBUTE = st.sampled_from(["", "1", "2", "3", "01.01", "02.29", "12.31", "x", "9" * 30])


@given(st.lists(st.fixed_dictionaries(dict.fromkeys("dthf", ATTRIBUTE)), min_size=1, max_size=6))
@settings(max_examples=examples(100))
def test_any_days_give_a_calendar_of_that_year(days: list[dict[str, Any]]) -> None:
    attributes = (" ".join(f"{name}='{value}'" for name, value in day.items()) for day in days)
    found = read(calendar(*(f"<day {one}/>" for one in attributes)))
    for day in [
        *found.days_off,
        *found.short_days,
        *found.working_days,
        *(day for pair in found.moved for day in pair),
    ]:
        assert day.year == 2027
    assert all(found.days_off.values())
    assert all(day.weekday() >= 5 for day in found.short_days & found.working_days)


@given(st.binary(max_size=100))
def test_random_bytes_never_raise(content: bytes) -> None:
    assert read_working_calendar(content).refused

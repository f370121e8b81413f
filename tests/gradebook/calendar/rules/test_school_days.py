"""The days of a school: weeks of five and six days, holidays, moved days, and the ends of local days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import local_date
from kernel.errors import Invalid
from services.gradebook.calendar.readers.calendars import read_working_calendar
from services.gradebook.calendar.rules.school_days import (
    Holidays,
    NoSchoolDay,
    SchoolCalendar,
    check_calendar,
    end_of_day,
    worked_instead,
)
from tests.shared import shared

FIVE = frozenset(range(1, 6))
SIX = frozenset(range(1, 7))
AUTUMN = Holidays("осенние каникулы", date(2026, 10, 26), date(2026, 11, 3))
WINTER = Holidays("зимние каникулы", date(2026, 12, 30), date(2027, 1, 10))
SCHOOL = SchoolCalendar(
    SIX,
    (AUTUMN, WINTER),
    days_off={date(2026, 11, 4): "День народного единства"},
    moved={date(2026, 11, 2): 4, date(2026, 11, 8): 1},
    short_days=frozenset({date(2026, 11, 7), date(2026, 10, 31)}),
)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "weekday"),
    [
        (date(2026, 10, 24), 6),  # a Saturday of a six-day week
        (date(2026, 10, 25), None),  # Sunday
        (date(2026, 10, 26), None),  # the first day of the holidays
        (date(2026, 11, 2), 4),  # a Monday in the holidays that is taught by Thursday's timetable
        (date(2026, 11, 3), None),  # the last day of the holidays
        (date(2026, 11, 4), None),  # a public holiday
        (date(2026, 11, 5), 4),
        (date(2026, 11, 8), 1),  # a Sunday that is taught by Monday's timetable
    ],
)
def test_a_day_follows_a_weekdays_timetable_or_has_no_lessons(day: date, weekday: int | None) -> None:
    assert SCHOOL.timetable_weekday(day) == weekday
    assert SCHOOL.is_school_day(day) is (weekday is not None)


def test_a_five_day_week_has_no_saturday() -> None:
    saturday = date(2026, 9, 5)
    assert SchoolCalendar(SIX).is_school_day(saturday)
    assert not SchoolCalendar(FIVE).is_school_day(saturday)


def test_a_free_day_has_a_name_and_a_sunday_none() -> None:
    assert SCHOOL.day_off(date(2026, 10, 26)) == "осенние каникулы"
    assert SCHOOL.day_off(date(2026, 11, 3)) == "осенние каникулы"
    assert SCHOOL.day_off(date(2026, 11, 4)) == "День народного единства"
    assert SCHOOL.day_off(date(2027, 1, 10)) == "зимние каникулы"
    assert SCHOOL.day_off(date(2026, 10, 25)) is None
    assert SCHOOL.day_off(date(2026, 11, 5)) is None
    both = replace(SCHOOL, days_off={AUTUMN.first: "карантин"})
    assert both.day_off(AUTUMN.first) == "карантин"


def test_lessons_are_short_on_a_school_day_only() -> None:
    assert SCHOOL.is_short(date(2026, 11, 7))
    assert not SCHOOL.is_short(date(2026, 10, 31))  # in the holidays
    assert not SCHOOL.is_short(date(2026, 11, 6))


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 9, 4), date(2026, 9, 5)),
        (date(2026, 9, 5), date(2026, 9, 7)),
        (date(2026, 10, 24), date(2026, 11, 2)),
        (date(2026, 11, 2), date(2026, 11, 5)),
        (date(2026, 12, 29), date(2027, 1, 11)),  # over the New Year
        (date(2027, 1, 4), date(2027, 1, 11)),  # from within the holidays
    ],
)
def test_the_next_school_day_comes_after_free_days(day: date, following: date) -> None:
    assert SCHOOL.next_school_day(day) == following


def test_school_days_are_counted_from_the_day_after() -> None:
    friday = date(2026, 12, 25)
    assert [SCHOOL.school_days_after(friday, count) for count in range(5)] == [
        friday, date(2026, 12, 26), date(2026, 12, 28), date(2026, 12, 29), date(2027, 1, 11),
    ]  # fmt: skip
    sunday = date(2026, 9, 6)
    assert SCHOOL.school_days_after(sunday, 0) == sunday
    assert SCHOOL.school_days_after(sunday, 1) == date(2026, 9, 7)


def test_how_many_school_days_lie_between() -> None:
    saturday, monday = date(2026, 9, 5), date(2026, 9, 7)
    assert SCHOOL.count_school_days(saturday, saturday) == 0
    assert SCHOOL.count_school_days(saturday, date(2026, 9, 6)) == 0
    assert SCHOOL.count_school_days(saturday, monday) == 1
    assert SCHOOL.count_school_days(saturday, date(2026, 9, 8)) == 2
    assert SCHOOL.count_school_days(monday, saturday) == 0


def test_a_year_without_school_day_ends_the_search() -> None:
    start = date(2026, 9, 1)
    free = SchoolCalendar(SIX, (Holidays("ремонт", start + DAY, start + 366 * DAY),))
    with pytest.raises(NoSchoolDay, match="2026-09-01"):
        free.next_school_day(start)
    shorter = SchoolCalendar(SIX, (Holidays("ремонт", start + DAY, start + 365 * DAY),))
    assert shorter.next_school_day(start) == start + 366 * DAY
    with pytest.raises(NoSchoolDay, match="2026-09-05"):
        SchoolCalendar(SIX, (Holidays("ремонт", date(2026, 9, 6), date(2028, 1, 1)),)).school_days_after(start, 5)


def test_two_long_breaks_are_two_searches() -> None:
    start = date(2026, 9, 1)
    only = [start + 300 * DAY, start + 600 * DAY]
    calendar = SchoolCalendar(frozenset(), moved=dict.fromkeys(only, 1))
    assert list(islice(calendar.school_days_from(start), 2)) == only


def test_the_calendar_of_the_world_ends() -> None:
    with pytest.raises(NoSchoolDay):
        SCHOOL.next_school_day(date.max)
    assert SCHOOL.next_school_day(date.max - DAY) == date.max  # a Friday


def test_a_calendar_that_can_be_meant_is_taken() -> None:
    check_calendar(SCHOOL)
    check_calendar(SchoolCalendar(frozenset(range(1, 8))))
    check_calendar(SchoolCalendar(frozenset({7}), (Holidays("день", AUTUMN.first, AUTUMN.first),)))


@pytest.mark.parametrize("week", [frozenset(), frozenset({0, 1}), frozenset({1, 8})])
def test_a_week_has_lessons_on_weekdays_that_there_are(week: frozenset[int]) -> None:
    with pytest.raises(Invalid) as refused:
        check_calendar(SchoolCalendar(week))
    assert (refused.value.rule, refused.value.field) == ("week-impossible", "week")
    assert str(refused.value) == "A school week is one or more of the weekdays 1 to 7."


def test_holidays_end_after_they_begin() -> None:
    reversed_ = Holidays("весенние", date(2027, 3, 28), date(2027, 3, 27))
    with pytest.raises(Invalid) as refused:
        check_calendar(SchoolCalendar(SIX, (AUTUMN, reversed_)))
    assert (refused.value.rule, refused.value.field) == ("holidays-reversed", "holidays.1.last")
    assert str(refused.value) == "The holidays весенние end before they begin."


def test_a_moved_day_follows_a_weekday_with_lessons() -> None:
    with pytest.raises(Invalid) as refused:
        check_calendar(SchoolCalendar(FIVE, moved={date(2026, 11, 2): 1, date(2026, 11, 8): 6}))
    assert (refused.value.rule, refused.value.field) == ("moved-to-free-weekday", "moved.2026-11-08")
    assert str(refused.value) == "On 2026-11-08 lessons cannot follow weekday 6: it has no lessons of its own."


def test_a_worked_saturday_follows_the_day_it_is_worked_for() -> None:
    saturday, monday = date(2025, 11, 1), date(2025, 11, 3)
    assert worked_instead([(saturday, monday)], {monday}, FIVE) == {saturday: 1}
    assert worked_instead([(saturday, monday)], {monday}, SIX) == {}


def test_a_public_holiday_on_a_weekend_is_not_worked() -> None:
    saturday, friday = date(2025, 3, 8), date(2025, 6, 13)
    assert worked_instead([(saturday, friday)], {saturday, friday}, FIVE) == {}


def test_a_free_day_outside_the_week_moves_no_timetable() -> None:
    saturday, sunday = date(2026, 9, 5), date(2026, 9, 6)
    assert worked_instead([(sunday, saturday)], {saturday}, FIVE) == {}


@pytest.mark.parametrize(("year", "working_days"), [(2025, 247), (2026, 247)])
def test_the_official_calendar_gives_the_working_days_that_the_state_publishes(year: int, working_days: int) -> None:
    path = shared(f"calendars/ru-{year}.xml")
    official = read_working_calendar(path.read_bytes()).value
    assert official is not None
    moved = worked_instead(official.moved, official.days_off, FIVE)
    calendar = SchoolCalendar(FIVE, (), official.days_off, moved, official.short_days)
    check_calendar(calendar)
    assert calendar.count_school_days(date(year - 1, 12, 31), date(year, 12, 31)) == working_days
    assert all(calendar.is_short(day) for day in official.short_days)


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (date(2026, 9, 1), "Europe/Moscow", datetime(2026, 9, 1, 21, tzinfo=UTC)),
        (date(2026, 12, 31), "Europe/Kaliningrad", datetime(2026, 12, 31, 22, tzinfo=UTC)),
        (date(2010, 3, 27), "Europe/Moscow", datetime(2010, 3, 27, 21, tzinfo=UTC)),  # clocks go forward the next night
        (date(2010, 3, 28), "Europe/Moscow", datetime(2010, 3, 28, 20, tzinfo=UTC)),  # a day of 23 hours
        (date(2014, 10, 26), "Europe/Moscow", datetime(2014, 10, 26, 21, tzinfo=UTC)),  # a day of 25 hours
        (date(2018, 11, 3), "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # midnight does not exist
    ],
)
def test_a_day_ends_at_the_next_local_midnight(day: date, zone: str, end: datetime) -> None:
    assert end_of_day(day, zone) == end
    assert end_of_day(day, zone).tzinfo is UTC


ZONES = st.sampled_from(
    ["Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Kamchatka"]
)
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(DAYS, ZONES)
def test_the_end_is_the_first_instant_that_is_no_longer_the_day(day: date, zone: str) -> None:
    end = end_of_day(day, zone)
    assert local_date(end - timedelta(microseconds=1), zone) == day
    assert local_date(end, zone) == day + DAY


NEAR = st.dates(date(2026, 9, 1), date(2027, 8, 31))
HOLIDAYS = st.builds(lambda first, length: Holidays("", first, first + length * DAY), NEAR, st.integers(0, 40))
CALENDAR = st.builds(
    SchoolCalendar,
    st.frozensets(st.integers(1, 7), min_size=1),
    st.lists(HOLIDAYS, max_size=4).map(tuple),
    st.dictionaries(NEAR, st.just(""), max_size=8),
    st.dictionaries(NEAR, st.integers(1, 7), max_size=4),
)


@given(CALENDAR, NEAR, st.integers(0, 12))
def test_as_many_school_days_lie_between_as_were_counted(calendar: SchoolCalendar, day: date, count: int) -> None:
    after = calendar.school_days_after(day, count)
    assert calendar.count_school_days(day, after) == count
    assert count == 0 or calendar.is_school_day(after)


@given(CALENDAR, NEAR, NEAR, st.integers(0, 12))
def test_a_later_day_never_leads_to_an_earlier_one(calendar: SchoolCalendar, one: date, two: date, count: int) -> None:
    first, second = sorted((one, two))
    assert calendar.school_days_after(first, count) <= calendar.school_days_after(second, count)


@given(CALENDAR, NEAR, st.integers(0, 12), NEAR, st.integers(0, 30))
def test_more_holidays_never_lead_to_an_earlier_day(
    calendar: SchoolCalendar, day: date, count: int, first: date, length: int
) -> None:
    freer = replace(calendar, holidays=(*calendar.holidays, Holidays("карантин", first, first + length * DAY)))
    assert freer.school_days_after(day, count) >= calendar.school_days_after(day, count)

"""Missed days and weeks of a Russian six-day week."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from services.attendance.absences.rules.days import SchoolDay, SchoolWeek, school_days, school_weeks
from services.attendance.policy.rules import DEFAULT, at_least
from tests.attendance.lessons import LESSONS, lesson_id, lessons, policy, six_day_weeks

MONDAY, SATURDAY = date(2025, 9, 8), date(2025, 9, 13)


def only(line: str, **voted: object) -> SchoolDay:
    (day,) = school_days(lessons({MONDAY: line}), policy(**voted))
    return day


@pytest.mark.parametrize(
    ("line", "missed"),
    [
        ("ННННН", True),
        ("НУБУН", True),
        ("НННН.", False),
        ("ННННО", False),  # late, but there
        ("ННННП", False),  # the school called the student away from one lesson
        (".....", False),
        ("Н?Н??", True),  # what was checked was missed
        ("Н?Н?.", False),
        ("?????", False),
        ("ППППП", False),
    ],
)
def test_a_day_is_missed_when_all_its_checked_lessons_are(line, missed):
    assert only(line).is_missed is missed


@pytest.mark.parametrize(("line", "missed"), [("ННН..", True), ("НН...", False), ("НН", True), ("НН.", False)])
def test_some_schools_count_a_day_of_three_missed_lessons(line, missed):
    assert only(line, missed_day=at_least(3)).is_missed is missed


def test_a_day_names_its_lessons():
    assert only("Н?.У") == SchoolDay(
        day=MONDAY,
        is_missed=False,
        checked=tuple(lesson_id(MONDAY, number) for number in (1, 3, 4)),
        missed=(lesson_id(MONDAY, 1), lesson_id(MONDAY, 4)),
        unchecked=(lesson_id(MONDAY, 2),),
    )


def test_only_days_with_lessons_are_school_days():
    found = school_days(six_day_weeks(date(2025, 10, 24), date(2025, 11, 6), {}), DEFAULT)
    assert [day.day for day in found] == [
        date(2025, 10, 24), date(2025, 10, 25), date(2025, 11, 5), date(2025, 11, 6),
    ]  # fmt: skip


def weeks_missed(said: dict[date, str], **voted: object) -> list[date]:
    rules = policy(**voted)
    weeks = school_weeks(school_days(six_day_weeks(MONDAY, date(2025, 9, 20), said), rules), rules)
    assert [week.monday for week in weeks] == [MONDAY, date(2025, 9, 15)]
    return [week.monday for week in weeks if week.is_missed]


def the_week(line: str) -> dict[date, str]:
    return {MONDAY.replace(day=day): line for day in range(8, 14)}


def test_a_week_is_missed_when_all_its_six_days_are():
    assert weeks_missed(the_week("БББББ")) == [MONDAY]
    assert weeks_missed(the_week("БББББ") | {SATURDAY: "Б...."}) == []
    assert weeks_missed({}) == []


def test_a_day_that_nobody_checked_says_nothing_of_the_week():
    assert weeks_missed(the_week("БББББ") | {SATURDAY: "?????"}) == [MONDAY]
    assert weeks_missed(the_week("?????")) == []


def test_a_school_may_count_a_week_of_four_missed_days():
    said = dict(list(the_week("БББББ").items())[:4])
    assert weeks_missed(said, missed_week=at_least(4)) == [MONDAY]
    assert weeks_missed(said, missed_week=at_least(5)) == []


def test_a_week_of_holidays_is_judged_by_the_days_that_were_taught():
    records = six_day_weeks(
        date(2025, 11, 1), date(2025, 11, 8), {date(2025, 11, day): "НННННН" for day in (5, 6, 7, 8)}
    )
    (week,) = school_weeks(school_days(records, DEFAULT), DEFAULT)
    assert (week.monday, week.is_missed, len(week.days)) == (date(2025, 11, 3), True, 4)


def test_a_sunday_belongs_to_the_week_before_it():
    days = school_days(lessons({date(2025, 9, 14): "Н", date(2025, 9, 15): "."}), DEFAULT)
    assert school_weeks(days, DEFAULT) == (
        SchoolWeek(MONDAY, True, days[:1]), SchoolWeek(date(2025, 9, 15), False, days[1:]),
    )  # fmt: skip


@given(LESSONS)
def test_every_lesson_is_checked_or_unchecked_on_exactly_one_day(records):
    days = school_days(records, DEFAULT)
    found = [lesson for day in days for lesson in (*day.checked, *day.unchecked)]
    assert len(found) == len(records)
    assert set(found) == {record.lesson_id for record in records}
    assert [day for week in school_weeks(days, DEFAULT) for day in week.days] == list(days)
    assert all(set(day.missed) <= set(day.checked) for day in days)

"""Totals of attendance: what each counts, what it leaves out, and what it is divided into."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.absences.rules.records import LessonRecord
from services.attendance.codes.rules import Reason
from services.attendance.policy.rules import DEFAULT, at_least
from services.attendance.statistics.rules import Lateness, Lessons, Totals, totals
from tests.attendance.lessons import LESSONS, lesson, lesson_id, lessons, policy, six_day_weeks

MONDAY, TUESDAY = date(2025, 9, 8), date(2025, 9, 9)

#: From the last week before the autumn holidays to the first after them.
AUTUMN = six_day_weeks(
    date(2025, 10, 20),
    date(2025, 11, 8),
    {
        date(2025, 10, 20): "О....",
        date(2025, 10, 22): "ББББ?",
        date(2025, 10, 23): "БББББ",
        date(2025, 10, 25): ".НПП?",
        date(2025, 11, 5): "УУУУУ",
        date(2025, 11, 6): "УУУУУ",
        date(2025, 11, 7): "НУУУ?",
        date(2025, 11, 8): "НННН?",
    },
)


def at(*places: tuple[int, int, int]) -> tuple[object, ...]:
    """Lessons of 2025 by month, day and number."""
    return tuple(lesson_id(date(2025, month, day), number) for month, day, number in places)


def test_totals_of_a_quarters_end_and_the_next_ones_beginning():
    found = totals(AUTUMN, DEFAULT)
    whole = found.lessons
    assert (len(AUTUMN), len(whole.checked), len(whole.unchecked)) == (50, 46, 4)
    assert whole.unchecked == at((10, 22, 5), (10, 25, 5), (11, 7, 5), (11, 8, 5))
    assert {reason: len(of) for reason, of in whole.by_reason.items()} == {
        Reason.UNEXCUSED: 6, Reason.EXCUSED: 13, Reason.ILLNESS: 9, Reason.SCHOOL_BUSINESS: 2,
    }  # fmt: skip
    assert (len(whole.away), len(whole.missed)) == (30, 28)
    assert whole.late == Lateness(at((10, 20, 1)), 5, ())
    assert found.days_missed == tuple(
        date(2025, month, day) for month, day in [(10, 22), (10, 23), (11, 5), (11, 6), (11, 7), (11, 8)]
    )
    assert found.days_open == (date(2025, 10, 22), date(2025, 11, 7), date(2025, 11, 8))
    assert found.weeks_missed == found.weeks_open == (date(2025, 11, 3),)


def test_every_figure_names_its_lessons():
    found = totals(lessons({MONDAY: "Н.П", TUESDAY: "ОБ?"}), DEFAULT).lessons
    assert found == Lessons(
        checked=at((9, 8, 1), (9, 8, 2), (9, 8, 3), (9, 9, 1), (9, 9, 2)),
        unchecked=at((9, 9, 3)),
        away=at((9, 8, 1), (9, 8, 3), (9, 9, 2)),
        missed=at((9, 8, 1), (9, 9, 2)),
        by_reason={
            Reason.UNEXCUSED: at((9, 8, 1)),
            Reason.EXCUSED: (),
            Reason.ILLNESS: at((9, 9, 2)),
            Reason.SCHOOL_BUSINESS: at((9, 8, 3)),
        },
        late=Lateness(at((9, 9, 1)), 5, ()),
    )


def test_a_student_without_lessons_has_empty_totals():
    nothing = Lessons((), (), (), (), dict.fromkeys(Reason, ()), Lateness((), 0, ()))
    assert totals([], DEFAULT) == Totals(nothing, {}, (), (), (), ())


def test_totals_of_a_subject_are_of_its_lessons():
    first, second = lesson(MONDAY, 1, "Н", subject="Химия"), lesson(TUESDAY, 1, "У", subject="Химия")
    other, unchecked = lesson(MONDAY, 2, subject="Алгебра"), lesson(TUESDAY, 2, "?", subject="Химия")
    found = totals([second, unchecked, other, first], DEFAULT).by_subject
    assert list(found) == ["Алгебра", "Химия"]
    assert (found["Алгебра"].missed, found["Алгебра"].checked) == ((), at((9, 8, 2)))
    assert found["Химия"].missed == at((9, 8, 1), (9, 9, 1))
    assert found["Химия"].by_reason[Reason.EXCUSED] == at((9, 9, 1))
    assert found["Химия"].unchecked == at((9, 9, 2))


def test_minutes_of_lateness_are_added_and_those_not_written_down_are_named():
    late = [lesson(MONDAY, 1, "О", 5), lesson(MONDAY, 2, "О", 12), replace(lesson(MONDAY, 3, "О"), minutes=None)]
    found = totals([*late, lesson(MONDAY, 4)], DEFAULT).lessons
    assert found.late == Lateness(at((9, 8, 1), (9, 8, 2), (9, 8, 3)), 17, at((9, 8, 3)))
    assert (found.missed, found.away) == ((), ())


def test_on_business_of_the_school_a_student_is_away_and_misses_nothing():
    found = totals([lesson(MONDAY, 1, "Н"), lesson(MONDAY, 2, "П")], DEFAULT).lessons
    assert (found.away, found.missed) == (at((9, 8, 1), (9, 8, 2)), at((9, 8, 1)))
    assert found.by_reason[Reason.SCHOOL_BUSINESS] == at((9, 8, 2))


def test_the_policy_says_which_days_and_weeks_are_missed():
    records = lessons({MONDAY: "ННН..", TUESDAY: "НН..."})
    assert totals(records, DEFAULT).days_missed == ()
    assert totals(records, policy(missed_day=at_least(3))).days_missed == (MONDAY,)
    assert totals(records, policy(missed_day=at_least(3))).weeks_missed == ()
    voted = policy(missed_day=at_least(3), missed_week=at_least(1))
    assert totals(records, voted).weeks_missed == (MONDAY,)
    assert totals(records, voted).weeks_open == ()


def test_an_attended_day_is_not_open_though_a_lesson_is_unchecked():
    found = totals(lessons({MONDAY: "Н.?"}), DEFAULT)
    assert (found.days_missed, found.days_open, found.weeks_missed, found.weeks_open) == ((), (), (), ())


def test_a_missed_week_with_an_unchecked_day_is_open():
    found = totals(lessons({MONDAY: "НН", TUESDAY: "??"}), DEFAULT)
    assert (found.days_missed, found.days_open) == ((MONDAY,), ())
    assert found.weeks_missed == found.weeks_open == (MONDAY,)


def test_a_lesson_that_stands_twice_is_no_input():
    with pytest.raises(ValueError, match="stands twice"):
        totals([lesson(MONDAY, 1), lesson(MONDAY, 1)], DEFAULT)


@given(LESSONS, st.randoms())
def test_the_order_of_records_does_not_matter(records, shuffled):
    mixed = records.copy()
    shuffled.shuffle(mixed)
    assert totals(mixed, DEFAULT) == totals(records, DEFAULT)


@given(LESSONS)
def test_totals_by_reason_and_by_subject_sum_to_the_total(records):
    found = totals(records, DEFAULT)
    for one in (found.lessons, *found.by_subject.values()):
        assert sorted(lesson_id for part in one.by_reason.values() for lesson_id in part) == sorted(one.away)
        assert len(one.missed) + len(one.by_reason[Reason.SCHOOL_BUSINESS]) == len(one.away)
    for figure in ("checked", "unchecked", "away", "missed"):
        of_subjects = [lesson_id for one in found.by_subject.values() for lesson_id in getattr(one, figure)]
        assert sorted(of_subjects) == sorted(getattr(found.lessons, figure))
    assert sum(one.late.minutes for one in found.by_subject.values()) == found.lessons.late.minutes


def without_unchecked(found: Totals) -> tuple[object, ...]:
    """Every figure but those that name what is not checked."""
    subjects = {name: replace(one, unchecked=()) for name, one in found.by_subject.items() if one.checked}
    return replace(found.lessons, unchecked=()), subjects, found.days_missed, found.weeks_missed


@given(LESSONS, st.dates(date(2025, 8, 25), date(2025, 12, 28)))
def test_an_unchecked_lesson_changes_no_figure_but_the_unchecked_ones(records, day):
    unchecked = lesson(day, 50, "?")
    before, after = totals(records, DEFAULT), totals([*records, unchecked], DEFAULT)
    assert without_unchecked(after) == without_unchecked(before)
    assert set(after.lessons.unchecked) == {*before.lessons.unchecked, unchecked.lesson_id}


@given(LESSONS)
def test_every_checked_lesson_is_attended_late_or_away(records):
    found = totals(records, DEFAULT).lessons
    there = {record.lesson_id for record in records if record.checked and record.code is None}
    assert len(there) + len(found.late.lessons) + len(found.away) == len(found.checked)


@given(LESSONS.filter(bool), st.data())
def test_one_more_absence_never_lessens_what_is_missed(records, data):
    place = data.draw(st.integers(0, len(records) - 1))
    record = records[place]
    more = [*records[:place], replacement(record), *records[place + 1 :]]
    before, after = totals(records, DEFAULT), totals(more, DEFAULT)
    assert set(before.lessons.missed) <= set(after.lessons.missed)
    if record.checked:
        assert set(before.days_missed) <= set(after.days_missed)
        assert set(before.weeks_missed) <= set(after.weeks_missed)


def replacement(record: LessonRecord) -> LessonRecord:
    """The same lesson, missed."""
    return lesson(record.day, record.number or 0, "Н")


def test_a_whole_school_year_is_counted_in_weeks_of_six_days():
    year = six_day_weeks(date(2025, 9, 1), date(2026, 5, 25), {})
    ill = {
        day: "БББББ"
        for day in (date(2025, 12, 1) + timedelta(days=passed) for passed in range(12))
        if day.weekday() < 6
    }
    found = totals([*(one for one in year if one.day not in ill), *lessons(ill)], DEFAULT)
    assert (len(found.lessons.missed), len(found.days_missed)) == (55, 11)
    assert found.weeks_missed == (date(2025, 12, 1),)

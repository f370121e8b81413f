"""Ranges of days, and absences announced beforehand: which lessons they cover, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.attendance.absences.rules.ranges import (
    AnnouncedAbsence,
    Chosen,
    Days,
    Disagreement,
    Laid,
    announced,
    by_family,
    check_days,
    laid,
)
from services.attendance.absences.rules.records import Change, in_order
from services.attendance.codes.rules import Code
from tests.attendance.lessons import (
    AUTUMN_HOLIDAYS,
    CODES,
    LESSONS,
    B,
    N,
    O,
    P,
    U,
    lesson,
    lesson_id,
    lessons,
    six_day_weeks,
)

MONDAY, TUESDAY, WEDNESDAY = (date(2025, 9, day) for day in (8, 9, 10))
ONE_DAY = Days(MONDAY, MONDAY)


@pytest.mark.parametrize("days", [0, 1, 366])
def test_a_range_of_days_runs_forward_and_is_at_most_a_year(days):
    check_days(MONDAY, MONDAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("ends_on", "rule", "message"),
    [
        (MONDAY - timedelta(days=1), "range-reversed", "The range ends before it starts."),
        (MONDAY + timedelta(days=367), "range-too-long", "The range is longer than 366 days: ask for less at once."),
    ],
)
def test_a_range_of_days_that_is_none_is_refused(ends_on, rule, message):
    with pytest.raises(Invalid) as refusal:
        check_days(MONDAY, ends_on)
    assert (refusal.value.rule, refusal.value.field, str(refusal.value)) == (rule, "ends_on", message)


def test_days_cover_all_lessons_from_the_first_to_the_last():
    range_ = Days(TUESDAY, WEDNESDAY)
    assert [range_.covers(lesson(MONDAY.replace(day=day), 3)) for day in (8, 9, 10, 11)] == [False, True, True, False]


def test_days_with_numbers_cover_those_lessons_of_each_day():
    range_ = Days(MONDAY, TUESDAY, frozenset({0, 5}))
    assert [range_.covers(lesson(MONDAY, number)) for number in (0, 1, 5, 6)] == [True, False, True, False]
    assert range_.covers(lesson(TUESDAY, 5))
    assert not range_.covers(lesson(WEDNESDAY, 5))


def test_a_lesson_without_number_is_in_whole_days_alone():
    unnumbered = replace(lesson(MONDAY, 1), number=None)
    assert Days(MONDAY, MONDAY).covers(unnumbered)
    assert not Days(MONDAY, MONDAY, frozenset({1})).covers(unnumbered)


def test_chosen_lessons_are_those_named():
    chosen = Chosen(frozenset({lesson_id(MONDAY, 2)}))
    assert [chosen.covers(lesson(MONDAY, number)) for number in (1, 2)] == [False, True]


def test_no_lessons_chosen_is_refused():
    with pytest.raises(Invalid) as refusal:
        Chosen(frozenset())
    assert (refusal.value.rule, refusal.value.field) == ("lessons-missing", "lesson_ids")
    assert str(refusal.value) == "Name at least one lesson."


@pytest.mark.parametrize(
    ("ends_on", "rule"), [(date(2025, 9, 7), "range-reversed"), (date(2026, 9, 10), "range-too-long")]
)
def test_days_that_are_no_range_are_refused(ends_on, rule):
    with pytest.raises(Invalid) as refusal:
        Days(MONDAY, ends_on)
    assert refusal.value.rule == rule


@pytest.mark.parametrize("code", [O, Code("Д", "дистанционно", counts_as_absent=False)])
def test_a_code_of_one_who_is_there_cannot_be_announced(code):
    with pytest.raises(Invalid) as refusal:
        AnnouncedAbsence(ONE_DAY, code)
    assert (refusal.value.rule, refusal.value.field) == ("announced-code-no-absence", "code")
    assert str(refusal.value) == f"{code.code} is no absence: it cannot be announced for a range of lessons."


def test_what_the_family_announces_is_of_unknown_reason():
    assert by_family(ONE_DAY, CODES) == AnnouncedAbsence(ONE_DAY, N)


def test_an_announcement_is_laid_over_school_days_across_the_holidays():
    records = six_day_weeks(date(2025, 10, 24), date(2025, 11, 7), {})
    ahead = [replace(one, checked=False) for one in records]
    outcome = laid(AnnouncedAbsence(Days(date(2025, 10, 25), date(2025, 11, 5)), U), ahead)
    covered = [lesson_id(day, number) for day in (date(2025, 10, 25), date(2025, 11, 5)) for number in (1, 2, 3, 4, 5)]
    assert outcome == Laid(tuple(Change(lesson, None, U) for lesson in covered), (), ())
    assert not {one.day for one in ahead} & AUTUMN_HOLIDAYS


@pytest.mark.parametrize(("letter", "found"), [(".", None), ("О", O), ("Н", N), ("Б", B), ("П", P)])
def test_a_lesson_that_was_checked_otherwise_is_a_conflict_and_stays(letter, found):
    records = [lesson(MONDAY, 1, letter)]
    outcome = laid(AnnouncedAbsence(ONE_DAY, U), records)
    assert outcome == Laid((), (), (Disagreement(lesson_id(MONDAY, 1), found, U),))
    assert announced(records, outcome) == tuple(records)


@pytest.mark.parametrize(("letter", "code"), [("У", U), ("Н", N), ("У", N), ("Б", N), ("П", N), ("П", P)])
def test_a_check_that_says_the_same_or_more_agrees(letter, code):
    outcome = laid(AnnouncedAbsence(ONE_DAY, code), [lesson(MONDAY, 1, letter)])
    assert outcome == Laid((), (lesson_id(MONDAY, 1),), ())


@pytest.mark.parametrize("letter", [".", "О"])
def test_one_who_was_there_contradicts_an_absence_of_unknown_reason(letter):
    (conflict,) = laid(by_family(ONE_DAY, CODES), [lesson(MONDAY, 1, letter)]).conflicts
    assert (conflict.found, conflict.announced) == (O if letter == "О" else None, N)


@pytest.mark.parametrize(
    ("before", "code", "outcome"),
    [
        (None, U, "changes"),
        (None, N, "changes"),
        (N, U, "changes"),  # the homeroom teacher gives the reason
        (U, U, "agreed"),
        (U, N, "agreed"),  # the family says it too
        (U, B, "conflicts"),
        (P, U, "conflicts"),
    ],
)
def test_two_announcements_of_one_lesson(before, code, outcome):
    record = lesson(MONDAY, 1, "?", announced=before)
    found = laid(AnnouncedAbsence(ONE_DAY, code), [record])
    assert [name for name in ("changes", "agreed", "conflicts") if getattr(found, name)] == [outcome]
    assert found.changes in ((), (Change(record.lesson_id, before, code),))
    (after,) = announced([record], found)
    assert after.announced == (code if outcome == "changes" else before)
    assert after.code is None


def test_what_was_announced_of_a_checked_lesson_is_history():
    outcome = laid(AnnouncedAbsence(ONE_DAY, U), [lesson(MONDAY, 1, ".", announced=U)])
    assert outcome.conflicts == (Disagreement(lesson_id(MONDAY, 1), None, U),)


def test_a_day_that_is_half_checked_is_laid_over_lesson_by_lesson():
    records = lessons({TUESDAY: "У", MONDAY: ".У?Б?"})
    outcome = laid(AnnouncedAbsence(ONE_DAY, U), records)
    assert [one.lesson_id for one in outcome.conflicts] == [lesson_id(MONDAY, 1), lesson_id(MONDAY, 4)]
    assert outcome.agreed == (lesson_id(MONDAY, 2),)
    assert [one.lesson_id for one in outcome.changes] == [lesson_id(MONDAY, 3), lesson_id(MONDAY, 5)]
    after = announced(records, outcome)
    assert [one.announced for one in after] == [None, None, None, U, None, U]


RANGES = st.builds(
    lambda start, length, numbers: Days(start, start + timedelta(days=length), numbers),
    st.dates(date(2025, 9, 1), date(2025, 12, 1)),
    st.integers(0, 60),
    st.frozensets(st.integers(1, 7), max_size=3),
)
ABSENCES = st.builds(AnnouncedAbsence, RANGES, st.sampled_from([N, U, B, P]))


@given(ABSENCES, LESSONS)
def test_laying_an_announcement_twice_is_laying_it_once(absence, records):
    once = announced(records, laid(absence, records))
    again = laid(absence, once)
    assert again.changes == ()
    assert announced(once, again) == once


@given(ABSENCES, LESSONS)
def test_every_covered_lesson_has_one_outcome_and_no_other_has_any(absence, records):
    outcome = laid(absence, records)
    found = [
        *(one.lesson_id for one in outcome.changes), *outcome.agreed, *(one.lesson_id for one in outcome.conflicts),
    ]  # fmt: skip
    assert sorted(found) == sorted(one.lesson_id for one in records if absence.range.covers(one))


@given(ABSENCES, LESSONS)
def test_nothing_that_was_checked_is_changed(absence, records):
    after = announced(records, laid(absence, records))
    assert [(one.checked, one.code, one.minutes) for one in after] == [
        (one.checked, one.code, one.minutes) for one in records
    ]
    assert [one for one in after if one.checked] == [one for one in records if one.checked]


@given(ABSENCES, LESSONS, st.randoms())
def test_the_order_of_records_does_not_matter(absence, records, shuffled):
    mixed = records.copy()
    shuffled.shuffle(mixed)
    assert laid(absence, mixed) == laid(absence, in_order(records))

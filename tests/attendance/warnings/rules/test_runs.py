"""Runs of missed school days: what ends one, what does not, and when it is told of."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.policy.rules import DEFAULT, at_least
from services.attendance.warnings.rules.runs import Announcements, Run, announcements, runs
from tests.attendance.lessons import LESSONS, lesson, lessons, policy, six_day_weeks
from tests.shared import shared


def days(*numbers: int) -> tuple[date, ...]:
    """Days of September 2025, of which the 7th and 14th are Sundays."""
    return tuple(date(2025, 9, number) for number in numbers)


def september(line: str, first: int = 1) -> list[Run]:
    """The runs of school days in a row from Monday, 1 September on, each a letter for its two lessons."""
    weekdays = [day for number in range(first, 31) if (day := date(2025, 9, number)).isoweekday() < 7]
    return list(runs(lessons({day: letter * 2 for day, letter in zip(weekdays, line)}), DEFAULT))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("......", []),
        ("Н.....", [Run(days(1))]),
        ("БББ...", [Run(days(1, 2, 3))]),
        ("Н.НН..Н", [Run(days(1)), Run(days(3, 4)), Run(days(8))]),
        (".....НУ", [Run(days(6, 8))]),  # Saturday and Monday
        ("О.", []),
        ("НПН", [Run(days(1)), Run(days(3))]),  # on school business is not missed
        ("НОН", [Run(days(1)), Run(days(3))]),
    ],
)
def test_a_run_is_of_missed_days_without_an_attended_one_between(line, expected):
    assert september(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Н?Н", [Run(days(1, 3), days(2))]),
        ("Н??Н", [Run(days(1, 4), days(2, 3))]),
        ("??Н??", [Run(days(3))]),
        ("Н?.Н", [Run(days(1)), Run(days(4))]),
        ("Н.?Н", [Run(days(1)), Run(days(4))]),
        ("????", []),
    ],
)
def test_a_day_that_nobody_checked_neither_ends_a_run_nor_lengthens_it(line, expected):
    assert september(line) == expected


def test_the_length_counts_school_days():
    (run,) = september("НН?НННН")
    assert (run.length, run.days, run.unchecked) == (6, days(1, 2, 4, 5, 6, 8), days(3))


def test_holidays_do_not_end_a_run():
    said = {date(2025, 10, 25): "БББББ", date(2025, 11, 5): "БББББ", date(2025, 11, 6): "ББББ?"}
    (run,) = runs(six_day_weeks(date(2025, 10, 20), date(2025, 11, 8), said), DEFAULT)
    assert run == Run((date(2025, 10, 25), date(2025, 11, 5), date(2025, 11, 6)))


def test_the_public_holidays_of_may_do_not_end_a_run():
    closed = {
        date(2025, *map(int, day.attrib["d"].split(".")))
        for day in ElementTree.parse(shared("calendars/ru-2025.xml")).iter("day")
        if day.attrib["t"] == "1"
    }
    spring = [date(2025, 4, 28) + timedelta(days=passed) for passed in range(20)]
    taught = [day for day in spring if day.isoweekday() < 7 and day not in closed]
    assert date(2025, 5, 1) not in taught
    ill = (date(2025, 4, 30), date(2025, 5, 12))
    (run,) = runs(lessons({day: "БББ" if ill[0] <= day <= ill[1] else "..." for day in taught}), DEFAULT)
    assert [day.day for day in run.days] == [30, 3, 5, 6, 7, 10, 12]


def test_the_policy_says_which_days_are_missed():
    records = lessons({days(1)[0]: "ННН..", days(2)[0]: "ННННН"})
    assert runs(records, DEFAULT) == (Run(days(2)),)
    assert runs(records, policy(missed_day=at_least(3))) == (Run(days(1, 2)),)


def told(before: str, after: str, length: int = 3) -> tuple[list[tuple[date, ...]], list[tuple[date, ...]]]:
    """The days of the runs that are announced and taken back."""
    found = announcements(september(before), september(after), policy(run_length=length))
    return [run.days for run in found.reached], [run.days for run in found.taken_back]


@pytest.mark.parametrize(
    ("before", "after", "reached", "taken_back"),
    [
        ("НН.", "ННН", [days(1, 2, 3)], []),  # it reaches the length
        ("НН..", "НН..", [], []),
        ("Н...", "НН..", [], []),
        ("ННН.", "НННН", [], []),  # the same run, a day longer
        ("ННН.", "ННН.", [], []),
        ("ННН.", "УУУ.", [], []),  # excused, but missed as before
        ("ННН.", "НН..", [], [days(1, 2, 3)]),  # a day is withdrawn
        ("ННН.", "Н.Н.", [], [days(1, 2, 3)]),
        ("ННН.", "....", [], [days(1, 2, 3)]),
        ("НННН", ".ННН", [], []),  # shorter, but long enough
        ("ННН..", "..ННН", [], []),  # it keeps a day and the length
        ("ННН...", "...ННН", [days(4, 5, 6)], [days(1, 2, 3)]),  # no day in common: another run
        ("ННН.ННН", "ННННННН", [], []),  # two that were announced become one
        ("НН.НН", "ННННН", [days(1, 2, 3, 4, 5)], []),  # two that were not
        ("ННН.НН", "НННННН", [], []),  # one that was and one that was not
        ("ННННННН", "ННН.ННН", [], []),  # one becomes two parts of it
        ("НННННН", "НН.ННН", [], []),
        ("ННННН", "НН.НН", [], [days(1, 2, 3, 4, 5)]),
        ("ННН.ННН", "ННН.НН.", [], [days(5, 6, 8)]),
        ("НН.НН?", "НН.ННН", [days(4, 5, 6)], []),
        ("НН?", "НН?", [], []),
        ("НН?Н", "НННН", [], []),  # the unchecked day turns out missed
        ("НН?Н", "НН.Н", [], [days(1, 2, 4)]),  # the unchecked day turns out attended
    ],
)
def test_a_run_is_announced_once_and_taken_back_when_no_part_of_it_is_long_enough(before, after, reached, taken_back):
    assert told(before, after) == (reached, taken_back)


def test_the_length_that_is_announced_is_the_schools():
    assert told(".....", "ННННН", length=5) == ([days(1, 2, 3, 4, 5)], [])
    assert told(".....", "ННННН", length=6) == ([], [])
    assert told(".", "Н", length=1) == ([days(1)], [])


def test_after_an_announcement_was_taken_back_the_days_may_be_announced_anew():
    assert told("ННН", "Н.Н") == ([], [days(1, 2, 3)])
    assert told("Н.Н", "ННН") == ([days(1, 2, 3)], [])


def test_nothing_is_announced_of_a_student_without_runs():
    assert announcements((), (), DEFAULT) == Announcements((), ())


@given(LESSONS, st.randoms())
def test_the_order_of_records_does_not_matter(records, shuffled):
    mixed = records.copy()
    shuffled.shuffle(mixed)
    assert runs(mixed, DEFAULT) == runs(records, DEFAULT)


@given(LESSONS, st.dates(date(2025, 8, 25), date(2025, 12, 28)))
def test_an_unchecked_lesson_changes_no_missed_day_of_any_run(records, day):
    more = [*records, lesson(day, 50, "?")]
    assert [run.days for run in runs(more, DEFAULT)] == [run.days for run in runs(records, DEFAULT)]


@given(LESSONS, st.dates(date(2025, 8, 25), date(2025, 12, 28)))
def test_runs_grow_with_absences(records, day):
    """Whoever misses all lessons of one more day has no shorter runs: each lies within one of the new ones."""
    before = runs(records, DEFAULT)
    after = runs([*(one for one in records if one.day != day), lesson(day, 1, "Н")], DEFAULT)
    assert all(any(set(run.days) <= set(longer.days) for longer in after) for run in before)
    assert max((run.length for run in after), default=0) >= max((run.length for run in before), default=0)
    assert announcements(before, after, DEFAULT).taken_back == ()


@given(LESSONS)
def test_every_missed_day_is_in_one_run_and_an_attended_one_lies_between_two(records):
    found = runs(records, DEFAULT)
    in_runs = [day for run in found for day in run.days]
    assert in_runs == sorted(set(in_runs))
    for run in found:
        assert run.length == len(run.days) > 0
        assert all(run.days[0] < day < run.days[-1] for day in run.unchecked)
    for earlier, later in pairwise(found):
        between = [one for one in records if earlier.days[-1] < one.day < later.days[0]]
        assert any(one.checked and not one.missed for one in between)


@given(LESSONS, LESSONS)
def test_what_is_announced_one_way_is_taken_back_the_other_way(records, others):
    before, after = runs(records, DEFAULT), runs(others, DEFAULT)
    there, back = announcements(before, after, DEFAULT), announcements(after, before, DEFAULT)
    assert (there.reached, there.taken_back) == (back.taken_back, back.reached)
    assert announcements(after, after, DEFAULT) == Announcements((), ())
    assert all(run.length >= 3 for run in (*there.reached, *there.taken_back))

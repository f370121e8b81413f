"""Which bells ring on a day, and what is refused of a schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest

from kernel.errors import Invalid
from services.gradebook.bells.rules.bells import (
    Bell,
    BellSchedule,
    Times,
    YearBells,
    bells_of_day,
    check_bells,
    in_figures,
    in_order,
)
from services.gradebook.calendar.rules.year_calendar import GradeWeek, calendar_of
from tests.gradebook.calendar.years import YEAR_ID, moved, row_id, short, year

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
SECOND, FIRST_SHIFT_CLASS = row_id("8Б"), row_id("8А")


def schedule(title: str, first: time, *weekdays: int, **more: Any) -> BellSchedule:
    """A schedule of two lessons, of which the first begins at `first`."""
    second = replace_hour(first, first.hour + 1)
    bells = (Bell(1, first, replace_minute(first, 40)), Bell(2, second, replace_minute(second, 40)))
    said = {"shift": 1, "short": False, "valid_from": date(2026, 9, 1), **more}
    return BellSchedule(row_id(title), title, weekdays=weekdays, bells=bells, **said)


def replace_hour(moment: time, hour: int) -> time:
    return moment.replace(hour=hour)


def replace_minute(moment: time, minute: int) -> time:
    return moment.replace(minute=minute)


USUAL = schedule("Обычные", time(8))
SHORT = schedule("Сокращённые", time(9), short=True)
CLASS_HOUR = schedule("С классным часом", time(10), 1)
LATER = schedule("Со второго полугодия", time(11), valid_from=date(2027, 1, 11))
SECOND_SHIFT = schedule("Вторая смена", time(14), shift=2)
ALL = (USUAL, SHORT, CLASS_HOUR, LATER, SECOND_SHIFT)


@pytest.mark.parametrize(
    ("day", "shift", "rings"),
    [
        (TUESDAY, 1, USUAL),
        (MONDAY, 1, CLASS_HOUR),
        (date(2026, 9, 9), 1, SHORT),
        (date(2026, 9, 14), 1, SHORT),  # a Monday that is short
        (date(2026, 9, 12), 1, CLASS_HOUR),  # a Saturday by Monday's timetable
        (date(2026, 9, 13), 1, USUAL),  # a Sunday on which somebody teaches all the same
        (date(2027, 1, 12), 1, LATER),
        (date(2027, 1, 18), 1, CLASS_HOUR),  # a Monday: no later bells are for it
        (MONDAY, 2, SECOND_SHIFT),
        (date(2026, 9, 9), 2, SECOND_SHIFT),  # no short bells of its own
    ],
)
def test_d10_the_bells_of_a_day_are_those_of_its_kind_that_were_valid_last(
    day: date, shift: int, rings: BellSchedule
) -> None:
    known = year(
        grades={7: GradeWeek(7, "", 5)},
        short_days=(short(date(2026, 9, 9)), short(date(2026, 9, 14))),
        moved_days=(moved(date(2026, 9, 12), 1),),
    )
    for schedules in (ALL, ALL[::-1]):
        assert bells_of_day(schedules, day, calendar_of(known, 7), shift) == rings.bells


def test_d10_without_bells_that_are_valid_yet_none_ring() -> None:
    calendar = calendar_of(year(), 7)
    assert bells_of_day((), TUESDAY, calendar, 1) == ()
    assert bells_of_day((LATER, SHORT, SECOND_SHIFT), TUESDAY, calendar, 1) == ()
    assert bells_of_day((LATER,), LATER.valid_from, calendar, 1) == LATER.bells


def test_d10_a_lesson_has_the_times_of_its_number_on_its_day_in_its_shift() -> None:
    known = year(short_days=(short(TUESDAY, 5),))
    times = Times({YEAR_ID: YearBells(known, ALL, frozenset({SECOND}))})
    course = UUID(int=9)
    assert times.of(YEAR_ID, course, TUESDAY, 2, FIRST_SHIFT_CLASS, 8) == USUAL.bells[1]
    assert times.of(YEAR_ID, course, TUESDAY, 2, SECOND, 8) == SECOND_SHIFT.bells[1]
    assert times.of(YEAR_ID, course, TUESDAY, 2, FIRST_SHIFT_CLASS, 5) == SHORT.bells[1]
    assert times.of(YEAR_ID, course, TUESDAY, 2, None, None) == USUAL.bells[1]
    assert times.of(YEAR_ID, course, MONDAY, 1, None, 8) == CLASS_HOUR.bells[0]
    assert times.of(YEAR_ID, course, TUESDAY, 3, FIRST_SHIFT_CLASS, 8) is None
    assert times.of(YEAR_ID, course, TUESDAY, None, FIRST_SHIFT_CLASS, 8) is None
    assert times.of(UUID(int=1), course, TUESDAY, 1, FIRST_SHIFT_CLASS, 8) is None
    assert times.at(YEAR_ID, TUESDAY, 2, 1, 5) == SHORT.bells[1]
    assert times.at(YEAR_ID, TUESDAY, 2, 1) == USUAL.bells[1]
    assert times.at(UUID(int=1), TUESDAY, 2, 1) is None


def test_each_grade_has_its_own_calendar_whichever_was_asked_for_before() -> None:
    bells = YearBells(year(short_days=(short(TUESDAY, 5),)))
    assert [bells.calendar_of(grade).is_short(TUESDAY) for grade in (None, 8, 5, 8)] == [False, False, True, False]


def test_d10_a_group_across_classes_has_the_times_of_its_students_shift_and_none_where_they_are_of_both() -> None:
    first, second, both = UUID(int=7), UUID(int=8), UUID(int=9)
    times = Times({YEAR_ID: YearBells(year(), ALL, frozenset({SECOND}))}, {second: False, both: True})
    assert times.of(YEAR_ID, first, TUESDAY, 2, None, 8) == USUAL.bells[1]
    assert times.of(YEAR_ID, second, TUESDAY, 2, None, 8) == SECOND_SHIFT.bells[1]
    assert times.of(YEAR_ID, both, TUESDAY, 2, None, 8) is None
    assert [times.differ(one, None) for one in (first, second, both)] == [False, False, True]
    assert not times.differ(both, SECOND)


def faults(wrong: BellSchedule, *others: BellSchedule) -> list[tuple[str, str, str]]:
    with pytest.raises(Invalid) as refused:
        check_bells(year(), wrong, others)
    assert (refused.value.rule, refused.value.field) == (refused.value.faults[0].rule, refused.value.faults[0].field)
    return [(fault.field, fault.rule, str(fault.text)) for fault in refused.value.faults]


def test_d10_bells_that_cannot_ring_are_all_told_by_their_places() -> None:
    wrong = replace(
        USUAL,
        bells=(
            Bell(1, time(8, 30), time(8, 30)), Bell(3, time(8, 29), time(9, 20)), Bell(2, time(9, 20), time(10)),
            Bell(2, time(10), time(10, 40)),
        ),
    )  # fmt: skip
    assert faults(wrong) == [
        ("bells.0.ends", "bell-reversed", "Lesson 1 ends before it begins."),
        ("bells.1.starts", "bells-overlap", "Lesson 3 begins at 08:29, before lesson 1 ends at 08:30."),
        ("bells.2.number", "bell-numbers", "Lesson 2 stands behind lesson 3: numbers go up, each once."),
        ("bells.3.number", "bell-numbers", "Lesson 2 stands behind lesson 2: numbers go up, each once."),
    ]


def test_d10_of_two_schedules_of_the_same_days_the_second_is_refused() -> None:
    others = (USUAL, SHORT, CLASS_HOUR, SECOND_SHIFT)
    same = replace(USUAL, id=row_id("x"), title="Ещё")
    assert faults(same, *others) == [
        (
            "valid_from", "bells-twice",
            "“Обычные” are the bells of the same days from 2026-09-01 on. Change those, or choose another date.",
        )
    ]  # fmt: skip
    assert faults(replace(same, weekdays=(1, 5)), *others)[0][1] == "bells-twice"
    for other in (
        USUAL,
        replace(same, weekdays=(2, 5)),
        replace(same, valid_from=date(2026, 9, 2)),
        replace(same, shift=2, short=True),
    ):
        check_bells(year(), other, others)


def test_d10_bells_are_valid_from_a_day_of_their_year() -> None:
    for day in (date(2026, 8, 31), date(2027, 9, 1)):
        told = f"{day} lies outside the year, which goes from 2026-09-01 to 2027-08-31."
        assert faults(replace(USUAL, valid_from=day)) == [("valid_from", "day-outside-year", told)]
    for day in (date(2026, 9, 1), date(2027, 8, 31)):
        check_bells(year(), replace(USUAL, valid_from=day), ())


def test_d10_schedules_are_read_by_shift_kind_and_date() -> None:
    assert in_order(ALL) == (USUAL, LATER, CLASS_HOUR, SHORT, SECOND_SHIFT)
    assert in_figures(time(8, 5)) == "08:05"


def test_a_group_is_of_the_shift_of_its_members_classes_and_of_none_where_these_differ() -> None:
    of = YearBells(year(), ALL, frozenset({SECOND}))
    assert of.shift_of_classes([]) == of.shift_of_classes([FIRST_SHIFT_CLASS]) == 1
    assert of.shift_of_classes([SECOND, SECOND]) == 2
    assert of.shift_of_classes([SECOND, FIRST_SHIFT_CLASS]) is None


def test_usual_bells_are_told_by_shift_and_weekday_as_they_are_valid_on_a_day() -> None:
    usual = YearBells(year(), ALL).usual(TUESDAY)
    assert usual[1, 1][1].starts == CLASS_HOUR.bells[0].starts
    assert usual[1, 2][1].starts == USUAL.bells[0].starts, "short days are no usual ones"
    assert usual[2, 7][2].starts == SECOND_SHIFT.bells[1].starts
    assert YearBells(year(), ALL).usual(date(2027, 1, 12))[1, 2][1].starts == LATER.bells[0].starts
    assert YearBells(year(), ALL).usual(LATER.valid_from)[1, 2][1].starts == LATER.bells[0].starts, "from that day on"
    assert YearBells(year()).usual(TUESDAY)[1, 1] == {}
    assert sorted(usual) == [(shift, weekday) for shift in (1, 2) for weekday in range(1, 8)]

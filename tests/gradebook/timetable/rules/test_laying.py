"""Lessons follow from the timetable, and nothing that was entered is lost or moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.calendar.rules.school_days import Holidays, SchoolCalendar
from services.gradebook.timetable.rules.entries import Entry, Week
from services.gradebook.timetable.rules.laying import (
    Change,
    Existing,
    Laying,
    Place,
    Planned,
    Renewed,
    State,
    changed_by_hand,
    laying,
    wanted_lessons,
)

YEAR = date(2026, 9, 1)
MONDAY, SUNDAY = date(2026, 9, 7), date(2026, 9, 20)
SPAN = (MONDAY, SUNDAY)
WEEK = timedelta(days=7)
ALGEBRA, PHYSICS = UUID(int=1), UUID(int=2)
ROOM, OTHER_ROOM, TEACHER, STAND_IN = (UUID(int=number) for number in range(11, 15))
GRADES = {ALGEBRA: 5, PHYSICS: 11}
FIVE_DAYS = SchoolCalendar(frozenset(range(1, 6)))
SIX_DAYS = SchoolCalendar(frozenset(range(1, 7)))
CALENDARS = {5: FIVE_DAYS, 11: SIX_DAYS}


def entry(number: int = 1, weekday: int = 1, course: UUID = ALGEBRA, week: Week = "", **rest: object) -> Entry:
    made = Entry(UUID(int=1000 + 10 * weekday + number), course, weekday, number, week, YEAR, classroom_id=ROOM)
    return replace(made, **rest)  # type: ignore[arg-type]  # any of its fields


def wanted(
    *entries: Entry,
    calendars: dict[int | None, SchoolCalendar] | None = None,
    changes: dict[Place, Change] | None = None,
) -> dict[Place, Planned]:
    return wanted_lessons(entries, GRADES, calendars or CALENDARS, YEAR, SPAN, changes or {})


def days(found: dict[Place, Planned]) -> list[tuple[int, int]]:
    return [(place.date.day, place.number) for place in sorted(found)]


def test_an_entry_gives_a_lesson_in_each_of_its_weeks() -> None:
    assert days(wanted(entry(2), entry(3, weekday=5))) == [(7, 2), (11, 3), (14, 2), (18, 3)]
    assert days(wanted(entry(week="1"))) == [(14, 1)]
    assert days(wanted(entry(week="2"))) == [(7, 1)]
    lesson = wanted(entry(2, teacher_id=TEACHER))[Place(ALGEBRA, MONDAY, 2)]
    assert lesson == Planned(UUID(int=1012), ROOM, TEACHER)


def test_an_entry_gives_lessons_while_it_holds() -> None:
    assert days(wanted(entry(valid_from=date(2026, 9, 8)))) == [(14, 1)]
    assert days(wanted(entry(valid_until=date(2026, 9, 13)))) == [(7, 1)]


def test_the_calendar_of_the_grade_decides() -> None:
    saturday = [entry(weekday=6), entry(weekday=6, course=PHYSICS)]
    assert {place.course_id for place in wanted(*saturday)} == {PHYSICS}
    holidays = replace(FIVE_DAYS, holidays=(Holidays("каникулы", MONDAY, MONDAY),))
    assert days(wanted(entry(), calendars={5: holidays})) == [(14, 1)]


def test_a_moved_working_day_is_taught_by_the_timetable_of_its_weekday() -> None:
    calendar = replace(FIVE_DAYS, moved={date(2026, 9, 12): 1}, days_off={MONDAY: "перенос"})
    assert days(wanted(entry(), calendars={5: calendar})) == [(12, 1), (14, 1)]


def test_a_change_of_a_day_cancels_moves_and_substitutes() -> None:
    place = Place(ALGEBRA, MONDAY, 1)
    lesson = wanted(entry())[place]

    def changed(change: Change) -> dict[Place, Planned]:
        return wanted(entry(), changes={place: change})

    snow = Change(cancelled=True, reason="снег")
    assert changed(snow)[place] == lesson._replace(state=State.CANCELLED, reason="снег")
    assert changed(Change(classroom_id=OTHER_ROOM))[place] == lesson._replace(classroom_id=OTHER_ROOM)
    assert changed(Change(teacher_id=STAND_IN))[place] == lesson._replace(teacher_id=STAND_IN)
    tuesday = date(2026, 9, 8)
    moved = changed(Change(moved_to=(tuesday, 6)))
    assert days(moved) == [(7, 1), (8, 6), (14, 1)]
    assert moved[place] == lesson._replace(state=State.CANCELLED, moved_to=tuesday, moved_number=6)
    assert moved[Place(ALGEBRA, tuesday, 6)] == lesson
    assert days(changed(Change(moved_to=(date(2026, 9, 21), 1)))) == [(7, 1), (14, 1)]


def test_a_change_of_a_lesson_that_the_timetable_does_not_have_says_nothing() -> None:
    assert days(wanted(entry(), changes={Place(ALGEBRA, MONDAY, 2): Change(moved_to=(MONDAY, 5))})) == [(7, 1), (14, 1)]


PLACE = Place(ALGEBRA, MONDAY, 1)
LESSON = Planned(UUID(int=1011), ROOM, None)
PRESENT = Existing(UUID(int=500), LESSON, filled=False)


def was(filled: bool = False, **differs: object) -> Existing:
    return Existing(PRESENT.id, LESSON._replace(**differs), filled)  # type: ignore[arg-type]  # any of its fields


def lay(there: Existing, lesson: Planned | None, today: date = MONDAY) -> Laying:
    return laying({PLACE: lesson} if lesson else {}, {PLACE: there}, today)


def test_what_is_missing_is_made_and_what_is_there_stays() -> None:
    assert laying({PLACE: LESSON}, {}, MONDAY) == Laying(new={PLACE: LESSON})
    assert lay(PRESENT, LESSON) == Laying()


@pytest.mark.parametrize("there", [was(classroom_id=OTHER_ROOM), was(state=State.DROPPED)])
def test_what_differs_is_renewed_under_its_id(there: Existing) -> None:
    plan = lay(there, LESSON)
    assert (plan.new, plan.renewed) == ({}, [Renewed(there.id, 1, LESSON, there.planned.state is State.DROPPED)])


def test_an_imported_lesson_becomes_that_of_the_timetable_in_its_place_and_is_else_left_alone() -> None:
    imported = was(entry_id=None, classroom_id=None, filled=True)
    assert lay(imported, LESSON).renewed == [Renewed(imported.id, 1, LESSON)]
    assert lay(imported, None) == Laying()


def test_a_lesson_of_the_past_that_was_let_go_stays_so_until_something_is_entered() -> None:
    place, gone = Place(ALGEBRA, MONDAY, 1), was(state=State.DROPPED)
    for today in (MONDAY, SUNDAY):
        assert laying({}, {place: gone}, today) == Laying()
    assert laying({}, {place: gone._replace(filled=True)}, SUNDAY).outside == [gone.id]


def test_a_lesson_without_a_number_becomes_the_first_one_of_its_day() -> None:
    imported = was(entry_id=None, classroom_id=None, filled=True)
    third, second = Place(ALGEBRA, MONDAY, 3), Place(ALGEBRA, MONDAY, 2)
    there = {Place(ALGEBRA, MONDAY, None): imported}
    plan = laying({third: LESSON, second: LESSON}, there, MONDAY)
    assert (plan.new, plan.renewed) == ({third: LESSON}, [Renewed(imported.id, 2, LESSON)])
    elsewhere = {Place(ALGEBRA, SUNDAY, None): imported, Place(PHYSICS, MONDAY, None): imported}
    assert laying({second: LESSON}, elsewhere, MONDAY) == Laying(new={second: LESSON})


def test_a_lesson_in_which_something_was_entered_is_not_cancelled_but_outside_the_timetable() -> None:
    cancelled = LESSON._replace(state=State.CANCELLED, reason="мороз")
    there = was(filled=True)
    (renewed,) = lay(there, cancelled).renewed
    assert renewed.planned == cancelled._replace(state=State.OUTSIDE)
    assert lay(Existing(there.id, renewed.planned, filled=True), cancelled) == Laying()
    (renewed,) = lay(was(), cancelled).renewed
    assert renewed.planned == cancelled


def test_a_lesson_entered_by_hand_is_changed_for_a_day_too() -> None:
    by_hand = Existing(UUID(int=7), Planned(None, None, None), filled=False)
    place, target = Place(ALGEBRA, MONDAY, 2), Place(ALGEBRA, SUNDAY, 5)
    moved = Change(moved_to=(SUNDAY, 5), teacher_id=STAND_IN, reason="мороз")
    assert changed_by_hand({}, {place: by_hand}, {place: moved}) == {
        place: Planned(None, None, STAND_IN, State.CANCELLED, SUNDAY, 5, "мороз"),
        target: Planned(by_hand.id, None, STAND_IN, reason="мороз"),
    }
    assert changed_by_hand({}, {place: by_hand}, {place: Change()}) == {place: Planned(None, None, None)}
    assert changed_by_hand({place: LESSON}, {place: by_hand}, {place: moved}) == {}, "the timetable says it"
    made = by_hand._replace(planned=LESSON)
    assert changed_by_hand({}, {place: made}, {place: moved}) == changed_by_hand({}, {}, {place: moved}) == {}


@pytest.mark.parametrize(
    ("there", "today", "dropped", "outside"),
    [
        (PRESENT, MONDAY, True, False),
        (PRESENT, MONDAY + timedelta(days=1), False, True),  # that it was due is part of the record
        (was(filled=True), MONDAY, False, True),
        (was(filled=True, state=State.OUTSIDE), MONDAY, False, False),
        (was(state=State.DROPPED), MONDAY, False, False),
        (was(state=State.CANCELLED), MONDAY, True, False),
    ],
)
def test_a_lesson_that_is_wanted_no_more_is_dropped_only_while_it_is_empty_and_ahead(
    there: Existing, today: date, dropped: bool, outside: bool
) -> None:
    plan = lay(there, None, today)
    assert (plan.dropped, plan.outside) == ([there.id] if dropped else [], [there.id] if outside else [])


numbers = st.integers(1, 3)
entries = st.builds(entry, numbers, st.integers(1, 6), week=st.sampled_from(["", "1", "2"]))


@given(before=st.lists(entries, max_size=6), after=st.lists(entries, max_size=6), filled=st.sets(numbers))
def test_laying_twice_does_nothing_and_loses_nothing(before: list[Entry], after: list[Entry], filled: set[int]) -> None:
    there = carried_out({}, wanted(*before), filled)
    then = carried_out(there, wanted(*after), filled)
    assert laying(wanted(*after), then, MONDAY) == Laying()
    shown = {place for place, lesson in then.items() if lesson.planned.state is not State.DROPPED}
    assert shown == set(wanted(*after)) | {place for place, lesson in there.items() if lesson.filled}
    assert {lesson.id for lesson in there.values()} <= {lesson.id for lesson in then.values()}


def carried_out(there: dict[Place, Existing], now: dict[Place, Planned], filled: set[int]) -> dict[Place, Existing]:
    """The lessons after a laying; those whose number is in `filled` hold entries."""
    plan = laying(now, there, MONDAY)
    renewed = {one.id: one.planned for one in plan.renewed}
    states = dict.fromkeys(plan.dropped, State.DROPPED) | dict.fromkeys(plan.outside, State.OUTSIDE)

    def after(one: Existing) -> Planned:
        return renewed.get(one.id, one.planned._replace(state=states.get(one.id, one.planned.state)))

    kept = {place: Existing(one.id, after(one), one.filled) for place, one in there.items()}
    made = {
        place: Existing(UUID(int=len(kept) + index), lesson, place.number in filled)
        for index, (place, lesson) in enumerate(plan.new.items(), 1)
    }
    return kept | made

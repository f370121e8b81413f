"""What stands in the way of a timetable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from itertools import count
from uuid import UUID

import pytest

from services.gradebook.bells.rules.bells import Bell
from services.gradebook.timetable.rules.conflicts import (
    Clash,
    Misfit,
    Needs,
    collisions,
    course_faults,
    faults_made,
    slots_beside,
)
from services.gradebook.timetable.rules.entries import Entry, Week

FIRST = date(2026, 9, 1)
ALGEBRA, ENGLISH_1, ENGLISH_2, PHYSICS = (UUID(int=number) for number in range(1, 5))
CLASS_5A, CLASS_5B = UUID(int=11), UUID(int=12)
IVANOVA, PETROV, SIDOROV = (UUID(int=number) for number in range(21, 24))
ANNA, BORIS, VERA = (UUID(int=number) for number in range(31, 34))
ROOM, HALL = UUID(int=41), UUID(int=42)
_ids = count(100)


def entry(
    course: UUID, number: int = 1, week: Week = "", room: UUID | None = None, teacher: UUID | None = None
) -> Entry:
    return Entry(UUID(int=next(_ids)), course, 1, number, week, FIRST, classroom_id=room, teacher_id=teacher)


def needs(
    *, teacher: UUID | None = None, students: tuple[UUID, ...] = (), class_id: UUID | None = None, group: str = ""
) -> Needs:
    return Needs(frozenset({teacher} - {None}), frozenset(students), class_id, group)  # type: ignore[arg-type]  # any of its fields


def clashes(one: Entry, other: Entry, wanted: dict[UUID, Needs]) -> list[tuple[Clash, set[UUID]]]:
    found = list(collisions([one, other], wanted, frozenset({HALL})))
    assert all({each.one, each.other} == {one, other} for each in found)
    return [(each.clash, set(each.shared)) for each in found]


def test_a_teacher_is_in_one_place_at_a_time() -> None:
    both = {ALGEBRA: needs(teacher=IVANOVA), PHYSICS: needs(teacher=IVANOVA)}
    assert clashes(entry(ALGEBRA), entry(PHYSICS), both) == [(Clash.TEACHER, {IVANOVA})]
    assert clashes(entry(ALGEBRA), entry(PHYSICS, number=2), both) == []
    assert clashes(entry(ALGEBRA, week="1"), entry(PHYSICS, week="2"), both) == []


@pytest.mark.parametrize(("one", "other", "week"), [("", "", ""), ("1", "", "1"), ("", "2", "2"), ("2", "2", "2")])
def test_lessons_meet_in_the_weeks_of_both(one: Week, other: Week, week: Week) -> None:
    both = {ALGEBRA: needs(teacher=IVANOVA), PHYSICS: needs(teacher=IVANOVA)}
    (found,) = collisions([entry(ALGEBRA, week=one), entry(PHYSICS, week=other)], both)
    assert found.week == week


def test_an_entry_with_a_teacher_of_its_own_leaves_the_others_free() -> None:
    both = {ALGEBRA: Needs(frozenset({IVANOVA, PETROV})), PHYSICS: needs(teacher=IVANOVA)}
    assert clashes(entry(ALGEBRA), entry(PHYSICS), both) == [(Clash.TEACHER, {IVANOVA})]
    assert clashes(entry(ALGEBRA, teacher=PETROV), entry(PHYSICS), both) == []
    assert clashes(entry(ALGEBRA, teacher=PETROV), entry(PHYSICS, teacher=PETROV), both) == [(Clash.TEACHER, {PETROV})]


def test_a_student_is_in_one_place_at_a_time_also_in_groups_across_classes() -> None:
    both = {
        ALGEBRA: needs(students=(ANNA, BORIS), class_id=CLASS_5A),
        PHYSICS: needs(students=(BORIS, VERA), group="профиль"),
    }
    assert clashes(entry(ALGEBRA), entry(PHYSICS), both) == [(Clash.STUDENTS, {BORIS})]


def test_groups_of_a_class_without_common_members_are_taught_at_once() -> None:
    both = {
        ENGLISH_1: needs(students=(ANNA,), class_id=CLASS_5A, group="1"),
        ENGLISH_2: needs(students=(BORIS,), class_id=CLASS_5A, group="2"),
    }
    assert clashes(entry(ENGLISH_1), entry(ENGLISH_2), both) == []


@pytest.mark.parametrize(
    ("first", "second", "collide"),
    [("", "", True), ("", "2", True), ("1", "1", True), ("1", "2", False)],
)
def test_without_members_a_class_collides_with_itself_and_with_its_groups(
    first: str, second: str, collide: bool
) -> None:
    both = {ALGEBRA: needs(class_id=CLASS_5A, group=first), ENGLISH_2: needs(class_id=CLASS_5A, group=second)}
    assert clashes(entry(ALGEBRA), entry(ENGLISH_2), both) == ([(Clash.STUDENTS, set())] if collide else [])
    other = both | {ENGLISH_2: needs(class_id=CLASS_5B, group=second)}
    assert clashes(entry(ALGEBRA), entry(ENGLISH_2), other) == []


def test_members_decide_where_both_courses_have_some() -> None:
    half = {
        ALGEBRA: needs(class_id=CLASS_5A, students=(ANNA,)),
        ENGLISH_2: needs(class_id=CLASS_5A, group="2", students=(BORIS,)),
    }
    assert clashes(entry(ALGEBRA), entry(ENGLISH_2), half) == []
    one_empty = half | {ENGLISH_2: needs(class_id=CLASS_5A, group="2")}
    assert clashes(entry(ALGEBRA), entry(ENGLISH_2), one_empty) == [(Clash.STUDENTS, set())]


def test_a_classroom_holds_one_lesson_unless_it_is_shared() -> None:
    both = {ALGEBRA: needs(), PHYSICS: needs()}
    assert clashes(entry(ALGEBRA, room=ROOM), entry(PHYSICS, room=ROOM), both) == [(Clash.CLASSROOM, {ROOM})]
    assert clashes(entry(ALGEBRA, room=HALL), entry(PHYSICS, room=HALL), both) == []
    assert clashes(entry(ALGEBRA), entry(PHYSICS), both) == []


def test_collisions_come_in_the_order_of_the_week() -> None:
    both = {ALGEBRA: needs(teacher=IVANOVA), PHYSICS: needs(teacher=IVANOVA)}
    entries = [entry(course, number) for number in (3, 1, 2) for course in (ALGEBRA, PHYSICS)]
    assert [each.one.number for each in collisions(entries, both)] == [1, 2, 3]


def test_hours_are_those_of_the_curriculum() -> None:
    wanted = {
        ALGEBRA: Needs(hours=Decimal(2)),
        PHYSICS: Needs(hours=Decimal("0.5")),
        ENGLISH_1: Needs(),
        ENGLISH_2: Needs(hours=Decimal(1)),
    }
    placed = [*(entry(ALGEBRA, number) for number in (1, 2, 3)), entry(PHYSICS, week="2"), entry(ENGLISH_1)]
    found = list(course_faults(placed, wanted, FIRST, {}))
    assert [(one.misfit, one.course_id, one.placed, one.wanted) for one in found] == [
        (Misfit.HOURS_OVER, ALGEBRA, 3, 2),
        (Misfit.HOURS_UNDER, ENGLISH_2, 0, 1),
    ]


def test_hours_of_a_day_are_those_of_the_entries_that_hold_on_it() -> None:
    before = Entry(UUID(int=1), ALGEBRA, 1, 1, "", FIRST, date(2026, 10, 25))
    after = Entry(UUID(int=2), ALGEBRA, 2, 1, "", date(2026, 10, 26))
    wanted = {ALGEBRA: Needs(hours=Decimal(1))}
    assert not list(course_faults([before, after], wanted, FIRST, {}))
    assert not list(course_faults([before, after], wanted, date(2026, 10, 26), {}))


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        (2, 1, ["hours-under"]),
        (1, 1, []),
        (0, 1, []),
        (3, 2, []),
        (2, 3, ["hours-over"]),
        (3, 4, ["hours-over"]),
        (4, 3, []),
        (3, 1, ["hours-under"]),
        (1, 3, ["hours-over"]),
    ],
)
def test_an_edit_is_told_the_hours_that_it_takes_further_from_the_curriculum(
    before: int, after: int, named: list[str]
) -> None:
    wanted = {ALGEBRA: Needs(hours=Decimal(2)), PHYSICS: Needs(hours=Decimal(5))}
    weeks = [[entry(ALGEBRA, number) for number in range(count)] for count in (before, after)]
    made = faults_made(*(list(course_faults(week, wanted, FIRST, {})) for week in weeks))
    assert [str(one.misfit) for one in made] == named, "physics was as it is"


def test_an_edit_is_told_its_own_lessons_that_fit_nowhere_and_no_others() -> None:
    wanted = {ALGEBRA: replace(needs(), weekdays=frozenset({2}))}
    old, new = entry(ALGEBRA), entry(ALGEBRA, number=2)
    before, after = (list(course_faults(week, wanted, FIRST, {})) for week in ([old], [old, new]))
    assert [one.entry for one in faults_made(before, after)] == [new]


def test_a_lesson_has_a_bell_in_the_shift_of_its_class() -> None:
    wanted = {ALGEBRA: needs(class_id=CLASS_5A), PHYSICS: replace(needs(class_id=CLASS_5B), shift=2)}
    late = entry(ALGEBRA, number=9)
    entries = [late, entry(ALGEBRA, number=2), entry(PHYSICS, number=9)]
    found = list(course_faults(entries, wanted, FIRST, {1: frozenset(range(1, 8))}))
    assert [(one.misfit, one.course_id, one.entry) for one in found] == [(Misfit.OUTSIDE_SHIFT, ALGEBRA, late)]


def test_a_lesson_is_on_a_day_on_which_its_grade_has_lessons() -> None:
    wanted = {ALGEBRA: replace(needs(), weekdays=frozenset(range(1, 6))), PHYSICS: needs()}
    saturday = replace(entry(ALGEBRA), weekday=6)
    entries = [entry(ALGEBRA), saturday, replace(entry(PHYSICS), weekday=6)]
    found = list(course_faults(entries, wanted, FIRST, {}))
    assert [(one.misfit, one.course_id, one.entry) for one in found] == [(Misfit.DAY_OFF, ALGEBRA, saturday)]


def test_a_group_with_students_of_both_shifts_is_named_where_it_has_lessons() -> None:
    wanted = {ALGEBRA: replace(needs(), shift=None), PHYSICS: replace(needs(), shift=None)}
    found = list(course_faults([entry(ALGEBRA, number=9)], wanted, FIRST, {1: frozenset({1}), 2: frozenset({1})}))
    assert [(one.misfit, one.course_id, one.entry) for one in found] == [(Misfit.SHIFTS_DIFFER, ALGEBRA, None)]


def rung(*starts: int) -> dict[int, Bell]:
    """Bells of 40 minutes that begin at these hours."""
    return {number: Bell(number, time(hour), time(hour, 40)) for number, hour in enumerate(starts, start=1)}


#: The first lesson of the second shift begins with the fifth of the first.
RINGING = {(1, 1): rung(8, 9, 10, 11, 12), (2, 1): rung(12, 13)}


@pytest.mark.parametrize(
    ("number", "other_number", "together"),
    [(5, 1, True), (1, 1, False), (4, 1, False), (2, 2, False), (5, 3, False)],
)
def test_lessons_of_two_shifts_fall_together_where_their_times_do(
    number: int, other_number: int, together: bool
) -> None:
    both = {ALGEBRA: needs(teacher=IVANOVA), PHYSICS: replace(needs(teacher=IVANOVA), shift=2)}
    one, other = entry(ALGEBRA, number, room=ROOM), entry(PHYSICS, other_number, room=ROOM)
    found = [(each.clash, {each.one, each.other}) for each in collisions([other, one], both, ringing=RINGING)]
    expected = [(Clash.TEACHER, {one, other}), (Clash.CLASSROOM, {one, other})]
    assert found == (expected if together else [])


def test_a_bell_that_begins_when_another_lesson_ends_is_another_time_and_other_weekdays_ring_otherwise() -> None:
    both = {ALGEBRA: needs(teacher=IVANOVA), PHYSICS: replace(needs(teacher=IVANOVA), shift=2)}
    touching = {(1, 1): {1: Bell(1, time(8), time(9))}, (2, 1): {1: Bell(1, time(9), time(10))}}
    assert not list(collisions([entry(ALGEBRA), entry(PHYSICS)], both, ringing=touching))
    tuesday = {(1, 2): RINGING[1, 1], (2, 2): RINGING[2, 1]}
    assert not list(collisions([entry(ALGEBRA, 5), entry(PHYSICS)], both, ringing=tuesday))


def test_within_a_shift_and_without_bells_numbers_decide_and_a_group_of_unknown_shift_meets_both() -> None:
    second = {ALGEBRA: replace(needs(teacher=IVANOVA), shift=2), PHYSICS: replace(needs(teacher=IVANOVA), shift=2)}
    assert clashes(entry(ALGEBRA), entry(PHYSICS), second) == [(Clash.TEACHER, {IVANOVA})]
    two = {ALGEBRA: needs(teacher=IVANOVA), PHYSICS: replace(needs(teacher=IVANOVA), shift=2)}
    assert clashes(entry(ALGEBRA), entry(PHYSICS), two) == [], "nobody knows when the second shift begins"
    unknown = {**two, ALGEBRA: replace(needs(teacher=IVANOVA), shift=None)}
    assert clashes(entry(ALGEBRA), entry(PHYSICS), unknown) == [(Clash.TEACHER, {IVANOVA})]
    assert clashes(entry(ALGEBRA), entry(PHYSICS, 2), unknown) == []


def test_what_may_fall_together_with_a_lesson_stands_beside_it_in_both_shifts() -> None:
    assert slots_beside([(1, 1), (2, 5)], RINGING) == {(1, 1), (2, 5), (1, 5)}
    assert slots_beside([(1, 5), (1, 9)], RINGING) == {(1, 5), (1, 9), (1, 1)}
    assert slots_beside([(1, 5)], {}) == {(1, 5)}

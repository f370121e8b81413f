"""In which course a student's marks of a subject go on after a move."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.courses.rules.movement import Stay, check_not_moved, goes_on_in

A, B, C, D = (UUID(int=number) for number in range(1, 5))
START, LEFT, JOINED = date(2026, 9, 1), date(2026, 11, 20), date(2026, 11, 23)


def test_p36_who_moves_to_another_class_brings_the_marks_along() -> None:
    assert goes_on_in([Stay(A, START, LEFT), Stay(B, JOINED, None)]) == {A: B}


def test_who_stays_in_two_courses_of_a_subject_brings_nothing_anywhere() -> None:
    assert goes_on_in([Stay(A, START, None), Stay(B, START, None)]) == {}


def test_who_leaves_a_course_for_no_other_one_brings_nothing_anywhere() -> None:
    assert goes_on_in([Stay(A, START, None), Stay(B, START, LEFT)]) == {}, "an additional group that ended"
    assert goes_on_in([Stay(A, START, LEFT)]) == {}, "who left the school"


def test_who_moves_twice_brings_everything_to_the_last_course() -> None:
    stays = [Stay(A, START, date(2026, 10, 5)), Stay(B, date(2026, 10, 6), LEFT), Stay(C, JOINED, None)]
    assert goes_on_in(stays) == {A: C, B: C}


def test_who_comes_back_has_never_left() -> None:
    stays = [Stay(A, START, LEFT), Stay(B, JOINED, date(2026, 12, 4)), Stay(A, date(2026, 12, 7), None)]
    assert goes_on_in(stays) == {B: A}


def test_a_transfer_that_names_one_day_twice_or_overlaps_is_a_move() -> None:
    assert goes_on_in([Stay(A, START, LEFT), Stay(B, LEFT, None)]) == {A: B}
    assert goes_on_in([Stay(A, START, LEFT), Stay(B, date(2026, 11, 10), None)]) == {A: B}


def test_a_class_goes_on_in_a_class_a_group_in_a_group_and_an_elective_in_an_elective() -> None:
    stays = [
        Stay(A, START, LEFT), Stay(B, START, LEFT, group=True),
        Stay(D, JOINED, None, group=True), Stay(C, JOINED, None),
    ]  # fmt: skip
    assert goes_on_in(stays) == {A: C, B: D}
    beside = [Stay(A, START, LEFT), Stay(B, date(2026, 10, 1), None, across_classes=True), Stay(C, JOINED, None)]
    assert goes_on_in(beside) == {A: C}


def test_an_elective_that_was_taken_beside_a_class_is_no_place_for_its_marks() -> None:
    """Who leaves a class, and waits to be placed in a group of the new one, takes it all the time."""
    beside = [Stay(A, START, LEFT), Stay(B, date(2026, 10, 1), None, across_classes=True)]
    assert goes_on_in(beside) == {}
    assert goes_on_in([*beside, Stay(C, JOINED, None, group=True)]) == {A: C}
    assert goes_on_in([Stay(A, START, LEFT), Stay(B, JOINED, None, across_classes=True)]) == {A: B}


def test_a_class_that_is_split_goes_on_in_the_group() -> None:
    assert goes_on_in([Stay(A, START, LEFT), Stay(B, JOINED, None, group=True)]) == {A: B}


def test_of_several_courses_that_were_joined_it_is_the_first() -> None:
    stays = [Stay(A, START, LEFT), Stay(C, date(2026, 12, 7), None), Stay(B, JOINED, None)]
    assert goes_on_in(stays) == {A: B}


_DAYS = st.integers(0, 60).map(lambda days: START + timedelta(days=days))
_STAYS = st.lists(st.builds(Stay, st.sampled_from([A, B, C, D]), _DAYS, st.none() | _DAYS), max_size=8)


@given(_STAYS)
def test_marks_go_on_where_the_student_stays_longest_and_never_in_a_circle(stays: list[Stay]) -> None:
    found = goes_on_in(stays)
    assert not set(found) & set(found.values()), "where they go on they stay"
    last: dict[UUID, date] = {}
    for one in stays:
        last[one.course_id] = max(last.get(one.course_id, date.min), one.until or date.max)
    assert all(last[left] < last[after] for left, after in found.items())


def test_marks_are_closed_in_a_course_from_the_day_after_the_last_one() -> None:
    check_not_moved(LEFT, "Алгебра, 8Б", LEFT, "student_id")
    check_not_moved(None, "Алгебра, 8Б", JOINED, "student_id")
    with pytest.raises(Invalid) as refused:
        check_not_moved(LEFT, "Алгебра, 8Б", LEFT + timedelta(days=1), "student_id")
    assert (refused.value.rule, refused.value.params["course"]) == ("student-moved", "Алгебра, 8Б")

"""The states of a class's term marks in a course."""

from __future__ import annotations

import pytest

from kernel.errors import Conflict
from services.gradebook.term_marks.rules import states
from services.gradebook.term_marks.rules.states import CourseState


@pytest.mark.parametrize(
    ("before", "missing", "after"),
    [
        ("open", 0, "open"), ("open", 1, "open"), ("set", 0, "set"), ("set", 1, "open"), ("checked", 0, "set"),
        ("checked", 1, "open"), ("locked", 0, "locked"), ("locked", 1, "locked"),
    ],
)  # fmt: skip
def test_what_a_change_of_marks_does(before: str, missing: int, after: str) -> None:
    assert states.after_marks(before, missing) == after


def course(title: str, state: str) -> CourseState:
    return CourseState(title, state, 0)


def test_all_courses_are_handed_in_before_the_class_is_checked() -> None:
    states.check_checkable([course("Алгебра", "set"), course("Физика", "locked"), course("Химия", "checked")])
    with pytest.raises(Conflict) as refused:
        states.check_checkable([course("Алгебра", "set"), course("Физика", "open")])
    assert (refused.value.rule, refused.value.params["courses"]) == ("term-marks-open", "Физика")


def test_all_courses_are_checked_before_the_class_is_locked() -> None:
    states.check_lockable([course("Алгебра", "checked"), course("Физика", "locked")])
    with pytest.raises(Conflict) as refused:
        states.check_lockable([course("Алгебра", "checked"), course("Физика", "set"), course("Химия", "open")])
    assert (refused.value.rule, refused.value.params["courses"]) == ("term-marks-unchecked", "Физика, Химия")


def test_a_long_list_of_courses_is_cut() -> None:
    for count, told in ((5, "1, 2, 3, 4, 5"), (6, "1, 2, 3, 4, 5, …")):
        with pytest.raises(Conflict) as refused:
            states.check_checkable([course(str(number), "open") for number in range(1, count + 1)])
        assert refused.value.params["courses"] == told


def test_nobody_may_miss_a_mark_and_nothing_is_not_checked() -> None:
    states.check_complete(0)
    with pytest.raises(Conflict) as refused:
        states.check_complete(2)
    assert refused.value.params["count"] == 2
    with pytest.raises(Conflict) as refused:
        states.check_any([])
    assert refused.value.rule == "no-term-marks"

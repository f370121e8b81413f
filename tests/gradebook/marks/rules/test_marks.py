"""For whom, when and why a mark is set or changed."""

from datetime import date
from uuid import uuid4

import pytest

from kernel.errors import Conflict, Invalid
from services.gradebook.marks.rules import marks


def test_a_lesson_to_come_takes_no_marks_and_todays_does() -> None:
    today = date(2025, 9, 1)
    marks.check_lesson_was_held(today, today)
    with pytest.raises(Invalid) as refused:
        marks.check_lesson_was_held(date(2025, 9, 2), today)
    assert refused.value.rule == "lesson-in-future"


def test_a_student_stands_in_a_column_once() -> None:
    first, second = uuid4(), uuid4()
    marks.check_each_student_once([first, second])
    with pytest.raises(Invalid) as refused:
        marks.check_each_student_once([first, second, first])
    assert (refused.value.rule, refused.value.field) == ("student-twice", "marks.2.student_id")


def test_a_student_who_was_not_in_the_course_gets_no_mark() -> None:
    member = uuid4()
    marks.check_member(member, {member}, "student_id")
    with pytest.raises(Invalid) as refused:
        marks.check_member(uuid4(), {member}, "student_id")
    assert refused.value.rule == "student-not-in-course"


def test_a_second_mark_in_a_column_is_refused_and_the_first_named() -> None:
    student, mark = uuid4(), uuid4()
    marks.check_column_is_free({uuid4(): "marks.0.student_id"}, {student: mark})
    with pytest.raises(Conflict) as refused:
        marks.check_column_is_free({uuid4(): "marks.0.student_id", student: "marks.1.student_id"}, {student: mark})
    assert refused.value.params == {"student_id": student, "mark_id": mark}


def test_d16_all_second_marks_of_a_column_are_named_at_once() -> None:
    fields = {uuid4(): f"marks.{index}.student_id" for index in range(3)}
    first, _, last = fields
    with pytest.raises(Conflict) as refused:
        marks.check_column_is_free(fields, {first: uuid4(), last: uuid4()})
    assert [fault.field for fault in refused.value.faults] == ["marks.0.student_id", "marks.2.student_id"]


def test_a_change_needs_a_reason_and_a_difference() -> None:
    assert marks.change_reason(" typed wrongly ") == "typed wrongly"
    assert marks.change_reason("ill") == "ill"
    for text in ("    ", " il "):
        with pytest.raises(Invalid) as refused:
            marks.change_reason(text)
        assert refused.value.rule == "reason-required"
    marks.check_mark_changes(("5", ""), ("4", ""))
    marks.check_mark_changes(("5", ""), ("5", "well done"))
    marks.check_mark_changes(("5", ""), (None, ""))
    with pytest.raises(Invalid) as refused:
        marks.check_mark_changes(("5", "x"), ("5", "x"))
    assert refused.value.rule == "mark-unchanged"

"""What may stand in a cell of the journal."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict, Invalid
from services.gradebook.marks.rules import marks
from services.gradebook.policy.rules.marking import Marking

FIVE = Marking()
SIX = Marking(highest=6)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("5", "5"),
        ("1", "1"),
        (" 4 ", "4"),
        ("зач", "зач"),
        ("Зач", "зач"),
        ("НЕЗАЧ", "незач"),
        ("н/а", "н/а"),
        ("Н/А", "н/а"),
        ("H/A", "н/а"),  # both letters Latin
        ("oсв", "осв"),  # the first letter Latin
        ("зaч", "зач"),  # the vowel Latin
    ],
)
def test_a_mark_of_the_scale_or_a_token_is_taken(typed: str, stored: str) -> None:
    assert marks.mark_value(typed, FIVE) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "0",
        "6",
        "-1",
        "05",
        "5.0",
        "4,5",
        "4-",
        "4+",
        "5/5",
        "",
        " ",
        "٥",
        "５",
        "²",
        "A",
        "★",
        "Н",
        "зач!",
        "1e0",
    ],
)
def test_anything_else_is_refused_by_name_of_field_and_scale(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        marks.mark_value(typed, FIVE, "marks.3.value")
    assert (refused.value.rule, refused.value.field) == ("mark-off-scale", "marks.3.value")
    assert refused.value.params["highest"] == 5
    assert "1 to 5" in str(refused.value)


def test_the_scale_is_the_schools() -> None:
    assert marks.mark_value("6", SIX) == "6"
    with pytest.raises(Invalid):
        marks.mark_value("6", FIVE)


@given(st.text(max_size=10))
def test_what_is_taken_is_a_number_of_the_scale_or_a_token_and_taken_again(typed: str) -> None:
    try:
        stored = marks.mark_value(typed, FIVE)
    except Invalid:
        return
    assert stored in {"1", "2", "3", "4", "5", *FIVE.tokens}
    assert marks.mark_value(stored, FIVE) == stored


@pytest.mark.parametrize(("value", "number"), [("5", 5), ("10", 10), ("зач", None), ("н/а", None), (None, None)])
def test_only_numbers_count(value: str | None, number: int | None) -> None:
    assert marks.mark_number(value) == number


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
    marks.check_column_is_free([uuid4()], {student: mark})
    with pytest.raises(Conflict) as refused:
        marks.check_column_is_free([uuid4(), student], {student: mark})
    assert refused.value.params == {"student_id": student, "mark_id": mark}


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

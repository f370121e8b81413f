"""What a class is in another year than the present one (clause 4.2; practice)."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.classes_in_years import ClassThen, classes_then, later_grade, name_in_grade, years_between

CLASSES = [("1a", "1А", 1), ("7a", "7А", 7), ("8a", "8А", 8), ("11a", "11А", 11), ("club", "Кружок", None)]


def test_grades_move_up_with_the_years_within_the_school() -> None:
    assert [later_grade(grade) for grade in (1, 10, 11, None)] == [2, 11, None, None]
    assert [later_grade(7, years) for years in (-7, -6, 0, 4, 5)] == [None, 1, 7, 11, None]


@pytest.mark.parametrize(
    ("name", "grade", "coming", "then"),
    [
        ("7А", 7, 8, "8А"), ("7 «Б»", 7, 8, "8 «Б»"), (" 9В", 9, 10, " 10В"), ("10А", 1, 2, "10А"),
        ("Альфа", 7, 8, "Альфа"), ("7А", None, 8, "7А"), ("11А", 11, None, "11А"), ("8А", 8, 7, "7А"),
    ],
)  # fmt: skip
def test_a_name_says_the_other_grade_where_it_says_a_grade(
    name: str, grade: int | None, coming: int | None, then: str
) -> None:
    assert name_in_grade(name, grade, coming) == then


def test_years_lie_between_first_days() -> None:
    first = date(2026, 9, 1)
    days = (date(2025, 9, 1), first, date(2027, 8, 30), date(2028, 9, 4))
    assert [years_between(first, day) for day in days] == [-1, 0, 1, 2]


def test_without_courses_classes_move_by_the_years_between_and_graduates_are_gone() -> None:
    then = classes_then(CLASSES, [], 1)
    assert then["7a"] == ClassThen("8А", 8)
    assert then["11a"] == ClassThen("11А", None, is_there=False)
    assert then["club"] == ClassThen("Кружок", None)
    assert not classes_then(CLASSES, [], -1)["1a"].is_there


def test_the_courses_of_a_class_say_its_grade_and_those_of_others_how_far_it_moved() -> None:
    moved_already = classes_then(CLASSES, [("7a", 7), (None, 9), ("8a", None)], 1)
    assert [moved_already[key].name for key in ("7a", "8a", "11a")] == ["7А", "8А", "11А"]
    assert moved_already["11a"].is_there
    repeats = classes_then(CLASSES, [("7a", 7), ("7a", 7), ("7a", 8), ("8a", 9), ("1a", 2)], 1)
    assert [repeats[key].name for key in ("7a", "8a", "1a")] == ["7А", "9А", "2А"]
    assert not repeats["11a"].is_there


def test_courses_that_are_no_classs_of_the_school_move_nobody() -> None:
    assert classes_then(CLASSES, [("gone", 3)], 1)["7a"].name == "8А"

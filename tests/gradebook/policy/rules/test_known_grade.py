"""Where nobody has said of which grade a class is, marks and homework wait."""

from __future__ import annotations

import pytest

from kernel.errors import Invalid
from services.gradebook.policy.rules.known_grade import (
    ClassGrade,
    check_grade_known,
    deciding,
    in_lesson,
    unknown_of,
)

SEVENTH = ClassGrade(7, name="7А")
FIRST = ClassGrade(1, name="1А")
CLUB = ClassGrade(name="Клуб робототехники")
ORCHESTRA = ClassGrade(several=True, name="Оркестр")
NOBODY = ClassGrade()


def test_p01_a_class_of_unknown_grade_is_refused_by_its_name() -> None:
    for known in (SEVENTH, FIRST, ORCHESTRA):
        check_grade_known(known, "value")
    with pytest.raises(Invalid) as refused:
        check_grade_known(CLUB, "marks.0.student_id")
    assert (refused.value.rule, refused.value.field) == ("grade-unknown", "marks.0.student_id")
    assert str(refused.value) == (
        "It is not known of which grade “Клуб робототехники” is, and grade 1 has neither marks nor homework "
        "(clause 2.5 of the regulation). Both wait "
        "until the methodologist says the grade: on the page “People”, where the class is chosen."
    )
    with pytest.raises(Invalid) as of_course:
        check_grade_known(NOBODY, "homework")
    assert (of_course.value.rule, of_course.value.field) == ("grade-unknown", "homework")
    assert str(of_course.value) == (
        "It is not known of which grade these students are, and grade 1 has neither marks nor homework "
        "(clause 2.5 of the regulation). Both wait "
        "until the methodologist says the grade: on the page of the course, under “Courses”."
    )


@pytest.mark.parametrize(
    ("course", "own", "decides"),
    [
        (SEVENTH, FIRST, SEVENTH),
        (ORCHESTRA, FIRST, FIRST),
        (ORCHESTRA, CLUB, ORCHESTRA),
        (CLUB, SEVENTH, SEVENTH),
        (CLUB, ORCHESTRA, ORCHESTRA),
        (CLUB, NOBODY, CLUB),
        (NOBODY, CLUB, CLUB),
        (NOBODY, FIRST, FIRST),
        (NOBODY, NOBODY, NOBODY),
        (ClassGrade(7), ClassGrade(7, name="7Б"), ClassGrade(7, name="7Б")),
        (CLUB, ClassGrade(name="Кружок"), CLUB),
    ],
)
def test_the_grade_of_the_course_decides_else_that_of_the_students_class(
    course: ClassGrade, own: ClassGrade, decides: ClassGrade
) -> None:
    assert deciding(course, own) == decides


def test_in_a_lesson_the_classes_of_its_students_decide_and_without_students_the_course() -> None:
    assert in_lesson(NOBODY, [SEVENTH, FIRST, FIRST]) == {SEVENTH, FIRST}
    assert in_lesson(CLUB, []) == {CLUB}
    assert in_lesson(ORCHESTRA, [FIRST, NOBODY]) == {ORCHESTRA, FIRST}


def test_one_class_of_unknown_grade_makes_wait_what_goes_to_all_and_a_student_without_a_class_does_not() -> None:
    assert unknown_of([SEVENTH, ORCHESTRA]) is None
    assert unknown_of([SEVENTH, CLUB]) == CLUB
    assert unknown_of([CLUB, ClassGrade(name="Кружок"), NOBODY]) == CLUB
    assert unknown_of([SEVENTH, NOBODY]) is None
    assert unknown_of([NOBODY]) == NOBODY
    assert unknown_of([NOBODY, CLUB]) == CLUB

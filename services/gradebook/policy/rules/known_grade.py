"""Whether it is known of which grade students are: until somebody says it, marks and homework wait (clause 2.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kernel.errors import Invalid


class ClassGrade(NamedTuple):
    """What is known of the grade of a class; without a grade and `several` it is not known.

    `several`: it is of several grades, none of them the first, as somebody has said.
    """

    grade: int | None = None
    several: bool = False
    #: Empty where there is no class.
    name: str = ""

    @property
    def is_known(self) -> bool:
        """Whether it is known that the class is in grade 1, or that it is not."""
        return self.grade is not None or self.several


def deciding(course: ClassGrade, own: ClassGrade) -> ClassGrade:
    """What decides on a student of a course: the grade of the course, or of its class, else of the student's class.

    Of the two the one of which more is known (practice), so that the ban holds for a first-grader in a club.
    """
    return max(course, own, key=lambda one: (one.grade is not None, one.several, one.name != ""))


def in_lesson(course: ClassGrade, members: Iterable[ClassGrade]) -> frozenset[ClassGrade]:
    """What decides on the students of a lesson; `members` are their classes (practice)."""
    return frozenset(deciding(course, own) for own in members) or frozenset({course})


def unknown_of(grades: Iterable[ClassGrade]) -> ClassGrade | None:
    """The first class, by name, for which what goes to all students of a lesson waits; None where nothing waits.

    A student of no class, as one who has left, makes nothing wait where a grade is known (practice).
    """
    found = set(grades)
    unknown = sorted((one for one in found if not one.is_known), key=lambda one: (one.name == "", one.name))
    if not unknown or (not unknown[0].name and len(unknown) < len(found)):
        return None
    return unknown[0]


def check_grade_known(grade: ClassGrade, field: str) -> None:
    """Refuse what grade 1 does not have until it is known that the students are not in it (clause 2.5)."""
    if grade.is_known:
        return
    if grade.name:
        raise Invalid(
            "It is not known of which grade “{school_class}” is, and grade 1 has neither marks nor homework "
            "(clause 2.5 of the regulation). Both wait "
            "until the methodologist says the grade: on the page “People”, where the class is chosen.",
            rule="grade-unknown",
            field=field,
            school_class=grade.name,
        )
    raise Invalid(
        "It is not known of which grade these students are, and grade 1 has neither marks nor homework "
        "(clause 2.5 of the regulation). Both wait "
        "until the methodologist says the grade: on the page of the course, under “Courses”.",
        rule="grade-unknown",
        field=field,
    )

"""Views of classes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import Row

from services.identity.classes.rules import KnownGrade, known_grade
from services.identity.classes.tables import SchoolClass
from services.identity.people.tables import Person
from services.identity.people.views import named, namesakes
from services.identity.rows import View

#: Nobody has said it.
UNKNOWN: Final = KnownGrade(None)


def grade_of(row: SchoolClass) -> KnownGrade:
    """The grade of a class, as far as it is known."""
    return known_grade(row.grade, KnownGrade(row.said_grade, row.said_several))


def grade(row: SchoolClass) -> View:
    """The fields of a class's grade."""
    known = grade_of(row)
    return {"grade": known.grade, "several_grades": known.several}


def school_class(row: SchoolClass, students: int) -> View:
    """A `ClassView`."""
    return {
        "id": row.id,
        "name": row.name,
        **grade(row),
        "grade_by_hand": row.grade is None and grade_of(row) != UNKNOWN,
        "homeroom_teacher_id": row.homeroom_teacher_id,
        "students": students,
    }


def class_list(row: SchoolClass, enrolled: Iterable[Row[Person, date, date | None]], today: date) -> View:
    """A `ClassListView`; `students` counts those who are in the class on `today`."""
    listed = [(student, since, until) for student, since, until in enrolled]
    present = {student.id for student, since, _ in listed if since <= today}
    alike = namesakes({student.id: student for student, _, _ in listed}.values())
    return {
        **school_class(row, len(present)),
        "enrolled": [
            {**named(student, with_year=student.id in alike), "since": since, "until": until}
            for student, since, until in listed
        ],
    }


def class_fact(row: SchoolClass) -> View:
    """A `ClassFactView`."""
    return {
        "class_id": row.id,
        "revision": row.revision,
        "name": row.name,
        **grade(row),
        "homeroom_teacher_id": row.homeroom_teacher_id,
    }

"""Views of classes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Row

from services.identity.classes.tables import SchoolClass
from services.identity.people.tables import Person
from services.identity.people.views import named, namesakes
from services.identity.rows import View


def school_class(row: SchoolClass, students: int) -> View:
    """A `ClassView`."""
    return {
        "id": row.id,
        "name": row.name,
        "grade": row.grade,
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
        "grade": row.grade,
        "homeroom_teacher_id": row.homeroom_teacher_id,
    }

"""Courses with those who teach and those who learn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from uuid_utils.compat import uuid7

from cli.building import Row, Rows
from services.gradebook.courses import tables


@dataclass(frozen=True)
class Taught:
    """A course; one of no class has students of several."""

    id: UUID
    title: str
    class_id: UUID | None
    teachers: tuple[UUID, ...]
    students: tuple[UUID, ...]


def member(course_id: UUID, student_id: UUID, since: date) -> Row:
    """A student's place in a course, which lasts."""
    return {"id": uuid7(), "course_id": course_id, "student_id": student_id, "since": since, "until": None}


def courses(year_id: UUID, since: date, taught: Iterable[Taught]) -> Rows:
    """Courses of one subject, whose students are members since that day."""
    taught, subject_id = list(taught), uuid7()
    return [
        (tables.Subject, [{"id": subject_id, "name": "Предмет"}]),
        (
            tables.Course,
            [
                {
                    "id": one.id,
                    "title": one.title,
                    "subject_id": subject_id,
                    "class_id": one.class_id,
                    "year_id": year_id,
                }
                for one in taught
            ],
        ),
        (
            tables.CourseTeacher,
            [{"course_id": one.id, "teacher_id": teacher} for one in taught for teacher in one.teachers],
        ),
        (tables.CourseMember, [member(one.id, student, since) for one in taught for student in one.students]),
    ]

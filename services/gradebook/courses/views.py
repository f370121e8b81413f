"""Views of courses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.gradebook.courses.queries import CourseShown, TeacherOfCourse
from services.gradebook.rows import View, picked

_COURSE = ("id", "title", "subject", "class_id", "year_id")


def course(row: CourseShown, teacher_ids: Sequence[UUID]) -> View:
    """A course."""
    return {**picked(row, _COURSE), "teacher_ids": list(teacher_ids)}


def courses(rows: Iterable[CourseShown], teachers: Iterable[TeacherOfCourse]) -> View:
    """Courses with their teachers, given as (course, teacher) pairs."""
    by_course: dict[UUID, list[UUID]] = {}
    for pair in teachers:
        by_course.setdefault(pair.course_id, []).append(pair.teacher_id)
    return {"courses": [course(row, by_course.get(row.id, [])) for row in rows]}

"""Views of subjects, curricula and courses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.gradebook.courses.queries import CourseShown, TeacherOfCourse, today_in
from services.gradebook.courses.queries.subjects import SubjectRow
from services.gradebook.courses.rules.hours import Cell, totals
from services.gradebook.courses.rules.membership import Membership
from services.gradebook.courses.rules.teaching import Teaching, shown_teachers
from services.gradebook.exact import plain
from services.gradebook.rows import View, picked

_COURSE = (
    "id",
    "title",
    "subject_id",
    "subject",
    "class_id",
    "grade",
    "year_id",
    "division",
    "group_name",
    "version",
)
_SUBJECT = ("id", "name", "version", "courses")
_MEMBERSHIP = ("student_id", "since", "until")


def course(row: CourseShown, teachers: Sequence[Teaching], today: date) -> View:
    """A course."""
    return {
        **picked(row, _COURSE),
        "hours_a_week": None if row.hours_a_week is None else plain(row.hours_a_week),
        "teacher_ids": shown_teachers(teachers, today),
        "teachers": [one._asdict() for one in teachers],
    }


def courses(rows: Iterable[CourseShown], teachers: Iterable[TeacherOfCourse]) -> View:
    """Courses with their teachers."""
    by_course: dict[UUID, list[Teaching]] = {}
    today = date.min
    for one in teachers:
        if not by_course:
            today = today_in(one.time_zone)
        by_course.setdefault(one.course_id, []).append(Teaching(one.teacher_id, one.since, one.until))
    return {"courses": [course(row, by_course.get(row.id, []), today) for row in rows]}


def course_detail(row: CourseShown, teachers: Sequence[Teaching], members: Iterable[Membership], today: date) -> View:
    """A course with its students of all times."""
    return {**course(row, teachers, today), "members": [picked(one, _MEMBERSHIP) for one in members]}


def group(row: CourseShown, teachers: Sequence[Teaching], students: Iterable[UUID], today: date) -> View:
    """A group with its students on a day."""
    return {**course(row, teachers, today), "student_ids": sorted(students)}


def candidates(known: Mapping[UUID, UUID | None], members: Iterable[Iterable[UUID]]) -> list[View]:
    """Students who may be in the groups with their classes, and those who are in one all the same."""
    others = {student for them in members for student in them} - known.keys()
    found = {**known, **dict.fromkeys(others)}
    return [{"student_id": student, "class_id": found[student]} for student in sorted(found)]


def subject(row: SubjectRow, **changed: Any) -> View:
    """A subject; `changed` overrides columns that changed since the row was read."""
    return picked(row, _SUBJECT) | changed


def curriculum(year_id: UUID, version: int, cells: Sequence[Cell]) -> View:
    """The curriculum of a year."""
    return {
        "year_id": year_id,
        "version": version,
        "hours": [{**cell._asdict(), "hours": plain(cell.hours)} for cell in cells],
        "totals": [{"grade": grade, "hours": plain(hours)} for grade, hours in totals(cells).items()],
    }

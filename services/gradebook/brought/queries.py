"""Selects what students brought along from the courses that they left: marks, and lessons whose absences count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.courses.queries import movement as movement_queries
from services.gradebook.courses.queries.movement import Movement, OtherCourse
from services.gradebook.courses.rules.movement import MemberOfCourse, anybody_moved
from services.gradebook.lessons.queries import HELD, IN_ORDER
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.queries import MARKS_IN_ORDER
from services.gradebook.marks.tables import Mark


class YearOfCourse(Protocol):
    """A course, and the first and last day of its year."""

    id: UUID
    starts_on: dt.date
    ends_on: dt.date


class BroughtMark(Protocol):
    """A mark of a course that the student left."""

    id: UUID
    course_id: UUID
    student_id: UUID
    kind_id: UUID
    value: str
    comment: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class Brought:
    """What came along to a course in a period: from which courses, and which marks, by student, in order."""

    movement: Movement
    former: dict[UUID, list[OtherCourse]]
    marks: dict[UUID, list[BroughtMark]] = field(default_factory=dict)


_SPAN: Final[tuple[Any, Any]] = (bindparam("starts_on"), bindparam("ends_on"))
_MARKS: Final = (
    select(Mark.id, Mark.course_id, Mark.student_id, Mark.kind_id, Mark.value, Mark.comment, Mark.date)
    .where(
        among(Mark.student_id, "student_ids"),
        among(Mark.course_id, "course_ids"),
        Mark.date.between(*_SPAN),
        Mark.value.is_not(None),
    )
    .order_by(*MARKS_IN_ORDER)
)
_LESSONS: Final = (
    select(Lesson.id, Lesson.course_id, Lesson.date)
    .where(among(Lesson.course_id, "course_ids"), Lesson.date.between(*_SPAN), HELD)
    .order_by(*IN_ORDER)
)


def brought_to(
    session: Session, course: YearOfCourse, members: Sequence[MemberOfCourse], starts_on: dt.date, ends_on: dt.date
) -> Brought:
    """What its members brought along to a course in a period. Asks nothing where all are in it from the year's start.

    And it asks for no marks where nobody brought any.
    """
    if not anybody_moved(members, course.starts_on, course.ends_on):
        return Brought(Movement(()), {})
    movement = movement_queries.of_course(session, course.id)
    former = _former(movement, course.id, {one.student_id for one in members}, starts_on)
    if not former:
        return Brought(movement, former)
    places = {(student_id, one.course_id) for student_id, courses in former.items() for one in courses}
    wanted = {"student_ids": set(former), **_in_courses(places, starts_on, ends_on)}
    marks: dict[UUID, list[BroughtMark]] = {}
    for row in cast("Sequence[BroughtMark]", session.execute(_MARKS, wanted).all()):
        if (row.student_id, row.course_id) in places:
            marks.setdefault(row.student_id, []).append(row)
    return Brought(movement, former, marks)


def lessons_before(
    session: Session, course_id: UUID, students: Container[UUID], starts_on: dt.date, ends_on: dt.date
) -> dict[UUID, list[UUID]]:
    """Student → the lessons of the period that were the student's before the course was joined."""
    former = _former(movement_queries.of_course(session, course_id), course_id, students, starts_on)
    places = {(student_id, one.course_id) for student_id, courses in former.items() for one in courses}
    rows = session.execute(_LESSONS, _in_courses(places, starts_on, ends_on)).all() if places else []
    return {
        student_id: [row.id for one in courses for row in rows if row.course_id == one.course_id and one.has(row.date)]
        for student_id, courses in former.items()
    }


def _former(
    movement: Movement, course_id: UUID, students: Container[UUID], starts_on: dt.date
) -> dict[UUID, list[OtherCourse]]:
    """Student → the courses that were left for this one on `starts_on` or later."""
    moved = {student_id for student_id, _ in movement.left_courses(course_id) if student_id in students}
    found = {
        student_id: [one for one in movement.former(student_id, course_id) if one.until and one.until >= starts_on]
        for student_id in sorted(moved)
    }
    return {student_id: courses for student_id, courses in found.items() if courses}


def _in_courses(places: Iterable[tuple[UUID, UUID]], starts_on: dt.date, ends_on: dt.date) -> dict[str, Any]:
    return {"course_ids": {course for _, course in places}, "starts_on": starts_on, "ends_on": ends_on}

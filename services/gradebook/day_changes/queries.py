"""Selects the lessons of days with what they take."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final, Protocol, cast
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.classrooms.tables import Classroom
from services.gradebook.courses.queries import GRADE_OF_COURSE, CourseClass, teachers_beside, teachers_of
from services.gradebook.courses.rules.teaching import teaches_on
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.day_changes.rules.changing import HeldLesson
from services.gradebook.gathered import Values
from services.gradebook.lessons.queries import HELD, IN_ORDER, SHOWN, STANDING, Standing
from services.gradebook.lessons.rules.states import State
from services.gradebook.lessons.tables import Lesson
from services.gradebook.people.tables import StudentCopy
from services.gradebook.timetable.tables import DayChange


class LessonOfDay(Standing, Protocol):
    """A lesson with the teachers of its course and the version of its change."""

    id: UUID
    course_id: UUID
    title: str
    class_id: UUID | None
    year_id: UUID
    date: dt.date
    number: int | None
    classroom_id: UUID | None
    #: Whether the classroom holds several classes at once.
    shared: bool | None
    grade: int | None
    #: For `courses.queries.teachers_of`.
    teachers: list[Values]
    #: These are None where nothing was ever changed.
    version: int | None
    changed_by: UUID | None
    changed_at: dt.datetime | None


_LESSONS: Final = (
    select(
        Lesson.id, Lesson.course_id, Course.title, Course.class_id, Course.year_id, Lesson.date, Lesson.number,
        Lesson.classroom_id, Classroom.shared, GRADE_OF_COURSE.label("grade"),
        teachers_beside().label("teachers"), DayChange.version, DayChange.changed_by, DayChange.changed_at, *STANDING,
    )
    .join(Course, Course.id == Lesson.course_id)
    .outerjoin(Classroom, Classroom.id == Lesson.classroom_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .outerjoin(
        DayChange,
        and_(
            DayChange.course_id == Lesson.course_id,
            DayChange.date == Lesson.date,
            DayChange.number == Lesson.number,
        ),
    )
    .order_by(Lesson.number.nulls_last(), Course.title, *IN_ORDER)
)  # fmt: skip
_ON_DAYS: Final = _LESSONS.where(Lesson.date.in_(bindparam("days", expanding=True)), SHOWN)
_CHANGED: Final = (
    _LESSONS.where(
        SHOWN,
        or_(
            DayChange.date.between(bindparam("first"), bindparam("last")),
            DayChange.moved_to.between(bindparam("first"), bindparam("last")),
        ),
        or_(
            DayChange.cancelled, DayChange.moved_to.is_not(None), DayChange.classroom_id.is_not(None),
            DayChange.teacher_id.is_not(None),
        ),
    )
    .order_by(None)
    .order_by(Lesson.date, Lesson.number, Course.title, *IN_ORDER)
)  # fmt: skip
_AMONG: Final = _LESSONS.where(among(Lesson.id, "lesson_ids"))
_MOVED: Final = select(DayChange.course_id, DayChange.date, DayChange.moved_to, DayChange.moved_number).where(
    DayChange.moved_to.in_(bindparam("days", expanding=True))
)
_HELD_BY_COURSES: Final = select(Lesson.id, Lesson.course_id, Lesson.date, Lesson.number).where(
    among(Lesson.course_id, "course_ids"), Lesson.date.in_(bindparam("days", expanding=True)), HELD
)
_MEMBERS: Final = select(CourseMember.course_id, CourseMember.student_id, CourseMember.since, CourseMember.until).where(
    among(CourseMember.course_id, "course_ids")
)


def lessons_on(session: Session, days: Collection[dt.date]) -> Sequence[LessonOfDay]:
    """The lessons of days, but those that nobody sees, in order."""
    return cast("Sequence[LessonOfDay]", session.execute(_ON_DAYS, {"days": sorted(days)}).all())


def changed_between(session: Session, first: dt.date, last: dt.date) -> Sequence[LessonOfDay]:
    """The lessons that were changed on days, both included, or moved to one of them; by day and number."""
    return cast("Sequence[LessonOfDay]", session.execute(_CHANGED, {"first": first, "last": last}).all())


def lessons_among(session: Session, lesson_ids: Collection[UUID]) -> dict[UUID, LessonOfDay]:
    """These lessons, by id."""
    rows = cast("Sequence[LessonOfDay]", session.execute(_AMONG, {"lesson_ids": lesson_ids}).all())
    return {row.id: row for row in rows}


def moved_from(session: Session, days: Collection[dt.date]) -> dict[tuple[UUID, dt.date, int], dt.date]:
    """Course, day and number to which a lesson was moved → the day from which it was."""
    rows = session.execute(_MOVED, {"days": sorted(days)})
    return {(row.course_id, row.moved_to, row.moved_number): row.date for row in rows if row.moved_to is not None}


def teachers_on(row: LessonOfDay) -> list[UUID]:
    """The course's teachers on the day of a lesson."""
    return [one.teacher_id for one in teachers_of(row.teachers) if teaches_on(one.since, one.until, row.date)]


def held(session: Session, rows: Iterable[LessonOfDay]) -> list[HeldLesson]:
    """The lessons that are held at a number, with what they take."""
    lessons = [row for row in rows if row.number is not None and row.state in (State.HELD, State.OUTSIDE)]
    members = _members(session, {row.course_id for row in lessons})
    return [
        HeldLesson(
            row.id,
            row.course_id,
            row.date,
            row.number or 0,
            None if row.shared else row.classroom_id,
            frozenset([row.teacher_id] if row.teacher_id else teachers_on(row)),
            frozenset(
                student for student, since, until in members[row.course_id] if teaches_on(since, until, row.date)
            ),
        )
        for row in lessons
    ]


_CLASSES_ACROSS: Final = (
    select(CourseMember.course_id, StudentCopy.class_id)
    .join(
        StudentCopy,
        and_(StudentCopy.school_id == CourseMember.school_id, StudentCopy.student_id == CourseMember.student_id),
    )
    .where(among(CourseMember.course_id, "course_ids"))
    .distinct()
)


def classes_across(session: Session, rows: Iterable[LessonOfDay]) -> dict[UUID, set[UUID]]:
    """Course across classes → the classes of its members."""
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    asked = {row.course_id for row in rows if row.class_id is None}
    for course_id, class_id in session.execute(_CLASSES_ACROSS, {"course_ids": sorted(asked)}):
        if class_id is not None:
            found[course_id].add(class_id)
    return found


def students_on(session: Session, days: Iterable[tuple[UUID, dt.date]]) -> dict[tuple[UUID, dt.date], list[UUID]]:
    """Course and day → the course's students on the day."""
    asked = set(days)
    members = _members(session, {course_id for course_id, _ in asked})
    return {
        (course_id, day): sorted(
            {student for student, since, until in members[course_id] if teaches_on(since, until, day)}
        )
        for course_id, day in asked
    }


def _members(
    session: Session, course_ids: Collection[UUID]
) -> defaultdict[UUID, list[tuple[UUID, dt.date, dt.date | None]]]:
    found: defaultdict[UUID, list[tuple[UUID, dt.date, dt.date | None]]] = defaultdict(list)
    for course_id, student_id, since, until in session.execute(_MEMBERS, {"course_ids": list(course_ids)}):
        found[course_id].append((student_id, since, until))
    return found

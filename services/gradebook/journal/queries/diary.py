"""Selects the lessons of a student's week, and those whose homework is due in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, select, union_all
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among, among_selected
from services.gradebook.calendar.tables import Year
from services.gradebook.classrooms.tables import Classroom
from services.gradebook.courses.queries import GRADE_OF_COURSE, CourseClass
from services.gradebook.courses.tables import Course
from services.gradebook.gathered import Values
from services.gradebook.homework.queries import FILES
from services.gradebook.homework.tables import HomeworkDetail, HomeworkDone, PersonalTask
from services.gradebook.lessons.queries import CAME, IN_ORDER, SHOWN, STANDING, Came, Standing, is_held
from services.gradebook.lessons.tables import Lesson


class DiaryLesson(Standing, Came, Protocol):
    """A lesson that was held or planned in a week, or that gave homework which is due in it."""

    id: UUID
    course_id: UUID
    title: str
    date: dt.date
    number: int | None
    topic: str
    homework: str
    homework_due: dt.date | None
    class_id: UUID | None
    grade: int | None
    #: The day of the course's next lesson on a later day; selected only for homework without a day.
    next_lesson: dt.date | None
    minutes: int | None
    links: list[dict[str, str]] | None
    #: For `homework.queries.files_of`.
    files: list[Values]
    #: The student's own task.
    task: str | None
    task_due: dt.date | None
    #: Of the student's tick; None without one, and for those who are not told.
    done_at: dt.datetime | None
    fingerprint: str | None
    year_id: UUID
    year_version: int


_Other: Final = aliased(Lesson, name="other_lesson")
_OTHER_HELD: Final = is_held(_Other)
_NEXT_LESSON: Final = (
    select(func.min(_Other.date))
    .where(_Other.course_id == Lesson.course_id, _Other.date > Lesson.date, _OTHER_HELD)
    .correlate(Lesson)
    .scalar_subquery()
)
# DISTINCT changes no row: without it PostgreSQL asks for the last day of a course once for each of its lessons.
_LAST_DAY_BEFORE: Final = (
    select(
        Course.id,
        select(func.max(_Other.date))
        .where(_Other.course_id == Course.id, _Other.date < bindparam("starts_on"), _OTHER_HELD)
        .correlate(Course)
        .scalar_subquery()
        .label("day"),
    )
    .where(among(Course.id, "course_ids"))
    .distinct()
    .subquery()
)
_Given: Final = aliased(Lesson, name="given_lesson")
_WEEK: Final[tuple[Any, Any]] = (bindparam("starts_on"), bindparam("ends_on"))
#: Homework without a day that is due in a week was given in it, or on the last day before it.
_OF_WEEK: Final = union_all(
    select(_Given.id).where(among(_Given.course_id, "course_ids"), _Given.date.between(*_WEEK)),
    select(_Given.id).where(among(_Given.course_id, "course_ids"), _Given.homework_due.between(*_WEEK)),
    select(_Given.id)
    .join(_LAST_DAY_BEFORE, and_(_LAST_DAY_BEFORE.c.id == _Given.course_id, _LAST_DAY_BEFORE.c.day == _Given.date))
    .where(_Given.homework != "", _Given.homework_due.is_(None)),
    select(PersonalTask.lesson_id).where(
        PersonalTask.student_id == bindparam("student"), PersonalTask.due.between(*_WEEK)
    ),
)


_DIARY_LESSONS: Final = (
    select(
        Lesson.id, Lesson.course_id, Course.title, Lesson.date, Lesson.number, Lesson.topic, Lesson.homework,
        Lesson.homework_due, Course.class_id, GRADE_OF_COURSE.label("grade"),
        case((and_(Lesson.homework != "", Lesson.homework_due.is_(None)), _NEXT_LESSON)).label("next_lesson"),
        *STANDING, CAME,
        HomeworkDetail.minutes, HomeworkDetail.links, PersonalTask.text.label("task"),
        PersonalTask.due.label("task_due"),
        # a lesson that has files has a detail
        case((HomeworkDetail.version > 0, FILES)).label("files"),
        HomeworkDone.done_at, HomeworkDone.fingerprint,
        Course.year_id, Year.version.label("year_version"),
    )
    .join(Course, Course.id == Lesson.course_id)
    .join(Year, Year.id == Course.year_id)
    .outerjoin(Classroom, Classroom.id == Lesson.classroom_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .outerjoin(HomeworkDetail, HomeworkDetail.lesson_id == Lesson.id)
    .outerjoin(
        PersonalTask, and_(PersonalTask.lesson_id == Lesson.id, PersonalTask.student_id == bindparam("student"))
    )
    .outerjoin(
        HomeworkDone, and_(HomeworkDone.lesson_id == Lesson.id, HomeworkDone.student_id == bindparam("ticked_by"))
    )
    .where(among_selected(Lesson.id, _OF_WEEK), SHOWN)
    .order_by(*IN_ORDER)
)  # fmt: skip


def diary_lessons(
    session: Session,
    student_id: UUID,
    course_ids: Collection[UUID],
    starts_on: dt.date,
    ends_on: dt.date,
    *,
    ticks: bool = False,
) -> Sequence[DiaryLesson]:
    """The lessons of these courses in the week, and those before it whose homework may be due in it, in order.

    With the student's own tasks, whatever course they are of, and with `ticks` what the student ticked as done.
    """
    wanted = {
        "course_ids": course_ids, "starts_on": starts_on, "ends_on": ends_on, "student": student_id,
        "ticked_by": student_id if ticks else None,
    }  # fmt: skip
    return cast("Sequence[DiaryLesson]", session.execute(_DIARY_LESSONS, wanted).all())

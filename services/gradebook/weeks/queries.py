"""Selects the lessons of weeks, and of whom there are weeks. `lessons_of` is what other rooms ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SelectBase, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from services.gradebook.calendar.tables import Year
from services.gradebook.classrooms.tables import Classroom
from services.gradebook.courses.queries import GRADE_OF_COURSE, CourseClass
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher, Subject
from services.gradebook.lessons.queries import HELD, IN_ORDER, SHOWN, Standing
from services.gradebook.lessons.tables import Lesson
from services.gradebook.people.permissions import StudentTies
from services.gradebook.people.queries import TiedToStudent, student_ties, student_with_ties
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.timetable.tables import DayChange

# --- the lessons -----------------------------------------------------------------------------------


class WeekLesson(Standing, Protocol):
    """A lesson as a week shows it, with one of its course's teachers on the day; a row for each of them."""

    lesson_id: UUID
    course_id: UUID
    title: str
    subject: str
    class_id: UUID | None
    class_name: str | None
    group_name: str
    date: dt.date
    number: int | None
    classroom_id: UUID | None
    #: None where nobody teaches the course on the day.
    course_teacher_id: UUID | None
    grade: int | None
    year_id: UUID
    year_version: int
    year_starts_on: dt.date


_Own: Final = aliased(Lesson, name="own_lesson")
_ID: Final[Any] = bindparam("id")
_FIRST: Final[Any] = bindparam("first")
_LAST: Final[Any] = bindparam("last")


def _during(since: Any, until: Any, first: Any, last: Any) -> ColumnElement[bool]:
    """Whether a time whose limits may be null meets another."""
    return and_(or_(since.is_(None), since <= last), or_(until.is_(None), until >= first))


#: The columns of a lesson that weeks show, by their names there.
SHOWN_COLUMNS: Final = (
    Lesson.id.label("lesson_id"), Lesson.course_id, Course.title, Subject.name.label("subject"), Course.class_id,
    CourseClass.name.label("class_name"), Course.group_name, Lesson.date, Lesson.number, Lesson.classroom_id,
    Lesson.state, Classroom.name.label("classroom"), Lesson.teacher_id, Lesson.moved_to, Lesson.moved_number,
    Lesson.reason,
)  # fmt: skip
#: Their names: the first so many values of a row.
NAMES: Final = tuple(column.name for column in SHOWN_COLUMNS)


def _lessons(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The lessons between two dates for which a condition holds, in order."""
    return (
        select(
            *SHOWN_COLUMNS, CourseTeacher.teacher_id.label("course_teacher_id"), GRADE_OF_COURSE.label("grade"),
            Course.year_id, Year.version.label("year_version"), Year.starts_on.label("year_starts_on"),
        )
        .join(Course, Course.id == Lesson.course_id)
        .join(Year, Year.id == Course.year_id)
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(Classroom, Classroom.id == Lesson.classroom_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .outerjoin(
            CourseTeacher,
            and_(
                CourseTeacher.course_id == Lesson.course_id,
                _during(CourseTeacher.since, CourseTeacher.until, Lesson.date, Lesson.date),
            ),
        )
        .where(Lesson.date.between(_FIRST, _LAST), SHOWN, condition)
        .order_by(*IN_ORDER, CourseTeacher.teacher_id)
    )  # fmt: skip


def _own(*conditions: ColumnElement[bool]) -> SelectBase:
    return select(_Own.id).where(_Own.date.between(_FIRST, _LAST), *conditions)


#: The courses of a class, and those across classes in which students of it are in that time.
_COURSES_OF_CLASS: Final = union_all(
    select(Course.id).where(Course.class_id == _ID),
    select(Course.id)
    .join(CourseMember, CourseMember.course_id == Course.id)
    .join(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
    .where(
        Course.class_id.is_(None),
        StudentCopy.class_id == _ID,
        _during(CourseMember.since, CourseMember.until, _FIRST, _LAST),
    ),
)
_OF_TEACHER: Final[Any] = union_all(
    select(_Own.id)
    .join(CourseTeacher, CourseTeacher.course_id == _Own.course_id)
    .where(
        _Own.date.between(_FIRST, _LAST),
        CourseTeacher.teacher_id == _ID,
        _during(CourseTeacher.since, CourseTeacher.until, _Own.date, _Own.date),
    ),
    _own(_Own.teacher_id == _ID),
)
_OF_STUDENT: Final = (
    select(_Own.id)
    .join(CourseMember, CourseMember.course_id == _Own.course_id)
    .where(
        _Own.date.between(_FIRST, _LAST),
        CourseMember.student_id == _ID,
        _during(CourseMember.since, CourseMember.until, _Own.date, _Own.date),
    )
)
#: Of what a week is asked for → its lessons.
_WEEKS: Final[Mapping[str, Select[*tuple[Any, ...]]]] = {
    "class_id": _lessons(Lesson.course_id.in_(_COURSES_OF_CLASS)),
    "teacher_id": _lessons(Lesson.id.in_(_OF_TEACHER)),
    "classroom_id": _lessons(Lesson.classroom_id == _ID),
    "student_id": _lessons(Lesson.id.in_(_OF_STUDENT)),
}


def lessons_of(session: Session, of: str, thing_id: UUID, first: dt.date, last: dt.date) -> Sequence[WeekLesson]:
    """The lessons of a class, teacher, classroom or student between two dates; `of` is the field that names it.

    Rows of one lesson stand next to each other, one for each of its course's teachers on the day. A teacher's are those
    of the teacher's courses too that somebody else holds: `rules.is_in_teachers_week` chooses.
    """
    rows = session.execute(_WEEKS[of], {"id": thing_id, "first": first, "last": last}).all()
    return cast("Sequence[WeekLesson]", rows)


class MovedFrom(NamedTuple):
    """The place from which a lesson was moved."""

    date: dt.date
    number: int


_MOVED: Final = select(
    DayChange.course_id, DayChange.moved_to, DayChange.moved_number, DayChange.date, DayChange.number
).where(DayChange.moved_to.between(_FIRST, _LAST))


def moved_here(session: Session, first: dt.date, last: dt.date) -> dict[tuple[UUID, dt.date, int | None], MovedFrom]:
    """Course, day and number to which a lesson was moved, between two dates → from where."""
    rows = session.execute(_MOVED, {"first": first, "last": last})
    return {
        (row.course_id, row.moved_to, row.moved_number): MovedFrom(row.date, row.number)
        for row in rows
        if row.moved_to is not None
    }


# --- of whom there are weeks -----------------------------------------------------------------------

_NAMES: Final = {
    "class_id": select(ClassCopy.name).where(ClassCopy.class_id == _ID),
    "classroom_id": select(Classroom.name).where(Classroom.id == _ID),
}
_TEACHES: Final = select(or_(exists().where(CourseTeacher.teacher_id == _ID), exists().where(Lesson.teacher_id == _ID)))
_STUDENT: Final = student_with_ties()


def name_of(session: Session, of: str, thing_id: UUID) -> str | None:
    """The name of a class or a classroom; None if the school has no such."""
    return session.scalar(_NAMES[of], {"id": thing_id})


def teaches(session: Session, person_id: UUID) -> bool:
    """Whether a person teaches a course of the school, has taught or stood in."""
    return bool(session.scalar(_TEACHES, {"id": person_id}))


def ties_to_student(session: Session, student_id: UUID, person_id: UUID | None) -> StudentTies | None:
    """What ties a person to a student; None if the school has no such student."""
    row = session.execute(_STUDENT, {"student_id": student_id, "person_id": person_id}).one_or_none()
    return None if row is None else student_ties(cast(TiedToStudent, row), person_id)


class ClassRow(Protocol):
    """A class that has courses."""

    id: UUID
    name: str
    grade: int | None


#: The years that had not ended when the last one began that has begun: the present one, and those to come.
_PRESENT: Final = Year.ends_on >= func.coalesce(
    select(func.max(Year.ends_on)).where(Year.starts_on <= bindparam("day")).correlate(None).scalar_subquery(),
    Year.ends_on,
)
_CLASSES: Final = (
    select(ClassCopy.class_id.label("id"), ClassCopy.name, ClassCopy.grade)
    .where(
        exists().where(Course.class_id == ClassCopy.class_id, Course.year_id == Year.id, _PRESENT).correlate(ClassCopy)
    )
    .order_by(ClassCopy.grade.nulls_last(), ClassCopy.name, ClassCopy.class_id)
)
_PRESENT_TEACHERS: Final = (
    select(CourseTeacher.teacher_id)
    .join(Course, Course.id == CourseTeacher.course_id)
    .join(Year, Year.id == Course.year_id)
    .where(_PRESENT, or_(CourseTeacher.until.is_(None), CourseTeacher.until >= bindparam("day")))
    .distinct()
    .order_by(CourseTeacher.teacher_id)
)


def classes(session: Session, day: dt.date) -> Sequence[ClassRow]:
    """The classes with courses in the year of a day, or in later ones."""
    return cast("Sequence[ClassRow]", session.execute(_CLASSES, {"day": day}).all())


def teachers(session: Session, day: dt.date) -> Sequence[UUID]:
    """Those who teach courses of the year of a day, or of later ones, on that day or later."""
    return session.scalars(_PRESENT_TEACHERS, {"day": day}).all()


# --- classrooms ------------------------------------------------------------------------------------


class LessonInClassroom(Protocol):
    """A lesson that is held in a classroom."""

    classroom_id: UUID
    course_id: UUID
    date: dt.date
    number: int | None
    class_id: UUID | None
    grade: int | None
    year_id: UUID
    year_version: int


_IN_CLASSROOMS: Final = (
    select(
        Lesson.classroom_id, Lesson.course_id, Lesson.date, Lesson.number, Course.class_id,
        GRADE_OF_COURSE.label("grade"), Course.year_id, Year.version.label("year_version"),
    )
    .select_from(Classroom)
    .join(Lesson, Lesson.classroom_id == Classroom.id)
    .join(Course, Course.id == Lesson.course_id)
    .join(Year, Year.id == Course.year_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(Lesson.date == bindparam("day"), HELD)
)  # fmt: skip
_YEARS_ON: Final = select(Year.id, Year.version).where(
    Year.starts_on <= bindparam("day"), Year.ends_on >= bindparam("day")
)


_BEGINNING_OF_YEAR: Final = select(func.max(Year.starts_on)).where(
    Year.starts_on <= bindparam("last"), Year.ends_on >= bindparam("first")
)


def beginning_of_year(session: Session, first: dt.date, last: dt.date) -> dt.date | None:
    """When the year begins that has days between two dates, the later one of two; None where no year has any."""
    return session.execute(_BEGINNING_OF_YEAR, {"first": first, "last": last}).scalar_one()


def in_classrooms(session: Session, day: dt.date) -> Sequence[LessonInClassroom]:
    """The lessons that are held in classrooms on a day."""
    return cast("Sequence[LessonInClassroom]", session.execute(_IN_CLASSROOMS, {"day": day}).all())


def years_on(session: Session, day: dt.date) -> dict[UUID, int]:
    """The years in which a day lies, with their versions."""
    return {row.id: row.version for row in session.execute(_YEARS_ON, {"day": day})}

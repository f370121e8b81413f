"""Selects lessons with the actor's ties to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among, among_selected
from services.gradebook.as_it_stood import as_it_stood
from services.gradebook.calendar.tables import Year
from services.gradebook.classrooms.tables import Classroom
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.courses.queries import (
    CLASS_OF_COURSE,
    GRADE_OF_COURSE,
    TIES,
    CourseClass,
    Tied,
    classes_beside,
    classes_of,
    course_ties,
    grade_of,
    members_beside,
    teachers_beside,
)
from services.gradebook.courses.tables import Course, CourseTeacher, Subject
from services.gradebook.gathered import Values, gathered
from services.gradebook.lessons.rules.states import State
from services.gradebook.lessons.tables import Lesson, LessonRevision
from services.gradebook.policy.queries import policy_on
from services.gradebook.policy.rules import first_grade
from services.gradebook.policy.rules.first_grade import Taken
from services.gradebook.policy.rules.known_grade import ClassGrade, in_lesson
from services.gradebook.policy.rules.policy import Place
from services.gradebook.policy.tables import Setting
from services.gradebook.rows import missing
from services.gradebook.windows.queries import CLOSING, ClosingRow

#: The lessons of today with the topic and homework of the moment `AS_OF`; before their first version they had none.
LessonThen: Final = as_it_stood(
    Lesson,
    LessonRevision,
    "lesson_id",
    ("topic", "homework", "homework_due", "version"),
    unsaid={"topic": "", "homework": "", "version": 1},
)


def lesson_columns(lesson: Any) -> tuple[Any, ...]:
    """The columns `LESSON` of the table, or of an alias of it."""
    return (
        lesson.id,
        lesson.course_id,
        Course.title,
        Course.class_id,
        lesson.date,
        lesson.number,
        lesson.topic,
        lesson.homework,
        lesson.homework_due,
        lesson.version,
        GRADE_OF_COURSE.label("grade"),
        *CLASS_OF_COURSE,
        case((GRADE_OF_COURSE.is_(None), classes_beside(lesson.course_id, lesson.date))).label("classes"),
    )


#: The columns of a lesson that answers show; `Course` must be joined, and `CourseClass` outside.
LESSON = lesson_columns(Lesson)


def is_shown(lesson: Any) -> ColumnElement[bool]:
    """Whether people see a lesson of the table, or of an alias of it; `SHOWN` says which they do not."""
    return cast("ColumnElement[bool]", lesson.state != State.DROPPED)


#: Lessons that people see: not those that the timetable has no more and in which nothing was entered.
SHOWN: Final = is_shown(Lesson)


def is_held(lesson: Any) -> ColumnElement[bool]:
    """Whether a lesson of the table, or of an alias of it, is held: not one that is cancelled, or that nobody sees."""
    return cast("ColumnElement[bool]", lesson.state.not_in([State.CANCELLED, State.DROPPED]))


#: Lessons that are held.
HELD: Final = is_held(Lesson)
#: The columns that say how a lesson stands to the timetable; `Classroom` must be joined, outside.
STANDING: Final = (
    Lesson.state,
    Lesson.entry_id,
    Classroom.name.label("classroom"),
    Lesson.teacher_id,
    Lesson.moved_to,
    Lesson.moved_number,
    Lesson.reason,
)
_Moved: Final = aliased(Lesson, name="moved_lesson")
#: From which days and numbers lessons were moved to the place of the `Lesson` of the query; `came_from` reads it.
CAME: Final = (
    select(gathered(_Moved.date, _Moved.number))
    .where(
        _Moved.course_id == Lesson.course_id,
        _Moved.moved_to == Lesson.date,
        _Moved.moved_number.is_not_distinct_from(Lesson.number),
    )
    .correlate(Lesson)
    .scalar_subquery()
    .label("came")
)


def in_order(lesson: Any) -> tuple[Any, ...]:
    """The order of lessons, of the table or of an alias of it."""
    return (lesson.date, lesson.number.nulls_last(), lesson.id)


#: The order of lessons.
IN_ORDER = in_order(Lesson)


class LessonShown(Protocol):
    """The columns `LESSON`."""

    id: UUID
    course_id: UUID
    title: str
    class_id: UUID | None
    date: dt.date
    number: int | None
    topic: str
    homework: str
    homework_due: dt.date | None
    version: int
    grade: int | None
    several_grades: bool | None
    class_name: str | None
    #: For `grades_in`: of a course without a grade the classes of its members.
    classes: list[Values] | None


class LessonInTerm(LessonShown, ClosingRow, Protocol):
    """A lesson with its subject and what its windows depend on."""


class Standing(Protocol):
    """The columns `STANDING`."""

    state: str
    entry_id: UUID | None
    classroom: str | None
    teacher_id: UUID | None
    moved_to: dt.date | None
    moved_number: int | None
    reason: str


class Came(Protocol):
    """The column `CAME`."""

    came: list[Values]


def came_from(row: Came) -> tuple[dt.date, int | None] | None:
    """The day and number from which a lesson was moved to its place; None if it was not."""
    for day, number in row.came:
        return dt.date.fromisoformat(day), number
    return None


class LessonOfYear(LessonInTerm, Standing, Came, Protocol):
    """A lesson with that and its standing, and the version of its year."""

    year_version: int


class LessonRow(LessonInTerm, Standing, Tied, Protocol):
    """A lesson with its subject, what its windows depend on, its standing and the person's ties."""


def lesson_with_ties() -> Select[*tuple[Any, ...]]:
    """Selects the lesson of the parameter `lesson_id` as `lesson` does; for queries that need more beside it."""
    return lessons_with_ties().where(Lesson.id == bindparam("lesson_id"))


def lessons_with_ties() -> Select[*tuple[Any, ...]]:
    """Selects lessons as `lesson` does; whoever executes it says which."""
    return (
        select(*LESSON, Subject.name.label("subject"), *TIES, *CLOSING, *STANDING)
        .select_from(Lesson)
        .join(Course, Course.id == Lesson.course_id)
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(Classroom, Classroom.id == Lesson.classroom_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .outerjoin(Setting, Setting.school_id == Lesson.school_id)
    )


_LESSON: Final = lesson_with_ties()
_LESSON_LOCKED: Final = _LESSON.with_for_update(of=Lesson, key_share=True)


def lesson(session: Session, lesson_id: UUID, person_id: UUID | None, *, lock: bool = False) -> LessonRow:
    """A lesson with what its windows depend on, and with the person's ties. Raises `NotFound`.

    `lock` makes others who write to the lesson wait until the transaction ends.
    """
    wanted = {"lesson_id": lesson_id, "person_id": person_id}
    row = session.execute(_LESSON_LOCKED if lock else _LESSON, wanted).one_or_none()
    if row is None:
        raise missing("lesson", lesson_id)
    return cast(LessonRow, row)


class LessonOfMany(LessonRow, Protocol):
    """A lesson with its members and teachers."""

    #: For `courses.queries.members_of`.
    members: list[Values]
    #: For `courses.queries.teachers_of`.
    teachers: list[Values]


_MANY: Final = (
    lessons_with_ties()
    .add_columns(members_beside(Lesson.course_id, Lesson.date).label("members"), teachers_beside().label("teachers"))
    .where(among(Lesson.id, "lesson_ids"))
    .order_by(*IN_ORDER)
)


def many(session: Session, lesson_ids: Collection[UUID], person_id: UUID | None) -> Sequence[LessonOfMany]:
    """These lessons, those that the school has, as `lesson` selects each."""
    wanted = {"lesson_ids": lesson_ids, "person_id": person_id}
    return cast("Sequence[LessonOfMany]", session.execute(_MANY, wanted).all())


class HeldBy(Tied, Protocol):
    """A row with the person's ties to a lesson's course, and who holds the lesson in place of its teachers."""

    teacher_id: UUID | None


def ties(row: HeldBy, person_id: UUID | None) -> CourseTies:
    """The person's ties to a lesson: who holds it in place of the course's teachers teaches it (clause 3.2)."""
    return with_stand_in(course_ties(row), row.teacher_id, person_id)


def with_stand_in(of_course: CourseTies, teacher_id: UUID | None, person_id: UUID | None) -> CourseTies:
    """The person's ties to a lesson that `teacher_id` holds in place of the course's teachers; None: they hold it."""
    stands_in = teacher_id is not None and teacher_id == person_id
    return replace(of_course, teaches=True) if stands_in else of_course


_LOCK: Final = select(Lesson.id).where(Lesson.id == bindparam("lesson_id")).with_for_update(key_share=True)


def lock(session: Session, lesson_id: UUID) -> None:
    """Make others who write to the lesson wait until the transaction ends. Raises `NotFound`.

    What the transaction selects after that, it finds as the last of them left it.
    """
    if session.execute(_LOCK, {"lesson_id": lesson_id}).one_or_none() is None:
        raise missing("lesson", lesson_id)


_LOCK_OF_COURSE: Final = (
    select(Lesson.id)
    .where(Lesson.course_id == bindparam("course_id"), among(Lesson.id, "lesson_ids"))
    .order_by(Lesson.id)
    .with_for_update(key_share=True)
)


def lock_of_course(session: Session, course_id: UUID, lesson_ids: Collection[UUID]) -> None:
    """As `lock`, for those of these lessons that the course has."""
    session.execute(_LOCK_OF_COURSE, {"course_id": course_id, "lesson_ids": lesson_ids})


class LessonAtPlace(Protocol):
    """A lesson that has a place, which may be a dropped one."""

    id: UUID
    state: str
    version: int


def lesson_at(session: Session, course_id: UUID, day: dt.date, number: int | None) -> LessonAtPlace | None:
    """The course's lesson with this date and number, if there is one, dropped or not."""
    same_number = Lesson.number.is_(None) if number is None else Lesson.number == number
    wanted = select(Lesson.id, Lesson.state, Lesson.version)
    found = session.execute(wanted.where(Lesson.course_id == course_id, Lesson.date == day, same_number))
    return cast("LessonAtPlace | None", found.one_or_none())


class DueDayRow(Protocol):
    """What says whether homework of a course may be due on a day."""

    #: Whether the course has a lesson on the day.
    has_lesson: bool
    year_id: UUID
    starts_on: dt.date
    ends_on: dt.date
    division: str


_DUE_DAY: Final = (
    select(
        exists()
        .where(Lesson.course_id == Course.id, Lesson.date == bindparam("day"), HELD)
        .correlate(Course)
        .label("has_lesson"),
        Course.year_id,
        Year.starts_on,
        Year.ends_on,
        Course.division,
    )
    .join(Year, Year.id == Course.year_id)
    .where(Course.id == bindparam("course_id"))
)


def due_day(session: Session, course_id: UUID, day: dt.date) -> DueDayRow:
    """What says whether homework of a course that exists may be due on a day."""
    return cast("DueDayRow", session.execute(_DUE_DAY, {"course_id": course_id, "day": day}).one())


_TEACHER: Final[Any] = bindparam("teacher_id")
_Own: Final = aliased(Lesson, name="own_lesson")


def _of_teacher(*days: Callable[[Any], ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """A teacher's lessons in order: those of the courses that the teacher has on their days, and those stood in for.

    `days` are conditions on the lessons' dates.
    """
    of_courses = (
        select(_Own.id)
        .join(CourseTeacher, CourseTeacher.course_id == _Own.course_id)
        .where(
            CourseTeacher.teacher_id == _TEACHER,
            or_(CourseTeacher.since.is_(None), CourseTeacher.since <= _Own.date),
            or_(CourseTeacher.until.is_(None), CourseTeacher.until >= _Own.date),
            *(condition(_Own.date) for condition in days),
        )
    )
    stood_in = select(_Own.id).where(_Own.teacher_id == _TEACHER, *(condition(_Own.date) for condition in days))
    return (
        select(*LESSON, Subject.name.label("subject"), *CLOSING, *STANDING, CAME, Year.version.label("year_version"))
        .join(Course, Course.id == Lesson.course_id)
        .join(Year, Year.id == Course.year_id)
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(Classroom, Classroom.id == Lesson.classroom_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .outerjoin(Setting, Setting.school_id == Lesson.school_id)
        .where(among_selected(Lesson.id, union_all(of_courses, stood_in)), SHOWN)
        .order_by(*IN_ORDER)
    )


def _before_or_on(day: Any) -> ColumnElement[bool]:
    return cast("ColumnElement[bool]", day.between(bindparam("since"), bindparam("day")))


#: Lessons that the teacher holds: no one stands in for them.
_TO_HOLD: Final = and_(HELD, or_(Lesson.teacher_id.is_(None), Lesson.teacher_id == _TEACHER))
_DAY_OF_TEACHER: Final = _of_teacher(lambda day: day == bindparam("day"))
_NEXT_OF_TEACHER: Final = _of_teacher(lambda day: day > bindparam("day")).where(_TO_HOLD).limit(1)
_WITHOUT_TOPIC: Final = _of_teacher(_before_or_on).where(_TO_HOLD, Lesson.topic == "")


def grades_in(row: LessonShown) -> frozenset[ClassGrade]:
    """What is known of the grades of a lesson's students."""
    return in_lesson(grade_of(row), classes_of(row.classes or ()))


def taken(session: Session, row: LessonInTerm) -> Taken:
    """What a lesson takes, by the version of the policy that decides its day."""
    return first_grade.taken(policy_on(session, row, row.date), Place(row.grade, row.subject), grades_in(row))


def day_of_teacher(session: Session, teacher_id: UUID, day: dt.date) -> Sequence[LessonOfYear]:
    """A teacher's lessons on a date, in order."""
    found = session.execute(_DAY_OF_TEACHER, {"teacher_id": teacher_id, "day": day}).all()
    return cast("Sequence[LessonOfYear]", found)


def next_of_teacher(session: Session, teacher_id: UUID, day: dt.date) -> LessonInTerm | None:
    """A teacher's first lesson after a date."""
    found = session.execute(_NEXT_OF_TEACHER, {"teacher_id": teacher_id, "day": day}).one_or_none()
    return cast("LessonInTerm | None", found)


def without_topic(session: Session, teacher_id: UUID, since: dt.date, day: dt.date) -> Sequence[LessonInTerm]:
    """A teacher's lessons of a span of days that have no topic, in order."""
    found = session.execute(_WITHOUT_TOPIC, {"teacher_id": teacher_id, "since": since, "day": day}).all()
    return cast("Sequence[LessonInTerm]", found)

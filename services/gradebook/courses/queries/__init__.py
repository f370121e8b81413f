"""Selects courses with the actor's ties to them, their teachers, terms and members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.clock import local_date, now
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.courses.rules.teaching import Teaching, is_over, teaches_on
from services.gradebook.courses.tables import (
    Course,
    CourseMember,
    CourseTeacher,
    Subject,
)
from services.gradebook.gathered import Values, gathered
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.policy.queries import SETTING, SettingRow
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.known_grade import ClassGrade
from services.gradebook.policy.tables import Setting
from services.gradebook.rows import missing

#: The class of a course, as opposed to the class of a student.
CourseClass = aliased(ClassCopy, name="course_class")
#: The course's own grade wins: its class may have moved on to the next grade since.
GRADE_OF_COURSE = func.coalesce(Course.grade, CourseClass.grade)
#: What `grade_of` reads, beside the grade; `CourseClass` must be joined, outside.
CLASS_OF_COURSE: Final = (CourseClass.several_grades, CourseClass.name.label("class_name"))


#: The columns of a course that answers show; `Subject` must be joined, and `CourseClass` outside.
COURSE: Final = (
    Course.id,
    Course.title,
    Course.subject_id,
    Subject.name.label("subject"),
    Course.class_id,
    GRADE_OF_COURSE.label("grade"),
    Course.year_id,
    Course.division,
    Course.hours_a_week,
    Course.group_name,
    Course.version,
)


class Tied(Protocol):
    """A row with the person's ties to its course."""

    #: The days on which the person teaches it, and the school's time zone; empty where that is never so.
    teaching: list[Values]
    leads: bool


class CourseShown(Protocol):
    """The columns `COURSE`."""

    id: UUID
    title: str
    subject_id: UUID
    subject: str
    class_id: UUID | None
    grade: int | None
    year_id: UUID
    division: str
    hours_a_week: Decimal | None
    group_name: str
    version: int


class CourseRow(CourseShown, Tied, SettingRow, Protocol):
    """A course with its grade, its year's dates, the person's ties and the school's setting."""

    kept_here: bool
    starts_on: date
    ends_on: date


class TeacherOfCourse(Protocol):
    """A teacher's time in a course, and the school's time zone."""

    course_id: UUID
    teacher_id: UUID
    since: date | None
    until: date | None
    time_zone: str | None


class TermOfCourse(NamedTuple):
    """A term by which a course goes, from a value of `terms_beside`."""

    title: str
    ends_on: date


def _about_course(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """EXISTS, correlated only with the `Course` of the enclosing query, whatever else that query joins."""
    return exists().where(*where).correlate(Course)


_PERSON: Final[ColumnElement[Any]] = bindparam("person_id")
#: Whether the person of the parameter `person_id` teaches the `Course` of the enclosing query, has or will.
TEACHES: Final = _about_course(CourseTeacher.course_id == Course.id, CourseTeacher.teacher_id == _PERSON)
#: Whether that person is the homeroom teacher of the course's class, or of any of its students' classes.
LEADS_CLASS_OF_COURSE: Final = or_(
    _about_course(ClassCopy.class_id == Course.class_id, ClassCopy.homeroom_teacher_id == _PERSON),
    _about_course(
        CourseMember.course_id == Course.id,
        StudentCopy.student_id == CourseMember.student_id,
        ClassCopy.class_id == StudentCopy.class_id,
        ClassCopy.homeroom_teacher_id == _PERSON,
    ),
)
_TEACHING: Final = (
    select(gathered(CourseTeacher.since, CourseTeacher.until, Setting.time_zone))
    .outerjoin(Setting, Setting.school_id == CourseTeacher.school_id)
    .where(CourseTeacher.course_id == Course.id, CourseTeacher.teacher_id == _PERSON)
    .correlate(Course)
    .scalar_subquery()
)
#: The columns of `Tied`.
TIES: Final = (_TEACHING.label("teaching"), LEADS_CLASS_OF_COURSE.label("leads"))


def course_ties(row: Tied) -> CourseTies:
    """The ties in the columns `TIES` of a row, today."""
    homeroom = bool(row.leads)
    if not row.teaching:
        return CourseTies(teaches=False, homeroom=homeroom)
    ((first, last, zone),) = row.teaching
    if first is None and last is None:
        return CourseTies(teaches=True, homeroom=homeroom)
    since, until, today = _day(first), _day(last), today_in(zone)
    return CourseTies(
        teaches=teaches_on(since, until, today),
        homeroom=homeroom,
        at_another_time=True,
        taught_until=until if is_over(until, today) else None,
    )


def today_in(zone: str | None) -> date:
    """Today in a school's time zone, as its setting says it; none where it has no setting."""
    return local_date(now(), zone or default_policy().time_zone)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _course_visible(everything: bool, mine: bool, class_id: UUID | None, year_id: UUID | None) -> list[Any]:
    wanted: list[Any] = []
    if mine:
        wanted.append(TEACHES)
    elif not everything:
        wanted.append(or_(TEACHES, LEADS_CLASS_OF_COURSE))
    if class_id is not None:
        in_class = _about_course(
            CourseMember.course_id == Course.id,
            StudentCopy.student_id == CourseMember.student_id,
            StudentCopy.class_id == class_id,
        )
        wanted.append(or_(Course.class_id == class_id, in_class))
    if year_id is not None:
        wanted.append(Course.year_id == year_id)
    return wanted


def courses(
    session: Session,
    person_id: UUID | None,
    *,
    everything: bool,
    mine: bool = False,
    class_id: UUID | None = None,
    year_id: UUID | None = None,
) -> tuple[Sequence[CourseShown], Sequence[TeacherOfCourse]]:
    """Courses by title, and their teachers: those of the person, or of the school (`everything`)."""
    wanted = _course_visible(everything, mine, class_id, year_id)
    found = (
        select(*COURSE)
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .where(*wanted)
        .order_by(Course.title, Course.id)
    )
    teachers = (
        select(
            CourseTeacher.course_id,
            CourseTeacher.teacher_id,
            CourseTeacher.since,
            CourseTeacher.until,
            Setting.time_zone,
        )
        .join(Course, Course.id == CourseTeacher.course_id)
        .outerjoin(Setting, Setting.school_id == CourseTeacher.school_id)
        .where(*wanted)
        .order_by(CourseTeacher.teacher_id)
    )
    person = {"person_id": person_id}
    return (
        cast("Sequence[CourseShown]", session.execute(found, person).all()),
        cast("Sequence[TeacherOfCourse]", session.execute(teachers, person).all()),
    )


def course_with_ties(setting: tuple[Any, ...] = SETTING) -> Select[*tuple[Any, ...]]:
    """Selects the course of the parameter `course_id` as `course` does; for queries that need more beside it."""
    return (
        select(*COURSE, Course.kept_here, Year.starts_on, Year.ends_on, *TIES, *setting)
        .select_from(Course)
        .join(Subject, Subject.id == Course.subject_id)
        .join(Year, Year.id == Course.year_id)
        .outerjoin(Setting, Setting.school_id == Course.school_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .where(Course.id == bindparam("course_id"))
    )


_TITLES_OF_DIVISION: Final = select(Course.title).where(
    Course.year_id == bindparam("year_id"), Course.division == bindparam("division")
)


def courses_by_division(session: Session, year_id: UUID, division: str) -> Sequence[str]:
    """The titles of the courses of a year that go by the terms of a division."""
    return session.scalars(_TITLES_OF_DIVISION, {"year_id": year_id, "division": division}).all()


_COURSE: Final = course_with_ties()
_COURSE_LOCKED: Final = _COURSE.with_for_update(of=Course, key_share=True)
_TEACHERS: Final = (
    select(CourseTeacher.teacher_id, CourseTeacher.since, CourseTeacher.until)
    .where(CourseTeacher.course_id == bindparam("course_id"))
    .order_by(CourseTeacher.teacher_id)
)


def course(session: Session, course_id: UUID, person_id: UUID | None, *, lock: bool = False) -> CourseRow:
    """A course with its year's dates, the person's ties and the school's setting. Raises `NotFound`.

    `lock` makes others who add lessons to the course wait until the transaction ends.
    """
    wanted = {"course_id": course_id, "person_id": person_id}
    row = session.execute(_COURSE_LOCKED if lock else _COURSE, wanted).one_or_none()
    if row is None:
        raise missing("course", course_id)
    return cast(CourseRow, row)


def teachers_beside() -> ColumnElement[Any]:
    """The teachers of the `Course` of the enclosing query, as one value of it; `teachers_of` reads it."""
    return (
        select(gathered(CourseTeacher.teacher_id, CourseTeacher.since, CourseTeacher.until))
        .where(CourseTeacher.course_id == Course.id)
        .correlate(Course)
        .scalar_subquery()
    )


def terms_beside() -> ColumnElement[Any]:
    """The terms by which the `Course` of the enclosing query goes, as one value of it; `terms_of` reads it."""
    return (
        select(gathered(Term.title, Term.ends_on))
        .where(Term.year_id == Course.year_id, Term.division == Course.division)
        .correlate(Course)
        .scalar_subquery()
    )


def terms_of(rows: Iterable[Values]) -> list[TermOfCourse]:
    """The terms of a course, from the value of `terms_beside`, in no order."""
    return [TermOfCourse(title, date.fromisoformat(ends_on)) for title, ends_on in rows]


def teachers_of(rows: Iterable[Values]) -> list[Teaching]:
    """The teachers of a course, from the value of `teachers_beside`."""
    return sorted(Teaching(UUID(teacher), _day(since), _day(until)) for teacher, since, until in rows)


def teachers(session: Session, course_id: UUID) -> list[Teaching]:
    """The teachers of a course, of all times."""
    return [Teaching(*row) for row in session.execute(_TEACHERS, {"course_id": course_id})]


def teachers_on(session: Session, course_id: UUID, day: date) -> list[UUID]:
    """The ids of those who teach a course on a day."""
    return [one.teacher_id for one in teachers(session, course_id) if teaches_on(one.since, one.until, day)]


def _member_on(day: Any) -> ColumnElement[bool]:
    return and_(CourseMember.since <= day, or_(CourseMember.until.is_(None), CourseMember.until >= day))


#: What is known of the grade of a student's class, in the order of `ClassGrade`.
_GRADE_OF_CLASS: Final = (ClassCopy.grade, ClassCopy.several_grades, ClassCopy.name)


class OfClass(Protocol):
    """A row with what is known of the grade of a course, or of the class of a student."""

    grade: int | None
    several_grades: bool | None
    class_name: str | None


def grade_of(row: OfClass) -> ClassGrade:
    """What is known of the grade."""
    return _class_grade(row.grade, row.several_grades, row.class_name)


def _class_grade(grade: int | None, several: bool | None, name: str | None) -> ClassGrade:  # as selected
    return ClassGrade(grade, bool(several), name or "")


_MEMBERS: Final = (
    select(CourseMember.student_id, *_GRADE_OF_CLASS)
    .outerjoin(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
    .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .where(CourseMember.course_id == bindparam("course_id"), _member_on(bindparam("day")))
    .order_by(CourseMember.student_id)
)


def members_beside(course_id: SQLColumnExpression[UUID], day: SQLColumnExpression[date]) -> ColumnElement[Any]:
    """What `members_on` returns, as one value of the enclosing query; `members_of` reads it."""
    return (
        select(gathered(CourseMember.student_id, CourseMember.until, *_GRADE_OF_CLASS))
        .outerjoin(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
        .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
        .where(CourseMember.course_id == course_id, _member_on(day))
        .scalar_subquery()
    )


def members_of(rows: Iterable[Values]) -> dict[UUID, ClassGrade]:
    """Members of a course, from the value of `members_beside`: student → the grade of the student's class."""
    return {UUID(student_id): _class_grade(*known) for student_id, _, *known in rows}


def left_before(rows: Iterable[Values], day: date) -> set[UUID]:
    """Those of the members of a course who left it before a day, from the value of `members_beside`."""
    return {UUID(student_id) for student_id, until, *_ in rows if until and date.fromisoformat(until) < day}


def members_on(session: Session, course_id: UUID, day: date) -> dict[UUID, ClassGrade]:
    """Members of the course on a day: student → the grade of the student's class."""
    rows = session.execute(_MEMBERS, {"course_id": course_id, "day": day})
    return {student_id: _class_grade(grade, several, name) for student_id, grade, several, name in rows}


def classes_beside(course_id: SQLColumnExpression[UUID], day: SQLColumnExpression[date]) -> ColumnElement[Any]:
    """The classes of the members of a course on a day, as one value of the enclosing query; `classes_of` reads it."""
    of_members = (
        select(StudentCopy.class_id)
        .join(CourseMember, CourseMember.student_id == StudentCopy.student_id)
        .where(CourseMember.course_id == course_id, _member_on(day))
        .correlate_except(StudentCopy, CourseMember)
    )
    return select(gathered(*_GRADE_OF_CLASS)).where(ClassCopy.class_id.in_(of_members)).scalar_subquery()


def classes_of(rows: Iterable[Values]) -> list[ClassGrade]:
    """What is known of the grades of classes, from the value of `classes_beside`."""
    return [_class_grade(*known) for known in rows]

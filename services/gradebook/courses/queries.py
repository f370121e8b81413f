"""Selects subjects, curricula, and courses with the actor's ties to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.clock import local_date, now
from kernel.data.among import among
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.courses.rules.hours import Cell
from services.gradebook.courses.rules.making import Sibling
from services.gradebook.courses.rules.membership import Membership, WholeClass
from services.gradebook.courses.rules.teaching import Teaching, is_over, teaches_on
from services.gradebook.courses.tables import (
    Course,
    CourseMember,
    CourseTeacher,
    Curriculum,
    CurriculumRevision,
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


def course_with_ties() -> Select[*tuple[Any, ...]]:
    """Selects the course of the parameter `course_id` as `course` does; for queries that need more beside it."""
    return (
        select(*COURSE, Course.kept_here, Year.starts_on, Year.ends_on, *TIES, *SETTING)
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
        select(gathered(CourseMember.student_id, *_GRADE_OF_CLASS))
        .outerjoin(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
        .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
        .where(CourseMember.course_id == course_id, _member_on(day))
        .scalar_subquery()
    )


def members_of(rows: Iterable[Values]) -> dict[UUID, ClassGrade]:
    """Members of a course, from the value of `members_beside`: student → the grade of the student's class."""
    return {UUID(student_id): _class_grade(*known) for student_id, *known in rows}


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


# --- making courses --------------------------------------------------------------------------------


class FrameRow(Protocol):
    """What a course is made of: a year, a subject and a class, and the class's other courses of the year."""

    id: UUID
    starts_on: date
    ends_on: date
    #: None where there is no such subject.
    subject: str | None
    #: These are None where no class was named, or there is none such.
    class_id: UUID | None
    class_name: str | None
    class_grade: int | None
    #: For `siblings_of`.
    siblings: list[Values]


_OF_CLASS: Final = bindparam("class_id", type_=Course.class_id.type)
_FRAME: Final = (
    select(
        Year.id,
        Year.starts_on,
        Year.ends_on,
        Subject.name.label("subject"),
        ClassCopy.class_id,
        ClassCopy.name.label("class_name"),
        ClassCopy.grade.label("class_grade"),
        select(gathered(Course.id, Course.subject_id, Course.group_name, Course.title, Course.division, Course.grade))
        .where(Course.year_id == Year.id, Course.class_id.is_not_distinct_from(_OF_CLASS))
        .correlate(Year)
        .scalar_subquery()
        .label("siblings"),
    )
    .outerjoin(Subject, and_(Subject.school_id == Year.school_id, Subject.id == bindparam("subject_id")))
    .outerjoin(ClassCopy, and_(ClassCopy.school_id == Year.school_id, ClassCopy.class_id == _OF_CLASS))
    .where(Year.id == bindparam("year_id"))
)
_LOCK_YEAR: Final = select(Year.id).where(Year.id == bindparam("year_id")).with_for_update(key_share=True)
_LOCK_COURSES: Final = (
    select(Course.id).where(Course.year_id == bindparam("year_id")).order_by(Course.id).with_for_update(key_share=True)
)
_LOCK_CLASSES: Final = (
    select(ClassCopy.class_id)
    .where(among(ClassCopy.class_id, "class_ids"))
    .order_by(ClassCopy.class_id)
    .with_for_update(key_share=True)
)


def lock_year(session: Session, year_id: UUID) -> None:
    """Make others who make courses or a curriculum of the year wait until the transaction ends. Raises `NotFound`."""
    if session.execute(_LOCK_YEAR, {"year_id": year_id}).one_or_none() is None:
        raise missing("year", year_id)


def lock_courses(session: Session, year_id: UUID) -> None:
    """Make others who change courses of the year wait until the transaction ends."""
    session.execute(_LOCK_COURSES, {"year_id": year_id}).all()


def lock_classes(session: Session, class_ids: Collection[UUID]) -> None:
    """Let nobody join or leave these classes, and no course of them be made, until the transaction ends."""
    session.execute(_LOCK_CLASSES, {"class_ids": class_ids}).all()


def frame(session: Session, year_id: UUID, subject_id: UUID, class_id: UUID | None) -> FrameRow:
    """What a course is made of. Raises `NotFound` for the year, the subject and the class."""
    wanted = {"year_id": year_id, "subject_id": subject_id, "class_id": class_id}
    row = session.execute(_FRAME, wanted).one_or_none()
    if row is None:
        raise missing("year", year_id)
    if row.subject is None:
        raise missing("subject", subject_id)
    if class_id is not None and row.class_id is None:
        raise missing("class", class_id)
    return cast(FrameRow, row)


def siblings_of(row: FrameRow) -> list[Sibling]:
    """The courses of the class in the year, or those across classes."""
    return [Sibling(UUID(course_id), UUID(subject_id), *more) for course_id, subject_id, *more in sorted(row.siblings)]


_MEMBERSHIP: Final = (
    CourseMember.id,
    CourseMember.course_id,
    CourseMember.student_id,
    CourseMember.since,
    CourseMember.until,
    Course.class_id,
)


class GroupRow(CourseShown, Tied, Protocol):
    """A course of a class and subject, with the person's ties."""

    class_name: str | None
    kept_here: bool
    #: For `teachers_of`.
    teachers: list[Values]


_SIBLINGS: Final = (
    select(
        *COURSE,
        CourseClass.name.label("class_name"),
        Course.kept_here,
        *TIES,
        teachers_beside().label("teachers"),
    )
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(
        Course.year_id == bindparam("year_id"),
        Course.subject_id == bindparam("subject_id"),
        Course.class_id.is_not_distinct_from(_OF_CLASS),
    )
    .order_by(Course.title, Course.id)
)
_SIBLINGS_ACROSS: Final = _SIBLINGS.where(
    Course.grade.is_not_distinct_from(bindparam("grade", type_=Course.grade.type))
)
_MEMBERSHIPS_OF: Final = (
    select(*_MEMBERSHIP)
    .join(Course, Course.id == CourseMember.course_id)
    .where(among(CourseMember.course_id, "course_ids"))
    .order_by(CourseMember.id)
)
_CANDIDATES: Final = (
    select(StudentCopy.student_id, StudentCopy.class_id)
    .join(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .order_by(StudentCopy.student_id)
)
_CANDIDATES_OF_CLASS: Final = _CANDIDATES.where(StudentCopy.class_id == bindparam("class_id"))
_CANDIDATES_OF_GRADE: Final = _CANDIDATES.where(ClassCopy.grade == bindparam("grade"))


def siblings(session: Session, course: CourseShown, person_id: UUID | None) -> Sequence[GroupRow]:
    """The courses of the course's year, subject and class, itself among them; without a class, those of its grade."""
    wanted = {
        "year_id": course.year_id, "subject_id": course.subject_id, "class_id": course.class_id, "person_id": person_id,
    }  # fmt: skip
    if course.class_id is None:
        found = session.execute(_SIBLINGS_ACROSS, {**wanted, "grade": course.grade}).all()
    else:
        found = session.execute(_SIBLINGS, wanted).all()
    return cast("Sequence[GroupRow]", found)


def memberships_of(session: Session, course_ids: Collection[UUID]) -> list[Membership]:
    """The memberships of courses, of all times."""
    return [Membership(*row) for row in session.execute(_MEMBERSHIPS_OF, {"course_ids": course_ids})]


def candidates(session: Session, course: CourseShown) -> dict[UUID, UUID | None]:
    """Student who may be in the course → class: those of its class; without one, those of its grade."""
    if course.class_id is not None:
        rows = session.execute(_CANDIDATES_OF_CLASS, {"class_id": course.class_id})
    else:
        rows = session.execute(_CANDIDATES_OF_GRADE, {"grade": course.grade})
    return {row.student_id: row.class_id for row in rows}


_STUDENTS_OF_CLASS: Final = (
    select(StudentCopy.student_id, StudentCopy.class_since)
    .where(StudentCopy.class_id == bindparam("class_id"))
    .order_by(StudentCopy.student_id)
)
_STUDENTS_OF_CLASSES: Final = (
    select(StudentCopy.class_id, StudentCopy.student_id, StudentCopy.class_since)
    .where(among(StudentCopy.class_id, "class_ids"))
    .order_by(StudentCopy.student_id)
)
_MEMBERSHIPS_OF_COURSE: Final = (
    select(*_MEMBERSHIP)
    .join(Course, Course.id == CourseMember.course_id)
    .where(CourseMember.course_id == bindparam("course_id"))
    .order_by(CourseMember.student_id, CourseMember.since)
)
_MADE_HERE_WITH: Final = (
    select(*_MEMBERSHIP)
    .join(Course, Course.id == CourseMember.course_id)
    .where(Course.kept_here, among(CourseMember.student_id, "student_ids"))
    .order_by(CourseMember.id)
)
_OF_WHOLE_CLASSES: Final = (
    select(Course.id, Course.class_id, Year.starts_on, Year.ends_on)
    .join(Year, Year.id == Course.year_id)
    .where(Course.kept_here, Course.group_name == "", among(Course.class_id, "class_ids"))
    .order_by(Course.id)
)


def students_of_class(session: Session, class_id: UUID) -> dict[UUID, date | None]:
    """Student of a class → since when, if that is known."""
    return {row.student_id: row.class_since for row in session.execute(_STUDENTS_OF_CLASS, {"class_id": class_id})}


def students_of_classes(session: Session, class_ids: Collection[UUID]) -> dict[UUID, dict[UUID, date | None]]:
    """Class → its students, each with since when, if that is known."""
    found: dict[UUID, dict[UUID, date | None]] = {class_id: {} for class_id in class_ids}
    for row in session.execute(_STUDENTS_OF_CLASSES, {"class_ids": class_ids}):
        found[row.class_id][row.student_id] = row.class_since
    return found


def memberships(session: Session, course_id: UUID) -> list[Membership]:
    """The memberships of a course, of all times."""
    return [Membership(*row) for row in session.execute(_MEMBERSHIPS_OF_COURSE, {"course_id": course_id})]


def memberships_kept_here(session: Session, student_ids: Collection[UUID]) -> list[Membership]:
    """The memberships of these students in courses that no import keeps."""
    return [Membership(*row) for row in session.execute(_MADE_HERE_WITH, {"student_ids": student_ids})]


def of_whole_classes(session: Session, class_ids: Collection[UUID]) -> list[WholeClass]:
    """The courses made here that take all students of these classes."""
    rows: Iterable[Any] = session.execute(_OF_WHOLE_CLASSES, {"class_ids": class_ids})
    return [WholeClass(*row) for row in rows]


# --- subjects and the curriculum -------------------------------------------------------------------


class SubjectRow(Protocol):
    """A subject with the number of its courses in all years."""

    id: UUID
    name: str
    version: int
    courses: int


class TitledRow(Protocol):
    """A course of a subject, and the name of its class."""

    id: UUID
    title: str
    group_name: str
    class_name: str | None


_COURSES_OF_SUBJECT: Final = (
    select(func.count(Course.id)).where(Course.subject_id == Subject.id).correlate(Subject).scalar_subquery()
)
_SUBJECTS: Final = select(Subject.id, Subject.name, Subject.version, _COURSES_OF_SUBJECT.label("courses")).order_by(
    Subject.name, Subject.id
)
_LOCK_SUBJECTS: Final = select(Subject.id).with_for_update(key_share=True)
_TITLES_OF_SUBJECT: Final = (
    select(Course.id, Course.title, Course.group_name, CourseClass.name.label("class_name"))
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(Course.subject_id == bindparam("subject_id"))
    .order_by(Course.title, Course.id)
)
_CELLS: Final = (
    select(Curriculum.subject_id, Curriculum.grade, Curriculum.hours)
    .where(Curriculum.year_id == bindparam("year_id"))
    .order_by(Curriculum.grade, Curriculum.subject_id)
)
_VERSION_OF_CURRICULUM: Final = select(
    select(func.coalesce(func.max(CurriculumRevision.version), 0))
    .where(CurriculumRevision.year_id == Year.id)
    .correlate(Year)
    .scalar_subquery()
    .label("version")
).where(Year.id == bindparam("year_id"))
_YEARS_WITH_HOURS: Final = (
    select(Year.title)
    .join(Curriculum, Curriculum.year_id == Year.id)
    .where(Curriculum.subject_id == bindparam("subject_id"))
    .group_by(Year.title)
    .order_by(Year.title)
)


def subjects(session: Session, *, lock: bool = False) -> Sequence[SubjectRow]:
    """The school's subjects, by name. `lock` makes others who change subjects wait until the transaction ends."""
    if lock:
        session.execute(_LOCK_SUBJECTS).all()
    return cast("Sequence[SubjectRow]", session.execute(_SUBJECTS).all())


def subject_of(rows: Sequence[SubjectRow], subject_id: UUID) -> SubjectRow:
    """One of the subjects. Raises `NotFound`."""
    found = next((row for row in rows if row.id == subject_id), None)
    if found is None:
        raise missing("subject", subject_id)
    return found


def courses_of_subject(session: Session, subject_id: UUID) -> Sequence[TitledRow]:
    """The courses of a subject in all years."""
    return cast("Sequence[TitledRow]", session.execute(_TITLES_OF_SUBJECT, {"subject_id": subject_id}).all())


def years_with_hours(session: Session, subject_id: UUID) -> Sequence[str]:
    """The titles of the years in whose curriculum a subject has hours."""
    return session.scalars(_YEARS_WITH_HOURS, {"subject_id": subject_id}).all()


def curriculum(session: Session, year_id: UUID) -> tuple[int, list[Cell]]:
    """The version of a year's curriculum, 0 before the first change, and its hours. Raises `NotFound`."""
    version = session.execute(_VERSION_OF_CURRICULUM, {"year_id": year_id}).scalar_one_or_none()
    if version is None:
        raise missing("year", year_id)
    return version, [Cell(*row) for row in session.execute(_CELLS, {"year_id": year_id})]

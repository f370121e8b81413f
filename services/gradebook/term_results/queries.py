"""Selects courses and classes with what their term marks are computed from, and how far the marks are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.as_it_stood import as_it_stood, at
from services.gradebook.brought.queries import elsewhere_of_class
from services.gradebook.calendar.tables import Term
from services.gradebook.courses.queries import CLASS_OF_COURSE, GRADE_OF_COURSE, CourseClass, teachers_beside
from services.gradebook.courses.tables import Course, CourseMember, Subject
from services.gradebook.gathered import Values
from services.gradebook.journal.queries import pages
from services.gradebook.journal.queries.families import TermOfStudent
from services.gradebook.marks.queries import FOR_STAFF, MarkThen, is_shown, kinds_beside, marks_in_order, only_if_helps
from services.gradebook.marks.tables import Mark
from services.gradebook.people.tables import ClassCopy, StudentCopy
from services.gradebook.plans.queries import heads
from services.gradebook.policy.queries import SETTING, SETTING_THEN, SettingRow
from services.gradebook.policy.tables import Setting
from services.gradebook.rows import missing
from services.gradebook.term_marks.tables import TermSheet, TermSheetStep

#: A course, and a class of its students.
Place = tuple[UUID, UUID]


class PageRow(pages.FrameRow, Protocol):
    """The frame of a course's term marks."""

    several_grades: bool | None
    class_name: str | None
    #: Whether the person heads the association of the course's subject.
    heads: bool


class Member(Protocol):
    """A student's time in a course, the class, and what is known of its grade."""

    student_id: UUID
    since: dt.date
    until: dt.date | None
    class_id: UUID | None
    grade: int | None
    several_grades: bool | None
    class_name: str | None


class MarkOfTerm(Protocol):
    """A mark from which a term mark is computed."""

    id: UUID
    course_id: UUID
    student_id: UUID
    kind_id: UUID
    value: str
    date: dt.date
    only_if_helps: bool


class Sheet(Protocol):
    """How far the term marks of a class are in a course."""

    id: UUID
    course_id: UUID
    class_id: UUID
    state: str
    version: int
    changed_by: UUID
    changed_at: dt.datetime


_BESIDE: Final = (*CLASS_OF_COURSE, heads(Course.subject_id).label("heads"))
_PAGE: Final = pages.FRAME.add_columns(*_BESIDE)
_PAGE_THEN: Final = pages.FRAME_THEN.add_columns(*_BESIDE)
_PAGE_LOCKED: Final = _PAGE.with_for_update(of=Course, key_share=True)
_MEMBER: Final = (
    CourseMember.student_id,
    CourseMember.since,
    CourseMember.until,
    StudentCopy.class_id,
    ClassCopy.grade,
    ClassCopy.several_grades,
    ClassCopy.name.label("class_name"),
)
_MEMBERS: Final = (
    select(*_MEMBER)
    .join(Course, Course.id == CourseMember.course_id)
    .join(Term, Term.id == bindparam("term_id"))
    .outerjoin(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
    .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
    .where(Course.id == bindparam("course_id"), pages.IN_TERM)
    .order_by(CourseMember.student_id, CourseMember.since)
)
_SPAN: Final[tuple[Any, Any]] = (bindparam("starts_on"), bindparam("ends_on"))


def _marks(mark: Any) -> Select[*tuple[Any, ...]]:
    helps = only_if_helps(mark, then=mark is MarkThen)
    return (
        select(mark.id, mark.course_id, mark.student_id, mark.kind_id, mark.value, mark.date, helps)
        .where(mark.date.between(*_SPAN), mark.value.is_not(None))
        .order_by(*marks_in_order(mark))
    )


_MARKS_OF_COURSE: Final = _marks(Mark).where(Mark.course_id == bindparam("course_id"), is_shown(Mark))
_MARKS_OF_COURSE_THEN: Final = _marks(MarkThen).where(MarkThen.course_id == bindparam("course_id"))
_MARKS_OF_STUDENTS: Final = _marks(Mark).where(among(Mark.student_id, "student_ids"))
_MARKS_OF_STUDENTS_THEN: Final = _marks(MarkThen).where(among(MarkThen.student_id, "student_ids"))
#: How far the marks were at the moment `AS_OF`.
_SheetThen: Final = as_it_stood(TermSheet, TermSheetStep, "sheet_id", ("state", "version", "changed_by", "changed_at"))


def _sheets(sheet: Any) -> Select[*tuple[Any, ...]]:
    return select(
        sheet.id,
        sheet.course_id,
        sheet.class_id,
        sheet.state,
        sheet.version,
        sheet.changed_by,
        sheet.changed_at,
    ).where(sheet.term_id == bindparam("term_id"), sheet.kind == bindparam("kind"))


_SHEETS_OF_COURSE: Final = _sheets(TermSheet).where(TermSheet.course_id == bindparam("course_id"))
_SHEETS_OF_COURSE_THEN: Final = _sheets(_SheetThen).where(_SheetThen.course_id == bindparam("course_id"))
_SHEETS_OF_CLASS: Final = _sheets(TermSheet).where(TermSheet.class_id == bindparam("class_id"))
_SHEETS_OF_CLASS_THEN: Final = _sheets(_SheetThen).where(_SheetThen.class_id == bindparam("class_id"))


def page(
    session: Session,
    course_id: UUID,
    term_id: UUID,
    person_id: UUID | None,
    *,
    lock: bool = False,
    as_of: dt.datetime | None = None,
) -> PageRow:
    """The frame of a course's term marks, with the person's ties. Raises `NotFound` for the course.

    `lock` makes others who change the course's term marks wait until the transaction ends; nobody changes what was.
    """
    statement = _PAGE_THEN if as_of else _PAGE_LOCKED if lock else _PAGE
    return cast(PageRow, pages.frame(session, statement, course_id, term_id, person_id, as_of))


def members(session: Session, course_id: UUID, term_id: UUID) -> Sequence[Member]:
    """The students who are in the course on any day of the term, by student and time."""
    wanted = {"course_id": course_id, "term_id": term_id}
    return cast("Sequence[Member]", session.execute(_MEMBERS, wanted).all())


def marks_of_course(
    session: Session,
    course_id: UUID,
    starts_on: dt.date,
    ends_on: dt.date,
    as_of: dt.datetime | None = None,
    shown_at: dt.datetime = FOR_STAFF,
) -> dict[UUID, list[MarkOfTerm]]:
    """Student → the marks of lessons of the period, in order; as they stood at a moment, if one is given.

    For a family those that it sees at the moment `shown_at`.
    """
    moments = at(as_of) or {"shown_at": shown_at}
    wanted = {"course_id": course_id, "starts_on": starts_on, "ends_on": ends_on, **moments}
    statement = _MARKS_OF_COURSE_THEN if as_of else _MARKS_OF_COURSE
    found: dict[UUID, list[MarkOfTerm]] = {}
    for row in cast("Sequence[MarkOfTerm]", session.execute(statement, wanted).all()):
        found.setdefault(row.student_id, []).append(row)
    return found


def marks_of_students(
    session: Session,
    student_ids: Collection[UUID],
    starts_on: dt.date,
    ends_on: dt.date,
    as_of: dt.datetime | None = None,
) -> dict[tuple[UUID, UUID], list[MarkOfTerm]]:
    """Course and student → the marks of lessons of the period, in order; as they stood at a moment, if one is given."""
    wanted = {"student_ids": student_ids, "starts_on": starts_on, "ends_on": ends_on, **at(as_of)}
    statement = _MARKS_OF_STUDENTS_THEN if as_of else _MARKS_OF_STUDENTS
    found: dict[tuple[UUID, UUID], list[MarkOfTerm]] = {}
    for row in cast("Sequence[MarkOfTerm]", session.execute(statement, wanted).all()):
        found.setdefault((row.course_id, row.student_id), []).append(row)
    return found


def sheets_of_course(
    session: Session, course_id: UUID, term_id: UUID, kind: str, as_of: dt.datetime | None = None
) -> dict[Place, Sheet]:
    """How far the marks of a kind are in each class of a course, where anything was done; or how far they were."""
    wanted = {"course_id": course_id, "term_id": term_id, "kind": kind, **at(as_of)}
    return _by_place(session.execute(_SHEETS_OF_COURSE_THEN if as_of else _SHEETS_OF_COURSE, wanted).all())


def sheets_of_class(
    session: Session, class_id: UUID, term_id: UUID, kind: str, as_of: dt.datetime | None = None
) -> dict[Place, Sheet]:
    """How far the marks of a kind are in each course of a class, where anything was done; or how far they were."""
    wanted = {"class_id": class_id, "term_id": term_id, "kind": kind, **at(as_of)}
    return _by_place(session.execute(_SHEETS_OF_CLASS_THEN if as_of else _SHEETS_OF_CLASS, wanted).all())


_TERMS_OF_DIVISION: Final = (
    select(Term.id, Term.title, Term.starts_on, Term.ends_on, Term.division, Term.year_id)
    .where(Term.year_id == bindparam("year_id"), Term.division == bindparam("division"))
    .order_by(Term.starts_on, Term.ends_on, Term.id)
)


def terms_of_division(session: Session, year_id: UUID, division: str) -> list[TermOfStudent]:
    """The terms of a division of a year, by date."""
    rows = session.execute(_TERMS_OF_DIVISION, {"year_id": year_id, "division": division})
    return [TermOfStudent(*row) for row in rows]


def _by_place(rows: Iterable[Any]) -> dict[Place, Sheet]:
    return {(row.course_id, row.class_id): row for row in rows}


# --- a class ---------------------------------------------------------------------------------------


class ClassRow(SettingRow, Protocol):
    """A class and the school's setting."""

    class_id: UUID
    grade: int | None
    several_grades: bool | None
    class_name: str | None
    homeroom_teacher_id: UUID | None
    #: For `marks.queries.kinds_of`.
    kinds: list[Values]
    #: For `brought.queries.Elsewhere`.
    elsewhere: list[Values]


class CourseOfClass(Protocol):
    """A course in which students of a class are, and the term by which it goes."""

    id: UUID
    title: str
    class_id: UUID | None
    subject: str
    grade: int | None
    several_grades: bool | None
    class_name: str | None
    hours_a_week: Decimal | None
    teachers: list[Values]


class MemberOfClass(NamedTuple):
    """A student's time in a course."""

    course_id: UUID
    student_id: UUID
    since: dt.date
    until: dt.date | None


def _class(*, then: bool) -> Select[*tuple[Any, ...]]:
    """`then`: with policy and marks of other schools of the moment `AS_OF`."""
    return (
        select(
            ClassCopy.class_id,
            ClassCopy.grade,
            ClassCopy.several_grades,
            ClassCopy.name.label("class_name"),
            ClassCopy.homeroom_teacher_id,
            *(SETTING_THEN if then else SETTING),
            kinds_beside().label("kinds"),
            elsewhere_of_class(then=then).label("elsewhere"),
        )
        .outerjoin(Setting, Setting.school_id == ClassCopy.school_id)
        .where(ClassCopy.class_id == bindparam("class_id"))
    )


_CLASS: Final = _class(then=False)
_CLASS_THEN: Final = _class(then=True)
_IN_CLASS: Final = (
    select(CourseMember.course_id, CourseMember.student_id, CourseMember.since, CourseMember.until)
    .join(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
    .join(Course, Course.id == CourseMember.course_id)
    .join(Term, and_(Term.year_id == Course.year_id, Term.division == Course.division))
    .where(StudentCopy.class_id == bindparam("class_id"), Term.id == bindparam("term_id"), pages.IN_TERM)
    .order_by(CourseMember.student_id, CourseMember.since)
)
_COURSES: Final = (
    select(
        Course.id,
        Course.title,
        Course.class_id,
        Subject.name.label("subject"),
        GRADE_OF_COURSE.label("grade"),
        *CLASS_OF_COURSE,
        Course.hours_a_week,
        teachers_beside().label("teachers"),
    )
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(among(Course.id, "course_ids"))
    .order_by(Course.title, Course.id)
)
_COURSES_LOCKED: Final = _COURSES.order_by(None).order_by(Course.id).with_for_update(of=Course, key_share=True)


def class_row(session: Session, class_id: UUID, as_of: dt.datetime | None = None) -> ClassRow:
    """A class, with the policy and the marks of other schools of a moment, if one is given. Raises `NotFound`."""
    wanted = {"class_id": class_id, **at(as_of)}
    row = session.execute(_CLASS_THEN if as_of else _CLASS, wanted).one_or_none()
    if row is None:
        raise missing("class", class_id)
    return cast(ClassRow, row)


def members_of_class(session: Session, class_id: UUID, term_id: UUID) -> list[MemberOfClass]:
    """When which student of a class is in which course that goes by the term."""
    rows = session.execute(_IN_CLASS, {"class_id": class_id, "term_id": term_id})
    return [MemberOfClass(*row) for row in rows]


def courses(session: Session, course_ids: Collection[UUID], *, lock: bool = False) -> Sequence[CourseOfClass]:
    """Courses by title; `lock` makes others who change their term marks wait until the transaction ends."""
    statement: Select[Any] = _COURSES_LOCKED if lock else _COURSES
    found = cast("Sequence[CourseOfClass]", session.execute(statement, {"course_ids": course_ids}).all())
    return sorted(found, key=lambda one: (one.title, one.id)) if lock else found


_TERMS_OF_CLASS: Final = (
    select(Term.id, Term.title, Term.starts_on, Term.ends_on, Term.division, Term.year_id)
    .distinct()
    .join(Course, and_(Course.year_id == Term.year_id, Course.division == Term.division))
    .join(CourseMember, CourseMember.course_id == Course.id)
    .join(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
    .where(StudentCopy.class_id == bindparam("class_id"))
    .order_by(Term.starts_on, Term.ends_on, Term.id)
)


def terms_of_class(session: Session, class_id: UUID) -> list[TermOfStudent]:
    """The terms by which courses of a class's students go, by date."""
    return [TermOfStudent(*row) for row in session.execute(_TERMS_OF_CLASS, {"class_id": class_id})]

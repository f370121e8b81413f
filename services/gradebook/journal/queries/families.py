"""Selects a student with the courses, terms and marks that the pages of the family show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from kernel.clock import now
from kernel.data.among import among
from services.gradebook.as_it_stood import at
from services.gradebook.brought.queries import elsewhere_of_student
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.queries import GRADE_OF_COURSE, CourseClass
from services.gradebook.courses.queries.movement import Movement, StayInCourse
from services.gradebook.courses.tables import Course, CourseMember, Subject
from services.gradebook.gathered import Values, gathered
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.queries import (
    MarkThen,
    is_shown,
    kinds_beside,
    marks_in_order,
    only_if_helps,
    previous_value,
)
from services.gradebook.marks.rules.owed import OWED
from services.gradebook.marks.tables import KindOfWork, Mark, OwedWork
from services.gradebook.people.queries import TiedToStudent, student_with_ties
from services.gradebook.people.tables import StudentCopy
from services.gradebook.policy.queries import SETTING, SETTING_THEN, SettingRow
from services.gradebook.policy.tables import Setting


class FamilyMark(Protocol):
    """A mark as the student's family sees it."""

    id: UUID
    lesson_id: UUID
    course_id: UUID
    kind_id: UUID
    date: dt.date
    value: str
    comment: str
    #: The last value before it that differs from it; None where there was none.
    previous: str | None
    only_if_helps: bool


class CourseShown(Protocol):
    """A course, and the division of which year it goes by."""

    id: UUID
    title: str
    year_id: UUID
    division: str
    subject: str
    grade: int | None


class CourseTime(NamedTuple):
    """A course and a student's membership of it, from a value of `StudentRow.courses`."""

    id: UUID
    title: str
    year_id: UUID
    division: str
    since: dt.date
    until: dt.date | None
    subject: str
    grade: int | None
    subject_id: UUID
    group_name: str
    class_id: UUID | None
    class_name: str | None


class TermOfStudent(NamedTuple):
    """A term by which a course of a student goes, from a value of `StudentRow.terms`."""

    id: UUID
    title: str
    starts_on: dt.date
    ends_on: dt.date
    division: str
    year_id: UUID


class StudentRow(TiedToStudent, SettingRow, Protocol):
    """A student with what the pages of the family need beside marks and lessons."""

    #: For `courses_of`.
    courses: list[Values]
    #: For `marks.queries.kinds_of`.
    kinds: list[Values]
    #: For `brought.queries.Elsewhere`.
    elsewhere: list[Values]


class OwedByStudent(NamedTuple):
    """A work that a student owes, from a value of `StudentOfDiaryRow.owed`."""

    lesson_id: UUID
    course_id: UUID
    title: str
    kind: str
    date: dt.date
    due: dt.date | None


class StudentOfDiaryRow(StudentRow, Protocol):
    """A student with the courses of a period, and what is owed."""

    #: For `owed_by`.
    owed: list[Values]


class StudentOfTermsRow(StudentRow, Protocol):
    """A student with the courses of all years, and the terms by which they go."""

    #: For `terms_of`.
    terms: list[Values]


_COURSES_OF_STUDENT: Final = (
    select(
        gathered(
            Course.id,
            Course.title,
            Course.year_id,
            Course.division,
            CourseMember.since,
            CourseMember.until,
            Subject.name,
            GRADE_OF_COURSE,
            Course.subject_id,
            Course.group_name,
            Course.class_id,
            CourseClass.name,
        )
    )
    .select_from(Course)
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .join(CourseMember, CourseMember.course_id == Course.id)
    .where(CourseMember.student_id == StudentCopy.student_id)
    .correlate(StudentCopy)
)
_COURSES_BETWEEN: Final = _COURSES_OF_STUDENT.join(Year, Year.id == Course.year_id).where(
    Year.starts_on <= bindparam("ends_on"),
    Year.ends_on >= bindparam("starts_on"),
    CourseMember.since <= bindparam("ends_on"),
    or_(CourseMember.until.is_(None), CourseMember.until >= bindparam("starts_on")),
)
_GOES_BY_TERM: Final = (
    exists()
    .where(
        CourseMember.course_id == Course.id,
        CourseMember.student_id == StudentCopy.student_id,
        Course.year_id == Term.year_id,
        Course.division == Term.division,
    )
    .correlate(StudentCopy, Term)
)
_TERMS_OF_STUDENT: Final = (
    select(gathered(Term.id, Term.title, Term.starts_on, Term.ends_on, Term.division, Term.year_id))
    .where(_GOES_BY_TERM)
    .correlate(StudentCopy)
)


def _student(*, then: bool) -> Select[*tuple[Any, ...]]:
    """`then`: with policy and marks of other schools of the moment `AS_OF`; courses and terms are today's."""
    return (
        student_with_ties()
        .outerjoin(Setting, Setting.school_id == StudentCopy.school_id)
        .add_columns(
            *(SETTING_THEN if then else SETTING),
            kinds_beside().label("kinds"),
            elsewhere_of_student(then=then).label("elsewhere"),
        )
    )


def _of_days(anyone: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return anyone.add_columns(_COURSES_BETWEEN.scalar_subquery().label("courses"))


def _of_terms(anyone: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return anyone.add_columns(
        _COURSES_OF_STUDENT.scalar_subquery().label("courses"), _TERMS_OF_STUDENT.scalar_subquery().label("terms")
    )


_OWED_BY_STUDENT: Final = (
    select(gathered(Lesson.id, Course.id, Course.title, KindOfWork.name, Lesson.date, OwedWork.due))
    .select_from(OwedWork)
    .join(Lesson, Lesson.id == OwedWork.lesson_id)
    .join(Course, Course.id == Lesson.course_id)
    .join(KindOfWork, KindOfWork.id == OwedWork.kind_id)
    .where(OwedWork.student_id == StudentCopy.student_id, OwedWork.state == OWED, is_shown(OwedWork))
    .correlate(StudentCopy)
    .scalar_subquery()
)


def _marks_of_student(mark: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            mark.id, mark.lesson_id, mark.course_id, mark.kind_id, mark.date, mark.value, mark.comment,
            previous_value(mark), only_if_helps(mark, then=mark is MarkThen),
        )
        .where(
            mark.student_id == bindparam("student"),
            mark.value.is_not(None),
            mark.date.between(bindparam("starts_on"), bindparam("ends_on")),
        )
        .order_by(*marks_in_order(mark))
    )  # fmt: skip


_STUDENT: Final = _of_days(_student(then=False))
_STUDENT_THEN: Final = _of_days(_student(then=True))
_STUDENT_OF_DIARY: Final = _STUDENT.add_columns(_OWED_BY_STUDENT.label("owed"))
_STUDENT_OF_TERMS: Final = _of_terms(_student(then=False))
_STUDENT_OF_TERMS_THEN: Final = _of_terms(_student(then=True))
#: Families see them; what stood at a moment staff alone read, from whom no column is hidden.
_MARKS_OF_STUDENT: Final = _marks_of_student(Mark).where(is_shown(Mark))
_MARKS_OF_STUDENT_THEN: Final = _marks_of_student(MarkThen)


_COURSES: Final = (
    select(
        Course.id,
        Course.title,
        Course.year_id,
        Course.division,
        Subject.name.label("subject"),
        GRADE_OF_COURSE.label("grade"),
    )
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(among(Course.id, "course_ids"))
)


def student(
    session: Session,
    student_id: UUID,
    person_id: UUID | None,
    starts_on: dt.date,
    ends_on: dt.date,
    as_of: dt.datetime | None = None,
) -> StudentRow | None:
    """A student with the person's ties and the courses of the period; None if the school has no such student.

    With the policy and the marks of other schools of a moment, if one is given.
    """
    span = {"starts_on": starts_on, "ends_on": ends_on}
    wanted = {"student_id": student_id, "person_id": person_id, **span, **at(as_of)}
    statement = _STUDENT_THEN if as_of else _STUDENT
    return cast("StudentRow | None", session.execute(statement, wanted).one_or_none())


def student_of_diary(
    session: Session, student_id: UUID, person_id: UUID | None, starts_on: dt.date, ends_on: dt.date
) -> StudentOfDiaryRow | None:
    """A student with the person's ties, the courses of the period and what is owed; None if there is no such one."""
    wanted = {
        "student_id": student_id, "person_id": person_id, "starts_on": starts_on, "ends_on": ends_on, "shown_at": now(),
    }  # fmt: skip
    return cast("StudentOfDiaryRow | None", session.execute(_STUDENT_OF_DIARY, wanted).one_or_none())


def owed_by(row: StudentOfDiaryRow) -> list[OwedByStudent]:
    """What a student owes: what is due first, then what has no date, each in the order of the lessons."""
    found = [
        OwedByStudent(
            UUID(lesson_id), UUID(course_id), title, kind, dt.date.fromisoformat(date),
            due and dt.date.fromisoformat(due),
        )
        for lesson_id, course_id, title, kind, date, due in row.owed
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.due or dt.date.max, one.date, one.title, one.lesson_id))


def student_of_terms(
    session: Session, student_id: UUID, person_id: UUID | None, as_of: dt.datetime | None = None
) -> StudentOfTermsRow | None:
    """A student with the person's ties, all courses and their terms; None if the school has no such student.

    With the policy and the marks of other schools of a moment, if one is given.
    """
    wanted = {"student_id": student_id, "person_id": person_id, **at(as_of)}
    statement = _STUDENT_OF_TERMS_THEN if as_of else _STUDENT_OF_TERMS
    return cast("StudentOfTermsRow | None", session.execute(statement, wanted).one_or_none())


def courses_of(row: StudentRow) -> list[CourseTime]:
    """The courses of the student's row, with the dates of the membership."""
    return [
        CourseTime(
            UUID(course_id), title, UUID(year_id), division,
            dt.date.fromisoformat(since), until and dt.date.fromisoformat(until), subject, grade,
            UUID(subject_id), group_name, class_id and UUID(class_id), class_name,
        )
        for course_id, title, year_id, division, since, until, subject, grade, subject_id, group_name, class_id,
        class_name in row.courses
    ]  # fmt: skip


def moves_of(student_id: UUID, courses: Iterable[CourseTime], by: dt.date = dt.date.max) -> Movement:
    """For which courses the student left others of `courses`, which are the student's, by a day."""
    return Movement(
        StayInCourse(
            student_id, one.id, one.since, one.until, one.title, one.group_name, one.class_id, one.class_name,
            one.subject_id, one.year_id,
        )
        for one in courses
        if one.since <= by
    )  # fmt: skip


def terms_of(row: StudentOfTermsRow) -> list[TermOfStudent]:
    """The terms by which the student's courses go, by date."""
    terms = [
        TermOfStudent(
            UUID(term_id), title, dt.date.fromisoformat(starts_on), dt.date.fromisoformat(ends_on), division,
            UUID(year_id),
        )
        for term_id, title, starts_on, ends_on, division, year_id in row.terms
    ]  # fmt: skip
    return sorted(terms, key=lambda term: (term.starts_on, term.ends_on, term.id))


def marks_of(
    session: Session, student_id: UUID, starts_on: dt.date, ends_on: dt.date, as_of: dt.datetime | None = None
) -> Sequence[FamilyMark]:
    """A student's marks of lessons in the period, in order; withdrawn ones and those of hidden columns are left out.

    As they stood at a moment, if one is given; hidden columns are among those.
    """
    seen = at(as_of) if as_of else {"shown_at": now()}
    wanted = {"student": student_id, "starts_on": starts_on, "ends_on": ends_on, **seen}
    statement = _MARKS_OF_STUDENT_THEN if as_of else _MARKS_OF_STUDENT
    return cast("Sequence[FamilyMark]", session.execute(statement, wanted).all())


def courses(session: Session, course_ids: Collection[UUID]) -> Sequence[CourseShown]:
    """These courses."""
    if not course_ids:
        return []
    return cast("Sequence[CourseShown]", session.execute(_COURSES, {"course_ids": course_ids}).all())


_TOPICS: Final = select(Lesson.id, Lesson.topic).where(among(Lesson.id, "lesson_ids"))


def topics(session: Session, lesson_ids: Collection[UUID]) -> dict[UUID, str]:
    """Lesson → its topic."""
    if not lesson_ids:
        return {}
    return {row.id: row.topic for row in session.execute(_TOPICS, {"lesson_ids": lesson_ids})}

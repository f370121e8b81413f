"""Selects the term marks that are set, and their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among
from services.gradebook.as_it_stood import as_it_stood, at
from services.gradebook.calendar.tables import Term
from services.gradebook.courses.tables import Course
from services.gradebook.term_marks.tables import TermMark, TermMarkRevision

#: The term marks as they stood at the moment `AS_OF`; what families were shown first is today's.
TermMarkThen: Final = as_it_stood(
    TermMark,
    TermMarkRevision,
    "term_mark_id",
    ("value", "computed", "reason", "comment", "version", "set_by", "set_at"),
    when="set_at",
)


def _set(mark: Any) -> Select[*tuple[Any, ...]]:
    """Selects the columns of a term mark that answers show, of the table or of an alias of it."""
    return select(
        mark.id,
        mark.course_id,
        mark.term_id,
        mark.kind,
        mark.student_id,
        mark.value,
        mark.computed,
        mark.reason,
        mark.comment,
        mark.version,
        mark.set_by,
        mark.set_at,
        mark.first_shown,
    )


class SetMark(Protocol):
    """A term mark that is set, or that was taken back."""

    id: UUID
    course_id: UUID
    term_id: UUID
    kind: str
    student_id: UUID
    value: str | None
    computed: str | None
    reason: str
    comment: str
    version: int
    set_by: UUID
    set_at: dt.datetime
    first_shown: str | None


def _of_students(mark: Any) -> Select[*tuple[Any, ...]]:
    return _set(mark).where(among(mark.student_id, "student_ids"), among(mark.course_id, "course_ids"))


_SET_IN_COURSE: Final = _set(TermMark).where(TermMark.course_id == bindparam("course_id"))
_SET_IN_COURSE_THEN: Final = _set(TermMarkThen).where(TermMarkThen.course_id == bindparam("course_id"))
_SET_OF_STUDENTS: Final = _of_students(TermMark)
_SET_OF_STUDENTS_THEN: Final = _of_students(TermMarkThen)


def set_in_course(session: Session, course_id: UUID, as_of: dt.datetime | None = None) -> list[SetMark]:
    """The term and year marks of a course, of all its terms, also those that were taken back.

    As they stood at a moment, if one is given.
    """
    wanted = {"course_id": course_id, **at(as_of)}
    statement = _SET_IN_COURSE_THEN if as_of else _SET_IN_COURSE
    return list(cast("Sequence[SetMark]", session.execute(statement, wanted).all()))


def set_of_students(
    session: Session,
    student_ids: Collection[UUID],
    course_ids: Collection[UUID],
    as_of: dt.datetime | None = None,
) -> list[SetMark]:
    """The term and year marks of students in these courses, also those that were taken back; or those of a moment."""
    wanted = {"student_ids": student_ids, "course_ids": course_ids, **at(as_of)}
    statement = _SET_OF_STUDENTS_THEN if as_of else _SET_OF_STUDENTS
    return list(cast("Sequence[SetMark]", session.execute(statement, wanted).all()))


def set_at_places(
    session: Session, places: Collection[tuple[UUID, UUID]], as_of: dt.datetime | None = None
) -> list[SetMark]:
    """The term and year marks of students in courses, each with its course; asks nothing where there are none."""
    if not places:
        return []
    students, courses = {student_id for student_id, _ in places}, {course_id for _, course_id in places}
    found = set_of_students(session, students, courses, as_of)
    return [one for one in found if (one.student_id, one.course_id) in places]


class ShownToFamily(Protocol):
    """A term mark that the family sees."""

    course_id: UUID
    term_id: UUID
    kind: str
    value: str
    comment: str
    first_shown: str


_OF_STUDENT: Final = select(
    TermMark.course_id, TermMark.term_id, TermMark.kind, TermMark.value, TermMark.comment, TermMark.first_shown
).where(TermMark.student_id == bindparam("student"), TermMark.value.is_not(None), TermMark.first_shown.is_not(None))


def shown_to_family(session: Session, student_id: UUID) -> Sequence[ShownToFamily]:
    """The term marks of a student that were handed in."""
    return cast("Sequence[ShownToFamily]", session.execute(_OF_STUDENT, {"student": student_id}).all())


_REVISIONS: Final = (
    select(
        TermMarkRevision.version,
        TermMarkRevision.value,
        TermMarkRevision.computed,
        TermMarkRevision.reason,
        TermMarkRevision.comment,
        TermMarkRevision.set_by,
        TermMarkRevision.set_at,
    )
    .join(TermMark, TermMark.id == TermMarkRevision.term_mark_id)
    .where(
        TermMark.course_id == bindparam("course_id"),
        TermMark.term_id == bindparam("term_id"),
        TermMark.kind == bindparam("kind"),
        TermMark.student_id == bindparam("student"),
    )
    .order_by(TermMarkRevision.version)
)


def revisions(session: Session, course_id: UUID, term_id: UUID, kind: str, student_id: UUID) -> Sequence[RowMapping]:
    """Every state of a student's mark of a kind in a course, first to last."""
    wanted = {"course_id": course_id, "term_id": term_id, "kind": kind, "student": student_id}
    return session.execute(_REVISIONS, wanted).mappings().all()


def notices(session: Session, term_mark_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about term marks: the present and the previous value."""
    if not term_mark_ids:
        return []
    before = aliased(TermMarkRevision)
    wanted = (
        select(
            TermMark.id.label("term_mark_id"),
            TermMark.student_id,
            Course.title,
            Term.title.label("term"),
            TermMark.kind,
            TermMark.value,
            before.value.label("previous"),
            TermMark.comment,
        )
        .join(Course, Course.id == TermMark.course_id)
        .join(Term, Term.id == TermMark.term_id)
        .outerjoin(before, and_(before.term_mark_id == TermMark.id, before.version == TermMark.version - 1))
        .where(among(TermMark.id, "term_mark_ids"))
        .order_by(TermMark.id)
    )
    return session.execute(wanted, {"term_mark_ids": term_mark_ids}).mappings().all()

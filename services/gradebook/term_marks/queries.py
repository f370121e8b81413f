"""Selects the term marks that are set, and their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final, Protocol, cast
from uuid import UUID

from sqlalchemy import RowMapping, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among
from services.gradebook.calendar.tables import Term
from services.gradebook.courses.tables import Course
from services.gradebook.term_marks.tables import TermMark, TermMarkRevision

#: The columns of a term mark that answers show.
TERM_MARK: Final = (
    TermMark.id,
    TermMark.course_id,
    TermMark.term_id,
    TermMark.kind,
    TermMark.student_id,
    TermMark.value,
    TermMark.computed,
    TermMark.reason,
    TermMark.comment,
    TermMark.version,
    TermMark.set_by,
    TermMark.set_at,
    TermMark.first_shown,
)


class SetMark(Protocol):
    """The columns `TERM_MARK`."""

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


_SET: Final = select(*TERM_MARK)
_SET_IN_COURSE: Final = _SET.where(TermMark.course_id == bindparam("course_id"))
_SET_OF_STUDENTS: Final = _SET.where(among(TermMark.student_id, "student_ids"), among(TermMark.course_id, "course_ids"))


def set_in_course(session: Session, course_id: UUID) -> list[SetMark]:
    """The term and year marks of a course, of all its terms, also those that were taken back."""
    return list(cast("Sequence[SetMark]", session.execute(_SET_IN_COURSE, {"course_id": course_id}).all()))


def set_of_students(session: Session, student_ids: Collection[UUID], course_ids: Collection[UUID]) -> list[SetMark]:
    """The term and year marks of students in these courses, also those that were taken back."""
    wanted = {"student_ids": student_ids, "course_ids": course_ids}
    return list(cast("Sequence[SetMark]", session.execute(_SET_OF_STUDENTS, wanted).all()))


def set_at_places(session: Session, places: Collection[tuple[UUID, UUID]]) -> list[SetMark]:
    """The term and year marks of students in courses, each with its course; asks nothing where there are none."""
    if not places:
        return []
    students, courses = {student_id for student_id, _ in places}, {course_id for _, course_id in places}
    found = set_of_students(session, students, courses)
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

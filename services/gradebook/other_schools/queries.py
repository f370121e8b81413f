"""Selects marks of other schools with their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, func, select
from sqlalchemy.orm import Session

from services.gradebook.brought.tables import OtherSchoolMark
from services.gradebook.calendar.tables import Term
from services.gradebook.marks.tables import KindOfWork
from services.gradebook.rows import missing

_SHOWN: Final = (
    select(
        OtherSchoolMark.id,
        OtherSchoolMark.course_id,
        OtherSchoolMark.student_id,
        OtherSchoolMark.date,
        func.coalesce(Term.title, "").label("term"),
        OtherSchoolMark.value.label("text"),
        func.coalesce(KindOfWork.name, "").label("kind"),
        OtherSchoolMark.school,
        OtherSchoolMark.document,
        OtherSchoolMark.entered_by,
        OtherSchoolMark.entered_at,
        OtherSchoolMark.withdrawn_by,
        OtherSchoolMark.withdrawn_at,
        OtherSchoolMark.reason,
    )
    .outerjoin(Term, Term.id == OtherSchoolMark.term_id)
    .outerjoin(KindOfWork, KindOfWork.id == OtherSchoolMark.kind_id)
    .order_by(OtherSchoolMark.entered_at.desc(), OtherSchoolMark.date, OtherSchoolMark.id)
)
_OF_COURSE: Final = _SHOWN.where(OtherSchoolMark.course_id == bindparam("course_id"))
_TERMS_WITH_MARK: Final = select(OtherSchoolMark.term_id).where(
    OtherSchoolMark.course_id == bindparam("course_id"),
    OtherSchoolMark.student_id == bindparam("student_id"),
    OtherSchoolMark.term_id.is_not(None),
    OtherSchoolMark.withdrawn_at.is_(None),
)
_ONE: Final = _SHOWN.where(OtherSchoolMark.id == bindparam("mark_id")).with_for_update(of=OtherSchoolMark)


def of_course(session: Session, course_id: UUID) -> Sequence[RowMapping]:
    """All marks of other schools that were entered for a course, the last ones first, withdrawn ones too."""
    return session.execute(_OF_COURSE, {"course_id": course_id}).mappings().all()


def terms_with_mark(session: Session, course_id: UUID, student_id: UUID) -> set[UUID]:
    """The terms of which a student's mark of another school stands in a course."""
    return set(session.scalars(_TERMS_WITH_MARK, {"course_id": course_id, "student_id": student_id}))


def one(session: Session, mark_id: UUID) -> RowMapping:
    """A mark, which nobody else changes until the transaction ends. Raises `NotFound`."""
    row = session.execute(_ONE, {"mark_id": mark_id}).mappings().one_or_none()
    if row is None:
        raise missing("mark", mark_id)
    return row

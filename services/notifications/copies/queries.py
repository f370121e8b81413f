"""Every SELECT of the copies."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.copies.rules import Guardian
from services.notifications.copies.tables import GuardianCopy, StudentCopy


def unheard_of(session: Session, student_ids: Collection[UUID]) -> list[UUID]:
    """The students among these who have no copy yet."""
    known = set(session.scalars(select(StudentCopy.student_id).where(StudentCopy.student_id.in_(student_ids))))
    return sorted(set(student_ids) - known)


def guardians_of(session: Session, student_ids: Collection[UUID]) -> list[Guardian]:
    """The guardians of these students, with or without consent."""
    rows = session.scalars(select(GuardianCopy).where(GuardianCopy.student_id.in_(student_ids)))
    return [Guardian(row.student_id, row.guardian_id, row.email, row.language, frozenset(row.purposes)) for row in rows]


def names_of(session: Session, student_ids: Collection[UUID]) -> dict[UUID, str]:
    """Student → name."""
    rows = session.execute(
        select(StudentCopy.student_id, StudentCopy.name).where(StudentCopy.student_id.in_(student_ids))
    )
    return {row.student_id: row.name for row in rows}

"""Writes the copies of students and guardians."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from contracts.identity.people import StudentFactView
from kernel.contract import given
from kernel.data.copies import keep_newer
from services.notifications.copies.tables import GuardianCopy, StudentCopy


def keep_students(session: Session, school_id: UUID, facts: Sequence[StudentFactView]) -> None:
    """Store identity's facts of students and their guardians, if they are newer than the copies."""
    students = [
        {
            "school_id": school_id,
            "student_id": fact.student_id,
            "revision": fact.revision,
            "name": fact.name,
        }
        for fact in facts
    ]
    written = keep_newer(session, StudentCopy, students)
    session.execute(delete(GuardianCopy).where(GuardianCopy.student_id.in_(written)))
    guardians = [
        {"school_id": school_id, "student_id": fact.student_id, **given(guardian)}
        for fact in facts
        if fact.student_id in written
        for guardian in fact.guardians
    ]
    if guardians:
        session.execute(insert(GuardianCopy), guardians)

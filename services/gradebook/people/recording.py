"""Updates the copies of students and classes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from contracts.identity.classes import ClassFactView
from contracts.identity.people import StudentFactView
from kernel.contract import given
from kernel.data import copies
from kernel.data.rows import insert_rows
from services.gradebook.people.tables import ClassCopy, GuardianCopy, StudentCopy

#: The purpose of consent that opens the diary to a guardian (domain, §9).
PORTAL = "portal"


def renewed_students(session: Session, school_id: UUID | None, facts: Sequence[StudentFactView]) -> set[UUID]:
    """Save newer copies of students, and their guardians whose consent covers the portal. Returns whose were newer."""
    rows = [
        {
            "school_id": school_id,
            "student_id": fact.student_id,
            "revision": fact.revision,
            "class_id": fact.class_id,
            "class_since": fact.class_since,
        }
        for fact in facts
    ]
    written = copies.keep_newer(session, StudentCopy, rows)
    if not written:
        return written
    guardians = [
        {"school_id": school_id, "student_id": fact.student_id, "guardian_id": guardian.guardian_id}
        for fact in facts
        if fact.student_id in written
        for guardian in fact.guardians
        if PORTAL in guardian.purposes
    ]
    session.execute(delete(GuardianCopy).where(GuardianCopy.student_id.in_(written)))
    insert_rows(session, GuardianCopy, guardians)
    return written


def renewed_classes(session: Session, school_id: UUID | None, facts: Sequence[ClassFactView]) -> None:
    """Save newer copies of classes."""
    rows = [{"school_id": school_id, **given(fact)} for fact in facts]
    copies.keep_newer(session, ClassCopy, rows)

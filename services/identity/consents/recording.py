"""Records consents entered by hand."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.clock import now
from kernel.errors import NotFound
from services.identity.consents import queries
from services.identity.people import queries as people_queries
from services.identity.people import recording as people_recording
from services.identity.people.tables import Consent


def record_consent(
    session: Session, actor: Actor, guardian_id: UUID, student_id: UUID, purpose: str, *, granted: bool
) -> Consent:
    """Record a consent or its withdrawal; the previous state stays as history. Raises `NotFound`."""
    if people_queries.guardianship(session, guardian_id, student_id) is None:
        raise NotFound(
            "There is no such guardian of this student in this school.", rule="no-guardian", field="guardian_id"
        )
    before = queries.consent(session, guardian_id, student_id, purpose)
    if before is not None and before.granted == granted:
        return before
    consent = people_recording.new_consent(
        session, before, guardian_id, student_id, purpose, granted=granted, at=now(), account_id=actor.account_id
    )
    people_recording.students_changed(session, [student_id])
    return consent

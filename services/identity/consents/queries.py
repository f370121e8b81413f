"""Every SELECT that only the recording of consents needs."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.people.tables import Consent


def consent(session: Session, guardian_id: UUID, student_id: UUID, purpose: str) -> Consent | None:
    """The current state of a consent, granted or withdrawn."""
    return session.scalar(
        select(Consent).where(
            Consent.guardian_id == guardian_id,
            Consent.student_id == student_id,
            Consent.purpose == purpose,
            Consent.replaced_at.is_(None),
        )
    )

"""Every SELECT that only consents need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services.identity.people.tables import Consent, Guardianship, Person


class Entered(Protocol):
    """A guardianship with one of its consents, if there is any, and the person who entered that."""

    guardian_id: UUID
    student_id: UUID
    Consent: Consent | None
    entered_by: UUID | None


def entered_consents(session: Session, person_id: UUID) -> Sequence[Entered]:
    """A row for each present consent of the guardianships in force of a guardian or child, one for those without."""
    present = and_(
        Consent.school_id == Guardianship.school_id,
        Consent.guardian_id == Guardianship.guardian_id,
        Consent.student_id == Guardianship.student_id,
        Consent.replaced_at.is_(None),
    )
    author = and_(Person.school_id == Consent.school_id, Person.account_id == Consent.entered_by_account_id)
    found = (
        select(Guardianship.guardian_id, Guardianship.student_id, Consent, Person.id.label("entered_by"))
        .outerjoin(Consent, present)
        .outerjoin(Person, author)
        .where(or_(Guardianship.guardian_id == person_id, Guardianship.student_id == person_id))
        .where(Guardianship.ended_on.is_(None))
        .order_by(Guardianship.guardian_id, Guardianship.student_id, Consent.purpose)
    )
    return cast("Sequence[Entered]", session.execute(found).all())


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

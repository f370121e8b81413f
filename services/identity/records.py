"""What the school enters about people by hand: contacts, roles, consents. Each is one change and its trace."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.clock import now
from kernel.errors import Invalid, NotFound
from services.identity import announcing, queries, sessions
from services.identity.tables import Appointment, Consent, Person, Role


def set_contact(session: Session, person: Person, given: dict[str, Any]) -> None:
    """Take over the contacts that are `given`; a guardian's go into the facts of the students."""
    changed = False
    for field in ("email", "phone"):
        if field in given and getattr(person, field) != (value := _clean(given[field])):
            setattr(person, field, value)
            changed = True
    if changed:
        announcing.students_changed(session, queries.students_of_guardians(session, [person.id]))


def appoint(session: Session, actor: Actor, person: Person, name: str, *, held: bool) -> None:
    """Give a staff role or take it away. Who loses one is signed out: the tokens in use still say it."""
    if held and person.left_on is not None:
        raise Invalid("This person has left the school.", rule="person-left", field="person_id")
    if held and "student" in queries.roles_of(session, [person.id])[person.id]:
        raise Invalid("A student holds no staff role (clause 2.1).", rule="student-staff", field="person_id")
    role = queries.role(session, person, name)
    if role is not None and role.appointed and role.held == held:
        return
    moment = now()
    if role is None:
        role = Role(school_id=person.school_id, person_id=person.id, role=name)
        session.add(role)
    role.held, role.appointed = held, True
    trace = {"person_id": person.id, "role": name, "held": held, "by_account_id": actor.account_id}
    session.add(Appointment(school_id=person.school_id, at=moment, **trace))
    if not held and person.account_id is not None:
        sessions.end_all(session, [person.account_id], moment)
    session.flush()


def record_consent(
    session: Session, actor: Actor, guardian_id: UUID, student_id: UUID, purpose: str, *, granted: bool
) -> Consent:
    """Enter a consent or its withdrawal; what was in force before stays as history."""
    if queries.guardianship(session, guardian_id, student_id) is None:
        raise NotFound(
            "There is no such guardian of this student in this school.", rule="no-guardian", field="guardian_id"
        )
    before = queries.consent(session, guardian_id, student_id, purpose)
    if before is not None and before.granted == granted:
        return before
    moment = now()
    if before is not None:
        before.replaced_at = moment
        session.flush()
    consent = Consent(
        guardian_id=guardian_id, student_id=student_id, purpose=purpose, granted=granted, since=moment,
        entered_by_account_id=actor.account_id,
    )  # fmt: skip
    session.add(consent)
    session.flush()
    announcing.students_changed(session, [student_id])
    return consent


def _clean(value: str | None) -> str | None:
    return (value or "").strip() or None

"""Writes people, their roles and contacts, and announces changed students."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.identity.people import StudentsChanged
from kernel.contract import in_parts
from kernel.data import outbox
from kernel.data.rows import NewRows, insert_all
from kernel.names import Name
from services.identity.people import queries, rules
from services.identity.people.tables import Consent, Person, Role


def add(session: Session, school_id: UUID, family_name: str, given_name: str, patronymic: str) -> Person:
    """Create a person of a school."""
    person = Person(
        school_id=school_id,
        id=uuid7(),
        family_name=family_name,
        given_name=given_name,
        patronymic=patronymic,
        search_name=rules.search_name(family_name, given_name, patronymic),
    )
    session.add(person)
    session.flush()
    return person


def new_people(session: Session, school_id: UUID, names: Iterable[Name], role: str) -> list[Person]:
    """Create people of a school with a role that imports do not change. Returns them in the order of their names."""
    rows = [
        {
            "school_id": school_id, "id": uuid7(), "family_name": one.family, "given_name": one.given,
            "patronymic": one.patronymic, "search_name": rules.search_name(one.family, one.given, one.patronymic),
            "language": "ru", "enabled": True, "revision": 1,
        }
        for one in names
    ]  # fmt: skip
    roles = [{"person_id": row["id"]} for row in rows]
    held = {"school_id": school_id, "role": role, "held": True, "appointed": True}
    insert_all(session, NewRows(Person, rows), NewRows(Role, roles, held))
    return [Person(**row) for row in rows]


def set_contact(session: Session, person: Person, given: Mapping[str, Any]) -> None:
    """Set the contacts in `given`. A guardian's contacts are part of the students' facts, so these are announced.

    Raises `Invalid` for a new contact by which nobody is reached; what an import brought may stay beside it.
    """
    changed = False
    for field, check in (("email", rules.check_email), ("phone", rules.check_phone)):
        if field in given and getattr(person, field) != (value := _clean(given[field])):
            if value is not None:
                check(value)
            setattr(person, field, value)
            changed = True
    if changed:
        students_changed(session, queries.students_of_guardians(session, [person.id]))


def hold_role(session: Session, person: Person, name: str, *, held: bool) -> None:
    """Grant or revoke a role by hand. Imports do not change it afterwards."""
    role = queries.role(session, person, name)
    if role is None:
        role = Role(school_id=person.school_id, person_id=person.id, role=name)
        session.add(role)
    role.held, role.appointed = held, True


def new_consent(
    session: Session,
    before: Consent | None,
    guardian_id: UUID,
    student_id: UUID,
    purpose: str,
    *,
    granted: bool,
    at: datetime,
    account_id: UUID | None,
) -> Consent:
    """Enter a consent or its withdrawal, from `at` on; the one `before` stays as history."""
    if before is not None:
        before.replaced_at = at
        session.flush()
    consent = Consent(
        guardian_id=guardian_id,
        student_id=student_id,
        purpose=purpose,
        granted=granted,
        since=at,
        entered_by_account_id=account_id,
    )
    session.add(consent)
    session.flush()
    return consent


def set_account(person: Person, account_id: UUID) -> None:
    """Link a person to an account."""
    person.account_id = account_id


def note_class(session: Session, student_ids: Iterable[UUID], class_id: UUID | None) -> None:
    """Store the class that is announced for these students."""
    for batch in in_parts(student_ids):
        session.execute(
            update(Person).where(Person.id.in_(batch)).values(class_id=class_id),
            execution_options={"synchronize_session": False},
        )


def students_changed(session: Session, student_ids: Iterable[UUID]) -> None:
    """Increase the students' revisions and announce the change. The session is bound to their school."""
    for batch in in_parts(student_ids):
        session.execute(
            update(Person).where(Person.id.in_(batch)).values(revision=Person.revision + 1),
            execution_options={"synchronize_session": False},
        )
        outbox.record(session, StudentsChanged(batch_id=uuid7(), student_ids=tuple(batch)))


def _clean(value: str | None) -> str | None:
    return (value or "").strip() or None

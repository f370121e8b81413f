"""Grants and revokes roles, enters people with a role, and records each change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from kernel.clock import now
from kernel.data.rows import insert_rows
from kernel.errors import Invalid
from kernel.names import Name
from services.identity.appointments.tables import Appointment
from services.identity.people import queries as people_queries
from services.identity.people import recording as people_recording
from services.identity.people.tables import Person
from services.identity.sessions import recording as sessions_recording


def appoint(session: Session, actor: Actor, person: Person, name: str, *, held: bool) -> None:
    """Grant or revoke a staff role. A person who loses one is signed out, because the tokens still name it.

    Raises `Invalid` for granting a role to a student or to a person who left, and for revoking one that the person
    does not hold or the last director's.
    """
    if held and person.left_on is not None:
        raise Invalid("This person has left the school.", rule="person-left", field="person_id")
    if held and "student" in people_queries.roles_of(session, [person.id])[person.id]:
        raise Invalid("A student holds no staff role (clause 2.1).", rule="student-staff", field="person_id")
    if not held and name == "director" and people_queries.lock_holders(session, name) == [person.id]:
        raise Invalid(
            "The school would have no director: appoint the next one first.", rule="last-director", field="held"
        )
    role = people_queries.role(session, person, name)
    holds = role is not None and role.held
    if not held and not holds:
        raise Invalid("This person does not hold the role.", rule="role-not-held", field="role")
    if held and holds and role is not None and role.appointed:
        return
    moment = now()
    enter(session, person, name, moment, held=held, by_account_id=actor.account_id)
    if not held and person.account_id is not None:
        sessions_recording.end_all(session, [person.account_id], moment)
    session.flush()


def enter(
    session: Session, person: Person, name: str, moment: datetime, *, held: bool, by_account_id: UUID | None = None
) -> None:
    """Set the role and record the change; `by_account_id` is None on the command line."""
    people_recording.hold_role(session, person, name, held=held)
    trace = {"person_id": person.id, "role": name, "held": held, "by_account_id": by_account_id}
    session.add(Appointment(school_id=person.school_id, at=moment, **trace))


def new_people(session: Session, actor: Actor, names: Iterable[Name], role: str) -> list[Person]:
    """Enter people who hold a role. Returns them in the order of their names."""
    people = people_recording.new_people(session, actor.tenant, names, role)
    shared = {"school_id": actor.tenant, "role": role, "held": True, "by_account_id": actor.account_id, "at": now()}
    insert_rows(session, Appointment, [{**shared, "id": uuid7(), "person_id": one.id} for one in people])
    return people

"""Every SELECT of people, their roles, guardianships and consents.

A session bound to a school sees only that school's rows. In a session across all schools (sign-in, an operator's
call) ids come from rows that were read for the account, never from the caller alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from contracts.roles import STAFF
from kernel.data.among import among
from kernel.errors import NotFound
from services.identity.people.tables import Consent, Guardianship, Person, Role

PORTAL = "portal"
#: The columns of `Named`.
NAME: Final = (Person.id, Person.family_name, Person.given_name, Person.patronymic, Person.birth_date)


class Named(Protocol):
    """A person's id and name, and the date of birth that tells namesakes apart."""

    id: UUID
    family_name: str
    given_name: str
    patronymic: str
    birth_date: date | None


def person(session: Session, person_id: UUID) -> Person:
    """A person of the session's school, or of any school in a session across all. Raises `NotFound`."""
    found = session.scalar(select(Person).where(Person.id == person_id))
    if found is None:
        raise NotFound("There is no such person in this school.", rule="no-person", field="person_id")
    return found


def people_by_id(session: Session, person_ids: Collection[UUID]) -> list[Person]:
    """The people with these ids, in the ids' order. Raises `NotFound` if one is missing."""
    found = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(person_ids)))}
    if not found.keys() >= set(person_ids):
        raise NotFound("There is no such person in this school.", rule="no-person", field="person_ids")
    return [found[person_id] for person_id in dict.fromkeys(person_ids)]


_ROLES: Final = select(Role.person_id, Role.role).where(among(Role.person_id, "person_ids"), Role.held)


def roles_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Person → roles held."""
    rows = session.execute(_ROLES, {"person_ids": person_ids})
    roles: dict[UUID, set[str]] = defaultdict(set)
    for person_id, role in rows:
        roles[person_id].add(role)
    return roles


def roles_of_present(session: Session, person_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Person → roles held; those alone who belong to the school at present and may sign in."""
    rows = session.execute(_ROLES_OF_PRESENT, {"person_ids": person_ids})
    roles: dict[UUID, set[str]] = {}
    for person_id, held in rows:
        roles.setdefault(person_id, set()).update({held} if held else ())
    return roles


def role(session: Session, person: Person, name: str) -> Role | None:
    """A role of a person, held or revoked."""
    return session.get(Role, (person.school_id, person.id, name))


def lock_holders(session: Session, name: str) -> Sequence[UUID]:
    """The present people of the school who hold a role. Until the end of the transaction nobody else changes it."""
    holds = select(Role.person_id).join(Person, same_in_school(Role.person_id))
    return session.scalars(holds.where(Role.role == name, Role.held, is_present()).with_for_update(of=Role)).all()


def guardianship(session: Session, guardian_id: UUID, student_id: UUID) -> Guardianship | None:
    """A guardianship in force. Locks its row until the transaction ends, so that consents are recorded in turn."""
    return session.scalar(
        select(Guardianship)
        .where(
            Guardianship.guardian_id == guardian_id,
            Guardianship.student_id == student_id,
            Guardianship.ended_on.is_(None),
        )
        .with_for_update()
    )


def accounts_of(session: Session, person_ids: Collection[UUID]) -> Sequence[UUID]:
    """The ids of these people's accounts."""
    mine = select(Person.account_id).where(Person.id.in_(person_ids), Person.account_id.is_not(None))
    return [account_id for account_id in session.scalars(mine) if account_id is not None]


def students(session: Session, person_ids: Collection[UUID]) -> Sequence[Person]:
    """The people among these who are or were students."""
    is_student = exists().where(same_in_school(Role.person_id), Role.role == "student")
    return session.scalars(select(Person).where(Person.id.in_(person_ids), is_student).order_by(Person.id)).all()


def guardians_of(session: Session, student_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """Student → present guardians."""
    rows = session.execute(
        select(Guardianship.student_id, Person)
        .join(Person, same_in_school(Guardianship.guardian_id))
        .where(Guardianship.student_id.in_(student_ids), Guardianship.ended_on.is_(None), Person.left_on.is_(None))
        .order_by(Guardianship.student_id, Person.id)
    )
    guardians: dict[UUID, list[Person]] = defaultdict(list)
    for student_id, guardian in rows:
        guardians[student_id].append(guardian)
    return guardians


def purposes(session: Session, student_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], list[str]]:
    """(student, guardian) → purposes that the guardian consented to."""
    rows = session.execute(
        select(Consent.student_id, Consent.guardian_id, Consent.purpose)
        .where(Consent.student_id.in_(student_ids), Consent.granted, Consent.replaced_at.is_(None))
        .order_by(Consent.purpose)
    )
    consented: dict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    for student_id, guardian_id, purpose in rows:
        consented[student_id, guardian_id].append(purpose)
    return consented


def students_of_guardians(session: Session, guardian_ids: Collection[UUID]) -> Sequence[UUID]:
    """Ids of the students whose guardians these people are at present."""
    wanted = Guardianship.guardian_id.in_(guardian_ids), Guardianship.ended_on.is_(None)
    return session.scalars(select(Guardianship.student_id).where(*wanted)).all()


def names_visible_to(session: Session, person_ids: Collection[UUID], viewer: UUID | None) -> Sequence[Named]:
    """The people whose names `viewer` may see: staff, the viewer, the viewer's children; everyone if None."""
    if viewer is None:
        found = session.execute(_NAMES, {"person_ids": person_ids}).all()
    else:
        found = session.execute(_NAMES_FOR_VIEWER, {"person_ids": person_ids, "viewer": viewer}).all()
    return cast("Sequence[Named]", found)


def siblings(session: Session, human_ids: Collection[UUID]) -> Sequence[Person]:
    """The people who are these humans, in all schools. For a session across all schools."""
    return session.scalars(
        select(Person).where(Person.human_id.in_(human_ids)).order_by(Person.school_id, Person.id)
    ).all()


def is_present() -> ColumnElement[bool]:
    """The condition that a person belongs to the school at present and may sign in."""
    return and_(Person.enabled, Person.left_on.is_(None))


def same_in_school(column: Any, other: Any = Person.id) -> ColumnElement[bool]:
    """The condition that `column` equals `other` in the same school."""
    return and_(column.class_.school_id == other.class_.school_id, column == other)


def access_to_child() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a guardianship is in force and its guardian consented to the portal for the child."""
    consented = exists().where(
        Consent.school_id == Guardianship.school_id,
        Consent.guardian_id == Guardianship.guardian_id,
        Consent.student_id == Guardianship.student_id,
        Consent.purpose == PORTAL,
        Consent.granted,
        Consent.replaced_at.is_(None),
    )
    return Guardianship.ended_on.is_(None), consented


_ROLES_OF_PRESENT: Final = (
    select(Person.id, Role.role)
    .outerjoin(Role, and_(same_in_school(Role.person_id), Role.held))
    .where(among(Person.id, "person_ids"), is_present())
)
_NAMES: Final = select(*NAME).where(among(Person.id, "person_ids")).order_by(Person.search_name, Person.id)
_NAMES_FOR_VIEWER: Final = _NAMES.where(
    or_(
        Person.id == bindparam("viewer"),
        exists().where(same_in_school(Role.person_id), Role.held, Role.role.in_(sorted(STAFF.roles))),
        exists().where(
            same_in_school(Guardianship.student_id),
            Guardianship.guardian_id == bindparam("viewer"),
            *access_to_child(),
        ),
    )
)

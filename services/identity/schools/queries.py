"""Every SELECT of schools."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Protocol, cast
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from services.identity.people.queries import NAME, Named, is_present
from services.identity.people.tables import Person
from services.identity.schools.tables import School, ZoneChange


class Place(Named, Protocol):
    """A person, and the school that the person belongs to."""

    school_id: UUID
    school_name: str


_PLACES: Final = (
    select(*NAME, School.id.label("school_id"), School.name.label("school_name"))
    .join(School, School.id == Person.school_id)
    .where(Person.account_id == bindparam("account_id"), is_present())
    .order_by(School.name, School.id)
)


def people_of_account(session: Session, account_id: UUID) -> Sequence[Place]:
    """The present people of an account, each with the school, by the school's name."""
    return cast("Sequence[Place]", session.execute(_PLACES, {"account_id": account_id}).all())


_SCHOOLS_OF_ACCOUNT: Final = (
    select(School)
    .join(Person, Person.school_id == School.id)
    .where(Person.account_id == bindparam("account_id"), is_present())
    .order_by(School.name, School.id)
)


def schools_of_account(session: Session, account_id: UUID) -> Sequence[School]:
    """The schools that the account belongs to at present, by name."""
    return session.scalars(_SCHOOLS_OF_ACCOUNT, {"account_id": account_id}).all()


def schools(session: Session, school_ids: Collection[UUID] | None = None) -> Sequence[School]:
    """The schools with these ids, or all, by name."""
    chosen = select(School).order_by(School.name, School.id)
    return session.scalars(chosen if school_ids is None else chosen.where(School.id.in_(school_ids))).all()


def school(session: Session, school_id: UUID, *, lock: bool = False) -> School:
    """A school, locked until the transaction ends if so asked. Raises `NotFound`."""
    found = session.get(School, school_id, with_for_update=lock or None)
    if found is None:
        raise NotFound("There is no such school.", rule="no-school")
    return found


def zone_changes(session: Session) -> Sequence[ZoneChange]:
    """The changes of the school's time zone, the latest first."""
    return session.scalars(select(ZoneChange).order_by(ZoneChange.id.desc())).all()

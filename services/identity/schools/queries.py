"""Every SELECT of schools."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from services.identity.people.queries import is_present
from services.identity.people.tables import Person
from services.identity.schools.tables import School


def people_of_account(session: Session, account_id: UUID) -> Sequence[Row[Person, School]]:
    """The present people of an account, each with the school, by the school's name."""
    return session.execute(
        select(Person, School)
        .join(School, School.id == Person.school_id)
        .where(Person.account_id == account_id, is_present())
        .order_by(School.name, School.id)
    ).all()


def schools(session: Session, school_ids: Collection[UUID] | None = None) -> Sequence[School]:
    """The schools with these ids, or all, by name."""
    chosen = select(School).order_by(School.name, School.id)
    return session.scalars(chosen if school_ids is None else chosen.where(School.id.in_(school_ids))).all()


def school(session: Session, school_id: UUID) -> School:
    """A school. Raises `NotFound`."""
    found = session.get(School, school_id)
    if found is None:
        raise NotFound("There is no such school.", rule="no-school")
    return found

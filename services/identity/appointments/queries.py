"""Selects who may be there already of people that are to be entered."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from kernel.names import Name
from services.identity.appointments.rules import Known
from services.identity.people.queries import NAME, same_in_school
from services.identity.people.rules import search_name
from services.identity.people.tables import Person, Role


def who_may_be_meant(session: Session, names: Iterable[Name], role: str) -> list[Known]:
    """The present holders of a role, and others with exactly one of these names; students are nobody of the staff."""
    holds = exists().where(same_in_school(Role.person_id), Role.held, Role.role == role)
    studies = exists().where(same_in_school(Role.person_id), Role.held, Role.role == "student")
    same = Person.search_name.in_({search_name(one.family, one.given, one.patronymic) for one in names})
    rows = session.execute(
        select(*NAME, holds.label("holds")).where(Person.left_on.is_(None), ~studies, or_(holds, same))
    )
    return [Known(Name(row.family_name, row.given_name, row.patronymic), row.holds) for row in rows]

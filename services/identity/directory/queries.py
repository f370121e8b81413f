"""Every SELECT of the people of a school with their accounts and classes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from contracts.roles import STAFF
from kernel.data.among import among
from kernel.names import folded
from services.identity.accounts.tables import Account
from services.identity.classes.tables import SchoolClass
from services.identity.directory.rules import Sought
from services.identity.people.queries import same_in_school
from services.identity.people.tables import Guardianship, Person, Role


class Listed(Protocol):
    """A person with the account's login and, of a student, the name of the class."""

    Person: Person
    login: str | None
    class_name: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which people are looked for. What is None or empty does not matter."""

    role: str | None
    sought: Sought | None
    class_id: UUID | None
    person_ids: Collection[UUID]


_LISTED: Final = (
    select(Person, Account.login, SchoolClass.name.label("class_name"))
    .outerjoin(Account, Account.id == Person.account_id)
    .outerjoin(SchoolClass, same_in_school(SchoolClass.id, Person.class_id))
)


def page(session: Session, wanted: Filter, after: UUID | None, limit: int) -> Sequence[Listed]:
    """At most `limit` present people of the school, by name, after the person `after`."""
    found = _LISTED.where(Person.left_on.is_(None)).order_by(Person.search_name, Person.id).limit(limit)
    given: dict[str, Any] = {}
    if wanted.role is not None:
        found = found.where(exists().where(same_in_school(Role.person_id), Role.held, Role.role == wanted.role))
    if wanted.sought is not None:
        found = found.where(_answers(wanted.sought, wanted.role))
    if wanted.class_id is not None:
        found = found.where(_of_classes([wanted.class_id], wanted.role))
    if wanted.person_ids:
        found = found.where(among(Person.id, "person_ids"))
        given["person_ids"] = wanted.person_ids
    if after is not None:
        last = aliased(Person)
        place = select(last.search_name, last.id).where(last.id == after)
        found = found.where(tuple_(Person.search_name, Person.id) > place.scalar_subquery())
    return cast("Sequence[Listed]", session.execute(found, given).all())


def listed(session: Session, person_id: UUID) -> Listed:
    """A person who is known to be there."""
    return cast(Listed, session.execute(_LISTED.where(Person.id == person_id)).one())


def _answers(sought: Sought, role: str | None) -> ColumnElement[bool]:
    """Whether a person's name holds what was typed, or the person belongs to a class that was named."""
    if not sought.class_ids:
        return _named(sought.query)
    in_class = _of_classes(sought.class_ids, role)
    return or_(_named(sought.query), and_(in_class, _named(sought.beside)) if sought.beside else in_class)


def _named(part: str) -> ColumnElement[bool]:
    return Person.search_name.contains(folded(part), autoescape=True)


def _of_classes(class_ids: Collection[UUID], role: str | None) -> ColumnElement[bool]:
    """Whether a person belongs to the classes in this role: in any as a student, a parent or the homeroom teacher."""
    child, led = aliased(Person), aliased(SchoolClass)
    student = Person.class_id.in_(class_ids)
    parent = exists().where(
        same_in_school(Guardianship.guardian_id),
        Guardianship.ended_on.is_(None),
        same_in_school(Guardianship.student_id, child.id),
        child.left_on.is_(None),
        child.class_id.in_(class_ids),
    )
    teacher = exists().where(same_in_school(led.homeroom_teacher_id), led.ended_on.is_(None), led.id.in_(class_ids))
    if role in STAFF.roles:
        return teacher
    return {"student": student, "parent": parent}.get(role or "", or_(student, parent, teacher))

"""Every SELECT of classes and enrolments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among
from kernel.errors import NotFound
from services.identity.classes.rules import Stay
from services.identity.classes.tables import Enrolment, SchoolClass
from services.identity.people.queries import NAME, Named, access_to_child, same_in_school
from services.identity.people.tables import Guardianship, Person


class Child(Named, Protocol):
    """A guardian's child with the name of its class."""

    guardian_id: UUID
    class_name: str | None


class ClassNamed(Protocol):
    """A class by its name."""

    id: UUID
    name: str


#: The grade of a class: as it is stated, else as it was said.
_GRADE: Final = func.coalesce(SchoolClass.grade, SchoolClass.said_grade)
#: Guardianships whose children are in the school, in force or not.
_GUARDIANSHIPS: Final = (
    select(Guardianship.guardian_id, *NAME, SchoolClass.name.label("class_name"))
    .join(Person, same_in_school(Guardianship.student_id))
    .outerjoin(SchoolClass, same_in_school(SchoolClass.id, Person.class_id))
    .where(among(Guardianship.guardian_id, "guardian_ids"), Person.left_on.is_(None))
    .order_by(Person.search_name, Person.id)
)
_CHILDREN: Final = _GUARDIANSHIPS.where(*access_to_child())
_WARDS: Final = _GUARDIANSHIPS.where(Guardianship.ended_on.is_(None))
_HOMEROOMS: Final = (
    select(SchoolClass.homeroom_teacher_id, SchoolClass.id, SchoolClass.name)
    .where(among(SchoolClass.homeroom_teacher_id, "person_ids"), SchoolClass.ended_on.is_(None))
    .order_by(_GRADE, SchoolClass.name)
)


def children_of(session: Session, guardian_ids: Collection[UUID]) -> dict[UUID, list[Child]]:
    """Guardian → children covered by the guardian's consent to the portal."""
    return _by_guardian(session, _CHILDREN, guardian_ids)


def wards_of(session: Session, guardian_ids: Collection[UUID]) -> dict[UUID, list[Child]]:
    """Guardian → children, whatever the guardian consented to: for those who keep the records."""
    return _by_guardian(session, _WARDS, guardian_ids)


def _by_guardian(
    session: Session, wanted: Select[*tuple[Any, ...]], guardian_ids: Collection[UUID]
) -> dict[UUID, list[Child]]:
    children: dict[UUID, list[Child]] = defaultdict(list)
    for row in session.execute(wanted, {"guardian_ids": guardian_ids}):
        children[row.guardian_id].append(cast(Child, row))
    return children


def homerooms_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, list[ClassNamed]]:
    """Homeroom teacher → classes that have not ended."""
    homerooms: dict[UUID, list[ClassNamed]] = defaultdict(list)
    for row in session.execute(_HOMEROOMS, {"person_ids": person_ids}):
        homerooms[row.homeroom_teacher_id].append(cast(ClassNamed, row))
    return homerooms


_CLASS_NAMES: Final = (
    select(Person.id, SchoolClass.name)
    .join(SchoolClass, same_in_school(SchoolClass.id, Person.class_id))
    .where(among(Person.id, "person_ids"))
)


def class_names_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """Student → the name of the class; whoever is in none is left out."""
    return {row.id: row.name for row in session.execute(_CLASS_NAMES, {"person_ids": person_ids})}


def classes(session: Session, today: date) -> Sequence[Row[SchoolClass, int]]:
    """Classes by grade and name, each with the number of students enrolled on `today`."""
    present = _with_students(today).where(SchoolClass.ended_on.is_(None))
    return session.execute(present.order_by(_GRADE.nulls_last(), SchoolClass.name, SchoolClass.id)).all()


def class_with_students(session: Session, class_id: UUID, today: date) -> Row[SchoolClass, int]:
    """A class that exists, with the number of students enrolled on `today`."""
    return session.execute(_with_students(today).where(SchoolClass.id == class_id)).one()


def _with_students(today: date) -> Select[SchoolClass, int]:
    return (
        select(SchoolClass, func.count(Enrolment.student_id.distinct()))
        .outerjoin(Enrolment, and_(same_in_school(Enrolment.class_id, SchoolClass.id), _lasts(today)))
        .group_by(*SchoolClass.__table__.columns)
    )


def names(session: Session) -> dict[UUID, str]:
    """Class → its name, of the classes that have not ended."""
    rows = session.execute(select(SchoolClass.id, SchoolClass.name).where(SchoolClass.ended_on.is_(None)))
    return {row.id: row.name for row in rows}


def known_to_bundles(session: Session) -> list[tuple[UUID, str, str | None]]:
    """Id, name and sourcedId of every class that a bundle may bring: those that one has brought, and present ones."""
    brought = SchoolClass.source_id.is_not(None)
    chosen = select(SchoolClass.id, SchoolClass.name, SchoolClass.source_id)
    rows = session.execute(chosen.where(or_(brought, SchoolClass.ended_on.is_(None))))
    return [(row.id, row.name, row.source_id) for row in rows]


def school_class(session: Session, class_id: UUID, *, lock: bool = False) -> SchoolClass:
    """A class. Raises `NotFound`. `lock` makes others who change it wait until the transaction ends."""
    wanted = select(SchoolClass).where(SchoolClass.id == class_id)
    found = session.scalar(wanted.with_for_update(key_share=True) if lock else wanted)
    if found is None:
        raise NotFound("There is no such class in this school.", rule="no-class", field="class_id")
    return found


def class_list(session: Session, class_id: UUID, today: date) -> Sequence[Row[Person, date, date | None]]:
    """Students enrolled in a class on `today` or later, by name, with the first and last day."""
    return session.execute(
        select(Person, Enrolment.since, Enrolment.until)
        .join(Enrolment, same_in_school(Enrolment.student_id))
        .where(Enrolment.class_id == class_id, _not_over(today))
        .order_by(Person.search_name, Person.id, Enrolment.since)
    ).all()


def class_facts(session: Session, class_ids: Collection[UUID]) -> Sequence[SchoolClass]:
    """The classes with these ids, ended ones included."""
    return session.scalars(select(SchoolClass).where(SchoolClass.id.in_(class_ids)).order_by(SchoolClass.id)).all()


_STAYS: Final = select(Enrolment.student_id, Enrolment.class_id, Enrolment.since, Enrolment.until).where(
    among(Enrolment.student_id, "student_ids")
)


def stays_of(session: Session, student_ids: Collection[UUID]) -> dict[UUID, list[Stay]]:
    """Student → times in classes."""
    stays: dict[UUID, list[Stay]] = defaultdict(list)
    for row in session.execute(_STAYS, {"student_ids": student_ids}):
        stays[row.student_id].append(Stay(row.class_id, row.since, row.until))
    return stays


def moved_students(session: Session, today: date) -> Sequence[Row[UUID, UUID | None]]:
    """Students whose class on `today` differs from the announced one, with the class of `today` or None."""
    latest = aliased(Enrolment)
    present = (
        select(latest.class_id)
        .where(
            latest.school_id == Person.school_id,
            latest.student_id == Person.id,
            latest.since <= today,
            or_(latest.until.is_(None), latest.until >= today),
        )
        .order_by(latest.since.desc(), latest.id)
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    return session.execute(
        select(Person.id, present).where(present.is_distinct_from(Person.class_id)).order_by(Person.id)
    ).all()


def _not_over(today: date) -> ColumnElement[bool]:
    return or_(Enrolment.until.is_(None), Enrolment.until >= today)


def _lasts(today: date) -> ColumnElement[bool]:
    return and_(Enrolment.since <= today, _not_over(today))

"""Every reading of identity's tables, named for what it returns. Each is one statement.

A session bound to a school sees that school's rows only; in one bound everywhere (sign-in, an operator's call) the
ids come from rows that were read for the account, never from the caller alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from contracts.roles import STAFF
from kernel.auth import Membership
from kernel.errors import NotFound
from services.identity.rules import names
from services.identity.tables import (
    Account,
    Consent,
    Enrolment,
    Guardianship,
    Person,
    Role,
    School,
    SchoolClass,
)

PORTAL = "portal"
NO_PERSON = "There is no such person in this school."
NO_CLASS = "There is no such class in this school."


def account_of_login(session: Session, login: str) -> Account | None:
    """The account of a login, written as `rules.logins.folded` does."""
    return session.scalar(select(Account).where(Account.login == login))


def account(session: Session, account_id: UUID) -> Account:
    """An account. Raises `NotFound` for one that is no more."""
    found = session.get(Account, account_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such account.", rule="no-account")
    return found


def accounts(session: Session, account_ids: Collection[UUID]) -> Sequence[Account]:
    """These accounts."""
    return session.scalars(select(Account).where(Account.id.in_(account_ids))).all()


def memberships(session: Session, account_id: UUID) -> tuple[Membership, ...]:
    """Where the account is a member at present, with which roles."""
    rows = session.execute(
        select(Person.school_id, Person.id, Role.role)
        .outerjoin(Role, and_(_same(Role.person_id), Role.held))
        .where(Person.account_id == account_id, _present())
        .order_by(Person.school_id)
    )
    roles: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for school_id, person_id, role in rows:
        roles[school_id, person_id].update({role} if role else ())
    return tuple(Membership(school, person, frozenset(held)) for (school, person), held in roles.items())


def people_of_account(session: Session, account_id: UUID) -> Sequence[Row[Person, School]]:
    """The people the account is, each with the school."""
    return session.execute(
        select(Person, School)
        .join(School, School.id == Person.school_id)
        .where(Person.account_id == account_id, _present())
        .order_by(School.name, School.id)
    ).all()


def schools(session: Session, school_ids: Collection[UUID] | None = None) -> Sequence[School]:
    """Schools by name: these, or all."""
    chosen = select(School).order_by(School.name, School.id)
    return session.scalars(chosen if school_ids is None else chosen.where(School.id.in_(school_ids))).all()


def school(session: Session, school_id: UUID) -> School:
    """A school. Raises `NotFound`."""
    found = session.get(School, school_id)
    if found is None:
        raise NotFound("There is no such school.", rule="no-school")
    return found


def person(session: Session, person_id: UUID) -> Person:
    """A person of the session's school, or of any in a session bound everywhere. Raises `NotFound`."""
    found = session.scalar(select(Person).where(Person.id == person_id))
    if found is None:
        raise NotFound(NO_PERSON, rule="no-person", field="person_id")
    return found


def people_by_id(session: Session, person_ids: Collection[UUID]) -> list[Person]:
    """These people, in the order of the ids. Raises `NotFound` where one is missing."""
    found = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(person_ids)))}
    if not found.keys() >= set(person_ids):
        raise NotFound(NO_PERSON, rule="no-person", field="person_ids")
    return [found[person_id] for person_id in dict.fromkeys(person_ids)]


def roles_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Person → the roles held."""
    rows = session.execute(select(Role.person_id, Role.role).where(Role.person_id.in_(person_ids), Role.held))
    roles: dict[UUID, set[str]] = defaultdict(set)
    for person_id, role in rows:
        roles[person_id].add(role)
    return roles


def role(session: Session, person: Person, name: str) -> Role | None:
    """A role of a person, held or taken away."""
    return session.get(Role, (person.school_id, person.id, name))


def names_visible_to(session: Session, person_ids: Collection[UUID], viewer: UUID | None) -> Sequence[Person]:
    """Those of the people whose names `viewer` may see: staff, the viewer, the viewer's children; all for None."""
    chosen = select(Person).where(Person.id.in_(person_ids)).order_by(Person.search_name, Person.id)
    if viewer is not None:
        is_staff = exists().where(_same(Role.person_id), Role.held, Role.role.in_(STAFF.roles))
        is_child = exists().where(
            _same(Guardianship.student_id), Guardianship.guardian_id == viewer, *_access_to_child()
        )
        chosen = chosen.where(or_(Person.id == viewer, is_staff, is_child))
    return session.scalars(chosen).all()


def people_page(
    session: Session, role: str | None, query: str, after: UUID | None, limit: int
) -> Sequence[Row[Person, str | None]]:
    """People of the school with their logins, by name, those who left not among them; `limit` rows at most."""
    page = (
        select(Person, Account.login)
        .outerjoin(Account, Account.id == Person.account_id)
        .where(Person.left_on.is_(None))
        .order_by(Person.search_name, Person.id)
        .limit(limit)
    )
    if role is not None:
        page = page.where(exists().where(_same(Role.person_id), Role.held, Role.role == role))
    if query:
        page = page.where(Person.search_name.contains(names.folded(query), autoescape=True))
    if after is not None:
        last = aliased(Person)
        place = select(last.search_name, last.id).where(last.id == after)
        page = page.where(tuple_(Person.search_name, Person.id) > place.scalar_subquery())
    return session.execute(page).all()


def login_of(session: Session, person: Person) -> str | None:
    """The login of a person who has one."""
    return session.scalar(select(Account.login).where(Account.id == person.account_id))


def children_of(session: Session, guardian_ids: Collection[UUID]) -> dict[UUID, list[tuple[Person, str | None]]]:
    """Guardian → children whom the guardian's consent to the portal covers, each with the name of the class."""
    rows = session.execute(
        select(Guardianship.guardian_id, Person, SchoolClass.name)
        .join(Person, _same(Guardianship.student_id))
        .outerjoin(SchoolClass, _same(SchoolClass.id, Person.class_id))
        .where(Guardianship.guardian_id.in_(guardian_ids), Person.left_on.is_(None), *_access_to_child())
        .order_by(Person.search_name, Person.id)
    )
    children: dict[UUID, list[tuple[Person, str | None]]] = defaultdict(list)
    for guardian_id, child, class_name in rows:
        children[guardian_id].append((child, class_name))
    return children


def homerooms_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, list[SchoolClass]]:
    """Homeroom teacher → classes."""
    rows = session.scalars(
        select(SchoolClass)
        .where(SchoolClass.homeroom_teacher_id.in_(person_ids), SchoolClass.ended_on.is_(None))
        .order_by(SchoolClass.grade, SchoolClass.name)
    )
    homerooms: dict[UUID, list[SchoolClass]] = defaultdict(list)
    for row in rows:
        assert row.homeroom_teacher_id is not None
        homerooms[row.homeroom_teacher_id].append(row)
    return homerooms


def classes(session: Session, today: date) -> Sequence[Row[SchoolClass, int]]:
    """Classes by grade and name, each with the number of students enrolled on `today`."""
    return session.execute(
        select(SchoolClass, func.count(Enrolment.student_id.distinct()))
        .outerjoin(Enrolment, and_(_same(Enrolment.class_id, SchoolClass.id), _lasts(today)))
        .where(SchoolClass.ended_on.is_(None))
        .group_by(*SchoolClass.__table__.columns)
        .order_by(SchoolClass.grade.nulls_last(), SchoolClass.name, SchoolClass.id)
    ).all()


def school_class(session: Session, class_id: UUID) -> SchoolClass:
    """A class. Raises `NotFound`."""
    found = session.scalar(select(SchoolClass).where(SchoolClass.id == class_id))
    if found is None:
        raise NotFound(NO_CLASS, rule="no-class", field="class_id")
    return found


def class_list(session: Session, class_id: UUID, today: date) -> Sequence[Row[Person, date, date | None]]:
    """Students of a class with their time in it, by name: enrolled on `today` or later."""
    return session.execute(
        select(Person, Enrolment.since, Enrolment.until)
        .join(Enrolment, _same(Enrolment.student_id))
        .where(Enrolment.class_id == class_id, _not_over(today))
        .order_by(Person.search_name, Person.id, Enrolment.since)
    ).all()


def guardianship(session: Session, guardian_id: UUID, student_id: UUID) -> Guardianship | None:
    """A guardianship in force. Its row stays locked until the transaction ends: consents are entered in turn."""
    return session.scalar(
        select(Guardianship)
        .where(
            Guardianship.guardian_id == guardian_id,
            Guardianship.student_id == student_id,
            Guardianship.ended_on.is_(None),
        )
        .with_for_update()
    )


def consent(session: Session, guardian_id: UUID, student_id: UUID, purpose: str) -> Consent | None:
    """A consent as it stands, given or withdrawn."""
    return session.scalar(
        select(Consent).where(
            Consent.guardian_id == guardian_id,
            Consent.student_id == student_id,
            Consent.purpose == purpose,
            Consent.replaced_at.is_(None),
        )
    )


def students(session: Session, person_ids: Collection[UUID]) -> Sequence[Person]:
    """Those of the people who are, or were, students."""
    is_student = exists().where(_same(Role.person_id), Role.role == "student")
    return session.scalars(select(Person).where(Person.id.in_(person_ids), is_student).order_by(Person.id)).all()


def guardians_of(session: Session, student_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """Student → guardians at present."""
    rows = session.execute(
        select(Guardianship.student_id, Person)
        .join(Person, _same(Guardianship.guardian_id))
        .where(Guardianship.student_id.in_(student_ids), Guardianship.ended_on.is_(None), Person.left_on.is_(None))
        .order_by(Guardianship.student_id, Person.id)
    )
    guardians: dict[UUID, list[Person]] = defaultdict(list)
    for student_id, guardian in rows:
        guardians[student_id].append(guardian)
    return guardians


def purposes(session: Session, student_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], list[str]]:
    """(student, guardian) → purposes consented to."""
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
    """Students whom these people are guardians of at present."""
    wanted = Guardianship.guardian_id.in_(guardian_ids), Guardianship.ended_on.is_(None)
    return session.scalars(select(Guardianship.student_id).where(*wanted)).all()


def class_facts(session: Session, class_ids: Collection[UUID]) -> Sequence[SchoolClass]:
    """These classes, as far as they are the school's."""
    return session.scalars(select(SchoolClass).where(SchoolClass.id.in_(class_ids)).order_by(SchoolClass.id)).all()


def siblings(session: Session, human_ids: Collection[UUID]) -> Sequence[Person]:
    """People of all schools who are these humans: for a session bound everywhere."""
    return session.scalars(
        select(Person).where(Person.human_id.in_(human_ids)).order_by(Person.school_id, Person.id)
    ).all()


def taken(session: Session, logins: Collection[str]) -> set[str]:
    """Those of the logins that some account has."""
    return set(session.scalars(select(Account.login).where(Account.login.in_(logins))))


def moved_students(session: Session, today: date) -> Sequence[Row[UUID, UUID | None]]:
    """Students whose class on `today` is not the one that was announced, with that class or None."""
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


def _present() -> ColumnElement[bool]:
    return and_(Person.enabled, Person.left_on.is_(None))


def _same(column: Any, other: Any = Person.id) -> ColumnElement[bool]:
    """`column` names the same thing as `other`, in the same school."""
    return and_(column.class_.school_id == other.class_.school_id, column == other)


def _access_to_child() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The guardianship is in force, and the guardian has consented to the portal for that child."""
    consented = exists().where(
        Consent.school_id == Guardianship.school_id,
        Consent.guardian_id == Guardianship.guardian_id,
        Consent.student_id == Guardianship.student_id,
        Consent.purpose == PORTAL,
        Consent.granted,
        Consent.replaced_at.is_(None),
    )
    return Guardianship.ended_on.is_(None), consented


def _not_over(today: date) -> ColumnElement[bool]:
    return or_(Enrolment.until.is_(None), Enrolment.until >= today)


def _lasts(today: date) -> ColumnElement[bool]:
    return and_(Enrolment.since <= today, _not_over(today))

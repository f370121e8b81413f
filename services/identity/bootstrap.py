"""First accounts of an empty installation, for the command line: nobody is there yet to issue credentials."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from kernel.clock import now
from kernel.data import tenancy
from kernel.data.database import UnitOfWork
from kernel.errors import Conflict, Invalid, NotFound
from services.identity import credentials, queries, sessions
from services.identity.rules import logins, names
from services.identity.tables import Account, Appointment, Person, Role, School

DIRECTOR = "director"


def create_operator(unit_of_work: UnitOfWork, login: str) -> tuple[str, str]:
    """Make an operator's account, or give the operator of that login a new password: the login, the password.

    Raises `Invalid` for an empty login, `Conflict` where the login is a person's of some school.
    """
    folded = logins.folded(login)
    if not folded:
        raise Invalid("An operator needs a login.", rule="no-login", field="login")
    password = logins.new_password()
    (password_hash,) = credentials.hashes([password])
    moment = now()
    with unit_of_work.everywhere(keyed=False) as session:
        account = queries.account_of_login(session, folded)
        if account is None:
            account = Account(id=uuid7(), login=folded, is_operator=True, password_hash="", created_at=moment)
            session.add(account)
        elif not account.is_operator:
            raise Conflict("The login {login} belongs to a person of a school.", rule="login-taken", login=folded)
        account.password_hash = password_hash
        sessions.end_all(session, [account.id], moment)
    return folded, password


def create_school(unit_of_work: UnitOfWork, name: str, time_zone: str, director_name: str) -> dict[str, Any]:
    """Make a school and its director ("family name, given name, patronymic"): the director's credentials."""
    if time_zone not in available_timezones():
        raise Invalid("There is no time zone {zone}.", rule="no-time-zone", field="time_zone", zone=time_zone)
    if not name.strip():
        raise Invalid("A school has a name.", rule="no-name", field="name")
    school = School(id=uuid7(), name=name.strip(), identifier="", time_zone=ZoneInfo(time_zone).key)
    with unit_of_work.everywhere(keyed=False) as session:
        session.add(school)
        session.flush()
        return _add_director(session, school.id, director_name)


def create_director(unit_of_work: UnitOfWork, school_id: UUID, director_name: str) -> dict[str, Any]:
    """Make a director of a school that is there, such as one that came with a bundle: the director's credentials.

    Raises `NotFound` where there is no such school.
    """
    with unit_of_work.everywhere(keyed=False) as session:
        if session.get(School, school_id) is None:
            raise NotFound("There is no such school.", rule="no-school", field="school_id")
        return _add_director(session, school_id, director_name)


def _add_director(session: Session, school_id: UUID, whole_name: str) -> dict[str, Any]:
    """A person of that name ("family name, given name, patronymic") as a director of the school, with credentials."""
    family_name, given_name, patronymic = (*whole_name.split(maxsplit=2), "", "", "")[:3]
    if not given_name:
        raise Invalid("A director has a family name and a given name.", rule="no-name", field="director")
    tenancy.bind(session, school_id)
    director = Person(
        school_id=school_id, id=uuid7(), family_name=family_name, given_name=given_name, patronymic=patronymic,
        search_name=names.search_name(family_name, given_name, patronymic),
    )  # fmt: skip
    session.add(director)
    session.flush()
    _make_director(session, director)
    actor = Actor(school_id, roles=frozenset({DIRECTOR}))
    (issued,) = credentials.issue(session, actor, [director.id], credentials.fresh_passwords([director.id]))
    return {"school_id": school_id, **issued}


def _make_director(session: Session, person: Person) -> None:
    given = {"school_id": person.school_id, "person_id": person.id, "role": DIRECTOR, "held": True}
    session.add(Role(**given, appointed=True))
    session.add(Appointment(**given, at=now()))
    session.flush()

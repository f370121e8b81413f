"""Creates the first accounts from the command line, when nobody can issue credentials yet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.clock import now
from kernel.data import tenancy
from kernel.data.database import UnitOfWork
from kernel.errors import Conflict, Invalid
from services.identity.accounts import passwords
from services.identity.accounts import queries as accounts_queries
from services.identity.accounts import recording as accounts_recording
from services.identity.accounts import rules as accounts_rules
from services.identity.appointments import recording as appointments_recording
from services.identity.credentials.recording import issuing
from services.identity.people import recording as people_recording
from services.identity.schools import queries as schools_queries
from services.identity.schools import recording as schools_recording
from services.identity.schools import rules as schools_rules
from services.identity.sessions import recording as sessions_recording

DIRECTOR = "director"


def create_operator(unit_of_work: UnitOfWork, login: str) -> tuple[str, str]:
    """Create an operator, or give the existing operator a new password. Returns the login and the password.

    Raises `Invalid` for an empty login, `Conflict` if the login belongs to a person of a school.
    """
    folded = accounts_rules.folded(login)
    if not folded:
        raise Invalid("An operator needs a login.", rule="no-login", field="login")
    password = accounts_rules.new_password()
    (password_hash,) = passwords.hashes([password])
    moment = now()
    with unit_of_work.everywhere(keyed=False) as session:
        account = accounts_queries.account_of_login(session, folded)
        if account is None:
            account = accounts_recording.add(session, folded, moment, is_operator=True)
        elif not account.is_operator:
            raise Conflict("The login {login} belongs to a person of a school.", rule="login-taken", login=folded)
        accounts_recording.set_password(account, password_hash, issued=True)
        sessions_recording.end_all(session, [account.id], moment)
    return folded, password


def create_school(unit_of_work: UnitOfWork, name: str, time_zone: str, director_name: str) -> dict[str, Any]:
    """Create a school and its director. Returns the director's credentials.

    `director_name` is the family name, given name and patronymic, separated by spaces. Raises `Invalid`.
    """
    zone = schools_rules.zone_named(time_zone)
    if not name.strip():
        raise Invalid("A school has a name.", rule="no-name", field="name")
    with unit_of_work.everywhere(keyed=False) as session:
        school = schools_recording.add(session, name.strip(), zone)
        session.flush()
        return _add_director(session, school.id, director_name)


def set_time_zone(unit_of_work: UnitOfWork, school_id: UUID, time_zone: str) -> None:
    """Change a school's time zone. Raises `NotFound` if there is no such school, `Invalid` for an unknown zone."""
    zone = schools_rules.zone_named(time_zone)
    with unit_of_work.everywhere(keyed=False) as session:
        school = schools_queries.school(session, school_id, lock=True)
        tenancy.bind(session, school_id)
        schools_recording.set_time_zone(session, school, zone)


def create_director(unit_of_work: UnitOfWork, school_id: UUID, director_name: str) -> dict[str, Any]:
    """Create a director of an existing school, such as an imported one. Returns the director's credentials.

    Raises `NotFound` if there is no such school, `Invalid` for an incomplete name.
    """
    with unit_of_work.everywhere(keyed=False) as session:
        return _add_director(session, schools_queries.school(session, school_id).id, director_name)


def _add_director(session: Session, school_id: UUID, whole_name: str) -> dict[str, Any]:
    """Create a person with the director's role and issue credentials."""
    family_name, given_name, patronymic = (*whole_name.split(maxsplit=2), "", "", "")[:3]
    if not given_name:
        raise Invalid("A director has a family name and a given name.", rule="no-name", field="director")
    tenancy.bind(session, school_id)
    director = people_recording.add(session, school_id, family_name, given_name, patronymic)
    appointments_recording.enter(session, director, DIRECTOR, now(), held=True)
    session.flush()
    actor = Actor(school_id, roles=frozenset({DIRECTOR}))
    (issued,) = issuing.issue(session, actor, [director.id], issuing.fresh_passwords([director.id]))
    return {"school_id": school_id, **issued}

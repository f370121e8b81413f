"""Issues credentials: new passwords, and accounts for people who have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.clock import now
from kernel.errors import Conflict
from services.identity.accounts import queries as accounts_queries
from services.identity.accounts import recording as accounts_recording
from services.identity.accounts import rules as accounts_rules
from services.identity.accounts.passwords import hashes
from services.identity.accounts.tables import Account
from services.identity.credentials import permissions
from services.identity.credentials.tables import CredentialIssue
from services.identity.people import queries as people_queries
from services.identity.people import recording as people_recording
from services.identity.people.rules import full_name
from services.identity.people.tables import Person
from services.identity.sessions import recording as sessions_recording


class Fresh(NamedTuple):
    """A new password and its hash."""

    password: str
    password_hash: str


def fresh_passwords(person_ids: Sequence[UUID]) -> dict[UUID, Fresh]:
    """Make and hash a new password for each person. Call it before the transaction: hashing is slow."""
    ids = list(dict.fromkeys(person_ids))
    passwords = [accounts_rules.new_password() for _ in ids]
    return {person_id: Fresh(*made) for person_id, made in zip(ids, zip(passwords, hashes(passwords)))}


def check_may_issue(session: Session, actor: Actor, person_ids: Sequence[UUID]) -> Sequence[Person]:
    """The people, if the actor may issue credentials to them. Raises what `issue` raises."""
    people = people_queries.people_by_id(session, person_ids)
    roles = people_queries.roles_of(session, person_ids)
    for person in people:
        permissions.check_may_issue_to(actor, roles[person.id], several_schools=person.human_id is not None)
        _check_is_another(actor, person)
        _check_signs_in(person)
    return people


def check_replaces_nothing(session: Session, people: Sequence[Person]) -> None:
    """Raises `Conflict` if one of these people has a password."""
    known = accounts_queries.accounts(session, [one.account_id for one in people if one.account_id])
    having = sum(bool(account.password_hash) for account in known)
    if having:
        raise Conflict(
            "{count} of those chosen have a password already. It will no longer work.",
            rule="replaces-passwords",
            field="replace",
            count=having,
        )


def issue(
    session: Session, actor: Actor, person_ids: Sequence[UUID], fresh: Mapping[UUID, Fresh]
) -> list[dict[str, Any]]:
    """Set the `fresh` passwords of these people, create missing accounts, and end the people's sessions.

    The session is bound to the actor's school, or to all schools for an operator. Raises `NotFound` for people of
    another school, `Forbidden` if the actor may not issue to a person, `Conflict` for people who left.
    """
    people = check_may_issue(session, actor, person_ids)
    moment = now()
    accounts = _accounts(session, people, moment)
    passwords: dict[UUID, Fresh] = {}
    for person in people:
        account = accounts[person.id]
        password = passwords.setdefault(account.id, fresh[person.id])
        accounts_recording.set_password(account, password.password_hash, issued=True)
        issued = {"person_id": person.id, "account_id": account.id, "by_account_id": actor.account_id}
        session.add(CredentialIssue(school_id=person.school_id, at=moment, **issued))
    sessions_recording.end_all(session, list(passwords), moment)
    _flush(session)
    return [
        {
            "person_id": person.id,
            "login": accounts[person.id].login,
            "password": passwords[accounts[person.id].id].password,
        }
        for person in people
    ]


def _check_is_another(actor: Actor, person: Person) -> None:
    """Whoever replaced the own password so would be signed out, and could not fetch it nor any other of the order."""
    if actor.account_id is not None and person.account_id == actor.account_id:
        raise Conflict(
            "Nobody issues a password to themselves. Change your own on its page.",
            rule="own-credentials",
            field="person_ids",
        )


def _check_signs_in(person: Person) -> None:
    if person.left_on is not None or not person.enabled:
        raise Conflict(
            "{name} has left the school, or is not to sign in: no credentials are issued.",
            rule="person-inactive",
            field="person_ids",
            name=full_name(person.family_name, person.given_name, person.patronymic),
            person_id=str(person.id),
        )


def _accounts(session: Session, people: Sequence[Person], moment: datetime) -> dict[UUID, Account]:
    """Person → account, created if missing. A human has one account in all schools."""
    humans = {person.human_id for person in people if person.human_id is not None}
    everyone = {person.id: person for person in [*people, *people_queries.siblings(session, humans)]}
    known = {_human(person): person.account_id for person in everyone.values() if person.account_id}
    accounts = {account.id: account for account in accounts_queries.accounts(session, known.values())}
    without = {_human(person): person for person in people if _human(person) not in known}
    for human, login in _logins(session, without).items():
        account = accounts_recording.add(session, login, moment)
        known[human], accounts[account.id] = account.id, account
    for person in everyone.values():
        people_recording.set_account(person, person.account_id or known[_human(person)])
    return {person.id: accounts[person.account_id] for person in people if person.account_id}


def _human(person: Person) -> UUID:
    return person.human_id or person.id


def _logins(session: Session, people: Mapping[UUID, Person]) -> dict[UUID, str]:
    """Human → a login that is not taken in the installation."""
    wanted = {human: accounts_rules.candidates(person.username, person.family_name) for human, person in people.items()}
    taken = accounts_queries.taken(session, {login for candidates in wanted.values() for login in candidates})
    chosen: dict[UUID, str] = {}
    for human, candidates in wanted.items():
        login = next((candidate for candidate in candidates if candidate not in taken), None)
        if login is None:
            raise _login_taken()
        taken.add(login)
        chosen[human] = login
    return chosen


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        # two calls chose the same login at the same moment; any other cause is a defect and fails again on a retry
        raise _login_taken() from None


def _login_taken() -> Conflict:
    return Conflict("A login was given to someone else at the same moment. Try again.", rule="login-taken")

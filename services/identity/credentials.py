"""Accounts and their passwords: hashed by argon2id, issued by the school, never kept in clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from kernel.clock import now
from kernel.errors import Conflict, Invalid
from kernel.running.threads import off_hub
from services.identity import permissions, queries, sessions
from services.identity.rules import logins
from services.identity.tables import Account, CredentialIssue, Person

#: OWASP's second choice for argon2id: 19 MiB, two passes, one lane. About 20 ms.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
#: What a password is compared with where there is no such login, so that it takes as long.
_NOBODY = HASHER.hash(logins.new_password())


class Fresh(NamedTuple):
    """A new password and its hash."""

    password: str
    password_hash: str


def matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` is the hashed one. Takes as long where there is no hash. Off the hub."""
    found = off_hub(_matches, password_hash or _NOBODY, password)
    return found and bool(password_hash)


def hashes(passwords: Sequence[str]) -> list[str]:
    """The hash of each password. Off the hub."""
    return off_hub(lambda: [HASHER.hash(password) for password in passwords])


def renewed(password_hash: str, password: str) -> str:
    """The hash itself, or where it was made with other parameters than today's, a new one. Off the hub."""
    if not HASHER.check_needs_rehash(password_hash):
        return password_hash
    return hashes([password])[0]


def check_new_password(login: str, old: str, new: str) -> None:
    """Refuse a password that says nothing new to who knows the login or the old one."""
    if new == old:
        raise Invalid("The new password is the old one.", rule="same-password", field="new_password")
    if login in logins.folded(new):
        raise Invalid("The new password holds the login.", rule="login-in-password", field="new_password")


def fresh_passwords(person_ids: Sequence[UUID]) -> dict[UUID, Fresh]:
    """A new password for each person: made and hashed before the transaction that stores it."""
    ids = list(dict.fromkeys(person_ids))
    passwords = [logins.new_password() for _ in ids]
    return {person_id: Fresh(*made) for person_id, made in zip(ids, zip(passwords, hashes(passwords)))}


def issue(
    session: Session, actor: Actor, person_ids: Sequence[UUID], fresh: Mapping[UUID, Fresh]
) -> list[dict[str, Any]]:
    """Give these people their `fresh` passwords, and accounts where they have none; what they had before ends.

    The session is bound to the actor's school, or everywhere for an operator. Raises `NotFound` for people not
    of the school, `Forbidden` for people the actor does not issue to, `Conflict` for people who left.
    """
    people = queries.people_by_id(session, person_ids)
    roles = queries.roles_of(session, person_ids)
    for person in people:
        permissions.check_may_issue_to(actor, roles[person.id], several_schools=person.human_id is not None)
        _check_signs_in(person)
    moment = now()
    accounts = _accounts(session, people, moment)
    passwords: dict[UUID, Fresh] = {}
    for person in people:
        account = accounts[person.id]
        password = passwords.setdefault(account.id, fresh[person.id])
        account.password_hash = password.password_hash
        issued = {"person_id": person.id, "account_id": account.id, "by_account_id": actor.account_id}
        session.add(CredentialIssue(school_id=person.school_id, at=moment, **issued))
    sessions.end_all(session, list(passwords), moment)
    _flush(session)
    return [
        {
            "person_id": person.id,
            "login": accounts[person.id].login,
            "password": passwords[accounts[person.id].id].password,
        }
        for person in people
    ]


def _check_signs_in(person: Person) -> None:
    if person.left_on is not None or not person.enabled:
        raise Conflict(
            "The person {person_id} has left the school, or is not to sign in: no credentials are issued.",
            rule="person-inactive",
            field="person_ids",
            person_id=str(person.id),
        )


def _accounts(session: Session, people: Sequence[Person], moment: datetime) -> dict[UUID, Account]:
    """The account of each person: one human's, in however many schools, is one."""
    humans = {person.human_id for person in people if person.human_id is not None}
    everyone = {person.id: person for person in [*people, *queries.siblings(session, humans)]}
    known = {_human(person): person.account_id for person in everyone.values() if person.account_id}
    accounts = {account.id: account for account in queries.accounts(session, known.values())}
    without = {_human(person): person for person in people if _human(person) not in known}
    for human, login in _logins(session, without).items():
        account = Account(id=uuid7(), login=login, password_hash="", created_at=moment)
        session.add(account)
        known[human], accounts[account.id] = account.id, account
    for person in everyone.values():
        person.account_id = person.account_id or known[_human(person)]
    return {person.id: accounts[person.account_id] for person in people if person.account_id}


def _human(person: Person) -> UUID:
    return person.human_id or person.id


def _logins(session: Session, people: Mapping[UUID, Person]) -> dict[UUID, str]:
    """A login for each human that nobody in the installation has."""
    wanted = {human: logins.candidates(person.username, person.family_name) for human, person in people.items()}
    taken = queries.taken(session, {login for candidates in wanted.values() for login in candidates})
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
        # two calls chose the same login at the same moment; anything else would be a defect, and shows again
        raise _login_taken() from None


def _login_taken() -> Conflict:
    return Conflict("A login was given to someone else at the same moment. Try again.", rule="login-taken")


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):  # an account that was never given a password has no hash
        return False

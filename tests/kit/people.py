"""Schools and people in identity's database, put there past identity's rules and events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from uuid_utils.compat import uuid7

from cli.building import Rows, people, write
from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.clock import local_date, now
from services.identity.accounts import passwords
from services.identity.service import IdentityService
from tests.noon import NOON_ZONE

# Real hashes take 20 ms each, which is what they are for. Services in processes of their own hash as in production.
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

ZONE = NOON_ZONE
TODAY = local_date(now(), ZONE)
PASSWORD = "swifts-fly-in-june"
PASSWORD_HASH = passwords.HASHER.hash(PASSWORD)


class PeopleOfSchool:
    """What every school of the tests can do in identity."""

    id: UUID

    @property
    def identity(self) -> IdentityService:
        """The service that owns the school's people."""
        raise NotImplementedError

    def create_school(self, name: str = "Лицей", source_id: str | None = None) -> None:
        """Create the school, with nobody in it."""
        self.add(people.school(self.id, name, ZONE, source_id))

    def add(self, *parts: Rows) -> None:
        """Write rows into identity's database."""
        write(self.identity.unit_of_work, self.id, *parts)

    def person(self, *roles: str, name: str = "Иванова Мария", **more: Any) -> Actor:
        """Someone who belongs to this school alone, and can sign in with `PASSWORD`."""
        person_id, account_id = uuid7(), uuid7()
        self.add(
            people.account(account_id, f"u{account_id.hex}", PASSWORD_HASH),
            people.person(person_id, name, *roles, **{"account_id": account_id, **more}),
        )
        return Actor(self.id, person_id, account_id, uuid7(), frozenset(roles))

    def guardian(self, guardian: Actor, student: Actor, *purposes: str) -> None:
        """A guardianship with consents."""
        self.add(people.guardianship(id_of(guardian), id_of(student), *purposes))

    def enrol(self, student: Actor, class_id: UUID, since: int = -90, until: int | None = None) -> None:
        """A student's time in a class; `since` and `until` are days from today."""
        last = None if until is None else TODAY + timedelta(days=until)
        self.add(people.enrolment(class_id, id_of(student), TODAY + timedelta(days=since), last))


def id_of(actor: Actor) -> UUID:
    """The id of the person who acts, who is neither an operator nor a service."""
    assert actor.person_id is not None, "an operator and a service are nobody"
    return actor.person_id


def add_operator(identity: IdentityService) -> Actor:
    """Someone who runs the installation, of no school, with an account and `PASSWORD`."""
    actor = Actor(None, account_id=uuid7(), session_id=uuid7(), roles=frozenset({OPERATOR}))
    assert actor.account_id is not None
    rows = people.account(actor.account_id, f"op{actor.account_id.hex}", PASSWORD_HASH, is_operator=True)
    write(identity.unit_of_work, uuid7(), rows)
    return actor

"""Every SELECT of sessions, and of the rights that tokens name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from kernel.auth import Membership
from kernel.errors import NotFound
from services.identity.accounts.tables import Account
from services.identity.people.queries import is_present, same_in_school
from services.identity.people.tables import Person, Role
from services.identity.sessions.tables import RefreshToken, SignIn

_RIGHTS: Final = (
    select(Account.password_hash, Account.is_operator, Person.school_id, Person.id, Role.role)
    .outerjoin(Person, and_(Person.account_id == Account.id, is_present()))
    .outerjoin(Role, and_(same_in_school(Role.person_id), Role.held))
    .where(Account.id == bindparam("account_id"))
    .order_by(Person.school_id)
)


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account may do at the moment."""

    account_id: UUID
    password_hash: str
    is_operator: bool
    memberships: tuple[Membership, ...]

    def __bool__(self) -> bool:
        """Whether it may do anything: be signed in."""
        return bool(self.memberships) or self.is_operator


def rights(session: Session, account_id: UUID) -> Rights:
    """The account's present memberships with their roles. Raises `NotFound` if it does not exist any more."""
    rows = session.execute(_RIGHTS, {"account_id": account_id}).all()
    if not rows:
        raise NotFound("There is no such account.", rule="no-account")
    roles: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for _, _, school_id, person_id, role in rows:
        if person_id is not None:
            roles[school_id, person_id].update({role} if role else ())
    places = tuple(Membership(school, person, frozenset(held)) for (school, person), held in roles.items())
    return Rights(account_id, rows[0].password_hash, rows[0].is_operator, places)


def live_sign_ins(session: Session, account_ids: Collection[UUID]) -> Sequence[UUID]:
    """Ids of the sessions of these accounts that have not ended."""
    live = select(SignIn.id).where(SignIn.account_id.in_(account_ids), SignIn.ended_at.is_(None))
    return session.scalars(live).all()


def refresh_token(session: Session, digest: bytes) -> RefreshToken | None:
    """A refresh token by its SHA-256, used or not."""
    return session.get(RefreshToken, digest)

"""Every SELECT of sessions, and of the memberships that tokens name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from kernel.auth import Membership
from services.identity.people.queries import is_present, same_in_school
from services.identity.people.tables import Person, Role
from services.identity.sessions.tables import RefreshToken, SignIn

_MEMBERSHIPS: Final = (
    select(Person.school_id, Person.id, Role.role)
    .outerjoin(Role, and_(same_in_school(Role.person_id), Role.held))
    .where(Person.account_id == bindparam("account_id"), is_present())
    .order_by(Person.school_id)
)


def memberships(session: Session, account_id: UUID) -> tuple[Membership, ...]:
    """The account's present memberships with their roles."""
    rows = session.execute(_MEMBERSHIPS, {"account_id": account_id})
    roles: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for school_id, person_id, role in rows:
        roles[school_id, person_id].update({role} if role else ())
    return tuple(Membership(school, person, frozenset(held)) for (school, person), held in roles.items())


def live_sign_ins(session: Session, account_ids: Collection[UUID]) -> Sequence[UUID]:
    """Ids of the sessions of these accounts that have not ended."""
    live = select(SignIn.id).where(SignIn.account_id.in_(account_ids), SignIn.ended_at.is_(None))
    return session.scalars(live).all()


def refresh_token(session: Session, digest: bytes) -> RefreshToken | None:
    """A refresh token by its SHA-256, used or not."""
    return session.get(RefreshToken, digest)

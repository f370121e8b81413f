"""Every SELECT of sessions, and of the rights that tokens name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from kernel.auth import Membership
from kernel.errors import NotFound
from services.identity.accounts.tables import Account
from services.identity.people.queries import is_present, same_in_school
from services.identity.people.tables import Person, Role
from services.identity.sessions.tables import RefreshToken, SignIn

#: A session expires when it was not refreshed for this long, or has lasted for `LONGEST`.
IDLE: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=30)
#: How long a place is known after a session began there: longer than a session lasts, and than summer holidays.
KNOWN_FOR: Final = timedelta(days=120)

_KNOWN: Final = select(SignIn.id).where(
    SignIn.account_id == Account.id, SignIn.started_at > bindparam("since", type_=SignIn.started_at.type)
)
_CANDIDATE: Final = select(
    Account.id,
    Account.password_hash,
    _KNOWN.where(SignIn.device == bindparam("device", type_=SignIn.device.type)).exists().label("knows_device"),
    _KNOWN.where(SignIn.network == bindparam("network")).exists().label("knows_network"),
).where(Account.login == bindparam("login"))
_RIGHTS: Final = (
    select(Account.password_hash, Account.issued, Account.is_operator, Person.school_id, Person.id, Role.role)
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
    #: Whether the password is to be replaced first.
    issued: bool
    is_operator: bool
    memberships: tuple[Membership, ...]

    def __bool__(self) -> bool:
        """Whether it may do anything: be signed in."""
        return bool(self.memberships) or self.is_operator


class Candidate(NamedTuple):
    """The account of a login that somebody signs in with, and whether its owner has signed in from there before."""

    id: UUID | None
    password_hash: str | None
    knows_device: bool
    knows_network: bool


#: What stands for the account of a login that does not exist.
NOBODY: Final = Candidate(None, None, False, False)


def candidate(session: Session, login: str, network: str | None, device: bytes | None, moment: datetime) -> Candidate:
    """The account of a login, which must be folded by `accounts.rules.folded`; `NOBODY` if there is none."""
    where = {"login": login, "network": network, "device": device, "since": moment - KNOWN_FOR}
    found = session.execute(_CANDIDATE, where).one_or_none()
    return Candidate(*found) if found else NOBODY


def rights(session: Session, account_id: UUID) -> Rights:
    """The account's present memberships with their roles. Raises `NotFound` if it does not exist any more."""
    rows = session.execute(_RIGHTS, {"account_id": account_id}).all()
    if not rows:
        raise NotFound("There is no such account.", rule="no-account")
    roles: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for _, _, _, school_id, person_id, role in rows:
        if person_id is not None:
            roles[school_id, person_id].update({role} if role else ())
    places = tuple(Membership(school, person, frozenset(held)) for (school, person), held in roles.items())
    return Rights(account_id, rows[0].password_hash, rows[0].issued, rows[0].is_operator, places)


def live_sign_ins(session: Session, account_ids: Collection[UUID], moment: datetime) -> Sequence[UUID]:
    """Ids of the sessions of these accounts that have neither ended nor expired."""
    live = and_(SignIn.account_id.in_(account_ids), SignIn.ended_at.is_(None), SignIn.expires_at > moment)
    return session.scalars(select(SignIn.id).where(live)).all()


def open_sessions(session: Session, account_id: UUID, moment: datetime) -> Sequence[SignIn]:
    """The sessions of an account that go on, latest first."""
    refreshable = exists().where(RefreshToken.sign_in_id == SignIn.id, RefreshToken.expires_at > moment)
    going_on = and_(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.expires_at > moment, refreshable)
    return session.scalars(select(SignIn).where(going_on).order_by(SignIn.started_at.desc())).all()


def has_ended(session: Session, session_id: UUID) -> bool:
    """Whether a session was ended. Known for as long as any of its access tokens is good."""
    ended = session.execute(select(SignIn.ended_at).where(SignIn.id == session_id)).one_or_none()
    return ended is not None and ended.ended_at is not None


def refresh_token(session: Session, digest: bytes) -> RefreshToken | None:
    """A refresh token by its SHA-256, used or not."""
    return session.get(RefreshToken, digest)

"""Writes sessions and their refresh tokens, and throttles failed sign-ins."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import and_, bindparam, case, delete, or_, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.identity.sessions import SessionRevoked
from kernel.data import copies, outbox
from kernel.data.rows import NewRows, Then, insert_all
from kernel.errors import Throttled
from services.identity.base import Base
from services.identity.sessions import queries, rules
from services.identity.sessions.queries import IDLE, LONGEST
from services.identity.sessions.tables import RefreshToken, SignIn, Throttle

log = structlog.get_logger()

_SESSION: Final = Base.metadata.tables[SignIn.__tablename__]
_TOKEN: Final = Base.metadata.tables[RefreshToken.__tablename__]
#: Makes a token the last used one of its session, if it is that already, or is used for the first time and was given
#: for the last used one. One given by an older version names no predecessor and is good once. The session's row is
#: locked from here on: of two requests at the same moment the second sees what the first did.
_USE: Final = (
    update(_SESSION)
    .where(
        _SESSION.c.id == _TOKEN.c.sign_in_id,
        _TOKEN.c.digest == bindparam("digest"),
        _TOKEN.c.expires_at > bindparam("moment"),
        _SESSION.c.ended_at.is_(None),
        _SESSION.c.expires_at > bindparam("moment"),
        or_(
            _SESSION.c.last_used == bindparam("digest"),
            and_(
                _TOKEN.c.used_at.is_(None),
                or_(_TOKEN.c.predecessor.is_(None), _TOKEN.c.predecessor == _SESSION.c.last_used),
            ),
        ),
    )
    .values(last_used=bindparam("digest"), refreshed_at=bindparam("moment"))
    .returning(_SESSION.c.id, _SESSION.c.account_id, _SESSION.c.expires_at)
)
#: Replicas of an older version go by the time of the first use.
_NOTE_FIRST_USE: Final = (
    update(_TOKEN)
    .where(_TOKEN.c.digest == bindparam("used"), _TOKEN.c.used_at.is_(None))
    .values(used_at=bindparam("moment"))
)
_THROTTLE: Final = Base.metadata.tables[Throttle.__tablename__]
_FORGIVE: Final = (
    update(_THROTTLE)
    .where(_THROTTLE.c.key.in_(bindparam("keys", expanding=True)), _THROTTLE.c.failures > 0)
    .values(
        failures=case((_THROTTLE.c.key == bindparam("place"), 0), else_=_THROTTLE.c.failures - 1), blocked_until=None
    )
)


class Exchanged(NamedTuple):
    """A session that goes on."""

    sign_in_id: UUID
    account_id: UUID
    refresh_token: str


class Origin(NamedTuple):
    """Where a session begins: see the columns of `SignIn`."""

    address: str
    device: bytes | None
    client: str

    @property
    def network(self) -> str | None:
        """The network, as a session keeps it."""
        return rules.place(self.address) or None


def count_attempt(session: Session, limits: Mapping[bytes, rules.Limit], address: str, moment: datetime) -> None:
    """Count a sign-in as failed before it is tried, so that concurrent attempts are all counted.

    `limits` are those of `rules.keys`. Raises `Throttled` while earlier failures block the sign-in; rolling back then
    undoes the count.
    """
    counted = _count(session, sorted(limits), moment)
    blocked = [until for _, _, until in counted if until is not None and until > moment]
    if blocked:
        seconds = math.ceil((max(blocked) - moment).total_seconds())
        log.warning("sign_in_throttled", network=rules.network(address), seconds=seconds)
        raise Throttled(
            "Too many attempts to sign in failed. Try again in {retry_after} seconds.",
            rule="sign-in-throttled",
            retry_after=seconds,
        )
    for key, failures, _ in counted:
        wait = rules.wait(limits[key], failures)
        if wait:
            session.execute(update(Throttle).where(Throttle.key == key).values(blocked_until=moment + wait))


def _count(session: Session, keys: list[bytes], moment: datetime) -> list[Any]:
    forgotten = moment - rules.FORGOTTEN_AFTER
    rows = [{"key": key, "failures": 1, "last_at": moment, "forgotten": forgotten} for key in keys]
    return list(session.execute(_counting(session.get_bind().dialect.name), rows))


@cache
def _counting(dialect: str) -> Any:
    """Adds a failure to each row, or begins anew where the last was long ago. Made once: it is executed often."""
    statement = copies.INSERTS[dialect](_THROTTLE)
    begins_anew = _THROTTLE.c.last_at <= bindparam("forgotten", type_=_THROTTLE.c.last_at.type)
    return statement.on_conflict_do_update(
        index_elements=[_THROTTLE.c.key],
        set_={
            "failures": case((begins_anew, 1), else_=_THROTTLE.c.failures + 1),
            "last_at": statement.excluded.last_at,
        },
    ).returning(_THROTTLE.c.key, _THROTTLE.c.failures, _THROTTLE.c.blocked_until)


def forgive_attempt(session: Session, limits: Mapping[bytes, rules.Limit]) -> None:
    """Uncount an attempt that succeeded, and forget the failures of its login in its place."""
    session.execute(*_forgiving(limits))


def _forgiving(limits: Mapping[bytes, rules.Limit]) -> Then:
    (place,) = (key for key, limit in limits.items() if limit is rules.PLACE)
    return Then(_FORGIVE, {"keys": sorted(limits), "place": place})


def begin(
    session: Session, account_id: UUID, origin: Origin, limits: Mapping[bytes, rules.Limit], moment: datetime
) -> tuple[UUID, str]:
    """Start a session of an account and forgive the attempt. Returns its id and its first refresh token."""
    sign_in_id, expires_at = uuid7(), moment + LONGEST
    started = {
        "account_id": account_id, "started_at": moment, "expires_at": expires_at,
        "network": origin.network, "device": origin.device, "client": origin.client or None,
    }  # fmt: skip
    token, row = _new_token(sign_in_id, expires_at, moment, None)
    insert_all(session, NewRows(SignIn, [{"id": sign_in_id}], started), row, then=_forgiving(limits))
    return sign_in_id, token


def exchange(session: Session, token: str, moment: datetime) -> Exchanged | None:
    """Use a refresh token. Returns its session and the next token, or None if the token is not valid.

    The answer may be lost on its way: the token stays good until one that was given for it is used. A token of an
    older generation, or one given for the same token as another that was used, was stolen. So its session ends for
    both the thief and the owner.
    """
    digest = _digest(token)
    used = session.execute(_USE, {"digest": digest, "moment": moment}).one_or_none()
    if used is None:
        _end_if_stolen(session, digest, moment)
        return None
    following, row = _new_token(used.id, used.expires_at, moment, digest)
    insert_all(session, row, then=Then(_NOTE_FIRST_USE, {"used": digest, "moment": moment}))
    return Exchanged(used.id, used.account_id, following)


def _end_if_stolen(session: Session, digest: bytes, moment: datetime) -> None:
    """End the session of a token that was no longer good, unless it had only expired."""
    row = queries.refresh_token(session, digest)
    if row is not None and moment < row.expires_at:
        end(session, [row.sign_in_id], moment)


def end_earlier(session: Session, token: str, moment: datetime) -> None:
    """End the session of a refresh token, whose browser has begun another."""
    row = queries.refresh_token(session, _digest(token))
    if row is not None:
        end(session, [row.sign_in_id], moment)


def end(session: Session, sign_in_ids: Collection[UUID], moment: datetime) -> None:
    """End sessions, and announce it to every service that accepts their access tokens."""
    live = update(SignIn).where(SignIn.id.in_(sign_in_ids), SignIn.ended_at.is_(None))
    ended = session.scalars(
        live.values(ended_at=moment).returning(SignIn.id), execution_options={"synchronize_session": False}
    )
    outbox.record(session, *(SessionRevoked(session_id=sign_in_id) for sign_in_id in ended))


def end_all(session: Session, account_ids: Collection[UUID], moment: datetime, but: UUID | None = None) -> None:
    """End every session of these accounts, except `but`."""
    live = queries.live_sign_ins(session, account_ids, moment)
    end(session, [sign_in_id for sign_in_id in live if sign_in_id != but], moment)


def forget_old(session: Session, moment: datetime) -> None:
    """Delete expired tokens, sessions by which no place is known any more, and old failures."""
    over = select(SignIn.id).where(or_(SignIn.expires_at < moment, SignIn.ended_at < moment - IDLE))
    session.execute(
        delete(RefreshToken).where(or_(RefreshToken.expires_at < moment, RefreshToken.sign_in_id.in_(over)))
    )
    forgotten = SignIn.expires_at < moment + LONGEST - queries.KNOWN_FOR
    session.execute(delete(SignIn).where(forgotten, SignIn.id.not_in(select(RefreshToken.sign_in_id))))
    session.execute(delete(Throttle).where(Throttle.last_at < moment - rules.FORGOTTEN_AFTER))


def _new_token(sign_in_id: UUID, longest: datetime, moment: datetime, predecessor: bytes | None) -> tuple[str, NewRows]:
    """A token that is good until the session is idle for too long, and no longer than `longest`, and its row."""
    token = secrets.token_urlsafe(32)
    good = {"sign_in_id": sign_in_id, "expires_at": min(moment + IDLE, longest), "predecessor": predecessor}
    return token, NewRows(RefreshToken, [{"digest": _digest(token)}], good)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

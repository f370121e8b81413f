"""Writes sessions and their single-use refresh tokens, and throttles failed sign-ins."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.orm import Session

from contracts.identity.sessions import SessionRevoked
from kernel.data import copies, outbox
from kernel.errors import Throttled
from services.identity.sessions import queries, rules
from services.identity.sessions.tables import RefreshToken, SignIn, Throttle

#: A session expires when it was not refreshed for this long, or has lasted for `LONGEST`.
IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)


def count_attempt(session: Session, login: str, address: str, moment: datetime) -> None:
    """Count a sign-in as failed before it is tried, so that concurrent attempts are all counted.

    Raises `Throttled` while earlier failures block the sign-in; rolling back then undoes the count.
    """
    limits = rules.keys(login, address)
    counted = _count(session, sorted(limits), moment)
    blocked = [until for _, _, until in counted if until is not None and until > moment]
    if blocked:
        seconds = math.ceil((max(blocked) - moment).total_seconds())
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
    statement = copies.insert_into(session, Throttle)
    forgotten = Throttle.last_at <= moment - rules.FORGOTTEN_AFTER
    statement = statement.on_conflict_do_update(
        index_elements=[Throttle.key],
        set_={
            "failures": case((forgotten, 1), else_=Throttle.failures + 1),
            "last_at": moment,
        },
    ).returning(Throttle.key, Throttle.failures, Throttle.blocked_until)
    rows = [{"key": key, "failures": 1, "last_at": moment} for key in keys]
    return list(session.execute(statement.values(rows)))


def forgive_attempt(session: Session, login: str, address: str) -> None:
    """Uncount an attempt that succeeded, and forget the failures of its login at its address."""
    limits = rules.keys(login, address)
    pair = [key for key, limit in limits.items() if limit is rules.PAIR]
    session.execute(delete(Throttle).where(Throttle.key.in_(pair)))
    session.execute(
        update(Throttle)
        .where(Throttle.key.in_(limits), Throttle.failures > 0)
        .values(failures=Throttle.failures - 1, blocked_until=None)
    )


def begin(session: Session, account_id: UUID, moment: datetime) -> tuple[SignIn, str]:
    """Start a session of an account. Returns it and its first refresh token."""
    sign_in = SignIn(account_id=account_id, started_at=moment, expires_at=moment + LONGEST)
    session.add(sign_in)
    session.flush()
    return sign_in, _add_token(session, sign_in, moment)


def exchange(session: Session, token: str, moment: datetime) -> tuple[SignIn, str] | None:
    """Use a refresh token. Returns its session and the next token, or None if the token is not valid.

    A reused token was stolen, so its session ends for both the thief and the owner.
    """
    digest = _digest(token)
    row = queries.refresh_token(session, digest)
    if row is None:
        return None
    fresh = update(RefreshToken).where(RefreshToken.digest == digest, RefreshToken.used_at.is_(None))
    taken = session.execute(fresh.values(used_at=moment), execution_options={"synchronize_session": False})
    sign_in = session.get_one(SignIn, row.sign_in_id)
    if not taken.rowcount:  # type: ignore[attr-defined]  # a CursorResult: the statement is DML
        end(session, [sign_in.id], moment)
        return None
    if sign_in.ended_at is not None or moment >= min(row.expires_at, sign_in.expires_at):
        return None
    return sign_in, _add_token(session, sign_in, moment)


def end(session: Session, sign_in_ids: Collection[UUID], moment: datetime) -> None:
    """End sessions, and announce it to every service that accepts their access tokens."""
    live = update(SignIn).where(SignIn.id.in_(sign_in_ids), SignIn.ended_at.is_(None))
    ended = session.scalars(
        live.values(ended_at=moment).returning(SignIn.id), execution_options={"synchronize_session": False}
    )
    outbox.record(session, *(SessionRevoked(session_id=sign_in_id) for sign_in_id in ended))


def end_all(session: Session, account_ids: Collection[UUID], moment: datetime, but: UUID | None = None) -> None:
    """End every session of these accounts, except `but`."""
    live = queries.live_sign_ins(session, account_ids)
    end(session, [sign_in_id for sign_in_id in live if sign_in_id != but], moment)


def forget_old(session: Session, moment: datetime) -> None:
    """Delete expired tokens, sessions that cannot be refreshed any more, and old failures."""
    over = select(SignIn.id).where(or_(SignIn.expires_at < moment, SignIn.ended_at < moment - IDLE))
    session.execute(
        delete(RefreshToken).where(or_(RefreshToken.expires_at < moment, RefreshToken.sign_in_id.in_(over)))
    )
    session.execute(delete(SignIn).where(SignIn.id.in_(over), SignIn.id.not_in(select(RefreshToken.sign_in_id))))
    session.execute(delete(Throttle).where(Throttle.last_at < moment - rules.FORGOTTEN_AFTER))


def _add_token(session: Session, sign_in: SignIn, moment: datetime) -> str:
    token = secrets.token_urlsafe(32)
    expires_at = min(moment + IDLE, sign_in.expires_at)
    session.add(RefreshToken(digest=_digest(token), sign_in_id=sign_in.id, expires_at=expires_at))
    return token


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

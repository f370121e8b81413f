"""Sessions, refresh tokens and failed sign-ins. They belong to accounts, so they have no school."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from services.identity.base import Base


class SignIn(Base):
    """A session: the family of the refresh tokens that follow one sign-in."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("sign_in_account", "account_id"), Index("sign_in_expires_at", "expires_at"))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: No refresh token of the session is valid after this.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When it was refreshed last.
    refreshed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Where it began: the network of the address (`rules.place`), the SHA-256 of the browser's id, its name.
    network: Mapped[str | None] = mapped_column(String(64))
    device: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    client: Mapped[str | None] = mapped_column(String(80))
    #: SHA-256 of the refresh token that was used last. It is good until one that was given for it is used.
    last_used: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class RefreshToken(Base):
    """A refresh token by its SHA-256. Used tokens stay until they expire, so that reuse is detected."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        Index("refresh_token_sign_in", "sign_in_id"),
        Index("refresh_token_expires_at", "expires_at"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sign_in_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When it was first used.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: SHA-256 of the token that it was given for. Null for the first of a session, and where an older version gave it.
    predecessor: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Throttle(Base):
    """Recent failed sign-ins under one hashed key (`rules.keys`)."""

    __tablename__ = "throttle"
    __table_args__ = (Index("throttle_last_at", "last_at"),)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""Accounts. An account may belong to people of several schools, so it has no school."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.columns import UtcDateTime
from services.identity.base import Base


class Account(Base):
    """One human's login. Its memberships are the people whose `account_id` it is."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    #: Folded by `accounts.rules.folded`.
    login: Mapped[str] = mapped_column(String(120), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    #: Whether somebody else made the password and its owner has not replaced it yet: it opens nothing but that.
    issued: Mapped[bool] = mapped_column(default=False)
    is_operator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

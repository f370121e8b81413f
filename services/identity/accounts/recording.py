"""Creates accounts and replaces their passwords."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.identity.accounts.tables import Account


def add(session: Session, login: str, moment: datetime, *, is_operator: bool = False) -> Account:
    """Create an account. Nobody can sign in to it until it has a password."""
    account = Account(id=uuid7(), login=login, password_hash="", is_operator=is_operator, created_at=moment)
    session.add(account)
    return account


def set_password(account: Account, password_hash: str, *, issued: bool) -> None:
    """Replace the password of an account: by one that was `issued`, or by its owner's own."""
    account.password_hash, account.issued = password_hash, issued


def renew_hash(account: Account, password_hash: str) -> None:
    """Replace the hash of the same password."""
    account.password_hash = password_hash

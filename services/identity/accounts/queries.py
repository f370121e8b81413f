"""Every SELECT of accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from services.identity.accounts.tables import Account

_ACCOUNT_OF_LOGIN: Final = select(Account).where(Account.login == bindparam("login"))


def account_of_login(session: Session, login: str) -> Account | None:
    """The account with this login, which must be folded by `accounts.rules.folded`."""
    return session.scalar(_ACCOUNT_OF_LOGIN, {"login": login})


def account(session: Session, account_id: UUID) -> Account:
    """An account, read afresh. Raises `NotFound` if it does not exist any more."""
    found = session.get(Account, account_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such account.", rule="no-account")
    return found


def accounts(session: Session, account_ids: Collection[UUID]) -> Sequence[Account]:
    """The accounts with these ids."""
    return session.scalars(select(Account).where(Account.id.in_(account_ids))).all()


def taken(session: Session, logins: Collection[str]) -> set[str]:
    """The logins among these that an account already has."""
    return set(session.scalars(select(Account.login).where(Account.login.in_(logins))))

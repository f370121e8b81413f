"""Every SELECT of orders of credentials."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from kernel.errors import NotFound
from services.identity.credentials.tables import CredentialOrder


def order(session: Session, order_id: UUID) -> CredentialOrder:
    """An order, for carrying it out."""
    return session.get_one(CredentialOrder, order_id)


def own_order(session: Session, order_id: UUID, account_id: UUID, *, lock: bool = False) -> CredentialOrder:
    """An order of this account; `lock` locks its row until the transaction ends. Raises `NotFound` for another's."""
    found = session.get(CredentialOrder, order_id, with_for_update=lock)
    if found is None or found.account_id != account_id:
        raise NotFound("There is no such order of credentials.", rule="no-order", field="order_id")
    return found

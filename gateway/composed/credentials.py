"""Orders of credentials, with the reason of a failure in the caller's language."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.identity.credentials import Credentials
from gateway.door import language
from gateway.door.asking import ask, carry_out


def order_credentials(person_ids: list[UUID], *, replace: bool = False) -> dict[str, Any]:
    """Order new logins and passwords for people."""
    return _in_callers_language(carry_out(Credentials.order_credentials, person_ids=person_ids, replace=replace))


def credential_order(order_id: UUID) -> dict[str, Any]:
    """How far one's own order of credentials is."""
    return _in_callers_language(ask(Credentials.credential_order, order_id=order_id))


def _in_callers_language(order: dict[str, Any]) -> dict[str, Any]:
    if not order["failure"]:
        return order
    return {**order, "failure": language.told(order["failure"], order["failure_text"])}

"""Which callers have an account. Pure."""

from __future__ import annotations

from uuid import UUID

from kernel.auth import Actor
from kernel.errors import Forbidden


def account_of(actor: Actor) -> UUID:
    """The account of a human caller. Raises `Forbidden` for a service."""
    if actor.account_id is None:
        raise Forbidden("Sign in: a service has no account.", rule="humans-only")
    return actor.account_id

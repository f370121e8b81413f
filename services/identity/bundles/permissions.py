"""Who sees an import. Pure."""

from __future__ import annotations

from uuid import UUID

from contracts.roles import OPERATOR
from kernel.auth import Actor


def may_see_import(actor: Actor, school_id: UUID | None) -> bool:
    """Operators see every import, other callers those of their own school."""
    return actor.has(OPERATOR) or (school_id is not None and actor.tenant_id == school_id)

"""Who imports, and who sees what of an import. Pure."""

from __future__ import annotations

from uuid import UUID

from contracts.roles import OPERATOR
from kernel.auth import Actor


def may_see_import(actor: Actor, school_id: UUID | None) -> bool:
    """An import is seen in the school it was handed in for, and by operators."""
    return actor.has(OPERATOR) or (school_id is not None and actor.tenant_id == school_id)

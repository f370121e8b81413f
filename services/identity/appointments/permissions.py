"""Who grants and revokes roles. Pure."""

from __future__ import annotations

from kernel.auth import Actor
from kernel.errors import Forbidden


def check_may_appoint(actor: Actor, role: str) -> None:
    """Directors grant and revoke any role of the school (clause 4.1), operators only the director's."""
    if not actor.has("director") and role != "director":
        raise Forbidden("The operator appoints directors only.", rule="operator-directors-only")

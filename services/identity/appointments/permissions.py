"""Who gives and takes roles. Pure."""

from __future__ import annotations

from kernel.auth import Actor
from kernel.errors import Forbidden


def check_may_appoint(actor: Actor, role: str) -> None:
    """The director gives and takes the school's roles (clause 4.1); an operator only the director's."""
    if not actor.has("director") and role != "director":
        raise Forbidden("The operator appoints directors only.", rule="operator-directors-only")

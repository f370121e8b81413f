"""Who may see what was sent to whom. Pure."""

from __future__ import annotations

from uuid import UUID

from contracts.roles import KEEPERS, PARENTS
from kernel.auth import Actor
from kernel.errors import Forbidden


def deliveries_of(actor: Actor) -> UUID | None:
    """The recipient whose deliveries the actor sees: a parent, the own ones. None means the whole school.

    Raises `Forbidden` for whoever is neither: None must not be given away by mistake.
    """
    if actor.holds(KEEPERS):
        return None
    if actor.holds(PARENTS) and actor.person_id is not None:
        return actor.person_id
    raise Forbidden("Only families and the administration see what was sent.", rule="deliveries-not-yours")

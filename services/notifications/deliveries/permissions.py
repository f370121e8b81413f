"""Who may see deliveries. Pure."""

from __future__ import annotations

from uuid import UUID

from contracts.roles import KEEPERS, PARENTS
from kernel.auth import Actor
from kernel.errors import Forbidden


def deliveries_of(actor: Actor) -> UUID | None:
    """The recipient whose deliveries the actor sees: a parent sees their own. None means the whole school.

    Raises `Forbidden` for all other callers.
    """
    if actor.holds(KEEPERS):
        return None
    if actor.holds(PARENTS) and actor.person_id is not None:
        return actor.person_id
    raise Forbidden("Only families and the administration see what was sent.", rule="deliveries-not-yours")

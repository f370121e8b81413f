"""Who may see what was sent to whom. Pure."""

from __future__ import annotations

from uuid import UUID

from kernel.auth import Actor
from kernel.errors import Forbidden

#: Sees every delivery of the school.
ADMINISTRATION = frozenset({"director", "deputy", "methodologist"})


def deliveries_of(actor: Actor) -> UUID | None:
    """The recipient whose deliveries the actor sees: a parent, the own ones. None means the whole school.

    Raises `Forbidden` for everyone who is neither a parent nor of the administration.
    """
    if actor.has(*ADMINISTRATION):
        return None
    if actor.has("parent") and actor.person_id is not None:
        return actor.person_id
    raise Forbidden("Only families and the administration see what was sent.", rule="deliveries-not-yours")

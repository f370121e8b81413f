"""Who may see and change what of people. Pure."""

from __future__ import annotations

from contracts.roles import STAFF
from kernel.auth import Actor


def sees_every_name(actor: Actor) -> bool:
    """Staff and services see the names of the whole school; others of staff, of themselves and their children."""
    return actor.service is not None or actor.holds(STAFF)

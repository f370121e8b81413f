"""Who sees the names of people. Pure."""

from __future__ import annotations

from contracts.roles import STAFF
from kernel.auth import Actor


def sees_every_name(actor: Actor) -> bool:
    """Staff and services see every name of the school; others see staff, themselves and their children."""
    return actor.service is not None or actor.holds(STAFF)

"""Who sees the grid of a course beside those who may read its journal."""

from __future__ import annotations

from kernel.auth import Actor


def reads_as_head(actor: Actor, *, heads: bool) -> bool:
    """The head of the association of the course's subject reads it and writes nothing (clause 4.2)."""
    return actor.has("plan_head") and heads

"""What all of identity stands on: the base of its tables, an operator's reach."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sqlalchemy.orm import DeclarativeBase, Session

from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.data.database import UnitOfWork

#: Seconds between two runs of a timer of identity.
HOUR = 3600


class Base(DeclarativeBase):
    """Tables of identity."""


def within_reach(unit_of_work: UnitOfWork, actor: Actor) -> AbstractContextManager[Session]:
    """A transaction in the actor's school; everywhere for an operator."""
    return unit_of_work.everywhere() if actor.has(OPERATOR) else unit_of_work(actor)

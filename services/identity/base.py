"""Shared by all of identity: the base of its tables, and transactions with the actor's reach."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sqlalchemy.orm import DeclarativeBase, Session

from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.data.database import UnitOfWork

#: Interval of identity's timers, in seconds.
HOUR = 3600


class Base(DeclarativeBase):
    """Tables of identity."""


def within_reach(unit_of_work: UnitOfWork, actor: Actor) -> AbstractContextManager[Session]:
    """Open a transaction in the actor's school, or across all schools for an operator."""
    return unit_of_work.everywhere() if actor.has(OPERATOR) else unit_of_work(actor)

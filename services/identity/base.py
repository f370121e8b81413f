"""What all of identity stands on: the base of its tables, rows that belong to a school, an operator's reach."""

from __future__ import annotations

from contextlib import AbstractContextManager
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.data.database import UnitOfWork
from kernel.data.tenancy import TenantRow

#: Seconds between two runs of a timer of identity.
HOUR = 3600


class Base(DeclarativeBase):
    """Tables of identity."""


class SchoolRow(TenantRow):
    """A row of a school; `school_id` is the first part of every primary key."""

    __tenant_column__ = "school_id"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, sort_order=-2)


class IdentifiedRow(SchoolRow):
    """A row of a school with an id of its own."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7, sort_order=-1)


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """A reference to a row of the same school."""
    return ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"])


def within_reach(unit_of_work: UnitOfWork, actor: Actor) -> AbstractContextManager[Session]:
    """A transaction in the actor's school; everywhere for an operator."""
    return unit_of_work.everywhere() if actor.has(OPERATOR) else unit_of_work(actor)

"""The gradebook's tables have one base; rows belong to a school."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel.data.tenancy import TenantRow


class Base(DeclarativeBase):
    """Tables of the gradebook."""


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

"""What every table of printing is built on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.data.tenancy import TenantRow


class Base(DeclarativeBase):
    """Tables of printing."""


class SchoolRow(TenantRow):
    """A row of a school; `school_id` is the first part of every primary key."""

    __tenant_column__ = "school_id"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, sort_order=-1)

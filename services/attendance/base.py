"""What every table of attendance is built on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.data.tenancy import TenantRow


class Base(DeclarativeBase):
    """Attendance's own tables."""


class SchoolRow(TenantRow):
    """A row that belongs to a school."""

    __tenant_column__ = "school_id"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, sort_order=-1)

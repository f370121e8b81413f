"""Classrooms."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import IdentifiedRow
from services.gradebook.base import Base


class Classroom(IdentifiedRow, Base):
    """A room in which lessons are held; a `shared` one holds several classes at once, as a sports hall does."""

    __tablename__ = "classroom"

    name: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool]

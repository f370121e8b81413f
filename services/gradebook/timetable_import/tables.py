"""What names of files meant."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import SchoolRow
from services.gradebook.base import Base


class TimetableName(SchoolRow, Base):
    """What a name of a file meant when it was taken: a class, subject, teacher or classroom; `name` is folded.

    What it meant may be gone since, so it refers to nothing.
    """

    __tablename__ = "timetable_name"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    target_id: Mapped[UUID] = mapped_column(Uuid)

"""Copies of students and guardians; identity owns them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import SchoolRow
from services.notifications.base import Base


class StudentCopy(SchoolRow, Base):
    """A student's name; identity owns it. A higher revision replaces a lower one."""

    __tablename__ = "student_copy"

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)


class GuardianCopy(SchoolRow, Base):
    """A student's guardian with address, language and consents in force; identity owns it."""

    __tablename__ = "guardian_copy"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "student_id"], ["student_copy.school_id", "student_copy.student_id"]),
    )

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    purposes: Mapped[list[str]] = mapped_column(JSON)

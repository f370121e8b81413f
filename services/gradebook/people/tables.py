"""Copies of what identity owns: a higher revision replaces a lower one."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import SchoolRow
from services.gradebook.base import Base


class StudentCopy(SchoolRow, Base):
    """A student's class, copied from identity; a higher `revision` replaces a lower one."""

    __tablename__ = "student_copy"
    __table_args__ = (Index("student_copy_class", "school_id", "class_id"),)

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision: Mapped[int]
    class_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: Since when the student is in this class, or in none, if identity has said it.
    class_since: Mapped[dt.date | None]


class GuardianCopy(SchoolRow, Base):
    """A guardian whose consent gives access to the student's diary."""

    __tablename__ = "guardian_copy"

    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class ClassCopy(SchoolRow, Base):
    """A class, copied from identity; a higher `revision` replaces a lower one."""

    __tablename__ = "class_copy"
    __table_args__ = (Index("class_copy_homeroom", "school_id", "homeroom_teacher_id"),)

    class_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    revision: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    grade: Mapped[int | None]
    #: It is of several grades, none of them the first.
    several_grades: Mapped[bool] = mapped_column(server_default="0")
    homeroom_teacher_id: Mapped[UUID | None] = mapped_column(Uuid)

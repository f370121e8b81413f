"""Classes and enrolments."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, refers
from services.identity.base import Base


class SchoolClass(IdentifiedRow, Base):
    """A class. `revision` grows with every change of the facts that other services copy."""

    __tablename__ = "school_class"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "homeroom_teacher_id"], ["person.school_id", "person.id"]),
        Index("school_class_homeroom", "school_id", "homeroom_teacher_id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    #: What the import or the class's name says; None where neither says it.
    grade: Mapped[int | None]
    #: What a person says where `grade` is None: a grade, or that there are several, none of them the first.
    said_grade: Mapped[int | None]
    said_several: Mapped[bool] = mapped_column(default=False)
    homeroom_teacher_id: Mapped[UUID | None] = mapped_column(Uuid)
    source_id: Mapped[str | None] = mapped_column(String(255))
    ended_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)


class SaidGrade(IdentifiedRow, Base):
    """What a person said of the grade of a class, and when. Added to, never changed.

    Without a key to the class: a class that an import made can end with that import, whatever was said of it.
    """

    __tablename__ = "said_grade"
    __table_args__ = (Index("said_grade_class", "school_id", "class_id"),)

    class_id: Mapped[UUID] = mapped_column(Uuid)
    grade: Mapped[int | None]
    several: Mapped[bool]
    said_by: Mapped[UUID | None] = mapped_column(Uuid)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Enrolment(IdentifiedRow, Base):
    """A student's enrolment in a class, both days included; `until` is null while it lasts. Ended, never deleted."""

    __tablename__ = "enrolment"
    __table_args__ = (
        refers("class_id", "school_class"),
        ForeignKeyConstraint(["school_id", "student_id"], ["person.school_id", "person.id"]),
        Index("enrolment_class", "school_id", "class_id"),
        Index("enrolment_student", "school_id", "student_id"),
    )

    class_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    since: Mapped[date]
    until: Mapped[date | None]

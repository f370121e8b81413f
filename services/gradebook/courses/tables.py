"""Subjects, curriculum, courses, their teachers and members, and who changed them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base
from services.gradebook.exact import Exact


class Subject(IdentifiedRow, Base):
    """A subject taught at the school."""

    __tablename__ = "subject"

    name: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(server_default="1")


class Curriculum(SchoolRow, Base):
    """How many hours a week a grade has of a subject in a year; without a row it has none."""

    __tablename__ = "curriculum"
    __table_args__ = (refers("year_id", "year"), refers("subject_id", "subject"))

    year_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    grade: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    hours: Mapped[Decimal] = mapped_column(Exact(4, 2))


class Course(IdentifiedRow, Base):
    """A subject taught in a year to a class, to a group of it, or to a group across classes (`class_id` is null)."""

    __tablename__ = "course"
    __table_args__ = (
        refers("subject_id", "subject"),
        refers("year_id", "year"),
        Index("course_class", "school_id", "class_id"),
    )

    title: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    #: The id of a class in identity.
    class_id: Mapped[UUID | None] = mapped_column(Uuid)
    #: The grade of the course, if known; else the grade of its class applies.
    grade: Mapped[int | None]
    year_id: Mapped[UUID] = mapped_column(Uuid)
    #: The division of the year by whose terms the course goes: those of the year with the same `division`.
    division: Mapped[str] = mapped_column(Text, server_default="")
    #: Instead of the curriculum's; null where those hold.
    hours_a_week: Mapped[Decimal | None] = mapped_column(Exact(4, 2))
    #: Empty where the whole class is taught.
    group_name: Mapped[str] = mapped_column(Text, server_default="")
    #: Whether people keep its members: one made it, or split it into groups. Then who leaves its class leaves it, and
    #: no import changes them; else imports name them.
    kept_here: Mapped[bool] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(server_default="1")


class CourseTeacher(SchoolRow, Base):
    """A teacher of a course, who may set its marks from `since` to `until`, both days included; null is unlimited.

    Who was replaced keeps the row, and reads what was until then.
    """

    __tablename__ = "course_teacher"
    __table_args__ = (
        refers("course_id", "course"),
        Index("course_teacher_teacher", "school_id", "teacher_id"),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    teacher_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]


class CourseMember(IdentifiedRow, Base):
    """A student's membership of a course, both days included; `until` is null while it lasts."""

    __tablename__ = "course_member"
    __table_args__ = (
        refers("course_id", "course"),
        Index("course_member_course", "school_id", "course_id"),
        Index("course_member_student", "school_id", "student_id"),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    since: Mapped[dt.date]
    until: Mapped[dt.date | None]


class Revision(SchoolRow):
    """One change by a person: of the values that differ, what they were and what they became.

    It stays when the thing goes, so it refers to nothing.
    """

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    what: Mapped[str] = mapped_column(String(20))
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class SubjectRevision(Revision, Base):
    """A change of a subject."""

    __tablename__ = "subject_revision"

    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class CourseRevision(Revision, Base):
    """A change of a course, its teachers or its groups."""

    __tablename__ = "course_revision"

    course_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class CurriculumRevision(Revision, Base):
    """A change of a year's curriculum; the last one's version is the curriculum's."""

    __tablename__ = "curriculum_revision"

    year_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)

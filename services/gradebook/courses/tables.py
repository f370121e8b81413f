"""Subjects, courses, their teachers and members."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base


class Subject(IdentifiedRow, Base):
    """A subject taught at the school."""

    __tablename__ = "subject"

    name: Mapped[str] = mapped_column(Text)


class Course(IdentifiedRow, Base):
    """A subject taught in a year to a class, or to a group (`class_id` is null)."""

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


class CourseTeacher(SchoolRow, Base):
    """A teacher of a course, who may set its marks."""

    __tablename__ = "course_teacher"
    __table_args__ = (
        refers("course_id", "course"),
        Index("course_teacher_teacher", "school_id", "teacher_id"),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    teacher_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


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

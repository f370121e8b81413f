"""Thematic plans with their history, the courses that go by them, and the heads of subject associations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Numeric, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow, refers
from services.gradebook.base import Base


class Plan(IdentifiedRow, Base):
    """The present state of a plan of a subject, grade and year; `state` is `draft` or `submitted`."""

    __tablename__ = "plan"
    __table_args__ = (
        refers("subject_id", "subject"),
        refers("year_id", "year"),
        Index("plan_year", "school_id", "year_id", "subject_id", "grade"),
    )

    subject_id: Mapped[UUID] = mapped_column(Uuid)
    grade: Mapped[int]
    year_id: Mapped[UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    made_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class PlanTopic(IdentifiedRow, Base):
    """A topic of a plan at its place; `hours` are lessons, in halves."""

    __tablename__ = "plan_topic"
    __table_args__ = (refers("plan_id", "plan"), Index("plan_topic_plan", "school_id", "plan_id", "position"))

    plan_id: Mapped[UUID] = mapped_column(Uuid)
    position: Mapped[int]
    section: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)
    hours: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    content: Mapped[str] = mapped_column(Text)
    control: Mapped[str] = mapped_column(Text)
    homework: Mapped[str] = mapped_column(Text)


class PlanRevision(SchoolRow, Base):
    """One change of a plan: what was done, and what the plan was then, as JSON.

    `topics` is null where the change left the topics as they were.
    """

    __tablename__ = "plan_revision"
    __table_args__ = (refers("plan_id", "plan"),)

    plan_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    added: Mapped[int]
    changed: Mapped[int]
    removed: Mapped[int]
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class PlanCourse(SchoolRow, Base):
    """A course that goes by a plan: by one at most. `version` counts the teacher's measures (`CourseTopic`)."""

    __tablename__ = "plan_course"
    __table_args__ = (
        refers("course_id", "course"),
        refers("plan_id", "plan"),
        Index("plan_course_plan", "school_id", "plan_id"),
    )

    course_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(Uuid)
    version: Mapped[int]


class CourseTopic(SchoolRow, Base):
    """How one course differs from its plan, to catch up: a topic is `dropped`, or `joined` with the one before it."""

    __tablename__ = "course_topic"
    __table_args__ = (refers("course_id", "course"), refers("topic_id", "plan_topic"))

    course_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    measure: Mapped[str] = mapped_column(String(10))
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class LessonTopic(SchoolRow, Base):
    """A topic of a plan that a lesson covered, wholly or in part. The lesson's own words may differ."""

    __tablename__ = "lesson_topic"
    __table_args__ = (
        refers("lesson_id", "lesson"),
        refers("topic_id", "plan_topic"),
        Index("lesson_topic_topic", "school_id", "topic_id"),
    )

    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class AssociationHead(SchoolRow, Base):
    """A person who heads the association of a subject, and so works on its plans, while holding the role."""

    __tablename__ = "association_head"
    __table_args__ = (refers("subject_id", "subject"), Index("association_head_subject", "school_id", "subject_id"))

    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)

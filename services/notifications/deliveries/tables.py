"""Deliveries and their states, and whose turn it is to send them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import SchoolRow
from services.notifications.base import Base

_DUE = text("state = 'due'")


class Delivery(SchoolRow, Base):
    """One message to one person by one channel. Its contents are fetched from their owner when it is sent."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("delivery_due", "due_at", "school_id", postgresql_where=_DUE, sqlite_where=_DUE),
        Index("delivery_due_of_school", "school_id", "due_at", postgresql_where=_DUE, sqlite_where=_DUE),
        Index("delivery_recipient", "school_id", "recipient_id", "id"),
        Index("delivery_student", "school_id", "student_id", "id"),
        Index("delivery_subject", "school_id", "subject_id"),
        {"postgresql_partition_by": "RANGE (id)"},  # by month: `months.py`
    )

    #: Made of the message, the student and the recipient (`rules.delivery_id`): a repeated event makes no second one.
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    #: The event that caused it.
    message_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    #: The id of the mark, lesson or absence, depending on `kind`.
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    student_id: Mapped[UUID] = mapped_column(Uuid)
    recipient_id: Mapped[UUID] = mapped_column(Uuid)
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    #: Why it was given up, or why the last attempt failed.
    reason: Mapped[str] = mapped_column(String(60))
    attempts: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Until then a replica of an earlier version may be sending it. Today's take turns (`SchoolTurn`) and claim none.
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What was sent, as `messages.rules.news.digest`; null in rows of earlier versions.
    told: Mapped[str | None] = mapped_column(String(16))


class SchoolTurn(SchoolRow, Base):
    """The lease of the run that sends a school's letters; after its turn, when the school was served last."""

    __tablename__ = "school_turn"

    #: The run that holds it; empty after the turn.
    holder: Mapped[str] = mapped_column(String(64))
    leased_until: Mapped[datetime] = mapped_column(UtcDateTime)

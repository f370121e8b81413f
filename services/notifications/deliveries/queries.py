"""Every SELECT of deliveries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.deliveries.tables import Delivery


def _ready(moment: datetime) -> ColumnElement[bool]:
    unclaimed = or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= moment)
    return and_(Delivery.state == "due", Delivery.due_at <= moment, unclaimed)


def schools_with_due(session: Session, moment: datetime, limit: int) -> list[UUID]:
    """Schools with due deliveries, the longest waiting first."""
    return list(
        session.scalars(
            select(Delivery.school_id)
            .where(_ready(moment))
            .group_by(Delivery.school_id)
            .order_by(func.min(Delivery.due_at))
            .limit(limit)
        )
    )


def due(session: Session, moment: datetime, limit: int) -> list[Delivery]:
    """Lock and return due, unclaimed deliveries, the longest waiting first. Skips rows that others have locked."""
    return list(
        session.scalars(
            select(Delivery)
            .where(_ready(moment))
            .order_by(Delivery.due_at, Delivery.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def deliveries(
    session: Session,
    *,
    recipient_id: UUID | None,
    student_id: UUID | None,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[Delivery]:
    """Deliveries of a recipient or of the whole school, newest first, after the delivery `after`."""
    statement = select(Delivery).order_by(Delivery.id.desc()).limit(limit)
    if recipient_id is not None:
        statement = statement.where(Delivery.recipient_id == recipient_id)
    if student_id is not None:
        statement = statement.where(Delivery.student_id == student_id)
    if state is not None:
        statement = statement.where(Delivery.state == state)
    if after is not None:
        statement = statement.where(Delivery.id < after)
    return list(session.scalars(statement))

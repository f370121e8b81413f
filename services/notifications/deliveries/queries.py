"""Every SELECT of deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.copies.queries import guardians_of, names_of
from services.notifications.copies.rules import Guardian
from services.notifications.deliveries.tables import Delivery, SchoolTurn


@dataclass(frozen=True, slots=True)
class DueLetter:
    """A due delivery with the present facts of its recipient; `guardian` is None if there is none any more."""

    delivery: Delivery
    guardian: Guardian | None
    student: str


def _ready(moment: datetime) -> ColumnElement[bool]:
    unclaimed = or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= moment)
    return and_(Delivery.state == "due", Delivery.due_at <= moment, unclaimed)


def schools_to_serve(session: Session, moment: datetime, limit: int) -> list[UUID]:
    """Schools with due letters that no replica is sending, the one that was served longest ago first."""
    free = or_(SchoolTurn.leased_until.is_(None), SchoolTurn.leased_until <= moment)
    return list(
        session.scalars(
            select(Delivery.school_id)
            .outerjoin(SchoolTurn, SchoolTurn.school_id == Delivery.school_id)
            .where(_ready(moment), free)
            .group_by(Delivery.school_id, SchoolTurn.leased_until)
            .order_by(SchoolTurn.leased_until.nulls_first(), func.min(Delivery.due_at))
            .limit(limit)
        )
    )


def due_letters(session: Session, moment: datetime, limit: int) -> list[DueLetter]:
    """The school's due letters, the longest waiting first."""
    ready = select(Delivery).where(_ready(moment)).order_by(Delivery.due_at, Delivery.id).limit(limit)
    rows = list(session.scalars(ready))
    students = {row.student_id for row in rows}
    guardians = {(one.student_id, one.guardian_id): one for one in guardians_of(session, students)}
    names = names_of(session, students)
    return [
        DueLetter(row, guardians.get((row.student_id, row.recipient_id)), names.get(row.student_id, "")) for row in rows
    ]


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

"""Every statement of notifications, named for what it returns or keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from kernel.data.copies import insert_into, keep_newer
from services.notifications.rules.recipients import EMAIL, Guardian
from services.notifications.rules.retries import Outcome
from services.notifications.tables import Delivery, GuardianCopy, StudentCopy


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send, with what is known of its recipient now."""

    delivery: Delivery
    guardian: Guardian | None
    student: str


def unheard_of(session: Session, student_ids: Collection[UUID]) -> list[UUID]:
    """Those of the students of whom there is no copy yet."""
    known = set(session.scalars(select(StudentCopy.student_id).where(StudentCopy.student_id.in_(student_ids))))
    return sorted(set(student_ids) - known)


def guardians_of(session: Session, student_ids: Collection[UUID]) -> list[Guardian]:
    """The guardians of students, consenting or not."""
    rows = session.scalars(select(GuardianCopy).where(GuardianCopy.student_id.in_(student_ids)))
    return [Guardian(row.student_id, row.guardian_id, row.email, row.language, frozenset(row.purposes)) for row in rows]


def add_deliveries(
    session: Session, school_id: UUID, guardians: Iterable[Guardian], *,
    message_id: str, kind: str, subject_id: UUID, at: datetime,
) -> None:  # fmt: skip
    """Make e-mails due to these guardians, except where the same message made them due before."""
    rows = [
        {
            "school_id": school_id, "message_id": message_id, "kind": kind, "subject_id": subject_id,
            "student_id": guardian.student_id, "recipient_id": guardian.guardian_id, "channel": EMAIL,
            "state": "due", "reason": "", "attempts": 0, "created_at": at, "due_at": at,
        }
        for guardian in guardians
    ]  # fmt: skip
    if rows:
        session.execute(insert_into(session, Delivery).on_conflict_do_nothing(), rows)


def _ready(moment: datetime) -> ColumnElement[bool]:
    unclaimed = or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= moment)
    return and_(Delivery.state == "due", Delivery.due_at <= moment, unclaimed)


def schools_with_due(session: Session, moment: datetime, limit: int) -> list[UUID]:
    """Schools that have something to send, those that wait longest first."""
    return list(
        session.scalars(
            select(Delivery.school_id)
            .where(_ready(moment))
            .group_by(Delivery.school_id)
            .order_by(func.min(Delivery.due_at))
            .limit(limit)
        )
    )


def claim_due(session: Session, moment: datetime, until: datetime, limit: int) -> list[Claimed]:
    """Take what is due for ourselves until `until`, but for what somebody else is taking right now."""
    deliveries = list(
        session.scalars(
            select(Delivery)
            .where(_ready(moment))
            .order_by(Delivery.due_at, Delivery.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_([delivery.id for delivery in deliveries]))
        .values(claimed_until=until)
        .execution_options(synchronize_session=False)
    )
    students = {delivery.student_id for delivery in deliveries}
    guardians = {(row.student_id, row.guardian_id): row for row in guardians_of(session, students)}
    named = session.execute(
        select(StudentCopy.student_id, StudentCopy.name).where(StudentCopy.student_id.in_(students))
    )
    names = {row.student_id: row.name for row in named}
    return [
        Claimed(row, guardians.get((row.student_id, row.recipient_id)), names.get(row.student_id, ""))
        for row in deliveries
    ]


def note(session: Session, delivery: Delivery, outcome: Outcome) -> None:
    """Write down what became of a delivery that was claimed, and let go of it."""
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state == "due")
        .values(
            claimed_until=None, state=outcome.state, attempts=outcome.attempts, reason=outcome.reason,
            due_at=outcome.due_at or delivery.due_at, sent_at=outcome.sent_at,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def deliveries(
    session: Session, *, recipient_id: UUID | None, student_id: UUID | None, state: str | None,
    after: UUID | None, limit: int,
) -> list[Delivery]:  # fmt: skip
    """Deliveries, newest first, of a recipient or of the school, from behind `after`."""
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


def keep_students(session: Session, school_id: UUID, facts: list[dict[str, Any]]) -> None:
    """Copy identity's facts of students where they are newer, with the guardians."""
    students = [
        {
            "school_id": school_id, "student_id": fact["student_id"], "revision": fact["revision"],
            "name": fact["name"],
        }
        for fact in facts
    ]  # fmt: skip
    written = keep_newer(session, StudentCopy, students)
    session.execute(delete(GuardianCopy).where(GuardianCopy.student_id.in_(written)))
    guardians = [
        {"school_id": school_id, "student_id": fact["student_id"], **guardian}
        for fact in facts if fact["student_id"] in written
        for guardian in fact["guardians"]
    ]  # fmt: skip
    if guardians:
        session.execute(insert(GuardianCopy), guardians)

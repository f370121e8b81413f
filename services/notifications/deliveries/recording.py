"""Writes deliveries: creates them, claims them, records outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.data.rows import insert_rows, update_rows
from services.notifications.copies.queries import guardians_of, names_of
from services.notifications.copies.rules import Guardian
from services.notifications.deliveries import queries
from services.notifications.deliveries.rules import EMAIL, Outcome
from services.notifications.deliveries.tables import Delivery

_DUE: Final = Delivery.__table__.c.state == "due"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed delivery with the present facts of its recipient; `guardian` is None if there is none any more."""

    delivery: Delivery
    guardian: Guardian | None
    student: str


def add_deliveries(
    session: Session,
    school_id: UUID,
    guardians: Iterable[Guardian],
    *,
    message_id: str,
    kind: str,
    subjects: Mapping[UUID, UUID],
    at: datetime,
) -> None:
    """Create due e-mails to these guardians, except those that the same message created before.

    `subjects` maps each guardian's student to what the e-mail is about.
    """
    rows = [
        {
            "school_id": school_id,
            "id": uuid7(),
            "message_id": message_id,
            "kind": kind,
            "subject_id": subjects[guardian.student_id],
            "student_id": guardian.student_id,
            "recipient_id": guardian.guardian_id,
            "channel": EMAIL,
            "state": "due",
            "reason": "",
            "attempts": 0,
            "created_at": at,
            "due_at": at,
        }
        for guardian in guardians
    ]
    insert_rows(session, Delivery, rows, new_only=True)


def claim_due(session: Session, moment: datetime, until: datetime, limit: int) -> list[Claimed]:
    """Claim due deliveries until `until`, except those that another replica is claiming at this moment."""
    deliveries = queries.due(session, moment, limit)
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_([delivery.id for delivery in deliveries]))
        .values(claimed_until=until)
        .execution_options(synchronize_session=False)
    )
    students = {delivery.student_id for delivery in deliveries}
    guardians = {(row.student_id, row.guardian_id): row for row in guardians_of(session, students)}
    names = names_of(session, students)
    return [
        Claimed(row, guardians.get((row.student_id, row.recipient_id)), names.get(row.student_id, ""))
        for row in deliveries
    ]


def note(session: Session, outcomes: Iterable[tuple[Delivery, Outcome]]) -> None:
    """Record the outcomes of claimed deliveries and release the claims."""
    rows = [
        {
            "id": delivery.id,
            "claimed_until": None,
            "state": outcome.state,
            "attempts": outcome.attempts,
            "reason": outcome.reason,
            "due_at": outcome.due_at or delivery.due_at,
            "sent_at": outcome.sent_at,
        }
        for delivery, outcome in outcomes
    ]
    update_rows(session, Delivery, rows, _DUE)

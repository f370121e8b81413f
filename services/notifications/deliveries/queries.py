"""Every SELECT of deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.day_changes import TimetableChanged
from services.notifications.copies.queries import guardians_of, names_of
from services.notifications.copies.rules import Guardian
from services.notifications.deliveries.tables import Delivery, SchoolTurn

#: Letters about these gather what happened to a day.
_BY_DAY: Final = (AbsenceRecorded.NAME, TimetableChanged.NAME)


@dataclass(frozen=True, slots=True)
class DueLetter:
    """A due delivery with the present facts of its recipient; `guardian` is None if there is none any more.

    `told` is the digest of the last letter to the recipient about the same thing and student: empty if it is not
    known, None if there was no letter.
    """

    delivery: Delivery
    guardian: Guardian | None
    student: str
    told: str | None = None


def _ready(moment: datetime) -> ColumnElement[bool]:
    return and_(_open(moment), Delivery.due_at <= moment)


def _open(moment: datetime) -> ColumnElement[bool]:
    """Due now or later, and not claimed by a replica of an earlier version."""
    unclaimed = or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= moment)
    return and_(Delivery.state == "due", unclaimed)


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
    """The school's due letters, the longest waiting first, and those that are due later to the same families.

    `limit` does not count these: what is due about one thing is one letter, whenever it became due.
    """
    ready = select(Delivery).where(_ready(moment)).order_by(Delivery.due_at, Delivery.id).limit(limit)
    rows = list(session.scalars(ready))
    students = {row.student_id for row in rows}
    guardians = {(one.student_id, one.guardian_id): one for one in guardians_of(session, students)}
    rows += _beside(session, rows, guardians, moment)
    names = names_of(session, students)
    told = _told(session, rows)
    return [
        DueLetter(
            row,
            guardians.get((row.student_id, row.recipient_id)),
            names.get(row.student_id, ""),
            told.get((row.student_id, row.recipient_id, row.subject_id, _is_of_timetable(row.kind))),
        )
        for row in rows
    ]


def _beside(
    session: Session, rows: Sequence[Delivery], guardians: Mapping[tuple[UUID, UUID], Guardian], moment: datetime
) -> list[Delivery]:
    """Other open deliveries about a student of `rows` that may become one letter with one of them.

    They are about the same thing, or both about attendance, or both about the timetable, and go to the same address.
    """

    def key(row: Delivery) -> tuple[UUID, object, str]:
        guardian = guardians.get((row.student_id, row.recipient_id))
        thing = row.kind if row.kind in _BY_DAY else row.subject_id
        return row.student_id, thing, ((guardian.email if guardian else None) or "").strip().casefold()

    known, keys = {row.id for row in rows}, {key(row) for row in rows}
    open_now = select(Delivery).where(_open(moment), Delivery.student_id.in_({row.student_id for row in rows}))
    found = session.scalars(open_now.order_by(Delivery.due_at, Delivery.id)) if rows else ()
    return [row for row in found if row.id not in known and key(row) in keys]


def _is_of_timetable(kind: str) -> bool:
    """Whether a letter about a lesson is about its place in the timetable, and not about its homework."""
    return kind == TimetableChanged.NAME


def _told(session: Session, rows: Iterable[Delivery]) -> dict[tuple[UUID, UUID, UUID, bool], str]:
    """(student, recipient, subject, of its timetable) → the digest of the last letter about it, empty if not known."""
    subjects = {row.subject_id for row in rows}
    if not subjects:
        return {}
    columns = Delivery.student_id, Delivery.recipient_id, Delivery.subject_id, Delivery.kind, Delivery.told
    sent = select(*columns).where(Delivery.subject_id.in_(subjects), Delivery.state == "sent")
    return {
        (student, recipient, subject, _is_of_timetable(kind)): told or ""
        for student, recipient, subject, kind, told in session.execute(sent.order_by(Delivery.sent_at, Delivery.id))
    }


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

"""Writes deliveries: creates them, takes the turn to send a school's, records outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Delete, MetaData, Table, delete, select, tuple_, update
from sqlalchemy.orm import Session

from kernel.data.copies import insert_into
from kernel.data.rows import insert_rows, update_rows
from services.notifications.copies.rules import Guardian
from services.notifications.deliveries import months
from services.notifications.deliveries.rules import EMAIL, Outcome, delivery_id
from services.notifications.deliveries.tables import Delivery, SchoolTurn

_DUE: Final = Delivery.__table__.c.state == "due"
_UNDIVIDED: Final = cast(Table, Delivery.__table__)
_IN_NO_MONTH: Final = _UNDIVIDED.to_metadata(MetaData(), name=months.OTHER)


def add_deliveries(
    session: Session,
    school_id: UUID,
    guardians: Iterable[Guardian],
    *,
    message_id: str,
    kind: str,
    subjects: Mapping[UUID, UUID],
    at: datetime,
    after: timedelta = timedelta(0),
) -> None:
    """Create e-mails to these guardians, due some time `after` now, except those that the same message created before.

    `subjects` maps each guardian's student to what the e-mail is about.
    """
    rows = [
        {
            "school_id": school_id,
            "id": delivery_id(message_id, guardian.student_id, guardian.guardian_id, EMAIL, at),
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
            "due_at": at + after,
        }
        for guardian in guardians
    ]
    insert_rows(session, Delivery, rows, new_only=True)


def take_turn(session: Session, school_id: UUID, holder: str, *, free_at: datetime, until: datetime) -> bool:
    """Let `holder` alone send the school's letters until `until`. Returns False if somebody else took the turn.

    `free_at` is when the school was seen to be free: who has been served since then waits for the others.
    """
    statement = insert_into(session, SchoolTurn)
    new = {"holder": statement.excluded.holder, "leased_until": statement.excluded.leased_until}
    statement = statement.on_conflict_do_update(
        index_elements=[SchoolTurn.school_id], set_=new, where=SchoolTurn.leased_until <= free_at
    ).returning(SchoolTurn.school_id)
    row = {"school_id": school_id, "holder": holder, "leased_until": until}
    return session.scalars(statement, [row]).first() is not None


def keep_turn(session: Session, holder: str, until: datetime) -> bool:
    """Hold the school's turn until a later time. Returns False if it is another's by now."""
    return _set_turn(session, holder, leased_until=until)


def end_turn(session: Session, holder: str, at: datetime) -> None:
    """Leave the school's next turn to anybody, if `holder` still has this one."""
    _set_turn(session, holder, holder="", leased_until=at)


def _set_turn(session: Session, of: str, **values: Any) -> bool:
    own = update(SchoolTurn).where(SchoolTurn.holder == of).values(values)
    result = session.execute(own, execution_options={"synchronize_session": False})
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult: the statement is DML


def note(session: Session, outcomes: Iterable[tuple[Delivery, Outcome]]) -> None:
    """Record the outcomes of due deliveries."""
    rows = [
        {
            "id": delivery.id,
            "state": outcome.state,
            "attempts": outcome.attempts,
            "reason": outcome.reason,
            "due_at": outcome.due_at or delivery.due_at,
            "sent_at": outcome.sent_at,
            "told": outcome.told,
        }
        for delivery, outcome in outcomes
    ]
    update_rows(session, Delivery, rows, _DUE)


def forget_batch(session: Session, before: datetime, limit: int) -> int:
    """Delete at most `limit` deliveries that were created before that moment. Returns how many.

    Letters that are still due stay. On PostgreSQL it deletes what lies in no month; months are dropped as a whole.
    """
    table = _UNDIVIDED if session.get_bind().dialect.name == "sqlite" else _IN_NO_MONTH
    return session.execute(_forgetting(table, before, limit)).rowcount  # type: ignore[attr-defined]  # a CursorResult


def _forgetting(table: Table, before: datetime, limit: int) -> Delete:
    key = (table.c.school_id, table.c.id)
    old = select(*key).where(table.c.created_at < before, table.c.state != "due").limit(limit)
    return delete(table).where(tuple_(*key).in_(old))

"""Many rows are one statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from kernel.data.database import UnitOfWork
from kernel.data.inbox import InboxRow
from kernel.data.rows import insert_rows
from kernel.data.tenancy import WrongTenant
from tests.kernel.bell import Sound
from tests.kit.calls import statements

SCHOOL = uuid4()
NOW = datetime.now(UTC)


def sounds(count: int, school: UUID = SCHOOL) -> list[dict]:
    return [
        {"school_id": school, "ring_id": uuid4(), "number": number, "bell_id": uuid4(), "process": 1}
        for number in range(count)
    ]


def handled(*message_ids: str) -> list[dict]:
    return [
        {
            "consumer": "bell.on_rang",
            "message_id": message_id,
            "tenant_id": None,
            "received_at": NOW + timedelta(seconds=number),
            "fingerprint": "é'\"{}",
            "answer": None if number else b"\x00\xff",
        }
        for number, message_id in enumerate(message_ids)
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_thirty_rows_are_one_statement_as_one_is(unit_of_work: UnitOfWork, count: int) -> None:
    rows = sounds(count)
    with statements(unit_of_work.engine) as sent, unit_of_work.of(SCHOOL) as session:
        insert_rows(session, Sound, rows)
    assert len(sent) == 1
    with unit_of_work.of(SCHOOL) as session:
        kept = session.execute(select(Sound.ring_id, Sound.number).order_by(Sound.number)).all()
    assert [tuple(row) for row in kept] == [(row["ring_id"], row["number"]) for row in rows]


def test_values_come_back_as_they_were(unit_of_work: UnitOfWork) -> None:
    rows = handled("a", "b")
    with unit_of_work.everywhere() as session:
        insert_rows(session, InboxRow, rows)
    with unit_of_work.everywhere() as session:
        kept = session.scalars(select(InboxRow).order_by(InboxRow.message_id)).all()
    columns = rows[0].keys()
    assert [{name: getattr(row, name) for name in columns} for row in kept] == rows


def test_a_row_that_is_there_is_refused_or_left_out(unit_of_work: UnitOfWork) -> None:
    with unit_of_work.everywhere() as session:
        insert_rows(session, InboxRow, handled("a"))
    with pytest.raises(IntegrityError), unit_of_work.everywhere() as session:
        insert_rows(session, InboxRow, handled("a", "b"))
    with unit_of_work.everywhere() as session:
        insert_rows(session, InboxRow, handled("a", "b"), new_only=True)
        assert session.scalar(select(func.count()).select_from(InboxRow)) == 2


def test_no_rows_are_no_statement(unit_of_work: UnitOfWork) -> None:
    with statements(unit_of_work.engine) as sent, unit_of_work.of(SCHOOL) as session:
        insert_rows(session, Sound, [])
    assert sent == []


def test_a_row_of_another_tenant_is_refused(unit_of_work: UnitOfWork) -> None:
    rows = [*sounds(1), *sounds(1, uuid4())]
    with pytest.raises(WrongTenant), unit_of_work.of(SCHOOL) as session:
        insert_rows(session, Sound, rows)

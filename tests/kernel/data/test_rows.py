"""Many rows are one statement."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import DataError, IntegrityError

from kernel.data.database import UnitOfWork
from kernel.data.inbox import InboxRow
from kernel.data.rows import NewRows, Then, insert_all, insert_rows, joined, update_rows
from kernel.data.tenancy import WrongTenant
from tests.kernel.bell import Sound, Tick
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


def test_a_text_that_is_too_long_is_refused_and_not_cut(unit_of_work: UnitOfWork) -> None:
    limited = unit_of_work.engine.dialect.name == "postgresql"  # SQLite limits no text
    with pytest.raises(DataError) if limited else nullcontext(), unit_of_work.everywhere() as session:
        insert_rows(session, InboxRow, handled("a" * 201))


def test_rows_of_different_columns_are_refused(unit_of_work: UnitOfWork) -> None:
    first, second = handled("a", "b")
    del first["answer"]
    with pytest.raises(ValueError, match="the same columns"), unit_of_work.everywhere() as session:
        insert_rows(session, InboxRow, [first, second])


def test_no_rows_are_no_statement(unit_of_work: UnitOfWork) -> None:
    with statements(unit_of_work.engine) as sent, unit_of_work.of(SCHOOL) as session:
        insert_rows(session, Sound, [])
    assert sent == []


def test_a_row_of_another_tenant_is_refused(unit_of_work: UnitOfWork) -> None:
    rows = [*sounds(1), *sounds(1, uuid4())]
    with pytest.raises(WrongTenant), unit_of_work.of(SCHOOL) as session:
        insert_rows(session, Sound, rows)


def test_rows_of_several_tables_are_one_statement_and_share_what_is_the_same(unit_of_work: UnitOfWork) -> None:
    message = {"message_id": "a", "received_at": NOW}
    own = [{"school_id": SCHOOL, "ring_id": uuid4(), "number": number} for number in range(2)]
    shared = {"bell_id": uuid4(), "process": 1}
    with statements(unit_of_work.engine) as sent, unit_of_work.of(SCHOOL) as session:
        insert_all(
            session,
            NewRows(InboxRow, [message], {"consumer": "bell", "fingerprint": ""}),
            NewRows(Tick, []),
            NewRows(Sound, own, shared),
        )
    assert len(sent) == (1 if unit_of_work.engine.dialect.name == "postgresql" else 2)
    with unit_of_work.of(SCHOOL) as session:
        found = session.scalars(select(Sound).order_by(Sound.number)).all()
        assert [{name: getattr(row, name) for name in {**own[0], **shared}} for row in found] == [
            {**row, **shared} for row in own
        ]
        assert session.execute(select(InboxRow.consumer, InboxRow.message_id, InboxRow.received_at)).all() == [
            ("bell", "a", NOW)
        ]


def test_what_is_there_is_left_out_beside_rows_of_other_tables(unit_of_work: UnitOfWork) -> None:
    with unit_of_work.everywhere() as session:
        insert_rows(session, InboxRow, handled("a"))
    with unit_of_work.of(SCHOOL) as session:
        insert_all(session, NewRows(InboxRow, handled("a", "b"), new_only=True), NewRows(Sound, sounds(2)))
        assert [session.scalar(select(func.count()).select_from(one)) for one in (InboxRow, Sound)] == [2, 2]


@pytest.mark.parametrize("count", [0, 2])
def test_an_update_goes_with_the_inserts_or_alone(unit_of_work: UnitOfWork, count: int) -> None:
    with unit_of_work.everywhere() as session:
        insert_rows(session, InboxRow, handled("a", "b"))
    table: Any = InboxRow.__table__
    change = update(table).where(table.c.message_id == bindparam("of")).values(fingerprint=bindparam("said"))
    with statements(unit_of_work.engine) as sent, unit_of_work.of(SCHOOL) as session:
        insert_all(session, NewRows(Sound, sounds(count)), then=Then(change, {"of": "b", "said": "changed"}))
    assert len(sent) == (1 if unit_of_work.engine.dialect.name == "postgresql" or not count else 2)
    with unit_of_work.everywhere() as session:
        kept = session.execute(select(InboxRow.message_id, InboxRow.fingerprint).order_by(InboxRow.message_id)).all()
        assert [tuple(row) for row in kept] == [("a", "é'\"{}"), ("b", "changed")]
        assert session.scalar(select(func.count()).select_from(Sound)) == count


@pytest.mark.parametrize("shared", [{"school_id": uuid4()}, {"process": 2}])
def test_a_shared_tenant_is_checked_as_a_row_s_own(unit_of_work: UnitOfWork, shared: dict) -> None:
    rows = [{name: value for name, value in row.items() if name not in shared} for row in sounds(1, uuid4())]
    with pytest.raises(WrongTenant), unit_of_work.of(SCHOOL) as session:
        insert_all(session, NewRows(Sound, rows, shared))


def test_parts_of_one_class_become_one_part() -> None:
    first = NewRows(Sound, [{"number": 1}], {"school_id": SCHOOL, "process": 1})
    second = NewRows(Sound, [{"number": 2}, {"number": 3}], {"school_id": SCHOOL, "process": 2})
    handled = NewRows(InboxRow, [{"consumer": "a"}])
    assert joined([first, handled, NewRows(Sound, []), second]) == [
        NewRows(
            Sound,
            [{"number": 1, "process": 1}, {"number": 2, "process": 2}, {"number": 3, "process": 2}],
            {"school_id": SCHOOL},
        ),
        handled,
    ]


class TestUpdates:
    """Rows named by their ids."""

    QUIET = Sound.__table__.c.process == 1

    @pytest.fixture
    def ids(self, unit_of_work: UnitOfWork) -> list[int]:
        with unit_of_work.of(SCHOOL) as session:
            insert_rows(session, Sound, sounds(3))
            return list(session.scalars(select(Sound.id).order_by(Sound.number)))

    @staticmethod
    def numbers(unit_of_work: UnitOfWork) -> list[int]:
        with unit_of_work.everywhere() as session:
            return list(session.scalars(select(Sound.number).order_by(Sound.id)))

    def test_each_row_gets_its_own_values_and_others_stay(self, unit_of_work: UnitOfWork, ids: list[int]) -> None:
        rows = [{"id": ids[0], "number": 10}, {"id": ids[2], "number": 12}]
        with statements(unit_of_work.engine) as sent, unit_of_work.of(SCHOOL) as session:
            update_rows(session, Sound, rows, self.QUIET)
        assert len(sent) == 1
        assert self.numbers(unit_of_work) == [10, 1, 12]

    def test_a_row_for_which_the_condition_does_not_hold_stays(self, unit_of_work: UnitOfWork, ids: list[int]) -> None:
        with unit_of_work.of(SCHOOL) as session:
            update_rows(session, Sound, [{"id": ids[1], "process": 2}])
            update_rows(session, Sound, [{"id": one, "number": 9} for one in ids], self.QUIET)
        assert self.numbers(unit_of_work) == [9, 1, 9]

    def test_another_tenants_row_stays(self, unit_of_work: UnitOfWork, ids: list[int]) -> None:
        with unit_of_work.of(uuid4()) as session:
            update_rows(session, Sound, [{"id": one, "number": 9} for one in ids])
        assert self.numbers(unit_of_work) == [0, 1, 2]
        with pytest.raises(WrongTenant), unit_of_work.everywhere() as session:
            update_rows(session, Sound, [{"id": ids[0], "number": 9}])

"""Moments are kept in UTC and come back with their zone; days are the school's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from kernel import clock
from kernel.data.database import UnitOfWork
from tests.kernel.bell import Tick

SAMARA = timezone(timedelta(hours=4))


def test_a_moment_of_any_zone_comes_back_in_utc(unit_of_work: UnitOfWork):
    moment = datetime(2026, 9, 1, 8, 30, 15, 250_000, SAMARA)
    with unit_of_work.everywhere() as session:
        session.execute(insert(Tick), [{"at": moment, "process": 1}])
    with unit_of_work.everywhere() as session:
        kept = session.scalars(select(Tick.at)).one()
        assert session.scalars(select(Tick.id).where(Tick.at == moment)).one()
    assert kept == moment
    assert kept.tzinfo is UTC or kept.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(unit_of_work: UnitOfWork):
    naive = datetime(2026, 9, 1, 8, 30, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(StatementError, match="without zone"), unit_of_work.everywhere() as session:
        session.execute(insert(Tick), [{"at": naive, "process": 1}])


def test_the_present_is_known_with_its_zone():
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Moscow", date(2026, 8, 31)), ("Europe/Samara", date(2026, 9, 1)), ("Asia/Kamchatka", date(2026, 9, 1))],
)
def test_a_day_begins_where_the_school_is(zone: str, day: date):
    assert clock.local_date(datetime(2026, 8, 31, 20, 30, tzinfo=UTC), zone) == day

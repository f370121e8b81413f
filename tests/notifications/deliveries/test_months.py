"""Deliveries are kept for a time: on PostgreSQL in months that are dropped, on SQLite in one table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from kernel.clock import now
from kernel.config import Settings
from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from services.notifications.deliveries import entrypoints, months
from services.notifications.deliveries.rules import EMAIL, delivery_id
from services.notifications.deliveries.tables import Delivery
from services.notifications.service import NotificationsService

SCHOOL = uuid4()
KEPT = timedelta(days=120)


@pytest.fixture
def keeper(database_url: str) -> Iterator[NotificationsService]:
    """Notifications on a database of its own, since its partitions change."""
    migrations.upgrade("notifications", database_url)
    made = NotificationsService()
    made.unit_of_work = UnitOfWork(make_engine(database_url))
    made.settings = Settings(keep_deliveries_days=KEPT.days)
    yield made
    made.unit_of_work.engine.dispose()


on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def kept(service: Any) -> set[UUID]:
    with service.unit_of_work.of(SCHOOL) as session:
        return set(session.scalars(select(Delivery.id)))


def add(service: Any, at: datetime, state: str = "sent") -> UUID:
    """A delivery whose event was at this moment."""
    student, recipient = uuid4(), uuid4()
    row = {
        "school_id": SCHOOL, "id": delivery_id("m", student, recipient, EMAIL, at), "message_id": "m",
        "kind": "mark_posted", "subject_id": uuid4(), "student_id": student, "recipient_id": recipient,
        "channel": EMAIL, "state": state, "reason": "", "attempts": 1, "created_at": at, "due_at": at,
    }  # fmt: skip
    with service.unit_of_work.of(SCHOOL) as session:
        session.execute(insert(Delivery), [row])
    return row["id"]


def partition_of(service: Any, delivery: UUID) -> str:
    with service.unit_of_work.of(SCHOOL) as session:
        found = session.scalar(text("SELECT tableoid::regclass::text FROM delivery WHERE id = :id"), {"id": delivery})
    return str(found)


def months_of(service: Any) -> list[date]:
    with service.unit_of_work.everywhere() as session:
        return months.kept_months(session)


def make(service: Any, month: date) -> None:
    with service.unit_of_work.everywhere() as session:
        months.make(session, month)


def months_ago(number: int) -> date:
    place = now().year * 12 + now().month - 1 - number
    return date(place // 12, place % 12 + 1, 1)


def test_what_is_older_than_the_settings_say_is_forgotten_in_batches(keeper, monkeypatch):
    monkeypatch.setattr(entrypoints, "BATCH", 2)
    for _ in range(5):
        add(keeper, now() - KEPT - timedelta(hours=1))
    given_up, young = (
        add(keeper, now() - KEPT - timedelta(hours=1), "gone"),
        add(keeper, now() - KEPT + timedelta(hours=1)),
    )
    keeper.forget_old_deliveries()
    assert kept(keeper) == {young}
    assert given_up not in kept(keeper)


def test_a_letter_that_is_still_due_is_never_forgotten(keeper):
    due = add(keeper, now() - 3 * KEPT, "due")
    keeper.forget_old_deliveries()
    assert kept(keeper) == {due}


@on_postgres
def test_a_new_database_has_this_month_and_the_next_ones(keeper):
    assert months_of(keeper) == list(months.months_from(now().date(), 1 + months.AHEAD))
    assert partition_of(keeper, add(keeper, now())) == months.name_of(now().date())


@on_postgres
def test_a_month_is_dropped_once_all_of_it_is_old_enough(keeper):
    whole, partly = months_ago(6), (now() - KEPT).date()
    make(keeper, whole)
    make(keeper, partly)
    old, young = add(keeper, months.begin_of(whole)), add(keeper, now() - KEPT + timedelta(minutes=1))
    assert partition_of(keeper, old) == months.name_of(whole)
    with capture_logs() as lines:
        keeper.forget_old_deliveries()
    assert kept(keeper) == {young}
    assert months_of(keeper)[0] == partly.replace(day=1)
    assert [line["months"] for line in lines if line["event"] == "deliveries_forgotten"] == [[months.name_of(whole)]]


@on_postgres
def test_a_month_in_which_a_letter_is_due_stays_whole_and_is_told(keeper):
    month = months_ago(8)
    make(keeper, month)
    sent, due = add(keeper, months.begin_of(month)), add(keeper, months.begin_of(month), "due")
    with capture_logs() as lines:
        keeper.forget_old_deliveries()
    assert kept(keeper) == {sent, due}
    assert {"event": "deliveries_still_due", "log_level": "warning", "months": [months.name_of(month)]} in lines
    with keeper.unit_of_work.of(SCHOOL) as session:
        session.get_one(Delivery, (SCHOOL, due)).state = "gone"
    keeper.forget_old_deliveries()
    assert kept(keeper) == set()


@on_postgres
def test_the_months_to_come_are_made_with_what_already_lies_in_them(keeper):
    ahead = months_of(keeper)
    with keeper.unit_of_work.everywhere() as session:
        session.execute(text(f"DROP TABLE {months.name_of(ahead[-1])}"))
    moments = (months.begin_of(months_ago(1)), months.begin_of(ahead[-1]), months.end_of(ahead[-1]))
    before, early, late = (add(keeper, moment) for moment in moments)
    assert {partition_of(keeper, one) for one in (before, early, late)} == {months.OTHER}
    keeper.forget_old_deliveries()
    assert months_of(keeper) == ahead
    assert partition_of(keeper, early) == months.name_of(ahead[-1])
    assert partition_of(keeper, before) == partition_of(keeper, late) == months.OTHER
    assert kept(keeper) == {before, early, late}


@on_postgres
def test_partitions_are_separated_by_school_also_by_their_own_names(keeper, database_url):
    make(keeper, months_ago(1))
    add(keeper, months.begin_of(months_ago(1)))
    assert migrations.differences("notifications", database_url) == []
    query = text(f"SELECT count(*) FROM {months.name_of(months_ago(1))}")
    with keeper.unit_of_work.of(SCHOOL) as session:
        assert session.scalar(query) == 1
    with keeper.unit_of_work.of(uuid4()) as session:
        assert session.scalar(query) == 0


@on_postgres
def test_months_wait_for_running_statements_but_not_for_long(keeper, monkeypatch):
    monkeypatch.setattr(months, "WAIT", text("SET LOCAL lock_timeout = '50ms'"))
    make(keeper, months_ago(8))
    with keeper.unit_of_work.of(SCHOOL) as session:
        session.scalars(select(Delivery.id)).all()
        with pytest.raises(OperationalError):
            keeper.forget_old_deliveries()
    keeper.forget_old_deliveries()
    assert months_ago(8) not in months_of(keeper)


@pytest.mark.parametrize(
    ("first", "following"), [(date(2026, 11, 29), [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)])]
)
def test_months_follow_each_other_over_the_turn_of_the_year(first, following):
    assert list(months.months_from(first, 3)) == following
    assert months.end_of(first) == datetime(2026, 12, 1, tzinfo=UTC)
    assert months.first_id(months.end_of(first)) == UUID(int=1796083200000 << 80)

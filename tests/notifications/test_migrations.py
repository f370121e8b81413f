"""The schema of notifications."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text
from uuid_utils.compat import uuid7

from kernel.clock import now
from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from kernel.data.leases import LEASE, take_slot
from services.notifications.deliveries import months
from services.notifications.deliveries.tables import Delivery
from tests.kit.databases import on_both


@on_both
def test_the_migrations_make_the_tables_that_are_declared(engine):
    assert migrations.differences("notifications", engine.url.render_as_string(hide_password=False)) == []


def test_a_replica_of_an_earlier_version_sends_no_letters_any_more(database_url):
    """It would take the slots of one timer for the whole installation, and send what turns are being sent for."""
    migrations.upgrade("notifications", database_url)
    engine = make_engine(database_url)
    work, later = UnitOfWork(engine), now() + 2 * LEASE
    assert not take_slot(work, "notifications.send_due", int(later.timestamp()), "earlier", later)
    assert take_slot(work, "notifications.another", 1, "earlier", later)
    engine.dispose()


def test_deliveries_are_moved_into_their_months(database_url):
    migrations.upgrade("notifications", database_url, "0003")
    engine = make_engine(database_url)
    work, school_id = UnitOfWork(engine), uuid4()
    moments = [now(), now() - timedelta(days=70), now() - timedelta(days=400)]
    rows = [earlier(school_id, at, state) for at in moments for state in ("sent", "due")]
    with work.of(school_id) as session:
        session.execute(insert(Delivery), rows)
    migrations.upgrade("notifications", database_url)
    assert migrations.differences("notifications", database_url) == []
    with work.of(school_id) as session:
        kept = {row.id: row for row in session.scalars(select(Delivery))}
        if engine.dialect.name == "postgresql":
            lies_in = {
                row.id: row.part for row in session.execute(text("SELECT id, tableoid::regclass AS part FROM delivery"))
            }
            assert lies_in == {row["id"]: months.name_of(row["created_at"].date()) for row in rows}
    assert {one: (row.state, row.created_at, row.message_id) for one, row in kept.items()} == {
        row["id"]: (row["state"], row["created_at"], row["message_id"]) for row in rows
    }
    with work.of(uuid4()) as session:
        assert session.scalars(select(Delivery)).all() == []
    engine.dispose()


def earlier(school_id: UUID, at: datetime, state: str) -> dict[str, Any]:
    """A row as earlier versions wrote it: with an id by chance."""
    message_id = UUID(int=int(at.timestamp() * 1000) << 80 | uuid7().int % (1 << 80))
    return {
        "school_id": school_id, "id": message_id, "message_id": str(message_id), "kind": "mark_posted",
        "subject_id": uuid4(), "student_id": uuid4(), "recipient_id": uuid4(), "channel": "email", "state": state,
        "reason": "", "attempts": 0, "created_at": at, "due_at": at,
    }  # fmt: skip

"""The schema of notifications."""

from __future__ import annotations

from kernel.clock import now
from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from kernel.data.leases import LEASE, take_slot


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

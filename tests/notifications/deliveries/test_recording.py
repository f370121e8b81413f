"""Deliveries as they are shared among replicas."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.clock import now
from services.notifications.deliveries import recording
from tests.kit.databases import on_both

pytestmark = on_both


@pytest.mark.usefixtures("homework")
def test_what_one_replica_sends_no_other_sends_until_the_claim_ends(service, school, mail_server):
    until = now() + timedelta(minutes=10)
    with service.unit_of_work.of(school.id) as session:
        claimed = recording.claim_due(session, now(), until, 100)
    assert len(claimed) == 4
    service.send_due()
    assert mail_server.letters == []
    with service.unit_of_work.of(school.id) as session:
        assert len(recording.claim_due(session, until, until + timedelta(minutes=10), 100)) == 4


@pytest.mark.usefixtures("homework")
def test_two_replicas_that_claim_at_once_share_what_is_due(service, school, engine):
    """On SQLite the second waits for the first; on PostgreSQL it passes over what the first holds."""
    moment, until = now(), now() + timedelta(minutes=10)
    with service.unit_of_work.of(school.id) as session:
        first = recording.claim_due(session, moment, until, 3)
        if engine.dialect.name == "postgresql":
            with service.unit_of_work.of(school.id) as other:
                second = recording.claim_due(other, moment, until, 3)
    if engine.dialect.name != "postgresql":
        with service.unit_of_work.of(school.id) as other:
            second = recording.claim_due(other, moment, until, 3)
    ids = [claimed.delivery.id for claimed in (*first, *second)]
    assert len(ids) == len(set(ids)) == 4

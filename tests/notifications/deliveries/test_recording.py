"""Turns of schools as they are shared among replicas."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from kernel.clock import now
from services.notifications.deliveries import recording
from tests.kit.databases import on_both

pytestmark = on_both

SECOND = timedelta(seconds=1)


def taken(service: Any, school_id: UUID, holder: str, free_at: datetime, until: datetime) -> bool:
    with service.unit_of_work.of(school_id) as session:
        return recording.take_turn(session, school_id, holder, free_at=free_at, until=until)


@pytest.fixture
def school_id() -> UUID:
    return uuid4()


def test_of_two_replicas_one_has_the_turn_until_its_lease_ends(service, school_id):
    moment = now()
    until = moment + 15 * SECOND
    assert taken(service, school_id, "one", moment, until)
    assert not taken(service, school_id, "other", until - SECOND, until + SECOND)
    assert taken(service, school_id, "other", until, until + SECOND)


def test_another_schools_turn_is_free(service, school_id):
    moment = now()
    assert taken(service, school_id, "one", moment, moment + SECOND)
    assert taken(service, uuid4(), "other", moment, moment + SECOND)


def test_a_renewed_turn_lasts_longer_for_its_holder_alone(service, school_id):
    moment = now()
    assert taken(service, school_id, "one", moment, moment + SECOND)
    with service.unit_of_work.of(school_id) as session:
        assert recording.keep_turn(session, "one", moment + 9 * SECOND)
        assert not recording.keep_turn(session, "other", moment + 99 * SECOND)
    assert not taken(service, school_id, "other", moment + 8 * SECOND, moment + 20 * SECOND)


def test_a_turn_that_another_took_is_neither_kept_nor_ended(service, school_id):
    moment = now()
    assert taken(service, school_id, "late", moment, moment + SECOND)
    assert taken(service, school_id, "other", moment + 2 * SECOND, moment + 15 * SECOND)
    with service.unit_of_work.of(school_id) as session:
        assert not recording.keep_turn(session, "late", moment + 99 * SECOND)
        recording.end_turn(session, "late", moment + 2 * SECOND)
    assert not taken(service, school_id, "third", moment + 14 * SECOND, moment + 99 * SECOND)


def test_an_ended_turn_is_free_except_for_who_saw_the_school_before(service, school_id):
    """Else a school would be served twice in a round, by two replicas that saw it at the same time."""
    moment = now()
    assert taken(service, school_id, "one", moment, moment + 15 * SECOND)
    with service.unit_of_work.of(school_id) as session:
        recording.end_turn(session, "one", moment + SECOND)
        assert not recording.keep_turn(session, "one", moment + 99 * SECOND)
    assert not taken(service, school_id, "other", moment, moment + 15 * SECOND)
    assert taken(service, school_id, "other", moment + SECOND, moment + 15 * SECOND)

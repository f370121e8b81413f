"""Whose letters come first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from contracts.gradebook.lessons import HomeworkSet
from kernel.clock import now
from services.notifications.deliveries import queries, recording
from tests.kit.calls import deliver
from tests.kit.databases import on_both
from tests.kit.town import School

pytestmark = on_both


@pytest.fixture
def other(school, town, service) -> School:
    """Another school, whose letters wait longer."""
    made = School(town)
    for one in (made, school):
        event = HomeworkSet(lesson_id=one.lesson, version=2, student_ids=(one.boris.person_id,))
        deliver(service, event, one.id, str(uuid7()))
    return made


def to_serve(service: Any, moment: datetime, limit: int = 10) -> list[UUID]:
    with service.unit_of_work.everywhere() as session:
        return queries.schools_to_serve(session, moment, limit)


def served(service: Any, school: School, at: datetime, until: datetime | None = None) -> None:
    """The school has its turn; it ends at once unless it lasts `until` a later time."""
    with service.unit_of_work.of(school.id) as session:
        assert recording.take_turn(session, school.id, "one", free_at=at, until=until or at)


def test_of_schools_that_had_no_turn_the_one_that_waits_longest_is_first(service, school, other):
    assert to_serve(service, now()) == [other.id, school.id]
    assert to_serve(service, now(), limit=1) == [other.id]
    assert to_serve(service, now() - timedelta(hours=1)) == []


def test_a_school_that_had_its_turn_comes_after_those_that_had_none_since(service, school, other):
    served(service, other, now())
    assert to_serve(service, now()) == [school.id, other.id]
    served(service, school, now())
    assert to_serve(service, now()) == [other.id, school.id]


def test_a_school_that_is_being_served_is_left_out_until_the_lease_ends(service, school, other):
    until = now() + timedelta(seconds=15)
    served(service, other, now(), until)
    assert to_serve(service, now()) == [school.id]
    assert to_serve(service, until) == [school.id, other.id]

"""Whose deliveries come first."""

from __future__ import annotations

from datetime import timedelta

from uuid_utils.compat import uuid7

from contracts.gradebook.lessons import HomeworkSet
from kernel.clock import now
from services.notifications.deliveries import queries
from tests.kit.calls import deliver
from tests.kit.databases import on_both
from tests.kit.town import School

pytestmark = on_both


def test_schools_that_wait_longest_are_served_first(service, school, town):
    other = School(town)
    for one in (other, school):
        event = HomeworkSet(lesson_id=one.lesson, version=2, student_ids=(one.boris.person_id,))
        deliver(service, event, one.id, str(uuid7()))
    with service.unit_of_work.everywhere() as session:
        assert queries.schools_with_due(session, now(), 10) == [other.id, school.id]
        assert queries.schools_with_due(session, now(), 1) == [other.id]
        assert queries.schools_with_due(session, now() - timedelta(hours=1), 10) == []

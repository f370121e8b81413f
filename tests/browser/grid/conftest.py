"""A journal that is ready to be typed into, and a lesson of its own for each test."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from services.gradebook.courses.tables import CourseTeacher
from tests.browser.conftest import Visitor
from tests.browser.grid.journal import Grid
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School

NUMBERS = iter(range(3, 60))


@pytest.fixture(scope="module")
def both(door: Site, school: School) -> Actor:
    """Who teaches algebra beside its teacher, and is homeroom teacher of the class: may enter absences, too."""
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        teacher = id_of(school.homeroom_a)
        session.add(
            CourseTeacher(
                school_id=school.id, course_id=school.algebra, teacher_id=teacher, since=TODAY - timedelta(days=90)
            )
        )
    return school.homeroom_a


@pytest.fixture
def lesson(school: School) -> UUID:
    """A lesson of today's that no other test writes to."""
    return school.add_lesson(uuid7(), school.algebra, TODAY, next(NUMBERS))


@pytest.fixture
def grid(visitor: Visitor, school: School, lesson: UUID, both: Actor) -> Grid:
    """The journal of algebra before its homeroom teacher, who teaches it."""
    return Grid(visitor, school, lesson, visitor.sign_in(both)).open()

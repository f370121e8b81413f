"""Letters that are due."""

from __future__ import annotations

import pytest

from contracts.gradebook.lessons import Lessons
from tests.kit.calls import call


@pytest.fixture
def homework(service, school, town) -> None:
    """Four letters are due: Anna's mother and father, Boris's and Vera's mother."""
    command = {"lesson_id": school.lesson, "version": 1, "homework": "No. 5"}
    call(town.gradebook, Lessons.describe_lesson, school.teacher, **command)
    town.carry()

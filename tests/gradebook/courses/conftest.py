"""A school of identity and the gradebook together, whose methodologist makes courses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.subjects import Subjects
from kernel.auth import Actor
from kernel.contract import Rpc
from services.gradebook.courses.tables import CourseMember
from tests.kit.calls import call
from tests.kit.town import School, Town, TownTemplate


@dataclass
class Made:
    """What tests do with courses."""

    school: School

    def call(self, method: Rpc, actor: Actor | None = None, **command: Any) -> dict[str, Any]:
        return call(self.school.town.gradebook, method, actor or self.school.methodologist, **command)

    @property
    def year(self) -> dict[str, Any]:
        """The year of the school's courses: a test may add later ones."""
        return dict(self.call(Calendar.calendar)["years"][-1])

    def subject(self, name: str) -> dict[str, Any]:
        return self.call(Subjects.add_subject, name=name)

    def course(self, name: str = "Физика", class_id: UUID | None = None, **more: Any) -> dict[str, Any]:
        """A course of a subject of its own, of the whole of 7A if nothing else is said."""
        known = {one["name"]: one for one in self.call(Subjects.subjects)["subjects"]}
        subject = known.get(name) or self.subject(name)
        place = {"year_id": self.year["id"], "class_id": class_id or self.school.class_a}
        return self.call(Courses.make_course, subject_id=subject["id"], **{**place, **more})

    def members(self, course_id: str) -> dict[str, tuple[str, str | None]]:
        """Student → first and last day."""
        found = self.call(Courses.course, course_id=course_id)["members"]
        return {one["student_id"]: (one["since"], one["until"]) for one in found}

    def rows(self) -> list[CourseMember]:
        with self.school.town.gradebook.unit_of_work.of(self.school.id) as session:
            return list(session.scalars(select(CourseMember)))


@pytest.fixture
def made(towns: TownTemplate, town: Town) -> Made:
    return Made(towns.school(town))

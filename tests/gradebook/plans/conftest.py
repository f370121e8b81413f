"""A school with a head of mathematics, plans to work on, and the calls that tests of plans make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from contracts.gradebook.plans import Plans
from kernel.auth import Actor
from services.gradebook.courses import tables as courses_tables
from services.gradebook.plans.tables import AssociationHead
from tests.kit.calls import call


@dataclass
class Planning:
    """Thematic plans of the school's algebra, grade 7."""

    school: Any
    head: Actor = field(init=False)
    other_head: Actor = field(init=False)
    subject_id: UUID = field(default_factory=uuid7)

    def __post_init__(self) -> None:
        self.head, self.other_head = self.school.actor("plan_head"), self.school.actor("plan_head")
        with self.school.service.unit_of_work.of(self.school.id) as session:
            session.add(courses_tables.Subject(id=self.subject_id, name="Алгебра"))
            session.flush()
            session.get_one(courses_tables.Course, (self.school.id, self.school.course_id)).subject_id = self.subject_id
        self.school.save(AssociationHead, {"person_id": self.head.person_id, "subject_id": self.subject_id})

    def ask(self, method: Any, actor: Actor | None = None, **command: Any) -> dict[str, Any]:
        return call(self.school.service, method, actor or self.head, **command)

    def begun(self, *topics: dict[str, Any], actor: Actor | None = None, **more: Any) -> dict[str, Any]:
        """A draft with these topics."""
        command = {"subject_id": self.subject_id, "grade": 7, "year_id": self.school.year_id, **more}
        return self.ask(Plans.add_plan, actor, topics=list(topics), **command)

    def changed(self, plan: dict[str, Any], topics: Iterable[dict[str, Any]], **more: Any) -> dict[str, Any]:
        """The plan with these topics, which may be some that it answered."""
        rows = [{name: value for name, value in one.items() if name != "taught"} for one in topics]
        command = {"plan_id": plan["id"], "title": plan["title"], "version": plan["version"], "topics": rows, **more}
        actor = command.pop("actor", None)
        return self.ask(Plans.change_plan, actor, **command)

    def submitted(self, *topics: dict[str, Any]) -> dict[str, Any]:
        plan = self.begun(*topics)
        return self.ask(Plans.submit_plan, plan_id=plan["id"], version=plan["version"])

    def attached(self, *topics: dict[str, Any]) -> dict[str, Any]:
        """A plan by which the school's algebra goes."""
        plan = self.submitted(*topics)
        return self.attach(plan, [self.school.course_id])

    def attach(self, plan: dict[str, Any], course_ids: list[UUID]) -> dict[str, Any]:
        command = {"plan_id": plan["id"], "version": plan["version"], "course_ids": course_ids}
        return self.ask(Plans.attach_plan, self.school.methodologist, **command)


@pytest.fixture
def planning(school: Any) -> Planning:
    return Planning(school)


def topic(text: str, hours: str = "1", **more: str) -> dict[str, Any]:
    """A row of a plan."""
    return {"topic": text, "hours": hours, **more}

"""The demo school's thematic plans: attached to courses, with what the lessons so far have covered of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from cli.building import Rows
from cli.demo.curriculum import SUBJECTS, TEACHERS
from cli.demo.load.facts import Facts
from cli.demo.model import Plan
from services.gradebook.plans import tables
from services.gradebook.plans.rules.teaching import Planned, matched

#: The steps of a plan's history, one version each.
STEPS = ("made", "submitted", "attached")
#: The local time at which plans were worked on, on the first day of the year.
PLANNED_AT = time(9)


def rows(facts: Facts) -> Rows:
    """The rows of plans, of the courses that go by them, and of heads of associations."""
    plans, moment = facts.school.plans, facts.at(facts.school.year.starts_on, PLANNED_AT)
    heads = dict(_heads(facts))
    return [
        (tables.AssociationHead, [{"person_id": head, "subject_id": subject} for subject, head in heads.items()]),
        (tables.Plan, [_plan(one, facts, heads, moment) for one in plans]),
        (tables.PlanTopic, [row for one in plans for row in _topics(one)]),
        (tables.PlanRevision, [row for one in plans for row in _revisions(one, heads, moment)]),
        (tables.PlanCourse, [_course(one, course_id) for one in plans for course_id in one.course_ids]),
        (tables.LessonTopic, list(_covered(facts))),
    ]


def _heads(facts: Facts) -> Iterator[tuple[UUID, UUID]]:
    """Subject → the head of its association, of those that have one."""
    people = {person.key: person.id for person in facts.school.people}
    by_speciality = {what: people[post.key] for post in TEACHERS if post.heads for what in post.specialities}
    specialities = {subject.code: subject.speciality for subject in SUBJECTS}
    for subject in facts.school.subjects:
        if specialities[subject.code] in by_speciality:
            yield subject.id, by_speciality[specialities[subject.code]]


def _plan(plan: Plan, facts: Facts, heads: dict[UUID, UUID], moment: datetime) -> dict[str, Any]:
    by = heads.get(plan.subject_id)
    return {
        "id": plan.id, "subject_id": plan.subject_id, "grade": plan.grade, "year_id": facts.school.year.id,
        "title": plan.title, "state": "submitted", "version": len(STEPS), "made_by": by, "changed_by": by,
        "changed_at": moment,
    }  # fmt: skip


def _topics(plan: Plan) -> Iterator[dict[str, Any]]:
    for place, topic in enumerate(plan.topics):
        yield {
            "id": topic.id, "plan_id": plan.id, "position": place, "section": topic.section, "topic": topic.topic,
            "hours": Decimal(1), "content": "", "control": topic.control, "homework": "",
        }  # fmt: skip


def _revisions(plan: Plan, heads: dict[UUID, UUID], moment: datetime) -> Iterator[dict[str, Any]]:
    for version, what in enumerate(STEPS, start=1):
        first = version == 1
        yield {
            "plan_id": plan.id, "version": version, "what": what, "note": "", "title": plan.title,
            "topics": [_remembered(row) for row in _topics(plan)] if first else None,
            "added": len(plan.topics) if first else 0, "changed": 0, "removed": 0,
            "changed_by": heads.get(plan.subject_id), "changed_at": moment,
        }  # fmt: skip


def _remembered(row: dict[str, Any]) -> dict[str, Any]:
    """A topic as the history keeps it."""
    texts = {name: row[name] for name in ("section", "topic", "content", "control", "homework")}
    return {"id": str(row["id"]), **texts, "hours": "1"}


def _course(plan: Plan, course_id: UUID) -> dict[str, Any]:
    return {"course_id": course_id, "plan_id": plan.id, "version": 1}


def _covered(facts: Facts) -> Iterator[dict[str, Any]]:
    """The topics that lessons have covered, found by their words as they are when a plan is attached."""
    lessons: defaultdict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for lesson in facts.school.lessons:
        if lesson.topic:
            lessons[lesson.course_id].append((lesson.id, lesson.topic))
    for plan in facts.school.plans:
        planned = [Planned(one.id, one.section, one.topic, Decimal(1)) for one in plan.topics]
        for course_id in plan.course_ids:
            for lesson_id, topic_id in matched(lessons[course_id], planned):
                yield {"lesson_id": lesson_id, "topic_id": topic_id}

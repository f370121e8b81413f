"""Views of thematic plans."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.gradebook.plans import ATTACHED
from services.gradebook.plans.queries import CourseRow, HeadRow, PlanShown, RevisionRow, SubjectRow
from services.gradebook.plans.rules.topics import Topic, written
from services.gradebook.rows import View, picked

if TYPE_CHECKING:
    from services.gradebook.plans.readers.taking import Read

_PLAN = ("id", "subject_id", "subject", "grade", "year_id", "title", "version", "changed_by", "changed_at")
_TEXTS = ("section", "topic", "content", "control", "homework")
_TOPIC = ("id", *_TEXTS)
_COURSE = ("id", "title", "class_id", "plan_id")
_REVISION = ("version", "what", "note", "added", "changed", "removed", "changed_by", "changed_at")


def plans(rows: Iterable[PlanShown], courses: Mapping[UUID, list[str]]) -> View:
    """Plans, with the titles of the courses that go by them."""
    return {"plans": [{**_line(row, bool(courses.get(row.id))), "courses": courses.get(row.id, [])} for row in rows]}


def plan(
    row: PlanShown, topics: Iterable[Topic], taught: Collection[UUID], courses: Sequence[CourseRow], may: list[str]
) -> View:
    """A plan with its topics and the courses that may go by it."""
    return {
        **_line(row, is_attached(row.id, courses)),
        "topics": [topic(one, taught=one.id in taught) for one in topics],
        "courses": [picked(one, _COURSE) for one in courses],
        "may": may,
    }


def topic(row: Topic, *, taught: bool) -> View:
    """A topic of a plan."""
    return {**picked(row, _TOPIC), "hours": written(row.hours), "taught": taught}


def is_attached(plan_id: UUID, courses: Iterable[CourseRow]) -> bool:
    """Whether any of the courses goes by the plan."""
    return any(one.plan_id == plan_id for one in courses)


def state_of(row: PlanShown, attached: bool) -> str:
    """The state of a plan as people know it."""
    return ATTACHED if attached else row.state


def history(plan: PlanShown, rows: Iterable[RevisionRow], past: View | None) -> View:
    """Every change of a plan; with what it was at one of them."""
    revisions = [picked(row, _REVISION) for row in rows]
    return {"plan_id": plan.id, "title": plan.title, "revisions": revisions, "past": past}


def associations(rows: Iterable[SubjectRow], heads: Iterable[HeadRow], mine: Collection[UUID]) -> View:
    """Subjects with the heads of their associations; `mine` are those on whose plans the actor works."""
    by_subject: dict[UUID, list[UUID]] = {}
    for head in heads:
        by_subject.setdefault(head.subject_id, []).append(head.person_id)
    return {
        "subjects": [
            {"subject_id": row.id, "subject": row.name, "head_ids": by_subject.get(row.id, []), "mine": row.id in mine}
            for row in rows
        ]
    }


def reading(file: str, read: Read) -> View:
    """What a file would become."""
    topics = [
        {**picked(one, _TEXTS), "hours": written(one.hours), "place": place}
        for one, place in zip(read.topics, read.places)
    ]
    columns = [
        {
            **picked(one, ("letters", "heading")),
            "meaning": one.meaning and one.meaning.value,
            "samples": list(one.samples),
        }
        for one in read.columns
    ]
    faults = [
        {"place": one.place, "rule": one.rule, "ru": one.reason.said("ru"), "en": one.reason.said("en")}
        for one in read.faults
    ]
    hours = written(sum((one.hours for one in read.topics), Decimal(0)))
    return {
        "file": file, "refused": not topics, "hours": hours, "topics": topics, "columns": columns, "faults": faults
    }  # fmt: skip


def _line(row: PlanShown, attached: bool) -> View:
    return {**picked(row, _PLAN), "state": state_of(row, attached), "hours": written(row.hours or Decimal(0))}

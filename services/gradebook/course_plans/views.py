"""Views of courses that go by plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from services.gradebook.course_plans.queries import CourseShown, Journal, LessonOfTopic
from services.gradebook.plans.rules.progress import Measure, Progress
from services.gradebook.plans.rules.teaching import Offered, Planned, Standing
from services.gradebook.plans.rules.topics import written
from services.gradebook.rows import View, picked

#: Topics to come that a lesson is offered beside the next one.
_AHEAD = 12


def progress(row: CourseShown, found: Progress, journal: Journal) -> View:
    """How far a course is."""
    return {
        "course_id": row.id,
        **picked(row, ("title", "class_id", "year_id", "division", "subject", "plan_id", "plan")),
        "hours": written(found.total),
        "due": found.due,
        "passed": written(found.passed),
        "freed": written(found.freed),
        "behind": written(found.behind),
        "fulfilled": found.fulfilled,
        "skipped": found.skipped,
        "without_topic": journal.without_topic,
    }


def topics(planned: Iterable[Planned], standing: Iterable[Standing], lessons: Iterable[LessonOfTopic]) -> list[View]:
    """The topics of a course with what became of them and when."""
    dates: dict[UUID, list[date]] = {}
    for lesson in lessons:
        dates.setdefault(lesson.topic_id, []).append(lesson.date)
    return [
        {
            **picked(one, ("id", "section", "topic", "control", "measure")),
            "hours": written(one.hours),
            "standing": stands.value,
            "dates": dates.get(one.id, []),
        }
        for one, stands in zip(planned, standing)
    ]


def proposal(measures: Iterable[Measure]) -> list[View]:
    """A proposal to catch up."""
    return [{**picked(one, ("topic_id", "measure")), "hours": written(one.hours)} for one in measures]


def lesson_offer(
    lesson_id: UUID,
    taken: Sequence[UUID],
    offered: Iterable[Offered],
    planned: Sequence[Planned],
    standing: Sequence[Standing],
) -> View:
    """What the plan holds for a lesson."""
    by_id = {one.id: one for one in planned}
    skipped = [one for one, stands in zip(planned, standing) if stands in (Standing.SKIPPED, Standing.DROPPED)]
    ahead = [one for one, stands in zip(planned, standing) if stands in (Standing.BEGUN, Standing.AHEAD)]
    return {
        "lesson_id": lesson_id,
        "taken": [_open(by_id[topic_id], False) for topic_id in taken if topic_id in by_id],
        "next": [_offered(one) for one in offered],
        "open": [*(_open(one, True) for one in skipped), *(_open(one, False) for one in ahead[:_AHEAD])],
    }


def offers(found: Mapping[UUID, View]) -> View:
    """The offers of a day."""
    return {"lessons": list(found.values())}


def _offered(one: Offered) -> View:
    texts = picked(one.topic, ("id", "topic", "control", "homework"))
    return {**texts, "lesson": one.lesson, "of": one.of}


def _open(topic: Planned, skipped: bool) -> View:
    return {**picked(topic, ("id", "topic")), "skipped": skipped}

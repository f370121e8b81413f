"""Selects courses with their plans, and what their lessons have covered."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, or_, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.courses.queries import GRADE_OF_COURSE, TEACHES, TIES, CourseClass, Tied
from services.gradebook.courses.tables import Course, Subject
from services.gradebook.gathered import gathered
from services.gradebook.lessons.queries import HELD, IN_ORDER
from services.gradebook.lessons.tables import Lesson
from services.gradebook.plans.queries import heads
from services.gradebook.plans.rules.teaching import Planned
from services.gradebook.plans.tables import CourseTopic, LessonTopic, Plan, PlanCourse, PlanTopic
from services.gradebook.rows import missing


class CourseShown(Protocol):
    """A course with its plan; `plan_id`, `plan` and `plan_version` are null without one."""

    id: UUID
    title: str
    class_id: UUID | None
    year_id: UUID
    division: str
    grade: int | None
    subject: str
    plan_id: UUID | None
    plan: str | None
    plan_version: int | None


class CourseRow(CourseShown, Tied, Protocol):
    """A course with its plan and the person's ties to both."""

    heads: bool


@dataclass(slots=True)
class Journal:
    """What the journal of a course knows until a day: its first lesson, how many have no topic."""

    first: dt.date | None = None
    without_topic: int = 0


@dataclass(slots=True)
class Facts:
    """What plans of courses hold, and what was taught of them before a day."""

    topics: dict[UUID, list[Planned]] = field(default_factory=dict)
    journals: dict[UUID, Journal] = field(default_factory=dict)


class LessonOfTopic(Protocol):
    """A lesson that covered a topic."""

    topic_id: UUID
    lesson_id: UUID
    date: dt.date


_SHOWN: Final = (
    select(
        Course.id, Course.title, Course.class_id, Course.year_id, Course.division, GRADE_OF_COURSE.label("grade"),
        Subject.name.label("subject"),
        PlanCourse.plan_id, Plan.title.label("plan"), PlanCourse.version.label("plan_version"),
    )
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .outerjoin(PlanCourse, PlanCourse.course_id == Course.id)
    .outerjoin(Plan, Plan.id == PlanCourse.plan_id)
    .order_by(Course.title, Course.id)
)  # fmt: skip
_HEADS: Final = heads(Course.subject_id)
_COURSE: Final = _SHOWN.add_columns(*TIES, _HEADS.label("heads")).where(Course.id == bindparam("course_id"))
_COURSE_LOCKED: Final = _COURSE.with_for_update(of=Course, key_share=True)
_TOPICS: Final = (
    select(
        PlanCourse.course_id, PlanTopic.id, PlanTopic.section, PlanTopic.topic, PlanTopic.hours, PlanTopic.control,
        PlanTopic.homework, func.coalesce(CourseTopic.measure, "").label("measure"),
    )
    .join(PlanTopic, PlanTopic.plan_id == PlanCourse.plan_id)
    .outerjoin(
        CourseTopic, (CourseTopic.topic_id == PlanTopic.id) & (CourseTopic.course_id == PlanCourse.course_id)
    )
    .where(PlanCourse.course_id.in_(bindparam("course_ids", expanding=True)))
    .order_by(PlanTopic.position)
)  # fmt: skip
#: Only lessons with a topic cover anything: one whose topic was taken back was not held, or held otherwise.
_COVERED: Final = (
    select(Lesson.course_id, LessonTopic.topic_id, func.count().label("lessons"))
    .join(LessonTopic, LessonTopic.lesson_id == Lesson.id)
    .where(
        Lesson.course_id.in_(bindparam("course_ids", expanding=True)),
        Lesson.date < bindparam("before"),
        Lesson.topic != "",
    )
    .group_by(Lesson.course_id, LessonTopic.topic_id)
)
_JOURNALS: Final = (
    select(
        Lesson.course_id,
        func.min(Lesson.date).label("first"),
        func.sum(func.cast(Lesson.topic == "", Integer)).label("without_topic"),
    )
    .where(among(Lesson.course_id, "course_ids"), Lesson.date < bindparam("before"), HELD)
    .group_by(Lesson.course_id)
)
#: What the progress of many courses needs: the topics of each plan once, and of each course one row.
_HOURS: Final = (
    select(PlanTopic.plan_id, PlanTopic.id, PlanTopic.hours)
    .where(PlanTopic.plan_id.in_(select(PlanCourse.plan_id).where(among(PlanCourse.course_id, "course_ids"))))
    .order_by(PlanTopic.position)
)
_MEASURES: Final = select(CourseTopic.course_id, CourseTopic.topic_id, CourseTopic.measure).where(
    among(CourseTopic.course_id, "course_ids")
)
_COVERED_BY_COURSE: Final = (
    select(Lesson.course_id, gathered(LessonTopic.topic_id).label("topics"))
    .join(LessonTopic, LessonTopic.lesson_id == Lesson.id)
    .where(among(Lesson.course_id, "course_ids"), Lesson.date < bindparam("before"), Lesson.topic != "")
    .group_by(Lesson.course_id)
)
_LESSONS: Final = (
    select(LessonTopic.topic_id, LessonTopic.lesson_id, Lesson.date)
    .join(Lesson, Lesson.id == LessonTopic.lesson_id)
    .where(Lesson.topic != "")
    .order_by(*IN_ORDER)
)
_OF_COURSE: Final = _LESSONS.where(Lesson.course_id == bindparam("course_id"))
_OF_LESSONS: Final = _LESSONS.where(Lesson.id.in_(bindparam("lesson_ids", expanding=True)))


def courses(
    session: Session, year_id: UUID, person_id: UUID | None, *, everything: bool, teacher: bool, head: bool
) -> Sequence[CourseShown]:
    """The courses of a year, by title: all of them, or those that the person teaches or whose association heads."""
    wanted = _SHOWN.where(Course.year_id == year_id)
    if not everything:
        related = [condition for asked, condition in ((teacher, TEACHES), (head, _HEADS)) if asked]
        if not related:
            return ()
        wanted = wanted.where(or_(*related))
    return cast("Sequence[CourseShown]", session.execute(wanted, {"person_id": person_id}).all())


def course(session: Session, course_id: UUID, person_id: UUID | None, *, lock: bool = False) -> CourseRow:
    """A course with its plan and the person's ties. Raises `NotFound`.

    `lock` makes others who change the course wait until the transaction ends.
    """
    wanted = {"course_id": course_id, "person_id": person_id}
    row = session.execute(_COURSE_LOCKED if lock else _COURSE, wanted).one_or_none()
    if row is None:
        raise missing("course", course_id)
    return cast(CourseRow, row)


def facts(session: Session, course_ids: Iterable[UUID], day: dt.date, *, with_day: bool = False) -> Facts:
    """The topics of the courses' plans with what was taught of them before a day, and what the journals know then.

    `with_day` also counts what lessons of the day itself have covered.
    """
    found, wanted = Facts(), {"course_ids": list(course_ids), "before": day}
    until = {**wanted, "before": day + dt.timedelta(days=with_day)}
    covered = {(row.course_id, row.topic_id): row.lessons for row in session.execute(_COVERED, until)}
    for row in session.execute(_TOPICS, {"course_ids": wanted["course_ids"]}):
        known = Planned(
            row.id, row.section, row.topic, row.hours, row.control, row.homework,
            covered.get((row.course_id, row.id), 0), row.measure,
        )  # fmt: skip
        found.topics.setdefault(row.course_id, []).append(known)
    found.journals = _journals(session, wanted)
    return found


def facts_in_hours(session: Session, plans: Mapping[UUID, UUID], day: dt.date) -> Facts:
    """What `facts` finds with the day, for many courses (course → plan): of topics hours and measures, no texts."""
    of_courses = {"course_ids": list(plans)}
    topics: dict[UUID, list[Planned]] = {}
    for row in session.execute(_HOURS, of_courses):
        topics.setdefault(row.plan_id, []).append(Planned(row.id, "", "", row.hours))
    measures: dict[UUID, dict[UUID, str]] = {}
    for course_id, topic_id, measure in session.execute(_MEASURES, of_courses):
        measures.setdefault(course_id, {})[topic_id] = measure
    read = lru_cache(None)(UUID)  # many courses have covered the same topics
    covered = {
        row.course_id: Counter(read(topic_id) for (topic_id,) in row.topics)
        for row in session.execute(_COVERED_BY_COURSE, {**of_courses, "before": day + dt.timedelta(days=1)})
    }
    found = Facts(journals=_journals(session, {**of_courses, "before": day}))
    for course_id, plan_id in plans.items():
        own = covered.get(course_id, Counter()), measures.get(course_id, {})
        found.topics[course_id] = [_taught(one, *own) for one in topics.get(plan_id, ())]
    return found


def _taught(one: Planned, lessons: Mapping[UUID, int], measures: Mapping[UUID, str]) -> Planned:
    """A topic of a plan as a course has taught it; one that it has not even begun is the plan's own."""
    count, measure = lessons.get(one.id, 0), measures.get(one.id, "")
    return Planned(one.id, "", "", one.hours, covered=count, measure=measure) if count or measure else one


def _journals(session: Session, wanted: Mapping[str, Any]) -> dict[UUID, Journal]:
    rows = session.execute(_JOURNALS, wanted)
    return {row.course_id: Journal(row.first, int(row.without_topic or 0)) for row in rows}


def lessons_of_course(session: Session, course_id: UUID) -> Sequence[LessonOfTopic]:
    """The lessons of a course that covered topics, in order."""
    return cast("Sequence[LessonOfTopic]", session.execute(_OF_COURSE, {"course_id": course_id}).all())


def topics_of_lessons(session: Session, lesson_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Lesson → the topics that it covers."""
    found: dict[UUID, list[UUID]] = {}
    for row in session.execute(_OF_LESSONS, {"lesson_ids": list(lesson_ids)}):
        found.setdefault(row.lesson_id, []).append(row.topic_id)
    return found


def planned_courses(session: Session, course_ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Course → its year and division, of those that go by a plan."""
    wanted = (
        select(Course.id, Course.year_id, Course.division)
        .join(PlanCourse, PlanCourse.course_id == Course.id)
        .where(Course.id.in_(list(course_ids)))
    )
    return {row.id: row for row in session.execute(wanted)}

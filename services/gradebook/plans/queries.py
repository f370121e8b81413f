"""Selects thematic plans with the actor's ties to them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import Session

from contracts.gradebook.plans import DRAFT
from kernel.data.among import among
from services.gradebook.calendar.tables import Year
from services.gradebook.courses.queries import GRADE_OF_COURSE, CourseClass
from services.gradebook.courses.tables import Course, Subject
from services.gradebook.lessons.queries import IN_ORDER
from services.gradebook.lessons.tables import Lesson
from services.gradebook.plans.permissions import PlanTies
from services.gradebook.plans.rules.topics import Topic, WholePlan
from services.gradebook.plans.tables import (
    AssociationHead,
    LessonTopic,
    Plan,
    PlanCourse,
    PlanRevision,
    PlanTopic,
)
from services.gradebook.rows import missing


class PlanShown(Protocol):
    """The columns of a plan that answers show."""

    id: UUID
    subject_id: UUID
    subject: str
    grade: int
    year_id: UUID
    title: str
    state: str
    version: int
    hours: Decimal | None
    changed_by: UUID | None
    changed_at: dt.datetime


class PlanRow(PlanShown, Protocol):
    """A plan with whether the person heads the association of its subject."""

    heads: bool


class CourseRow(Protocol):
    """A course with the plan that it goes by."""

    id: UUID
    title: str
    class_id: UUID | None
    plan_id: UUID | None


class RevisionRow(Protocol):
    """A change of a plan, without its topics."""

    version: int
    what: str
    note: str
    title: str
    added: int
    changed: int
    removed: int
    changed_by: UUID | None
    changed_at: dt.datetime


class SubjectRow(Protocol):
    """A subject with whether the person heads its association."""

    id: UUID
    name: str
    heads: bool


class HeadRow(Protocol):
    """A subject and a head of its association."""

    subject_id: UUID
    person_id: UUID


def heads(subject_id: Any) -> ColumnElement[bool]:
    """Whether the person of the parameter `person_id` heads the association of a subject of the enclosing query."""
    return exists().where(AssociationHead.subject_id == subject_id, AssociationHead.person_id == bindparam("person_id"))


_HOURS: Final = (
    select(func.sum(PlanTopic.hours))
    .where(PlanTopic.plan_id == Plan.id)
    .correlate(Plan)
    .scalar_subquery()
    .label("hours")
)
_PLANS: Final = (
    select(
        Plan.id, Plan.subject_id, Subject.name.label("subject"), Plan.grade, Plan.year_id, Plan.title, Plan.state,
        Plan.version, Plan.changed_by, Plan.changed_at, _HOURS,
    )
    .join(Subject, Subject.id == Plan.subject_id)
    .order_by(Subject.name, Plan.grade, Plan.title, Plan.id)
)  # fmt: skip
_PLAN: Final = _PLANS.add_columns(heads(Plan.subject_id).label("heads")).where(Plan.id == bindparam("plan_id"))
_PLAN_LOCKED: Final = _PLAN.with_for_update(of=Plan, key_share=True)
_TOPICS: Final = (
    select(
        PlanTopic.id, PlanTopic.section, PlanTopic.topic, PlanTopic.hours, PlanTopic.content, PlanTopic.control,
        PlanTopic.homework,
    )
    .where(PlanTopic.plan_id == bindparam("plan_id"))
    .order_by(PlanTopic.position)
)  # fmt: skip
_SUBMITTED: Final = (
    select(Plan.id, Plan.subject_id, Plan.grade, Plan.title)
    .where(Plan.year_id == bindparam("year_id"), Plan.state != DRAFT)
    .order_by(Plan.id)
)
_OF_SUBMITTED: Final = (
    select(
        PlanTopic.plan_id, PlanTopic.id, PlanTopic.section, PlanTopic.topic, PlanTopic.hours, PlanTopic.content,
        PlanTopic.control, PlanTopic.homework,
    )
    .join(Plan, Plan.id == PlanTopic.plan_id)
    .where(Plan.year_id == bindparam("year_id"), Plan.state != DRAFT)
    .order_by(PlanTopic.plan_id, PlanTopic.position)
)  # fmt: skip
_PLANNED: Final = select(Plan.subject_id, Plan.grade, Plan.title).where(Plan.year_id == bindparam("year_id"))
#: From the plan's topics on: SQLite would begin a join with all that the school's lessons have covered.
#: By the topics' ids, which the index finds also while the database has no statistics of a table that just grew.
_TAUGHT: Final = select(LessonTopic.topic_id).where(among(LessonTopic.topic_id, "topic_ids")).distinct()
_COURSES: Final = (
    select(Course.id, Course.title, Course.class_id, PlanCourse.plan_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .outerjoin(PlanCourse, PlanCourse.course_id == Course.id)
    .where(
        Course.subject_id == bindparam("subject_id"),
        Course.year_id == bindparam("year_id"),
        bindparam("grade") == GRADE_OF_COURSE,
    )
    .order_by(Course.title, Course.id)
)
_REVISIONS: Final = (
    select(
        PlanRevision.version, PlanRevision.what, PlanRevision.note, PlanRevision.title, PlanRevision.added,
        PlanRevision.changed, PlanRevision.removed, PlanRevision.changed_by, PlanRevision.changed_at,
    )
    .where(PlanRevision.plan_id == bindparam("plan_id"))
    .order_by(PlanRevision.version)
)  # fmt: skip
_PAST_TOPICS: Final = (
    select(PlanRevision.topics)
    .where(
        PlanRevision.plan_id == bindparam("plan_id"),
        PlanRevision.version <= bindparam("version"),
        PlanRevision.topics.is_not(None),
    )
    .order_by(PlanRevision.version.desc())
    .limit(1)
)
_SUBJECTS: Final = select(Subject.id, Subject.name, heads(Subject.id).label("heads")).order_by(Subject.name, Subject.id)
_HEADS: Final = select(AssociationHead.subject_id, AssociationHead.person_id).order_by(AssociationHead.person_id)
_OF_HEAD: Final = select(AssociationHead.subject_id).where(AssociationHead.person_id == bindparam("person_id"))


def plans(
    session: Session, year_id: UUID | None, subject_id: UUID | None, grade: int | None
) -> tuple[Sequence[PlanShown], dict[UUID, list[str]]]:
    """Plans by subject, grade and title; and plan → the titles of the courses that go by it."""
    wanted = [
        column == value
        for column, value in ((Plan.year_id, year_id), (Plan.subject_id, subject_id), (Plan.grade, grade))
        if value is not None
    ]
    found = cast("Sequence[PlanShown]", session.execute(_PLANS.where(*wanted)).all())
    titles: dict[UUID, list[str]] = {}
    attached = (
        select(PlanCourse.plan_id, Course.title)
        .join(Course, Course.id == PlanCourse.course_id)
        .join(Plan, Plan.id == PlanCourse.plan_id)
        .where(*wanted)
        .order_by(Course.title)
    )
    for row in session.execute(attached):
        titles.setdefault(row.plan_id, []).append(row.title)
    return found, titles


def plan(session: Session, plan_id: UUID, person_id: UUID | None, *, lock: bool = False) -> PlanRow:
    """A plan with the person's ties. Raises `NotFound`.

    `lock` makes others who change the plan wait until the transaction ends.
    """
    wanted = {"plan_id": plan_id, "person_id": person_id}
    row = session.execute(_PLAN_LOCKED if lock else _PLAN, wanted).one_or_none()
    if row is None:
        raise missing("plan", plan_id)
    return cast(PlanRow, row)


def plan_ties(row: PlanRow | SubjectRow) -> PlanTies:
    """The ties in the column `heads` of a row."""
    return PlanTies(heads=bool(row.heads))


def topics(session: Session, plan_id: UUID) -> list[Topic]:
    """The topics of a plan, in order."""
    return [Topic(*row) for row in session.execute(_TOPICS, {"plan_id": plan_id})]


def submitted_plans(session: Session, year_id: UUID) -> list[WholePlan]:
    """The plans of a year that were submitted."""
    of_year = {"year_id": year_id}
    topics: dict[UUID, list[Topic]] = defaultdict(list)
    for row in session.execute(_OF_SUBMITTED, of_year):
        topics[row.plan_id].append(Topic(*row[1:]))
    return [
        WholePlan(row.subject_id, row.grade, row.title, tuple(topics[row.id]))
        for row in session.execute(_SUBMITTED, of_year)
    ]


def planned(session: Session, year_id: UUID) -> set[tuple[UUID, int, str]]:
    """Subject, grade and title of the plans of a year."""
    rows = session.execute(_PLANNED, {"year_id": year_id})
    return {(row.subject_id, row.grade, row.title) for row in rows}


def taught(session: Session, topics: Iterable[Topic]) -> set[UUID]:
    """Those of a plan's topics that some lesson has covered."""
    return set(session.scalars(_TAUGHT, {"topic_ids": [one.id for one in topics if one.id]}))


def courses(session: Session, of: PlanShown) -> Sequence[CourseRow]:
    """The courses of a plan's subject, grade and year, by title, with the plans that they go by."""
    wanted = {"subject_id": of.subject_id, "year_id": of.year_id, "grade": of.grade}
    return cast("Sequence[CourseRow]", session.execute(_COURSES, wanted).all())


def revisions(session: Session, plan_id: UUID) -> Sequence[RevisionRow]:
    """Every change of a plan, first to last."""
    return cast("Sequence[RevisionRow]", session.execute(_REVISIONS, {"plan_id": plan_id}).all())


def past_topics(session: Session, plan_id: UUID, version: int) -> list[dict[str, Any]]:
    """The topics of a plan at a version, as the history keeps them."""
    return session.scalar(_PAST_TOPICS, {"plan_id": plan_id, "version": version}) or []


def subjects(session: Session, person_id: UUID | None) -> Sequence[SubjectRow]:
    """The school's subjects, by name, with the person's ties."""
    return cast("Sequence[SubjectRow]", session.execute(_SUBJECTS, {"person_id": person_id}).all())


def association_heads(session: Session) -> Sequence[HeadRow]:
    """The heads of all associations: (subject, person) pairs."""
    return cast("Sequence[HeadRow]", session.execute(_HEADS).all())


def subjects_of_head(session: Session, person_id: UUID) -> Sequence[UUID]:
    """The subjects whose associations a person heads."""
    return session.scalars(_OF_HEAD, {"person_id": person_id}).all()


def subject(session: Session, subject_id: UUID, person_id: UUID | None) -> SubjectRow:
    """A subject with the person's ties. Raises `NotFound`."""
    row = session.execute(_SUBJECTS.where(Subject.id == subject_id), {"person_id": person_id}).one_or_none()
    if row is None:
        raise missing("subject", subject_id)
    return cast(SubjectRow, row)


def check_year(session: Session, year_id: UUID) -> None:
    """Raise `NotFound` where the school has no such year."""
    if session.scalar(select(Year.id).where(Year.id == year_id)) is None:
        raise missing("year", year_id)


def unknown_subjects(session: Session, subject_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids that are no subject of the school."""
    asked = set(subject_ids)
    return asked - set(session.scalars(select(Subject.id).where(Subject.id.in_(asked))))


def titles_of(session: Session, plan_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Plan → its title."""
    rows = session.execute(select(Plan.id, Plan.title).where(Plan.id.in_(set(plan_ids))))
    return {row.id: row.title for row in rows}


def lessons_with_words(
    session: Session, course_ids: Iterable[UUID], plan_id: UUID
) -> dict[UUID, list[tuple[UUID, str]]]:
    """Course → its lessons that have a topic and cover nothing of the plan yet, in order: (lesson, topic) pairs."""
    of_plan = (
        select(LessonTopic.lesson_id)
        .join(PlanTopic, PlanTopic.id == LessonTopic.topic_id)
        .where(PlanTopic.plan_id == plan_id, LessonTopic.lesson_id == Lesson.id)
    )
    wanted = (
        select(Lesson.course_id, Lesson.id, Lesson.topic)
        .where(Lesson.course_id.in_(list(course_ids)), Lesson.topic != "", ~of_plan.exists())
        .order_by(*IN_ORDER)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for row in session.execute(wanted):
        found.setdefault(row.course_id, []).append((row.id, row.topic))
    return found

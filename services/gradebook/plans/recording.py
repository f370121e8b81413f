"""Writes thematic plans with their history, the courses that go by them, and the heads of associations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.plans import DRAFT
from kernel.auth import Actor
from kernel.clock import now
from kernel.data.rows import insert_rows, update_rows
from services.gradebook.plans.queries import PlanShown
from services.gradebook.plans.rules.topics import Differences, Topic, written
from services.gradebook.plans.tables import (
    AssociationHead,
    CourseTopic,
    LessonTopic,
    Plan,
    PlanCourse,
    PlanRevision,
    PlanTopic,
)

_NONE: Final = Differences()


class NewPlan(NamedTuple):
    """A plan that is to be saved."""

    subject_id: UUID
    grade: int
    year_id: UUID
    title: str
    topics: Sequence[Topic]


def new_plans(session: Session, actor: Actor, what: str, plans: Iterable[NewPlan]) -> list[UUID]:
    """Save drafts and the first entries of their histories, in a constant number of statements. Returns their ids.

    `what` is `made`, `imported` or `copied`.
    """
    by_whom = {"changed_by": actor.person_id, "changed_at": now()}
    ids: list[UUID] = []
    rows, topics, revisions = [], [], []
    for plan in plans:
        plan_id = uuid7()
        ids.append(plan_id)
        rows.append(
            {
                "school_id": actor.tenant, "id": plan_id, "subject_id": plan.subject_id, "grade": plan.grade,
                "year_id": plan.year_id, "title": plan.title, "state": DRAFT, "version": 1,
                "made_by": actor.person_id, **by_whom,
            }
        )  # fmt: skip
        its_topics = [_topic_row(actor, plan_id, place, topic) for place, topic in enumerate(plan.topics)]
        topics += its_topics
        added = Differences(added=len(its_topics))
        revisions.append(_revision(actor, plan_id, 1, what, plan.title, its_topics, added, ""))
    insert_rows(session, Plan, rows)
    insert_rows(session, PlanTopic, topics)
    if revisions:
        session.execute(insert(PlanRevision), revisions)
    return ids


def changed_plan(
    session: Session,
    actor: Actor,
    plan: PlanShown,
    title: str,
    before: Sequence[Topic],
    after: Sequence[Topic],
    differing: Differences,
) -> None:
    """Save a plan's title and topics with their history; topics that are left out are deleted."""
    rows = [_topic_row(actor, plan.id, place, topic) for place, topic in enumerate(after)]
    known = {one.id for one in before}
    gone = known - {row["id"] for row in rows}
    if gone:
        session.execute(delete(CourseTopic).where(CourseTopic.topic_id.in_(gone)))
        session.execute(delete(PlanTopic).where(PlanTopic.id.in_(gone)))
    update_rows(session, PlanTopic, [_without_school(row) for row in rows if row["id"] in known])
    insert_rows(session, PlanTopic, [row for row in rows if row["id"] not in known])
    _next_version(session, actor, plan, title=title)
    _save_revision(session, actor, plan, "changed", title, rows, differing)


def moved_plan(session: Session, actor: Actor, plan: PlanShown, state: str, what: str, note: str = "") -> None:
    """Save a plan's new state with its history."""
    _next_version(session, actor, plan, state=state)
    _save_revision(session, actor, plan, what, plan.title, None, note=note)


def attached_plan(
    session: Session, actor: Actor, plan: PlanShown, attached: Iterable[UUID], detached: Iterable[UUID], note: str
) -> None:
    """Save which courses go by a plan from now on, with its history; `note` names them."""
    gone = set(detached)
    if gone:
        session.execute(delete(PlanCourse).where(PlanCourse.plan_id == plan.id, PlanCourse.course_id.in_(gone)))
        session.execute(delete(CourseTopic).where(CourseTopic.course_id.in_(gone)))
    rows = [
        {"school_id": actor.tenant, "course_id": course_id, "plan_id": plan.id, "version": 1} for course_id in attached
    ]
    insert_rows(session, PlanCourse, rows)
    _next_version(session, actor, plan)
    _save_revision(session, actor, plan, "attached", plan.title, None, note=note)


def matched_lessons(session: Session, actor: Actor, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """Save that lessons have covered topics: (lesson, topic) pairs."""
    rows = [{"school_id": actor.tenant, "lesson_id": lesson, "topic_id": topic} for lesson, topic in pairs]
    insert_rows(session, LessonTopic, rows)


def taken_topics(session: Session, actor: Actor, lesson_id: UUID, topic_ids: Collection[UUID]) -> bool:
    """Save which topics a lesson covers: these, and no others. Returns whether it covered others before."""
    gone = delete(LessonTopic).where(LessonTopic.lesson_id == lesson_id).returning(LessonTopic.topic_id)
    before = set(session.scalars(gone))
    rows = [{"school_id": actor.tenant, "lesson_id": lesson_id, "topic_id": topic_id} for topic_id in topic_ids]
    insert_rows(session, LessonTopic, rows)
    return before != set(topic_ids)


def adapted_course(session: Session, actor: Actor, course_id: UUID, version: int, measures: Mapping[UUID, str]) -> None:
    """Save how a course differs from its plan: topic → measure, all of them; `version` is the new one."""
    session.execute(delete(CourseTopic).where(CourseTopic.course_id == course_id))
    by_whom = {"changed_by": actor.person_id, "changed_at": now()}
    rows = [
        {"school_id": actor.tenant, "course_id": course_id, "topic_id": topic_id, "measure": measure, **by_whom}
        for topic_id, measure in measures.items()
    ]
    insert_rows(session, CourseTopic, rows)
    session.execute(update(PlanCourse).where(PlanCourse.course_id == course_id).values(version=version))


def deleted_plan(session: Session, plan_id: UUID) -> None:
    """Delete a plan, its topics and its history."""
    for table in (PlanRevision, PlanTopic):
        session.execute(delete(table).where(table.plan_id == plan_id))
    session.execute(delete(Plan).where(Plan.id == plan_id))


def subjects_of_head(session: Session, actor: Actor, person_id: UUID, subject_ids: Iterable[UUID]) -> None:
    """Save on which subjects' plans a person works."""
    session.execute(delete(AssociationHead).where(AssociationHead.person_id == person_id))
    rows = [
        {"school_id": actor.tenant, "person_id": person_id, "subject_id": subject_id}
        for subject_id in sorted(set(subject_ids))
    ]
    insert_rows(session, AssociationHead, rows)


def _topic_row(actor: Actor, plan_id: UUID, place: int, topic: Topic) -> dict[str, Any]:
    return {
        "school_id": actor.tenant, "id": topic.id or uuid7(), "plan_id": plan_id, "position": place,
        "section": topic.section, "topic": topic.topic, "hours": topic.hours, "content": topic.content,
        "control": topic.control, "homework": topic.homework,
    }  # fmt: skip


def _without_school(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "school_id"}


def _next_version(session: Session, actor: Actor, plan: PlanShown, **changed: Any) -> None:
    by_whom = {"version": plan.version + 1, "changed_by": actor.person_id, "changed_at": now()}
    session.execute(
        update(Plan).where(Plan.id == plan.id).values(**by_whom, **changed),
        execution_options={"synchronize_session": False},
    )


def _save_revision(
    session: Session,
    actor: Actor,
    plan: PlanShown,
    what: str,
    title: str,
    topics: Sequence[dict[str, Any]] | None,
    differing: Differences = _NONE,
    note: str = "",
) -> None:
    row = _revision(actor, plan.id, plan.version + 1, what, title, topics, differing, note)
    session.execute(insert(PlanRevision), [row])


def _revision(
    actor: Actor,
    plan_id: UUID,
    version: int,
    what: str,
    title: str,
    topics: Sequence[dict[str, Any]] | None,
    differing: Differences,
    note: str,
) -> dict[str, Any]:
    return {
        "school_id": actor.tenant, "plan_id": plan_id, "version": version, "what": what, "note": note, "title": title,
        "topics": None if topics is None else [_remembered(one) for one in topics],
        "added": differing.added, "changed": differing.changed, "removed": differing.removed,
        "changed_by": actor.person_id, "changed_at": now(),
    }  # fmt: skip


def _remembered(row: dict[str, Any]) -> dict[str, Any]:
    """A topic as the history keeps it: JSON in the words of `TopicView`."""
    texts = {name: row[name] for name in ("section", "topic", "content", "control", "homework")}
    return {"id": str(row["id"]), **texts, "hours": written(row["hours"])}

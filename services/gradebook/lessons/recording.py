"""Saves lessons and their history, and announces homework."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.lessons import HomeworkSet
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import outbox
from services.gradebook.lessons.queries import LessonRow
from services.gradebook.lessons.rules.lessons import Description
from services.gradebook.lessons.tables import Lesson, LessonRevision


def new_lesson(
    session: Session, actor: Actor, course_id: UUID, day: date, number: int | None, topic: str
) -> dict[str, Any]:
    """Save a lesson and the first entry of its history; returns the lesson's columns."""
    row = {
        "id": uuid7(),
        "course_id": course_id,
        "date": day,
        "number": number,
        "topic": topic,
        "homework": "",
        "homework_due": None,
        "version": 1,
    }
    session.execute(insert(Lesson), [{"school_id": actor.tenant, **row}])
    _save_lesson_revision(session, actor, row["id"], 1, Description(topic, "", None))
    return row


def described_lesson(
    session: Session, actor: Actor, lesson: LessonRow, after: Description, students: list[UUID]
) -> dict[str, Any]:
    """Save topic and homework with their history and announce homework to `students`; returns the changed columns."""
    version = lesson.version + 1
    changed = {
        "topic": after.topic,
        "homework": after.homework,
        "homework_due": after.due,
        "version": version,
    }
    session.execute(update(Lesson).where(Lesson.id == lesson.id).values(**changed))
    _save_lesson_revision(session, actor, lesson.id, version, after)
    if students:
        outbox.record(session, HomeworkSet(lesson_id=lesson.id, version=version, student_ids=tuple(students)))
    return changed


def _save_lesson_revision(session: Session, actor: Actor, lesson_id: Any, version: int, now_is: Description) -> None:
    row = {
        "school_id": actor.tenant,
        "lesson_id": lesson_id,
        "version": version,
        "topic": now_is.topic,
        "homework": now_is.homework,
        "homework_due": now_is.due,
        "changed_by": actor.person_id,
        "changed_at": now(),
    }
    session.execute(insert(LessonRevision), [row])

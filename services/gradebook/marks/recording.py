"""Saves marks and their history in bulk, and announces them."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.marks import MarkChanged, MarkPosted, MarksPosted
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import outbox
from kernel.data.rows import insert_rows
from services.gradebook.lessons.queries import LessonRow
from services.gradebook.marks.queries import ColumnRow, MarkRow
from services.gradebook.marks.tables import Mark, MarkRevision, Work


class NewMark(NamedTuple):
    """A validated mark, ready to be saved."""

    student_id: UUID
    value: str
    comment: str


def new_marks(
    session: Session, actor: Actor, lesson: LessonRow, column: ColumnRow, marks: list[NewMark]
) -> list[dict[str, Any]]:
    """Save marks of one column with their history; returns their views in order. The caller announces them."""
    school_id, changed_at, work_id = actor.tenant, now(), column.work_id
    if work_id is None:
        work_id = uuid7()
        work = {
            "school_id": school_id,
            "id": work_id,
            "lesson_id": lesson.id,
            "kind_id": column.kind_id,
            "title": "",
        }
        insert_rows(session, Work, [work])
    ids = [uuid7() for _ in marks]
    place = {
        "work_id": work_id,
        "lesson_id": lesson.id,
        "kind_id": column.kind_id,
        "course_id": lesson.course_id,
        "date": lesson.date,
        "number": lesson.number,
    }
    insert_rows(
        session,
        Mark,
        [
            {"school_id": school_id, "id": mark_id, **place, **mark._asdict(), "version": 1}
            for mark_id, mark in zip(ids, marks, strict=True)
        ],
    )
    insert_rows(
        session,
        MarkRevision,
        [
            {
                "school_id": school_id,
                "mark_id": mark_id,
                "version": 1,
                "value": mark.value,
                "reason": "",
                "comment": mark.comment,
                "changed_by": actor.person_id,
                "changed_at": changed_at,
            }
            for mark_id, mark in zip(ids, marks, strict=True)
        ],
    )
    shared = {"lesson_id": lesson.id, "kind_id": column.kind_id, "date": lesson.date, "version": 1}
    return [{"id": mark_id, **mark._asdict(), **shared} for mark_id, mark in zip(ids, marks, strict=True)]


def announce_mark(session: Session, mark: dict[str, Any]) -> None:
    """Announce a new mark, given as its view."""
    event = MarkPosted(mark_id=mark["id"], lesson_id=mark["lesson_id"], student_id=mark["student_id"])
    outbox.record(session, event)


def announce_column(session: Session, lesson_id: UUID, marks: list[dict[str, Any]]) -> None:
    """Announce new marks of one column together: one event costs a tenth of thirty."""
    outbox.record(session, MarksPosted(lesson_id=lesson_id, marks={mark["student_id"]: mark["id"] for mark in marks}))


def changed_mark(
    session: Session, actor: Actor, mark: MarkRow, value: str | None, comment: str, reason: str
) -> dict[str, Any]:
    """Save a new version of a mark with its history and announce it; returns the changed columns."""
    changed = {"value": value, "comment": comment, "version": mark.version + 1}
    session.execute(update(Mark).where(Mark.id == mark.id).values(**changed))
    revision = {
        "school_id": actor.tenant,
        "mark_id": mark.id,
        **changed,
        "reason": reason,
        "changed_by": actor.person_id,
        "changed_at": now(),
    }
    insert_rows(session, MarkRevision, [revision])
    outbox.record(
        session,
        MarkChanged(mark_id=mark.id, lesson_id=mark.lesson_id, student_id=mark.student_id, version=mark.version + 1),
    )
    return changed

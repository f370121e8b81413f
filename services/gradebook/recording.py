"""What commands and events write: facts with their history, in bulk, and what is announced of them."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.lessons import HomeworkSet
from contracts.gradebook.marks import MarkChanged, MarkPosted
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import copies, outbox
from kernel.data.copies import insert_into
from services.gradebook.queries import Plain
from services.gradebook.rules.lessons import Description
from services.gradebook.rules.marking import Marking
from services.gradebook.tables import (
    ClassCopy,
    GuardianCopy,
    Lesson,
    LessonRevision,
    Mark,
    MarkRevision,
    Setting,
    StudentCopy,
    Work,
)

#: The purpose a guardian consents to in order to see the diary (domain, §9).
PORTAL = "portal"


class NewMark(NamedTuple):
    """A mark that was accepted."""

    student_id: UUID
    value: str
    comment: str


def new_lesson(
    session: Session, actor: Actor, course_id: UUID, day: date, number: int | None, topic: str
) -> dict[str, Any]:
    """Save a lesson and the first entry of its history; returns its columns."""
    row = {
        "id": uuid7(), "course_id": course_id, "date": day, "number": number, "topic": topic, "homework": "",
        "homework_due": None, "version": 1,
    }  # fmt: skip
    session.execute(insert(Lesson), [{"school_id": actor.tenant, **row}])
    _save_lesson_revision(session, actor, row["id"], 1, Description(topic, "", None))
    return row


def described_lesson(
    session: Session, actor: Actor, lesson: Plain, after: Description, students: list[UUID]
) -> dict[str, Any]:
    """Save topic and homework with their history, announce homework to `students`; returns what changed."""
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
        "school_id": actor.tenant, "lesson_id": lesson_id, "version": version, "topic": now_is.topic,
        "homework": now_is.homework, "homework_due": now_is.due, "changed_by": actor.person_id,
        "changed_at": now(),
    }  # fmt: skip
    session.execute(insert(LessonRevision), [row])


def new_marks(
    session: Session, actor: Actor, lesson: Plain, column: Plain, marks: list[NewMark]
) -> list[dict[str, Any]]:
    """Save marks of one column with their history and announce each; returns their views, in order."""
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
        session.execute(insert(Work), [work])
    ids = [uuid7() for _ in marks]
    session.execute(
        insert(Mark),
        [
            {"school_id": school_id, "id": mark_id, "work_id": work_id, **mark._asdict(), "version": 1}
            for mark_id, mark in zip(ids, marks, strict=True)
        ],
    )
    session.execute(
        insert(MarkRevision),
        [
            {
                "school_id": school_id, "mark_id": mark_id, "version": 1, "value": mark.value, "reason": "",
                "comment": mark.comment, "changed_by": actor.person_id, "changed_at": changed_at,
            }
            for mark_id, mark in zip(ids, marks, strict=True)
        ],
    )  # fmt: skip
    outbox.record(
        session,
        *(
            MarkPosted(mark_id=mark_id, lesson_id=lesson.id, student_id=mark.student_id)
            for mark_id, mark in zip(ids, marks, strict=True)
        ),
    )
    shared = {"lesson_id": lesson.id, "kind_id": column.kind_id, "date": lesson.date, "version": 1}
    return [{"id": mark_id, **mark._asdict(), **shared} for mark_id, mark in zip(ids, marks, strict=True)]


def changed_mark(
    session: Session, actor: Actor, mark: Plain, value: str | None, comment: str, reason: str
) -> dict[str, Any]:
    """Save another state of a mark with its history and announce it; returns what changed."""
    changed = {"value": value, "comment": comment, "version": mark.version + 1}
    session.execute(update(Mark).where(Mark.id == mark.id).values(**changed))
    revision = {
        "school_id": actor.tenant, "mark_id": mark.id, **changed, "reason": reason,
        "changed_by": actor.person_id, "changed_at": now(),
    }  # fmt: skip
    session.execute(insert(MarkRevision), [revision])
    outbox.record(
        session,
        MarkChanged(mark_id=mark.id, lesson_id=mark.lesson_id, student_id=mark.student_id, version=mark.version + 1),
    )
    return changed


def renewed_students(session: Session, school_id: UUID | None, facts: list[dict[str, Any]]) -> None:
    """Save copies of students where they are newer, and whom of their guardians consent lets look."""
    rows = [
        {"school_id": school_id, **{name: fact[name] for name in ("student_id", "revision", "class_id")}}
        for fact in facts
    ]
    written = copies.keep_newer(session, StudentCopy, rows)
    if not written:
        return
    guardians = [
        {"school_id": school_id, "student_id": fact["student_id"], "guardian_id": guardian["guardian_id"]}
        for fact in facts
        if fact["student_id"] in written
        for guardian in fact["guardians"]
        if PORTAL in guardian["purposes"]
    ]
    session.execute(delete(GuardianCopy).where(GuardianCopy.student_id.in_(written)))
    if guardians:
        session.execute(insert(GuardianCopy), guardians)


def renewed_time_zone(session: Session, school_id: UUID | None, zone: str) -> None:
    """Save the school's time zone, beside the marks it gives: those of every school, where it has none of its own."""
    usual = Marking()
    row = {
        "school_id": school_id, "lowest": usual.lowest, "highest": usual.highest, "tokens": list(usual.tokens),
        "time_zone": zone,
    }  # fmt: skip
    insertion = insert_into(session, Setting)
    known = insertion.on_conflict_do_update(index_elements=[Setting.school_id], set_={"time_zone": zone})
    session.execute(known, [row])


def renewed_classes(session: Session, school_id: UUID | None, facts: list[dict[str, Any]]) -> None:
    """Save copies of classes where they are newer."""
    names = ("class_id", "revision", "name", "grade", "homeroom_teacher_id")
    rows = [{"school_id": school_id, **{name: fact[name] for name in names}} for fact in facts]
    copies.keep_newer(session, ClassCopy, rows)

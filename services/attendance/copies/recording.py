"""Keeps the copies of what other services own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from contracts.gradebook.lessons import LessonDetailView
from contracts.identity.classes import ClassFactView
from contracts.identity.people import StudentFactView
from kernel.data.copies import keep_newer, replacing
from services.attendance.copies.tables import ClassCopy, GuardianCopy, LessonCopy, LessonTeacherCopy, StudentCopy


def keep_lesson(session: Session, school_id: UUID, lesson: LessonDetailView) -> None:
    """Copy the gradebook's lesson. Holds its row: two who check it at once come one after the other."""
    key = {"school_id": school_id, "lesson_id": lesson.id}
    session.execute(
        replacing(session, LessonCopy),
        [key | {"title": lesson.title, "date": lesson.date, "number": lesson.number}],
    )
    session.execute(delete(LessonTeacherCopy).where(LessonTeacherCopy.lesson_id == lesson.id))
    teachers = [key | {"teacher_id": teacher_id} for teacher_id in set(lesson.teacher_ids)]
    if teachers:
        session.execute(insert(LessonTeacherCopy), teachers)


def keep_students(session: Session, school_id: UUID, facts: Sequence[StudentFactView]) -> None:
    """Copy identity's facts of students where they are newer, with the guardians."""
    students = [
        {
            "school_id": school_id, "student_id": fact.student_id, "revision": fact.revision,
            "class_id": fact.class_id,
        }
        for fact in facts
    ]  # fmt: skip
    written = keep_newer(session, StudentCopy, students)
    session.execute(delete(GuardianCopy).where(GuardianCopy.student_id.in_(written)))
    guardians = [
        {
            "school_id": school_id, "student_id": fact.student_id, "guardian_id": guardian.guardian_id,
            "portal": "portal" in guardian.purposes,
        }
        for fact in facts if fact.student_id in written
        for guardian in fact.guardians
    ]  # fmt: skip
    if guardians:
        session.execute(insert(GuardianCopy), guardians)


def keep_classes(session: Session, school_id: UUID, facts: Sequence[ClassFactView]) -> None:
    """Copy identity's facts of classes where they are newer."""
    keep_newer(
        session,
        ClassCopy,
        [
            {
                "school_id": school_id, "class_id": fact.class_id, "revision": fact.revision,
                "homeroom_teacher_id": fact.homeroom_teacher_id,
            }
            for fact in facts
        ],
    )  # fmt: skip

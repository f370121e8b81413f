"""Writes the copies of students, guardians, classes and lessons."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from contracts.gradebook.lessons import LessonDetailView, LessonOfManyView
from contracts.identity.classes import ClassFactView
from contracts.identity.people import StudentFactView
from kernel.data.copies import keep_newer, replacing
from kernel.data.rows import insert_rows
from services.attendance.copies.tables import ClassCopy, GuardianCopy, LessonCopy, LessonTeacherCopy, StudentCopy


def keep_lessons(session: Session, school_id: UUID, lessons: Sequence[LessonDetailView | LessonOfManyView]) -> None:
    """Copy the gradebook's lessons. This locks their rows, so that concurrent checks of a lesson take turns."""
    if not lessons:
        return
    in_order = sorted(lessons, key=lambda lesson: lesson.id)  # so that two requests never wait for each other
    copies = [
        {
            "school_id": school_id,
            "lesson_id": lesson.id,
            "title": lesson.title,
            "date": lesson.date,
            "number": lesson.number,
        }
        for lesson in in_order
    ]
    session.execute(replacing(session, LessonCopy), copies)
    of_these = LessonTeacherCopy.lesson_id.in_([lesson.id for lesson in in_order])
    session.execute(delete(LessonTeacherCopy).where(of_these))
    teachers = [
        {"school_id": school_id, "lesson_id": lesson.id, "teacher_id": teacher_id}
        for lesson in in_order
        for teacher_id in set(lesson.teacher_ids)
    ]
    insert_rows(session, LessonTeacherCopy, teachers)


def keep_students(session: Session, school_id: UUID, facts: Sequence[StudentFactView]) -> None:
    """Store identity's facts of students and their guardians, if they are newer than the copies."""
    students = [
        {
            "school_id": school_id,
            "student_id": fact.student_id,
            "revision": fact.revision,
            "class_id": fact.class_id,
        }
        for fact in facts
    ]
    written = keep_newer(session, StudentCopy, students)
    session.execute(delete(GuardianCopy).where(GuardianCopy.student_id.in_(written)))
    guardians = [
        {
            "school_id": school_id,
            "student_id": fact.student_id,
            "guardian_id": guardian.guardian_id,
            "portal": "portal" in guardian.purposes,
        }
        for fact in facts
        if fact.student_id in written
        for guardian in fact.guardians
    ]
    insert_rows(session, GuardianCopy, guardians)


def keep_classes(session: Session, school_id: UUID, facts: Sequence[ClassFactView]) -> None:
    """Store identity's facts of classes, if they are newer than the copies."""
    keep_newer(
        session,
        ClassCopy,
        [
            {
                "school_id": school_id,
                "class_id": fact.class_id,
                "revision": fact.revision,
                "homeroom_teacher_id": fact.homeroom_teacher_id,
            }
            for fact in facts
        ],
    )

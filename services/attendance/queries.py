"""Every statement of attendance, named for what it returns or keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, insert, or_, select
from sqlalchemy.orm import Session

from kernel.data.copies import keep_newer, replacing
from services.attendance.permissions import ClassOf, Student, no_such_student
from services.attendance.tables import (
    Absence,
    AbsenceRevision,
    ClassCopy,
    GuardianCopy,
    LessonCheck,
    LessonCheckRevision,
    LessonCopy,
    LessonTeacherCopy,
    StudentCopy,
)  # fmt: skip

_CLASS_OF_STUDENT = (ClassCopy.school_id == StudentCopy.school_id) & (ClassCopy.class_id == StudentCopy.class_id)


def classes_of(session: Session, student_ids: Collection[UUID]) -> dict[UUID, ClassOf]:
    """Student → class, for those who are in one; a class not heard of yet has no homeroom teacher."""
    rows = session.execute(
        select(StudentCopy.student_id, StudentCopy.class_id, ClassCopy.homeroom_teacher_id)
        .outerjoin(ClassCopy, _CLASS_OF_STUDENT)
        .where(StudentCopy.student_id.in_(student_ids))
    )
    return {student_id: ClassOf(class_id, homeroom) for student_id, class_id, homeroom in rows if class_id}


def student(session: Session, student_id: UUID) -> Student:
    """Whom a student's absences concern. Raises `NotFound` for a student that is not of this school."""
    row = session.execute(
        select(ClassCopy.homeroom_teacher_id)
        .select_from(StudentCopy)
        .outerjoin(ClassCopy, _CLASS_OF_STUDENT)
        .where(StudentCopy.student_id == student_id)
    ).one_or_none()
    if row is None:
        raise no_such_student()
    return Student(student_id, _portal_guardians(session, student_id), row.homeroom_teacher_id)


def _portal_guardians(session: Session, student_id: UUID) -> frozenset[UUID]:
    return frozenset(
        session.scalars(
            select(GuardianCopy.guardian_id).where(GuardianCopy.student_id == student_id, GuardianCopy.portal)
        )
    )


def absences_by_student(session: Session, lesson_id: UUID, student_ids: Collection[UUID]) -> dict[UUID, Absence]:
    """What is recorded of these students in a lesson, what was withdrawn included."""
    rows = session.scalars(select(Absence).where(Absence.lesson_id == lesson_id, Absence.student_id.in_(student_ids)))
    return {row.student_id: row for row in rows}


def checks_of(session: Session, lesson_ids: Collection[UUID]) -> list[LessonCheck]:
    """The checks of lessons, of every class."""
    return list(session.scalars(select(LessonCheck).where(LessonCheck.lesson_id.in_(lesson_ids))))


def checks_seen_by(session: Session, lesson_ids: Collection[UUID], teacher_id: UUID | None) -> list[LessonCheck]:
    """The checks of lessons that a teacher taught, and of classes whose homeroom teacher the person is."""
    taught = exists().where(
        LessonTeacherCopy.school_id == LessonCheck.school_id,
        LessonTeacherCopy.lesson_id == LessonCheck.lesson_id,
        LessonTeacherCopy.teacher_id == teacher_id,
    )
    own_class = exists().where(
        ClassCopy.school_id == LessonCheck.school_id,
        ClassCopy.class_id == LessonCheck.class_id,
        ClassCopy.homeroom_teacher_id == teacher_id,
    )
    return list(
        session.scalars(select(LessonCheck).where(LessonCheck.lesson_id.in_(lesson_ids), or_(taught, own_class)))
    )


def absences_in(session: Session, lesson_ids: Collection[UUID]) -> list[tuple[Absence, LessonCopy]]:
    """Absences from lessons, with the lesson, in the order they were first entered."""
    return _absences(session, Absence.lesson_id.in_(lesson_ids), Absence.id)


def absences_between(
    session: Session, student_id: UUID, starts_on: date, ends_on: date
) -> list[tuple[Absence, LessonCopy]]:
    """A student's absences from one date to another, both included, by date and lesson."""
    return _absences(
        session,
        (Absence.student_id == student_id) & LessonCopy.date.between(starts_on, ends_on),
        LessonCopy.date, LessonCopy.number, Absence.id,
    )  # fmt: skip


def _absences(session: Session, condition: Any, *order: Any) -> list[tuple[Absence, LessonCopy]]:
    rows = session.execute(_with_lesson().where(Absence.code.is_not(None), condition).order_by(*order))
    return [(absence, lesson) for absence, lesson in rows]


def absences_by_id(session: Session, absence_ids: Collection[UUID]) -> list[tuple[Absence, LessonCopy]]:
    """Absences with their lesson, what was withdrawn included."""
    rows = session.execute(_with_lesson().where(Absence.id.in_(absence_ids)).order_by(Absence.id))
    return [(absence, lesson) for absence, lesson in rows]


def _with_lesson() -> Any:
    lesson = (LessonCopy.school_id == Absence.school_id) & (LessonCopy.lesson_id == Absence.lesson_id)
    return select(Absence, LessonCopy).join(LessonCopy, lesson)


def keep_lesson(session: Session, school_id: UUID, lesson: dict[str, Any]) -> None:
    """Copy the gradebook's lesson. Holds its row: two who check it at once come one after the other."""
    key = {"school_id": school_id, "lesson_id": lesson["id"]}
    session.execute(
        replacing(session, LessonCopy),
        [key | {"title": lesson["title"], "date": lesson["date"], "number": lesson["number"]}],
    )
    session.execute(delete(LessonTeacherCopy).where(LessonTeacherCopy.lesson_id == lesson["id"]))
    teachers = [key | {"teacher_id": teacher_id} for teacher_id in set(lesson["teacher_ids"])]
    if teachers:
        session.execute(insert(LessonTeacherCopy), teachers)


def keep_checks(
    session: Session,
    school_id: UUID,
    lesson_id: UUID,
    class_ids: Iterable[UUID],
    *,
    by: UUID | None,
    at: datetime,
) -> None:
    """Note that these classes were checked in a lesson, once more where they were before."""
    checks = [
        {
            "school_id": school_id, "lesson_id": lesson_id, "class_id": class_id, "version": 1,
            "checked_at": at, "checked_by": by,
        }
        for class_id in sorted(class_ids)
    ]  # fmt: skip
    statement = replacing(session, LessonCheck, version=LessonCheck.version + 1)
    versions = session.execute(statement.returning(LessonCheck.class_id, LessonCheck.version), checks)
    version_of = dict(versions.all())
    session.execute(
        insert(LessonCheckRevision), [check | {"version": version_of[check["class_id"]]} for check in checks]
    )


def add_revisions(session: Session, absences: list[Absence], *, by: UUID | None, at: datetime) -> None:
    """Write absences, new and changed, and keep what each of them is now in its history."""
    session.add_all(absences)
    session.flush()
    session.add_all(
        AbsenceRevision(
            absence_id=absence.id, version=absence.version, code=absence.code, minutes=absence.minutes,
            changed_by=by, changed_at=at,
        )
        for absence in absences
    )  # fmt: skip


def keep_students(session: Session, school_id: UUID, facts: list[dict[str, Any]]) -> None:
    """Copy identity's facts of students where they are newer, with the guardians."""
    students = [
        {
            "school_id": school_id, "student_id": fact["student_id"], "revision": fact["revision"],
            "class_id": fact["class_id"],
        }
        for fact in facts
    ]  # fmt: skip
    written = keep_newer(session, StudentCopy, students)
    session.execute(delete(GuardianCopy).where(GuardianCopy.student_id.in_(written)))
    guardians = [
        {
            "school_id": school_id, "student_id": fact["student_id"], "guardian_id": guardian["guardian_id"],
            "portal": "portal" in guardian["purposes"],
        }
        for fact in facts if fact["student_id"] in written
        for guardian in fact["guardians"]
    ]  # fmt: skip
    if guardians:
        session.execute(insert(GuardianCopy), guardians)


def keep_classes(session: Session, school_id: UUID, facts: list[dict[str, Any]]) -> None:
    """Copy identity's facts of classes where they are newer."""
    keep_newer(
        session,
        ClassCopy,
        [
            {
                "school_id": school_id, "class_id": fact["class_id"], "revision": fact["revision"],
                "homeroom_teacher_id": fact["homeroom_teacher_id"],
            }
            for fact in facts
        ],
    )  # fmt: skip

"""Attendance's part of the demo school: checks and absences with their first revisions, copies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from cli.building import Rows
from cli.demo.load.facts import FIRST_REVISION, Facts
from cli.demo.model import Lesson, LessonCheck
from services.attendance.absences import tables as absences_tables
from services.attendance.checks import tables as checks_tables
from services.attendance.copies import tables as copies_tables

#: A table that has rows of the school when this part is written.
MARKER: Final = copies_tables.StudentCopy
PORTAL: Final = "portal"


def rows(facts: Facts, lessons: Mapping[UUID, Lesson]) -> Rows:
    """The rows of attendance's tables; `lessons` are the gradebook's, by the ids that the generator gave them."""
    return [*_copies(facts), *_lessons(facts, lessons), *_checks(facts, lessons), *_absences(facts, lessons)]


def _copies(facts: Facts) -> Rows:
    school = facts.school
    return [
        (
            copies_tables.StudentCopy,
            [
                {"student_id": one.id, "revision": FIRST_REVISION, "class_id": facts.class_of.get(one.id)}
                for one in facts.students
            ],
        ),
        (
            copies_tables.GuardianCopy,
            [
                {
                    "student_id": tie.student_id,
                    "guardian_id": tie.guardian_id,
                    "portal": PORTAL in facts.purposes(tie),
                }
                for tie in school.guardianships
            ],
        ),
        (
            copies_tables.ClassCopy,
            [
                {"class_id": one.id, "revision": FIRST_REVISION, "homeroom_teacher_id": one.homeroom_teacher_id}
                for one in school.classes
            ],
        ),
    ]


def _lessons(facts: Facts, lessons: Mapping[UUID, Lesson]) -> Rows:
    checked = [lessons[check.lesson_id] for check in _checks_of(facts, lessons)]
    return [
        (
            copies_tables.LessonCopy,
            [
                {
                    "lesson_id": lesson.id,
                    "title": facts.courses[lesson.course_id].title,
                    "date": lesson.date,
                    "number": lesson.number,
                }
                for lesson in checked
            ],
        ),
        (
            copies_tables.LessonTeacherCopy,
            [
                {"lesson_id": lesson.id, "teacher_id": teacher_id}
                for lesson in checked
                for teacher_id in facts.teachers_of(lesson)
            ],
        ),
    ]


def _checks_of(facts: Facts, lessons: Mapping[UUID, Lesson]) -> list[LessonCheck]:
    return [check for check in facts.school.checks if check.lesson_id in lessons]


def _checks(facts: Facts, lessons: Mapping[UUID, Lesson]) -> Rows:
    checks: list[dict[str, Any]] = []
    for check in _checks_of(facts, lessons):
        lesson = lessons[check.lesson_id]
        checks.append(
            {
                "lesson_id": lesson.id,
                "class_id": facts.courses[lesson.course_id].class_id,
                "version": 1,
                "checked_at": facts.end_of(lesson),
                "checked_by": check.checked_by,
            }
        )
    return [(checks_tables.LessonCheck, checks), (checks_tables.LessonCheckRevision, checks)]


def _absences(facts: Facts, lessons: Mapping[UUID, Lesson]) -> Rows:
    checked_by = {check.lesson_id: check.checked_by for check in facts.school.checks}
    absences: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    for absence in facts.school.absences:
        lesson = lessons.get(absence.lesson_id)
        if lesson is None:
            continue
        says = {"code": absence.code, "minutes": absence.minutes, "version": 1}
        whose = {"lesson_id": lesson.id, "student_id": absence.student_id}
        absences.append({"id": absence.id, **whose, "class_id": facts.courses[lesson.course_id].class_id, **says})
        by = {"changed_by": checked_by[absence.lesson_id], "changed_at": facts.end_of(lesson)}
        revisions.append({"absence_id": absence.id, **says, **by})
    return [(absences_tables.Absence, absences), (absences_tables.AbsenceRevision, revisions)]

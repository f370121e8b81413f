"""Attendance's part of the demo school: checks and absences with their first revisions, copies."""

from __future__ import annotations

from typing import Any, Final

from cli.building import Rows
from cli.demo.load.facts import FIRST_REVISION, Facts
from services.attendance.absences import tables as absences_tables
from services.attendance.checks import tables as checks_tables
from services.attendance.copies import tables as copies_tables

#: A table that has rows of the school when this part is written.
MARKER: Final = copies_tables.StudentCopy
PORTAL: Final = "portal"


def rows(facts: Facts) -> Rows:
    """The rows of attendance's tables."""
    return [*_copies(facts), *_lessons(facts), *_checks(facts), *_absences(facts)]


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


def _lessons(facts: Facts) -> Rows:
    checked = [facts.lessons[check.lesson_id] for check in facts.school.checks]
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
                for teacher_id in facts.courses[lesson.course_id].teacher_ids
            ],
        ),
    ]


def _checks(facts: Facts) -> Rows:
    checks: list[dict[str, Any]] = []
    for check in facts.school.checks:
        lesson = facts.lessons[check.lesson_id]
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


def _absences(facts: Facts) -> Rows:
    checked_by = {check.lesson_id: check.checked_by for check in facts.school.checks}
    absences: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    for absence in facts.school.absences:
        lesson = facts.lessons[absence.lesson_id]
        says = {"code": absence.code, "minutes": absence.minutes, "version": 1}
        whose = {"lesson_id": lesson.id, "student_id": absence.student_id}
        absences.append({"id": absence.id, **whose, "class_id": facts.courses[lesson.course_id].class_id, **says})
        by = {"changed_by": checked_by[lesson.id], "changed_at": facts.end_of(lesson)}
        revisions.append({"absence_id": absence.id, **says, **by})
    return [(absences_tables.Absence, absences), (absences_tables.AbsenceRevision, revisions)]

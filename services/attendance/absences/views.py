"""Views of absences."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from services.attendance.absences.queries import NumberOfCode
from services.attendance.absences.tables import Absence
from services.attendance.codes.rules import code_of
from services.attendance.copies.tables import LessonCopy


def absence_view(absence: Absence, lesson: LessonCopy) -> dict[str, Any]:
    """An absence as people see it."""
    assert absence.code is not None, "what was withdrawn is not shown"
    code = code_of(absence.code)
    return {
        "id": absence.id,
        "lesson_id": absence.lesson_id,
        "student_id": absence.student_id,
        "date": lesson.date,
        "number": lesson.number,
        "code": absence.code,
        "minutes": absence.minutes,
        "counts_as_absent": code.counts_as_absent,
        "late": code.late,
        "version": absence.version,
    }


def notice_view(absence: Absence, lesson: LessonCopy) -> dict[str, Any]:
    """An absence as notices report it; `code` is None if it was withdrawn."""
    return {
        "absence_id": absence.id,
        "student_id": absence.student_id,
        "title": lesson.title,
        "date": lesson.date,
        "number": lesson.number,
        "code": absence.code,
        "name": code_of(absence.code).name if absence.code else "",
        "minutes": absence.minutes,
        "lesson_id": absence.lesson_id,
    }


def missed_views(numbers: Iterable[NumberOfCode]) -> list[dict[str, Any]]:
    """How often each student was absent and late, of numbers that are in the order of students."""
    found = []
    for student_id, of_student in groupby(numbers, attrgetter("student_id")):
        codes = [(code_of(one.code), one.number) for one in of_student]
        found.append(
            {
                "student_id": student_id,
                "missed": sum(number for code, number in codes if code.counts_as_absent),
                "late": sum(number for code, number in codes if code.late),
            }
        )
    return found

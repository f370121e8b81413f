"""Who may get a mark, when, and how it may change (regulation, clause 3.2; domain, §3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from kernel.errors import Conflict, Invalid, together


def check_lesson_was_held(lesson_date: date, today: date) -> None:
    """Refuse a mark for a future lesson: marks are set on the day of the lesson or later (clause 3.2).

    `today` is the school's local date.
    """
    if lesson_date > today:
        raise Invalid(
            "The lesson of {date} is still to come: it takes no marks yet.",
            rule="lesson-in-future",
            field="lesson_id",
            date=lesson_date,
        )


def check_each_student_once(student_ids: Sequence[UUID]) -> None:
    """Refuse a column that names a student twice: it holds one mark of each student (as on paper; domain, §3)."""
    seen: set[UUID] = set()
    for index, student_id in enumerate(student_ids):
        if student_id in seen:
            raise Invalid(
                "This student stands twice in the column.",
                rule="student-twice",
                field=f"marks.{index}.student_id",
                student_id=student_id,
            )
        seen.add(student_id)


def check_member(student_id: UUID, members: Collection[UUID], field: str) -> None:
    """Refuse a mark for a student who was not in the course on the lesson's date (domain, §3)."""
    if student_id not in members:
        raise Invalid(
            "This student was not in this course on the day of the lesson.",
            rule="student-not-in-course",
            field=field,
            student_id=student_id,
        )


def check_column_is_free(fields: Mapping[UUID, str], present: Mapping[UUID, UUID]) -> None:
    """Refuse second marks in the same column (domain, §3).

    `fields` maps students to the fields that name them, `present` students to their marks in the column.
    """
    refusals = [
        Conflict(
            "This student has a mark in this column already: change that one.",
            rule="mark-exists",
            field=field,
            student_id=student_id,
            mark_id=present[student_id],
        )
        for student_id, field in fields.items()
        if student_id in present
    ]
    if refusals:
        raise together(refusals)


def change_reason(text: str) -> str:
    """The stripped reason for a change; the history records who, when and why (domain, §3)."""
    reason = text.strip()
    if len(reason) < 3:
        raise Invalid("Say why the mark is changed.", rule="reason-required", field="reason")
    return reason


def check_mark_changes(before: tuple[str | None, str], after: tuple[str | None, str]) -> None:
    """Refuse a change that keeps value and comment: it would add an empty revision (domain, §3)."""
    if before == after:
        raise Invalid("The mark has this value and comment already.", rule="mark-unchanged", field="value")

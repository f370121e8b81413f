"""Views of lessons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.gradebook.bells import views as bells_views
from services.gradebook.bells.rules.bells import Times
from services.gradebook.lessons.queries import Came, LessonOfYear, LessonRow, LessonShown, Standing, came_from
from services.gradebook.policy.rules.first_grade import Taken
from services.gradebook.rows import View, picked
from services.gradebook.windows import views as windows_views

_LESSON = (
    "id",
    "course_id",
    "title",
    "class_id",
    "date",
    "number",
    "topic",
    "homework",
    "homework_due",
    "version",
)
_STANDING = ("state", "classroom", "teacher_id", "moved_to", "moved_number", "reason")


def lesson(row: LessonShown, taken: Taken, window: View = windows_views.OPEN, **changed: Any) -> View:
    """The view of a lesson with its `window` (`windows.views`); `changed` overrides columns that changed since."""
    shown = {
        "takes_marks": taken.marks,
        "takes_homework": taken.homework,
        "grade_unknown_of": taken.waits_for and taken.waits_for.name,
    }
    return picked(row, _LESSON) | shown | window | changed


def lesson_of_many(
    row: LessonRow,
    closed: View | None,
    student_ids: Sequence[UUID],
    teacher_ids: Sequence[UUID],
    *,
    enters_absences: bool,
) -> View:
    """The view of one of many lessons, as attendance needs it."""
    return picked(row, ("id", "title", "date", "number", "state")) | {
        "closed": closed,
        "student_ids": student_ids,
        "teacher_ids": teacher_ids,
        "enters_absences": enters_absences,
    }


def standing(row: Standing) -> View:
    """How a lesson stands to the timetable."""
    return picked(row, _STANDING)


def origin(row: Came) -> View:
    """From where a lesson was moved to its place."""
    day, number = came_from(row) or (None, None)
    return {"moved_from": day, "moved_from_number": number}


def timed_lesson(row: LessonOfYear, taken: Taken, times: Times, window: View) -> View:
    """The view of a lesson with its standing and the times of its bells."""
    bell = times.of(row.year_id, row.course_id, row.date, row.number, row.class_id, row.grade)
    differ = times.differ(row.course_id, row.class_id)
    stands = standing(row) | origin(row)
    return lesson(row, taken, window) | stands | bells_views.times(bell) | {"shifts_differ": differ}

"""The journal page, the diary and a student's marks as they are answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from services.gradebook.explaining.explained import Explained
from services.gradebook.explaining.given import GivenMark
from services.gradebook.marks.rules.cells import stored_marks
from services.gradebook.marks.views import plain
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.rows import Plain, View, picked
from services.gradebook.term_marks.rules import means
from services.gradebook.term_marks.views import explained_mean, mean

#: Nothing that a school votes for one grade or subject alone is kept yet: its rules hold everywhere.
_EVERYWHERE: Final = Place()
_DIARY_LESSON = ("course_id", "title", "number", "topic", "homework", "homework_due")


def journal_means(student_ids: Iterable[UUID], marks: Iterable[Plain], policy: Policy) -> list[View]:
    """Each student's mean on a journal page; what explains it is long, and left to the page of the student's marks."""
    by_student: dict[UUID, list[Plain]] = {student_id: [] for student_id in student_ids}
    for row in marks:
        by_student[row.student_id].append(row)
    return [{"student_id": student_id, "mean": mean(_mean_of(rows, policy))} for student_id, rows in by_student.items()]


def _mean_of(rows: Iterable[Plain], policy: Policy) -> Explained[GivenMark]:
    """The mean of some rows' marks; one taken back is no mark: it neither counts nor is left out."""
    scale, step = scale_at(policy, _EVERYWHERE), policy.scales.sign.at(_EVERYWHERE).value
    marks = [mark for row in rows if row.value is not None for mark in stored_marks(row.value, scale, step, row.weight)]
    return means.mean(marks, policy, _EVERYWHERE)


def diary_mark(row: Plain) -> View:
    """A mark as the family sees it."""
    return {
        "id": row.id,
        "value": row.value,
        "kind": row.kind,
        "weight": plain(row.weight),
        "comment": row.comment,
        "changed": row.version > 1,
    }


def diary_days(monday: date, lessons: Iterable[Plain], courses: Sequence[Plain], marks: Iterable[Plain]) -> list[View]:
    """Seven days with the lessons the student was taught, or has a mark of, and the marks in them."""
    by_lesson: dict[UUID, list[View]] = {}
    for row in marks:
        by_lesson.setdefault(row.lesson_id, []).append(diary_mark(row))
    by_day: dict[date, list[View]] = {monday + timedelta(days=offset): [] for offset in range(7)}
    for row in lessons:
        if row.id in by_lesson or _was_taught(row, courses):
            shown = picked(row, _DIARY_LESSON)
            by_day[row.date].append({"lesson_id": row.id, **shown, "marks": by_lesson.get(row.id, [])})
    return [{"date": day, "lessons": found} for day, found in by_day.items()]


def _was_taught(lesson: Plain, courses: Sequence[Plain]) -> bool:
    return any(
        row.id == lesson.course_id and row.since <= lesson.date and (row.until is None or lesson.date <= row.until)
        for row in courses
    )


def subjects(courses: Iterable[Plain], marks: Sequence[Plain], policy: Policy) -> list[View]:
    """A student's marks by course, with means and what explains them; courses without marks too, by title."""
    titles: dict[UUID, str] = {row.id: row.title for row in courses}
    by_course: Mapping[UUID, list[Plain]] = {
        course_id: list(rows) for course_id, rows in groupby(marks, key=attrgetter("course_id"))
    }
    titles |= {course_id: rows[0].title for course_id, rows in by_course.items()}
    return [
        _subject(course_id, title, by_course.get(course_id, ()), policy)
        for course_id, title in sorted(titles.items(), key=lambda item: (item[1], item[0]))
    ]


def _subject(course_id: UUID, title: str, marks: Sequence[Plain], policy: Policy) -> View:
    return {
        "course_id": course_id,
        "title": title,
        "marks": [{**diary_mark(row), "date": row.date} for row in marks],
        "mean": explained_mean(_mean_of(marks, policy)),
    }

"""Views of the journal page, the diary and a student's marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from services.gradebook.explaining.explained import Explained
from services.gradebook.explaining.given import GivenMark
from services.gradebook.journal.queries import CourseTime, FamilyMark, WeightedMark
from services.gradebook.lessons.queries import LessonShown
from services.gradebook.marks.rules.cells import stored_marks
from services.gradebook.marks.views import plain
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.rows import View, picked
from services.gradebook.term_marks.rules import means
from services.gradebook.term_marks.views import explained_mean, mean

#: The gradebook stores no rules for single grades or subjects yet: a school's rules apply everywhere.
_EVERYWHERE: Final = Place()
_DIARY_LESSON = ("course_id", "title", "number", "topic", "homework", "homework_due")


def journal_means(student_ids: Iterable[UUID], marks: Iterable[WeightedMark], policy: Policy) -> list[View]:
    """Each student's mean on a journal page, without the long explanation, which the student's own page has."""
    by_student: dict[UUID, list[WeightedMark]] = {student_id: [] for student_id in student_ids}
    for row in marks:
        by_student[row.student_id].append(row)
    return [{"student_id": student_id, "mean": mean(_mean_of(rows, policy))} for student_id, rows in by_student.items()]


def _mean_of(rows: Iterable[WeightedMark | FamilyMark], policy: Policy) -> Explained[GivenMark]:
    """The mean of the rows' marks. Withdrawn marks are skipped: they are neither used nor listed as left out."""
    scale, step = scale_at(policy, _EVERYWHERE), policy.scales.sign.at(_EVERYWHERE).value
    marks = [mark for row in rows if row.value is not None for mark in stored_marks(row.value, scale, step, row.weight)]
    return means.mean(marks, policy, _EVERYWHERE)


def diary_mark(row: FamilyMark) -> View:
    """The view of a mark for the student's family."""
    return {
        "id": row.id,
        "value": row.value,
        "kind": row.kind,
        "weight": plain(row.weight),
        "comment": row.comment,
        "changed": row.version > 1,
    }


def diary_days(
    monday: date, lessons: Iterable[LessonShown], courses: Sequence[CourseTime], marks: Iterable[FamilyMark]
) -> list[View]:
    """Seven days with the student's lessons and marks; lessons in which the student only has a mark are included."""
    by_lesson: dict[UUID, list[View]] = {}
    for row in marks:
        by_lesson.setdefault(row.lesson_id, []).append(diary_mark(row))
    by_day: dict[date, list[View]] = {monday + timedelta(days=offset): [] for offset in range(7)}
    for lesson in lessons:
        if lesson.id in by_lesson or _was_taught(lesson, courses):
            shown = picked(lesson, _DIARY_LESSON)
            by_day[lesson.date].append({"lesson_id": lesson.id, **shown, "marks": by_lesson.get(lesson.id, [])})
    return [{"date": day, "lessons": found} for day, found in by_day.items()]


def _was_taught(lesson: LessonShown, courses: Sequence[CourseTime]) -> bool:
    return any(
        row.id == lesson.course_id and row.since <= lesson.date and (row.until is None or lesson.date <= row.until)
        for row in courses
    )


def subjects(courses: Iterable[CourseTime], marks: Sequence[FamilyMark], policy: Policy) -> list[View]:
    """A student's courses by title, with marks and explained means; courses without marks are included."""
    titles: dict[UUID, str] = {row.id: row.title for row in courses}
    by_course: Mapping[UUID, list[FamilyMark]] = {
        course_id: list(rows) for course_id, rows in groupby(marks, key=attrgetter("course_id"))
    }
    titles |= {course_id: rows[0].title for course_id, rows in by_course.items()}
    return [
        _subject(course_id, title, by_course.get(course_id, ()), policy)
        for course_id, title in sorted(titles.items(), key=lambda item: (item[1], item[0]))
    ]


def _subject(course_id: UUID, title: str, marks: Sequence[FamilyMark], policy: Policy) -> View:
    return {
        "course_id": course_id,
        "title": title,
        "marks": [{**diary_mark(row), "date": row.date} for row in marks],
        "mean": explained_mean(_mean_of(marks, policy)),
    }

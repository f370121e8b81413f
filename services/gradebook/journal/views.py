"""Views of the journal page, the diary and a student's marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final
from uuid import UUID

from services.gradebook.explaining.explained import Explained
from services.gradebook.explaining.given import GivenMark
from services.gradebook.journal.queries import CourseTime, FamilyMark
from services.gradebook.lessons.queries import LessonShown
from services.gradebook.marks.queries import Kind, MarkShown
from services.gradebook.marks.rules.cells import stored_marks
from services.gradebook.marks.views import plain
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.rows import View, picked
from services.gradebook.term_marks.rules import means
from services.gradebook.term_marks.views import explained_mean, mean

#: The gradebook stores no rules for single grades or subjects yet: a school's rules apply everywhere.
_EVERYWHERE: Final = Place()
#: Kinds of work by their ids.
Kinds = Mapping[UUID, Kind]
#: Texts of marks and their weights, in order: all that a mean depends on beside the policy.
Series = tuple[tuple[str, Decimal], ...]
#: How many series of marks have their mean kept; an explained one takes about 2 kB.
SERIES_KEPT: Final = 2048
_DIARY_LESSON = ("course_id", "title", "number", "topic", "homework", "homework_due")


class _Policy:
    """A policy as a key: it equals itself alone, since to hash one takes half as long as to compute a mean."""

    __slots__ = ("policy",)

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return id(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Policy) and other.policy is self.policy


def journal_means(student_ids: Iterable[UUID], marks: Iterable[MarkShown], kinds: Kinds, policy: Policy) -> list[View]:
    """Each student's mean on a journal page, without the long explanation, which the student's own page has."""
    by_student: dict[UUID, list[MarkShown]] = {student_id: [] for student_id in student_ids}
    for row in marks:
        by_student[row.student_id].append(row)
    by = _Policy(policy)
    return [
        {"student_id": student_id, "mean": _mean(_series(rows, kinds), by)} for student_id, rows in by_student.items()
    ]


def _series(rows: Iterable[MarkShown | FamilyMark], kinds: Kinds) -> Series:
    """The texts and weights of marks. Withdrawn ones are skipped: they are neither used nor listed as left out."""
    return tuple([(row.value, kinds[row.kind_id].weight) for row in rows if row.value is not None])


# Kept, as families come back to the same marks, and few series are long enough to differ from all others.
@lru_cache(maxsize=SERIES_KEPT)
def _mean(series: Series, by: _Policy) -> View:
    return mean(_mean_of(series, by.policy))


@lru_cache(maxsize=SERIES_KEPT)
def _explained(series: Series, by: _Policy) -> View:
    return explained_mean(_mean_of(series, by.policy))


def _mean_of(series: Series, policy: Policy) -> Explained[GivenMark]:
    scale, step = scale_at(policy, _EVERYWHERE), policy.scales.sign.at(_EVERYWHERE).value
    marks = [mark for text, weight in series for mark in stored_marks(text, scale, step, weight)]
    return means.mean(marks, policy, _EVERYWHERE)


def diary_mark(row: FamilyMark, kinds: Kinds) -> View:
    """The view of a mark for the student's family."""
    kind = kinds[row.kind_id]
    return {
        "id": row.id,
        "value": row.value,
        "kind": kind.name,
        "weight": plain(kind.weight),
        "comment": row.comment,
        "changed": row.version > 1,
    }


def diary_days(
    monday: date,
    lessons: Iterable[LessonShown],
    courses: Sequence[CourseTime],
    marks: Iterable[FamilyMark],
    kinds: Kinds,
) -> list[View]:
    """Seven days with the student's lessons and marks; lessons in which the student only has a mark are included."""
    by_lesson: dict[UUID, list[View]] = {}
    for row in marks:
        by_lesson.setdefault(row.lesson_id, []).append(diary_mark(row, kinds))
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


def subjects(titles: Mapping[UUID, str], marks: Iterable[FamilyMark], kinds: Kinds, policy: Policy) -> list[View]:
    """A student's courses by title, with marks and explained means; courses without marks are included."""
    by_course: dict[UUID, list[FamilyMark]] = {course_id: [] for course_id in titles}
    for row in marks:
        by_course[row.course_id].append(row)
    by = _Policy(policy)
    return [
        _subject(course_id, title, by_course[course_id], kinds, by)
        for course_id, title in sorted(titles.items(), key=lambda item: (item[1], item[0]))
    ]


def _subject(course_id: UUID, title: str, marks: Sequence[FamilyMark], kinds: Kinds, by: _Policy) -> View:
    return {
        "course_id": course_id,
        "title": title,
        "marks": [{**diary_mark(row, kinds), "date": row.date} for row in marks],
        "mean": _explained(_series(marks, kinds), by),
    }

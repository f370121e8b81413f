"""What the gradebook answers, made of plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.gradebook.queries import Plain
from services.gradebook.rules.means import Mean, weighted_mean

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
_MARK = ("id", "lesson_id", "student_id", "kind_id", "value", "comment", "date", "version")
_TERM = ("id", "title", "starts_on", "ends_on")
_COURSE = ("id", "title", "subject", "class_id", "year_id")
_DIARY_LESSON = ("course_id", "title", "number", "topic", "homework", "homework_due")

View = dict[str, Any]


def _picked(row: Plain, names: Iterable[str]) -> View:
    return {name: getattr(row, name) for name in names}


def plain(number: Decimal) -> str:
    """An exact number without trailing zeros: `1.5`, `10`."""
    return f"{number.normalize():f}"


def mean(found: Mean) -> View:
    """A mean with its explanation."""
    return {
        "value": None if found.value is None else str(found.value),
        "numerator": plain(found.numerator),
        "denominator": plain(found.denominator),
        "counted": found.counted,
        "left_out": found.left_out,
    }


def calendar(years: Iterable[Plain], terms: Iterable[Plain]) -> View:
    """Years with their terms."""
    by_year: dict[UUID, list[View]] = {}
    for row in terms:
        by_year.setdefault(row.year_id, []).append(term(row))
    return {"years": [{**_picked(row, _TERM), "terms": by_year.get(row.id, [])} for row in years]}


def term(row: Plain) -> View:
    """A term."""
    return _picked(row, _TERM)


def kinds(rows: Iterable[Plain]) -> list[View]:
    """Kinds of work."""
    return [{"id": row.id, "name": row.name, "weight": plain(row.weight)} for row in rows]


def course(row: Plain, teacher_ids: Sequence[UUID]) -> View:
    """A course."""
    return {**_picked(row, _COURSE), "teacher_ids": list(teacher_ids)}


def courses(rows: Iterable[Plain], teachers: Iterable[Plain]) -> View:
    """Courses with their teachers, given as (course, teacher) pairs."""
    by_course: dict[UUID, list[UUID]] = {}
    for pair in teachers:
        by_course.setdefault(pair.course_id, []).append(pair.teacher_id)
    return {"courses": [course(row, by_course.get(row.id, [])) for row in rows]}


def lesson(row: Plain, **changed: Any) -> View:
    """A lesson, with what was changed since the row was read."""
    return _picked(row, _LESSON) | changed


def mark(row: Plain, **changed: Any) -> View:
    """A mark, with what was changed since the row was read."""
    return _picked(row, _MARK) | changed


def journal_means(student_ids: Iterable[UUID], marks: Iterable[Plain]) -> list[View]:
    """Each student's mean on a journal page."""
    by_student: dict[UUID, list[tuple[str | None, Decimal]]] = {student_id: [] for student_id in student_ids}
    for row in marks:
        by_student[row.student_id].append((row.value, row.weight))
    return [
        {"student_id": student_id, "mean": mean(weighted_mean(values))} for student_id, values in by_student.items()
    ]


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
            shown = _picked(row, _DIARY_LESSON)
            by_day[row.date].append({"lesson_id": row.id, **shown, "marks": by_lesson.get(row.id, [])})
    return [{"date": day, "lessons": found} for day, found in by_day.items()]


def _was_taught(lesson: Plain, courses: Sequence[Plain]) -> bool:
    return any(
        row.id == lesson.course_id and row.since <= lesson.date and (row.until is None or lesson.date <= row.until)
        for row in courses
    )


def subjects(courses: Iterable[Plain], marks: Sequence[Plain]) -> list[View]:
    """A student's marks by course, with means; courses without marks too, by title."""
    titles: dict[UUID, str] = {row.id: row.title for row in courses}
    by_course: Mapping[UUID, list[Plain]] = {
        course_id: list(rows) for course_id, rows in groupby(marks, key=attrgetter("course_id"))
    }
    titles |= {course_id: rows[0].title for course_id, rows in by_course.items()}
    return [
        _subject(course_id, title, by_course.get(course_id, ()))
        for course_id, title in sorted(titles.items(), key=lambda item: (item[1], item[0]))
    ]


def _subject(course_id: UUID, title: str, marks: Sequence[Plain]) -> View:
    return {
        "course_id": course_id,
        "title": title,
        "marks": [{**diary_mark(row), "date": row.date} for row in marks],
        "mean": mean(weighted_mean((row.value, row.weight) for row in marks)),
    }

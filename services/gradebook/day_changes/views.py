"""Views of the lessons of a day, and of what stands in the way of changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from services.gradebook.day_changes.queries import LessonOfDay, teachers_on
from services.gradebook.day_changes.rules.changing import HeldLesson, Hindered
from services.gradebook.lessons import views as lessons_views
from services.gradebook.rows import View, picked


def lesson(row: LessonOfDay, moved_from: date | None) -> View:
    """A lesson of a day."""
    return {
        **picked(row, ("id", "course_id", "title", "class_id", "date", "number", "classroom_id")),
        **lessons_views.standing(row),
        "teacher_ids": teachers_on(row),
        "moved_from": moved_from,
        "version": row.version or 0,
    }


def busy(lessons: Iterable[HeldLesson]) -> list[View]:
    """Who and what is taken at each number."""
    teachers: defaultdict[int, set[UUID]] = defaultdict(set)
    rooms: defaultdict[int, set[UUID]] = defaultdict(set)
    for one in lessons:
        teachers[one.number] |= one.teachers
        rooms[one.number] |= {one.classroom_id} if one.classroom_id else set()
    return [
        {"number": number, "teacher_ids": sorted(teachers[number]), "classroom_ids": sorted(rooms[number])}
        for number in sorted(teachers)
    ]


def hindrances(found: Sequence[Hindered], titles: Mapping[UUID, str]) -> list[View]:
    """What stands in the way; `titles` are those of the courses."""
    return [
        {
            "what": one.what,
            "date": one.lesson.date,
            "number": one.lesson.number,
            "title": titles[one.lesson.course_id],
            "other": titles[one.other.course_id],
        }
        for one in found
    ]

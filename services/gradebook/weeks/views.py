"""Views of weeks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, cast
from uuid import UUID

from services.gradebook.bells import views as bells_views
from services.gradebook.bells.rules.bells import Bell, Times
from services.gradebook.rows import View
from services.gradebook.weeks import rules
from services.gradebook.weeks.queries import NAMES, MovedFrom, WeekLesson

DAYS: Final = 7
_LESSON_ID: Final = attrgetter("lesson_id")


def with_origin(lessons: Iterable[View], came: Mapping[tuple[UUID, date, int | None], MovedFrom]) -> Iterator[View]:
    """Lessons with the place from which they were moved, if they were."""
    for one in lessons:
        origin = came.get((one["course_id"], one["date"], one["number"])) if came else None
        one.update(moved_from=origin and origin.date, moved_from_number=origin and origin.number)
        yield one


def days(monday: date, lessons: Iterable[View]) -> list[View]:
    """Seven days with their lessons, each of which says its `date`."""
    found: dict[date, list[View]] = {monday + timedelta(days=ahead): [] for ahead in range(DAYS)}
    for one in lessons:
        found[one.pop("date")].append(one)
    return [{"date": day, "lessons": held} for day, held in found.items()]


def lessons(rows: Sequence[WeekLesson], times: Times, of_teacher: UUID | None) -> list[View]:
    """Lessons with their `date`; `of_teacher` alone those that stand in this teacher's week."""
    found: list[View] = []
    rung: dict[Bell | None, View] = {}
    for _, group in groupby(rows, _LESSON_ID):
        own = list(group)
        row = own[0]
        teachers = [one.course_teacher_id for one in own if one.course_teacher_id is not None]
        if of_teacher is not None and not rules.is_in_teachers_week(of_teacher, row.teacher_id, teachers):
            continue
        bell = times.of(row.year_id, row.course_id, row.date, row.number, row.class_id, row.grade)
        if bell not in rung:
            rung[bell] = bells_views.times(bell)
        # by place, and not by name: a feed has a thousand lessons
        shown: View = dict(zip(NAMES, cast("Iterable[Any]", row), strict=False))
        shown["teacher_ids"] = teachers
        shown["substitute"] = rules.is_substitute(row.teacher_id, teachers)
        shown.update(rung[bell])
        shown["shifts_differ"] = bell is None and times.differ(row.course_id, row.class_id)
        found.append(shown)
    return found

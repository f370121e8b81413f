"""Lessons of files, as tests of rules write them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import UUID

from services.gradebook.timetable.readers.timetable import TimetableLesson


def lesson(class_name: str = "5А", subject: str = "Алгебра", at: str = "1.1", **more: Any) -> TimetableLesson:
    """A lesson at a weekday and number, `2.3`; with a week, `2.3/1`."""
    when, _, week = at.partition("/")
    weekday, number = map(int, when.split("."))
    rest = {"place": f"{class_name} {at}", "group": "", "teacher": "", "room": "", "week": week, **more}
    return TimetableLesson(class_name=class_name, subject=subject, weekday=weekday, number=number, **rest)


def new_ids(start: int = 1000) -> Callable[[], UUID]:
    """Makes ids that are told apart at a glance."""
    numbers = count(start)
    return lambda: UUID(int=next(numbers))

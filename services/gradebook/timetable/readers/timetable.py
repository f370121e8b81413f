"""A week's timetable as any program or sheet gives it: lessons at their places, what has none, and the bells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from itertools import islice
from typing import Final, Literal

from formats.faults import Faults
from formats.result import Reading, refused
from kernel.phrases import Phrase

Week = Literal["", "1", "2"]
"""Every week, the first (odd) of two, or the second (even)."""

#: The most lessons a week: ten times those of a school of 150 classes.
MOST_LESSONS: Final = 50_000

NOT_A_TIMETABLE = Phrase(ru="В файле не найдено расписание уроков.", en="No timetable was found in the file.")
TOO_MANY_LESSONS = Phrase(
    ru="В расписании больше {most} уроков в неделю: это не расписание одной школы.",
    en="The timetable has more than {most} lessons a week: it is not the timetable of one school.",
)


@dataclass(frozen=True, slots=True)
class TimetableLesson:
    """One lesson of one class, or of a group of it, in the week.

    `place` says where it stands in the file. `group` is "" for the whole class, else its name, or its number
    where the file only shows that the class is divided. `weekday` is 1 (Monday) to 7, `number` the place in
    the day. `teacher` and `room` are "" where the file names none; several are joined by ", ".
    """

    place: str
    class_name: str
    group: str
    weekday: int
    number: int
    week: Week
    subject: str
    teacher: str
    room: str


@dataclass(frozen=True, slots=True)
class UnplacedLessons:
    """Lessons that the file plans and gives no time: `hours` of them a week, 0.5 meaning every other week."""

    place: str
    class_name: str
    group: str
    subject: str
    teacher: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Bell:
    """When the lesson of a number begins and ends, by the school's clock; None where the file does not say."""

    number: int
    starts: time
    ends: time | None


@dataclass(frozen=True, slots=True)
class Timetable:
    """All lessons of a week in the file's order, those without a time, and the bells if the file has them."""

    lessons: tuple[TimetableLesson, ...]
    unplaced: tuple[UnplacedLessons, ...] = ()
    bells: tuple[Bell, ...] = ()


def timetable_reading(
    lessons: Iterable[TimetableLesson],
    unplaced: Iterable[UnplacedLessons],
    bells: Iterable[Bell],
    faults: Faults,
) -> Reading[Timetable]:
    """The timetable of these lessons, refused beyond `MOST_LESSONS`; `faults` may grow while they are read."""
    read = tuple(islice(lessons, MOST_LESSONS + 1))
    waiting = tuple(islice(unplaced, MOST_LESSONS + 1))
    if max(len(read), len(waiting)) > MOST_LESSONS:
        return refused("too-many-lessons", TOO_MANY_LESSONS(most=MOST_LESSONS))
    return Reading(Timetable(read, waiting, tuple(bells)), faults.all())

"""A week's timetable, from any source: placed lessons, unplaced lessons and bells."""

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

#: "" is every week, "1" the first (odd) of two, "2" the second (even).
Week = Literal["", "1", "2"]

#: The most lessons a week: ten times those of a school of 150 classes.
MOST_LESSONS: Final = 50_000

NOT_A_TIMETABLE = Phrase(ru="В файле не найдено расписание уроков.", en="No timetable was found in the file.")
TOO_MANY_LESSONS = Phrase(
    ru="В расписании больше {most} уроков в неделю: это не расписание одной школы.",
    en="The timetable has more than {most} lessons a week: it is not the timetable of one school.",
)


@dataclass(frozen=True, slots=True)
class TimetableLesson:
    """One lesson of a class, or of one of its groups, in the week.

    `place` is its place in the file. `group` is "" for the whole class, else the group's name, or its number if the
    file only shows that the class is divided. `weekday` is 1 (Monday) to 7, `number` the lesson's number in the day.
    `teacher` and `room` are "" if the file names none; several are joined by ", ".
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
    """Lessons that the file plans without a time: `hours` a week, where 0.5 means every other week."""

    place: str
    class_name: str
    group: str
    subject: str
    teacher: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Bell:
    """The local start and end of the lesson with this number; None if the file does not give it.

    `weekday` is None for all days that have no bell of their own for that number.
    """

    number: int
    starts: time
    ends: time | None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """All lessons of a week in the file's order, unplaced lessons, and bells if the file has them.

    Bells of all days come first, by number; then those of days that differ.
    """

    lessons: tuple[TimetableLesson, ...]
    unplaced: tuple[UnplacedLessons, ...] = ()
    bells: tuple[Bell, ...] = ()


def timetable_reading(
    lessons: Iterable[TimetableLesson],
    unplaced: Iterable[UnplacedLessons],
    bells: Iterable[Bell],
    faults: Faults,
) -> Reading[Timetable]:
    """Make a timetable; refuses more than `MOST_LESSONS` lessons. Consuming the iterables may add to `faults`."""
    read = tuple(islice(lessons, MOST_LESSONS + 1))
    waiting = tuple(islice(unplaced, MOST_LESSONS + 1))
    if max(len(read), len(waiting)) > MOST_LESSONS:
        return refused("too-many-lessons", TOO_MANY_LESSONS(most=MOST_LESSONS))
    return Reading(Timetable(read, waiting, tuple(bells)), faults.all())

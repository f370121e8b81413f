"""Absences of students: illness, excused and unexcused absence, lateness, school business."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from cli.demo.dice import dice
from cli.demo.model import AbsenceCode

#: A number above that of any day's last lesson.
LAST_LESSON: Final = 20
#: Shares of days on which a student falls ill, is excused, is missing, comes late, or is on school business.
FALLS_ILL, EXCUSED, MISSING, LATE, ON_BUSINESS = 0.008, 0.007, 0.006, 0.012, 0.004


@dataclass(frozen=True, slots=True)
class Away:
    """A student's absence from lessons `first` to `last` of a day; for lateness also the `minutes`."""

    code: AbsenceCode
    first: int = 1
    last: int = LAST_LESSON
    minutes: int | None = None

    def from_lesson(self, number: int) -> bool:
        """Whether it includes the day's lesson with that number."""
        return self.first <= number <= self.last


class Attendance:
    """All students' absences of a year up to a day. A day's absences do not depend on later days."""

    def __init__(self, students: Sequence[UUID], days: Sequence[date], seed: int) -> None:
        """`days` are the school days from the first day of the year on."""
        self._away = {
            (student, day): away
            for student in students
            for day, away in _days_away(days, dice(seed, f"away:{student}"))
        }

    def away(self, student: UUID, day: date, number: int) -> Away | None:
        """The student's absence from a lesson, or None."""
        away = self._away.get((student, day))
        return away if away is not None and away.from_lesson(number) else None

    def missed(self, student: UUID, day: date, number: int) -> bool:
        """Whether the student missed the whole lesson; a late student did not."""
        away = self.away(student, day, number)
        return away is not None and away.code != "О"


def _days_away(days: Sequence[date], chance: random.Random) -> Iterator[tuple[date, Away]]:
    ill = 0
    for day in days:
        if ill:
            ill -= 1
            yield day, Away("Б")
            continue
        roll = chance.random()
        if roll < FALLS_ILL:
            ill = chance.randint(2, 6)
            yield day, Away("Б")
        elif away := _short(roll - FALLS_ILL, chance):
            yield day, away


def _short(roll: float, chance: random.Random) -> Away | None:
    """An absence of at most one day, or None."""
    if (roll := roll - EXCUSED) < 0:
        return Away("У") if chance.random() < 0.5 else Away("У", first=4)
    if (roll := roll - MISSING) < 0:
        one = chance.randint(1, 6)
        return Away("Н") if chance.random() < 0.6 else Away("Н", first=one, last=one)
    if (roll := roll - LATE) < 0:
        return Away("О", last=1, minutes=chance.randint(2, 20))
    if roll < ON_BUSINESS:
        return Away("П")
    return None

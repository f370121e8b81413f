"""Who was away when: illnesses, excused and unexcused absences, late comers, school business."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from cli.demo.dice import dice
from cli.demo.model import AbsenceCode

#: More lessons than a day has.
LAST_LESSON: Final = 20
#: Shares of days on which a student falls ill, is excused, is missing, comes late, is on school business.
FALLS_ILL, EXCUSED, MISSING, LATE, ON_BUSINESS = 0.008, 0.007, 0.006, 0.012, 0.004


@dataclass(frozen=True, slots=True)
class Away:
    """A student's absence from some lessons of a day, `first` to `last`; late comers have `minutes`."""

    code: AbsenceCode
    first: int = 1
    last: int = LAST_LESSON
    minutes: int | None = None

    def from_lesson(self, number: int) -> bool:
        """Does it touch the lesson with that number in the day."""
        return self.first <= number <= self.last


class Attendance:
    """Every student's absences of a year up to a day; what happens on a day does not depend on later ones."""

    def __init__(self, students: Sequence[UUID], days: Sequence[date], seed: int) -> None:
        """`days` are the school days from the first of the year on."""
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
        """Was the student not there at all: coming late is not missing."""
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
    """An absence of a day or less, or none."""
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

"""The marks that a file of the past prints, each with its place: of a term, of the year, of its exam, of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Figure(NamedTuple):
    """A mark as it is printed. `term` is the term's name in the file, empty of what is of the year."""

    place: str
    student: str
    subject: str
    term: str
    kind: str
    text: str


class DayFigure(NamedTuple):
    """The text of a cell of a day, as it is printed, of the subject's first lesson of it (`nth` 0) or a later one."""

    place: str
    student: str
    subject: str
    on: date
    nth: int
    text: str


@dataclass(frozen=True, slots=True)
class Printed:
    """What a file prints: class and year of most of it, and its marks in order.

    Names of students that two of them share are followed by their places: they are `told_apart`.
    """

    class_name: str
    year: str
    figures: tuple[Figure, ...] = ()
    told_apart: frozenset[str] = frozenset()
    days: tuple[DayFigure, ...] = ()

    @property
    def everything(self) -> tuple[Figure | DayFigure, ...]:
        """The marks of terms and of days."""
        return (*self.figures, *self.days)

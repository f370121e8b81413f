"""What is taken for a course where nobody says it: its grade, the terms it goes by (clause 4.2; practice)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from services.gradebook.calendar.rules.year_calendar import YearCalendar, divisions_of, week_of_grade
from services.gradebook.courses.rules.naming import Place


class Sibling(NamedTuple):
    """A course of the same class and year, or across classes where there is none."""

    id: UUID
    subject_id: UUID
    group_name: str
    title: str
    division: str
    grade: int | None

    def place(self, class_id: UUID | None) -> Place:
        """What no other course shares."""
        return Place(self.subject_id, class_id, self.group_name)


def usual_grade(siblings: Iterable[Sibling], grade_of_class: int | None) -> int | None:
    """The grade of most of the class's courses of the year; else that of the class today.

    A year may be prepared in which the class is a grade further on (practice).
    """
    grades = Counter(one.grade for one in siblings if one.grade is not None)
    return max(grades, key=lambda grade: (grades[grade], -grade)) if grades else grade_of_class


def usual_division(siblings: Iterable[Sibling], year: YearCalendar, grade: int | None) -> str:
    """The division of most of the class's courses of the year; else that by which its grade goes (clause 4.2).

    Empty where the year has no terms.
    """
    known = divisions_of(year)
    said = Counter(one.division for one in siblings if one.division in known)
    return max(said, key=lambda name: (said[name], name)) if said else week_of_grade(year, grade).division

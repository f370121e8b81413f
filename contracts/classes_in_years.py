"""What a class is in a year other than the present one: it moves up a grade with every year (clause 4.2; practice).

Identity promotes no class: it has the grade and the name of today until an import says others. So what it is in another
year follows from its courses there, else from those of the other classes, else from the years that lie between.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from contracts.gradebook.calendar import GRADES

_DAYS_A_YEAR: Final = 365.25
#: The id of a class.
Key = TypeVar("Key", str, UUID)


class ClassThen(NamedTuple):
    """A class in a year: its name and grade, and whether it is a class of the school then."""

    name: str
    grade: int | None
    #: False where it has left by then, or has not begun.
    is_there: bool = True


def later_grade(grade: int | None, years: int = 1) -> int | None:
    """The grade so many years later; None beyond the last or before the first, and of what is of no one grade."""
    coming = None if grade is None else grade + years
    return coming if coming in GRADES else None


def name_in_grade(name: str, grade: int | None, coming: int | None) -> str:
    """What a class of a grade will be called in another: «7А», «8А». A name without its grade stays."""
    if grade is None or coming is None:
        return name
    return re.sub(rf"^(\s*){grade}(?!\d)", rf"\g<1>{coming}", name)


def years_between(present: date, other: date) -> int:
    """How many years later another year begins than the present one; given are their first days."""
    return round((other - present).days / _DAYS_A_YEAR)


def classes_then(
    classes: Iterable[tuple[Key, str, int | None]], courses: Iterable[tuple[Key | None, int | None]], years: int
) -> Mapping[Key, ClassThen]:
    """What classes are in a year that begins so many years after the present one.

    `classes` are ids with name and grade of today, `courses` class and grade of the courses of that year. A class is of
    the grade of most of its courses there. Without any it moves as most classes with courses do, which says whether an
    import has moved the classes up already; else by the years between.
    """
    known = list(classes)
    of_courses: dict[Key, Counter[int]] = {}
    for class_id, grade in courses:
        if class_id is not None and grade is not None:
            of_courses.setdefault(class_id, Counter())[grade] += 1
    then = {class_id: _most(grades) for class_id, grades in of_courses.items()}
    steps = Counter(then[key] - grade for key, _, grade in known if grade is not None and key in then)
    usual = _most(steps) if steps else years
    found = {}
    for class_id, name, grade in known:
        coming = then.get(class_id) or later_grade(grade, usual)
        found[class_id] = ClassThen(name_in_grade(name, grade, coming), coming, grade is None or coming is not None)
    return found


def _most(counted: Counter[int]) -> int:
    return max(counted, key=lambda one: (counted[one], -one))

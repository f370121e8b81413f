"""Reads a class's grade from the bundle's grades or the class's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from kernel.errors import Conflict, Invalid
from kernel.names import folded

GRADES = range(1, 13)
#: «8А», «10-Б», «1 "В"»: the grade, then the letter. «1», «1 класс», «1-й класс», «7 кадетский»: the grade alone, or
#: before words. «Klasa 1», «1/2» and «1st grade» name no grade.
_NAMED_FOR_GRADE = re.compile(
    r"\s*(\d{1,2})(?:\s*[-–]?\s*[«\"']?[^\W\d_](?!\w)|(?:\s?[-–]?(?:ый|ий|й))?(?:\s+[^\W\d_][^\d]*)?\s*$)"
)


def grade_of(grades: tuple[str, ...], class_name: str) -> int | None:
    """The grade of a class: the only one the bundle states, else the number that its name begins with, else None."""
    stated = {int(grade) for grade in grades if grade.strip().isdecimal()} & set(GRADES)
    if len(stated) == 1:
        return stated.pop()
    named = _NAMED_FOR_GRADE.match(class_name)
    if stated or named is None:
        return None
    grade = int(named.group(1))
    return grade if grade in GRADES else None


def class_key(name: str) -> str:
    """What two names of one class have in common: «8А», «8 а» and «8-А» are the same (practice)."""
    return folded(name).replace(" ", "")


def new_classes(given: Iterable[tuple[str, int | None]]) -> dict[str, tuple[str, int | None]]:
    """Key → name and grade of classes that are to be there, the first of each name (practice).

    The grade is the number that the name begins with, where nobody says it. Refuses a class without a name.
    """
    found: dict[str, tuple[str, int | None]] = {}
    for index, (text, grade) in enumerate(given):
        name = " ".join(text.split())
        if not name:
            raise Invalid("Name the class.", rule="class-without-name", field=f"classes.{index}.name")
        found.setdefault(class_key(name), (name, grade or grade_of((), name)))
    return found


class KnownGrade(NamedTuple):
    """The grade of a class, or that it is of several grades, none of them the first; neither: nobody has said it."""

    grade: int | None
    several: bool = False


def known_grade(stated: int | None, said: KnownGrade) -> KnownGrade:
    """The grade of a class: as the import or its name states it, else as a person said (clause 2.5)."""
    return said if stated is None else KnownGrade(stated)


def checked_grade(said: KnownGrade) -> KnownGrade:
    """What a person says of the grade of a class. Refuses what says both, or nothing (clause 2.5)."""
    if (said.grade is None) != said.several:
        raise Invalid(
            "Say a grade from 1 to 11, or that the class is of several grades, none of them the first.",
            rule="grade-or-several",
            field="grade",
        )
    return said


def check_grade_may_be_said(name: str, stated: int | None) -> None:
    """Refuse another grade for a class whose name or import states one, as the next import would (practice)."""
    if stated is not None:
        raise Conflict(
            "“{school_class}” is of grade {grade}: so its name or the imported data say. What is wrong there is "
            "corrected in the school's information system, and imported again.",
            rule="grade-stated",
            field="grade",
            school_class=name,
            grade=stated,
        )


class Stay(NamedTuple):
    """A student's time in a class, both days included; it lasts where `until` is None."""

    class_id: UUID
    since: date
    until: date | None


def since_when(class_id: UUID | None, stays: Iterable[Stay]) -> date | None:
    """The first day of the present time in the class; where there is no class, the day after the last in one.

    None where the times do not say it.
    """
    if class_id is not None:
        return max((one.since for one in stays if one.class_id == class_id), default=None)
    ends = [one.until for one in stays if one.until is not None]
    return max(ends) + timedelta(days=1) if ends else None

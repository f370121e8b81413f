"""Reads a class's grade from the bundle's grades or the class's name."""

from __future__ import annotations

import re

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

"""Names of classes."""

from __future__ import annotations

import re

GRADES = range(1, 13)
#: «8А», «10-Б», «1 "В"»: the grade, then the letter. «Klasa 1» or «1/2» say no grade.
_NAMED_FOR_GRADE = re.compile(r"\s*(\d{1,2})\s*[-–]?\s*[«\"']?[^\W\d_](?!\w)")


def grade_of(grades: tuple[str, ...], class_name: str) -> int | None:
    """The grade a class is of: the only one the bundle states, else the number its name begins with, else None."""
    stated = {int(grade) for grade in grades if grade.strip().isdecimal()} & set(GRADES)
    if len(stated) == 1:
        return stated.pop()
    named = _NAMED_FOR_GRADE.match(class_name)
    if stated or named is None:
        return None
    grade = int(named.group(1))
    return grade if grade in GRADES else None

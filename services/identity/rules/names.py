"""Names of people and classes."""

from __future__ import annotations

import re
import unicodedata

GRADES = range(1, 13)
LONGEST_SEARCH_NAME = 620

#: «8А», «10-Б», «1 "В"»: the grade, then the letter. «Klasa 1» or «1/2» say no grade.
_NAMED_FOR_GRADE = re.compile(r"\s*(\d{1,2})\s*[-–]?\s*[«\"']?[^\W\d_](?!\w)")


def full_name(family_name: str, given_name: str, patronymic: str) -> str:
    """Family name, given name, patronymic, whichever there are."""
    return " ".join(part for part in (family_name, given_name, patronymic) if part)


def folded(text: str) -> str:
    """`text` as it is compared: without case, spaces in one form, ё as е."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(plain.split())


def search_name(family_name: str, given_name: str, patronymic: str) -> str:
    """What a person is sorted and searched by; folding may make a name longer than what is kept."""
    return folded(full_name(family_name, given_name, patronymic))[:LONGEST_SEARCH_NAME]


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

"""Parses numbers of lessons, one way for all readers: digits, Roman ones, `1 урок`, `№1`, with bells beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

#: The highest number of a lesson in a sheet; the lowest is 0.
MOST_NUMBER: Final = 14
_LONGEST: Final = 60
_ROMAN: Final = dict(zip(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"), range(1, 11)))
_TIME: Final = r"(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9]"
#: A time alone or a range: `8:30`, `8.30-9.10`, `с 8:30 до 9:10`. What has more points, as dates have, is none.
_BELLS: Final = re.compile(
    rf"(?:с\s*)?(?P<starts>{_TIME})(?:\s*(?:[-–—]|до|по|\s)\s*(?P<ends>{_TIME}))?(?:\s*(?:ч|мин)\.?|\s*\([^()]*\)?)?",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"(?:№\s*)?(?:(?P<digits>[0-9]{1,2})(?![0-9])\s*(?-i:-?(?:ый|ой|ий|й))?|(?P<roman>[IVX]{1,4}))"
    r"\s*[.)]?\s*(?P<word>-?\s*(?:урок|ур|пара|lesson|period)\b\.?)?\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WORD_FIRST: Final = re.compile(r"(?:урок|пара|lesson|period)\s*№?\s*", re.IGNORECASE)
_DASHES: Final = "–—-"
_AROUND: Final = " \n,;()[]" + _DASHES


@dataclass(frozen=True, slots=True)
class Bells:
    """The local start and end of a lesson; None if its end is not given."""

    starts: time
    ends: time | None


@dataclass(frozen=True, slots=True)
class LessonNumber:
    """The number of a lesson, and its bells if they stand beside it."""

    number: int
    bells: Bells | None = None


def bells_of(text: str) -> Bells | None:
    """The bells of a text that is only a time or a range of two; None for other texts, dates among them."""
    found = _BELLS.fullmatch(text.strip(_AROUND)) if len(text) <= _LONGEST else None
    return None if found is None else Bells(_time(found["starts"]), _time(found["ends"]) if found["ends"] else None)


def lesson_number_of(text: str) -> LessonNumber | None:
    """Parse `3`, `3.`, `3 урок`, `III`, `№3`, `Урок 3`, `3 (10:20-11:00)`, also on two lines; None for other texts."""
    if len(text) > _LONGEST or bells_of(text) is not None:
        return None
    found = _NUMBER.fullmatch(_WORD_FIRST.sub("", text.strip(), count=1))
    if found is None:
        return None
    number = int(found["digits"]) if found["digits"] else _ROMAN.get(found["roman"])
    bells = bells_of(found["rest"])
    if number is None or (found["rest"].strip(_AROUND) and bells is None):
        return None
    if bells is not None and found["rest"][0] in _DASHES and not found["word"]:
        return None  # `8 - 8.45` is a range of hours
    return LessonNumber(number, bells)


def _time(text: str) -> time:
    hour, minute = re.split("[.:]", text)
    return time(int(hour), int(minute))

"""Parses days of the week as people write them: in full, abbreviated, in capitals, one letter per line."""

from __future__ import annotations

import re
from typing import Final

#: Full names and usual abbreviations, Monday first.
_NAMES: Final = (
    ("понедельник", "пон", "пнд", "пн", "monday", "mon"),
    ("вторник", "втор", "втр", "вт", "tuesday", "tue"),
    ("среда", "сред", "срд", "ср", "wednesday", "wed"),
    ("четверг", "четв", "чтв", "чт", "thursday", "thu"),
    ("пятница", "пятн", "птн", "пт", "friday", "fri"),
    ("суббота", "субб", "сбт", "сб", "saturday", "sat"),
    ("воскресенье", "воскр", "вск", "вс", "sunday", "sun"),
)
_NUMBERS: Final = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
_NOT_LETTERS: Final = re.compile(r"[^а-яa-z]+")
#: The most letters and separators in a name of a day, even with one letter per line.
_LONGEST: Final = 40


def weekday(text: str) -> int | None:
    """1 (Monday) to 7 for a text that is only the name of a day; None for any other text.

    `Пн.`, `СРЕДА`, `ч е т в е р г` and a name with one letter per line are names of days.
    """
    return _NUMBERS.get(_NOT_LETTERS.sub("", text.casefold())) if len(text) <= _LONGEST else None


def weekday_within(text: str) -> int | None:
    """The first day named by a word of the text: 2 for `Неделя А, вторник` and for `A-Tuesday`."""
    words = _NOT_LETTERS.split(text.casefold())
    return next((_NUMBERS[word] for word in words if word in _NUMBERS), None)

"""Days of the week as people write them: in full, shortened, in capitals, letter under letter."""

from __future__ import annotations

import re
from typing import Final

#: Full names and usual short forms, Monday first.
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
#: No name of a day has more letters and separators than this, even letter under letter.
_LONGEST: Final = 40


def weekday(text: str) -> int | None:
    """1 (Monday) to 7 of a text that is the name of a day and nothing else; None of any other text.

    `Пн.`, `СРЕДА`, `ч е т в е р г` and a name written down the cell are names of days.
    """
    return _NUMBERS.get(_NOT_LETTERS.sub("", text.casefold())) if len(text) <= _LONGEST else None


def weekday_within(text: str) -> int | None:
    """The first day that a word of the text names: 2 for `Неделя А, вторник` and for `A-Tuesday`."""
    words = _NOT_LETTERS.split(text.casefold())
    return next((_NUMBERS[word] for word in words if word in _NUMBERS), None)

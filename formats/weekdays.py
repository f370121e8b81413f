"""Days of the week as people write them: in full, cut, in capitals, one letter per line, with a date beside them."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from formats.sheets import Cell, cell_text

#: Full names, Monday first.
_NAMES: Final = (
    ("понедельник", "monday"),
    ("вторник", "tuesday"),
    ("среда", "wednesday"),
    ("четверг", "thursday"),
    ("пятница", "friday"),
    ("суббота", "saturday"),
    ("воскресенье", "sunday"),
)
#: Abbreviations that are not the beginning of a name, Monday first.
_SHORT: Final = ("пнд", "втр", "срд", "чтв", "птн", "сбт", "вск")
_LETTERS: Final = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
#: The fewest letters of a name that is cut: `пон`, `суб`.
_FEWEST: Final = 3
_NUMBERS: Final = {
    **{
        name[:length]: day
        for day, names in enumerate(_NAMES, 1)
        for name in names
        for length in range(_FEWEST, len(name) + 1)
    },
    **{name: day for names in (_SHORT, _LETTERS) for day, name in enumerate(names, 1)},
    "воскр": 7,
}
_NOT_LETTERS: Final = re.compile(r"[^а-яa-z]+")
_MONTHS: Final = r"янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
#: A date without or with its year: `01.12`, `01.12.2026`, `7 сентября`, `1/12/26 г.`
_DATE: Final = re.compile(
    rf"(?<!\d)(?:(\d{{1,2}})[./-](\d{{1,2}})(?:[./-](\d{{4}}|\d{{2}}))?|(\d{{1,2}})\s+({_MONTHS})[а-я]*\.?(?:\s+(\d{{4}}))?)"
    r"(?!\d)\s*(?:г(?:ода|\.)?(?![а-я]))?"
)
_STARTS: Final = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_BEHIND: Final = re.compile(r"(?P<rest>.*\d.*?)[\s,(/–—-]+(?P<day>[а-яa-z]{2,11})[.\s)]*", re.DOTALL)
_BEFORE: Final = re.compile(r"\(?(?P<day>[а-яa-z]{2,11})[.\s,):–—-]+(?P<rest>\d.*)", re.DOTALL)
#: The most characters of a day's name and date, even with one letter per line.
_LONGEST: Final = 60


@lru_cache(maxsize=1024)  # asked of a sheet's cells again and again
def weekday(text: str) -> int | None:
    """1 (Monday) to 7 for a text that is only the name of a day, or a name with a date; None for any other text.

    `Пн.`, `Чет.`, `СРЕДА`, `ч е т в е р г`, a name with one letter per line, `Вт. 01.12` and `Понедельник 7 сентября`
    are names of days. A name beside a whole date of another day is none.
    """
    folded = text.casefold().replace("ё", "е")
    if len(folded) > _LONGEST:
        return None
    name = _NUMBERS.get(_NOT_LETTERS.sub("", _DATE.sub(" ", folded, count=1)))
    by_date = _weekday_of_date(folded)
    return name if by_date in (None, name) else None


def weekday_of(cell: Cell) -> int | None:
    """The weekday of a cell in a column of days: of its name, or of a whole date that stands alone."""
    if isinstance(cell, datetime | date):
        return cell.isoweekday()
    text = cell_text(cell)
    if found := weekday(text):
        return found
    folded = text.casefold()
    alone = len(folded) <= _LONGEST and _DATE.fullmatch(folded.strip()) is not None
    return _weekday_of_date(folded) if alone else None


def weekday_within(text: str) -> int | None:
    """The first day named by a word of the text: 2 for `Неделя А, вторник` and for `A-Tuesday`.

    «чет» is no day here: among other words it means even weeks.
    """
    words = _NOT_LETTERS.split(text.casefold())
    return next((_NUMBERS[word] for word in words if word in _NUMBERS and word != "чет"), None)


def without_weekday(text: str) -> tuple[str, int | None]:
    """A text in lower case without a day's name before or behind it, and that day: `7.09.26` for `7.09.26 (пн)`."""
    for pattern in (_BEHIND, _BEFORE):
        found = pattern.fullmatch(text)
        if found is not None and (day := _NUMBERS.get(found["day"])) is not None:
            return found["rest"].strip(), day
    return text, None


def _weekday_of_date(text: str) -> int | None:
    """The weekday of the first whole date in the text; None where its year is missing or it is not in the calendar."""
    found = _DATE.search(text)
    if found is None or not (found[3] or found[6]):
        return None
    year = int(found[3] or found[6])
    month = int(found[2]) if found[2] else next(at for at, word in enumerate(_STARTS, 1) if found[5].startswith(word))
    try:
        return date(year if year > 99 else 2000 + year, month, int(found[1] or found[4])).isoweekday()
    except ValueError:
        return None

"""Numbers of spreadsheets: decimals without float noise, and dates stored as numbers with a date format."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from enum import Enum, auto
from typing import Final

#: A spreadsheet's numbers have 15 digits; further ones are noise of the binary form.
_DIGITS: Final = Context(prec=15, traps=[])
_LARGEST_EXPONENT: Final = 308
_SECONDS_OF_A_DAY: Final = 86_400
#: Day 0 of the 1900 date system for dates after its 29 February 1900 (`_LEAP_DAY_1900`), which never existed.
_EPOCH_1900: Final = date(1899, 12, 30)
_EPOCH_1904: Final = date(1904, 1, 1)
_LEAP_DAY_1900: Final = 60
_LAST_SERIAL: Final = 2_958_465  # 31 December 9999

#: Ids of built-in date and time formats, which files do not define (ECMA-376, part 1, 18.8.30).
_BUILT_IN_DATES: Final = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)})
_BUILT_IN_TIMES: Final = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47})
#: Parts of a format that say nothing about its kind: quoted text, escaped and padding characters, colours, conditions
#: and locales, but not `[h]`, `[m]` and `[s]`.
_IRRELEVANT: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
#: The most characters of a format that spreadsheets store.
_LONGEST_CODE: Final = 255


class Shows(Enum):
    """How a number format shows a number."""

    NUMBER = auto()
    DATE = auto()
    TIME = auto()


def format_shows(code: str) -> Shows:
    """What a format's code shows: `dd.mm.yyyy` a date, `[h]:mm` a time, `0.00` a number."""
    letters = _IRRELEVANT.sub("", code[:_LONGEST_CODE].split(";")[0]).lower()
    if letters == "general":
        return Shows.NUMBER
    if "y" in letters or "d" in letters:
        return Shows.DATE
    if "h" in letters or "s" in letters:
        return Shows.TIME
    return Shows.DATE if "m" in letters else Shows.NUMBER


def built_in_shows(number: int) -> Shows:
    """What the built-in format with this id shows."""
    if number in _BUILT_IN_DATES:
        return Shows.DATE
    return Shows.TIME if number in _BUILT_IN_TIMES else Shows.NUMBER


def plain_number(text: str) -> Decimal | None:
    """The number that a spreadsheet stores as `text`, to 15 digits; None where `text` is no such number."""
    number = _DIGITS.create_decimal(text.strip())
    if not number.is_finite() or number.adjusted() > _LARGEST_EXPONENT:
        return None
    return plain(number)


def plain(number: Decimal) -> Decimal:
    """The number without trailing zeros: 2 for 2.0, 0.5 for 0.50."""
    if number.adjusted() >= -_LARGEST_EXPONENT and number == number.to_integral_value():
        return Decimal(int(number))
    return number.normalize(_DIGITS)


def moment(serial: Decimal, shows: Shows, from_1904: bool) -> date | datetime | time | None:
    """The date, time or both of a serial number of days, to the second; None where it is no day of the calendar.

    A number below 1 is a time of day where it has a fraction or the format shows times; a whole number is a date
    (ECMA-376, part 1, 18.17.4).
    """
    if not 0 <= serial <= _LAST_SERIAL:
        return None
    days, seconds = divmod(int((serial * _SECONDS_OF_A_DAY).to_integral_value()), _SECONDS_OF_A_DAY)
    if not days and (shows is Shows.TIME or seconds):
        return (datetime.combine(_EPOCH_1900, time()) + timedelta(seconds=seconds)).time()
    day = _day(days, from_1904)
    if day is None or not seconds:
        return day
    return datetime.combine(day, time()) + timedelta(seconds=seconds)


def _day(days: int, from_1904: bool) -> date | None:
    if from_1904:
        start = _EPOCH_1904
    elif days in (0, _LEAP_DAY_1900):
        return None
    else:
        start = _EPOCH_1900 if days > _LEAP_DAY_1900 else _EPOCH_1900 + timedelta(days=1)
    return start + timedelta(days=days) if days <= (date.max - start).days else None

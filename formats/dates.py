"""Dates as people write them in plans. Only unambiguous dates are read; others give a reason.

The order of day and month in dates with strokes is a matter of the whole column, which the caller decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from formats.serials import Shows, moment
from formats.sheets import Cell, cell_text
from formats.weekdays import without_weekday
from kernel.phrases import Phrase

NO_YEAR = Phrase(ru="В дате «{text}» нет года.", en="The date “{text}” has no year.")
SEVERAL_DATES = Phrase(
    ru="«{text}» – несколько дат или промежуток: нужна одна дата.",
    en="“{text}” is several dates or a range: one date is needed.",
)
NO_SUCH_DATE = Phrase(ru="Даты «{text}» нет в календаре.", en="The date “{text}” is not in the calendar.")
NOT_A_DATE = Phrase(ru="«{text}» – не дата.", en="“{text}” is no date.")

OTHER_WEEKDAY = Phrase(
    ru="В дате «{text}» день недели другой, чем в календаре.",
    en="The date “{text}” has another day of the week than the calendar.",
)
NO_SUCH_YEAR = Phrase(ru="В дате «{text}» неверный год.", en="The date “{text}” has a wrong year.")
DAY_OR_MONTH = Phrase(
    ru="В дате «{text}» не видно, что день, а что месяц.",
    en="The date “{text}” does not show which is the day and which the month.",
)

#: The shortest form of each month: people write three letters or more, such as «сент.» or «сентября».
_MONTHS: Final = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
#: Both separators must be the same: `03-07.09` is a range.
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.0+)?)?)?")
_IN_WORDS: Final = re.compile(r"(\d{1,2})\s+([а-я]{3,8})\.?\s+(\d{4})")
_WITHOUT_YEAR: Final = re.compile(r"\d{1,2}[.,/]\d{1,2}\.?|\d{1,2}\s+(?:" + "|".join(_MONTHS) + r")[а-я]*\.?")
_DAYS: Final = re.compile(r"\d{1,2}\s*[-–—]\s*\d{1,2}\D.*")
_YEAR_WORD: Final = re.compile(r"\s*(?:г|года?)\.?$")
#: A date whose first number may be the month, as programs set to American English write it.
STROKED: Final = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})")
#: What may stand around a whole date.
_AROUND: Final = " \n()[]«»\"',;."
#: A time of day behind a date, which says nothing about the day.
_TIME_BEHIND: Final = re.compile(r"(?<=\d)[, ]+\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?\s*$")
_SERIAL: Final = re.compile(r"[0-9]{5}(?:[.,][0-9]{1,10})?")
#: The years that a plan may be of; others are slips.
YEARS: Final = range(2000, 2100)
_NOTHING: Final = frozenset({"", "-", "–", "—"})
_TOO_LONG: Final = 60
_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date, or the reason why there is none; an empty cell has neither."""

    value: date | None
    rule: str = ""
    problem: Phrase | None = None


NOTHING: Final = DateReading(None)


def written_date(cell: Cell, *, month_first: bool = False, from_1904: bool = False) -> DateReading:
    """The date in a cell: a spreadsheet's date, `17.09.2026`, `17.09.26`, `2026-09-17`, `17 сентября 2026 г.`

    A date may have a weekday beside it, a time behind it, and stand in brackets. A number of five digits is a
    spreadsheet's date that lost its format, counted from 1900 or `from_1904`. `month_first` is how `9/17/2026` is read.
    A day and month without a year, a range, several dates, another weekday than the calendar's, a year outside `YEARS`
    and any other text give a reason instead.
    """
    reading = _any_year(cell, month_first, from_1904)
    if reading.value is not None and reading.value.year not in YEARS:
        return DateReading(None, "no-such-year", NO_SUCH_YEAR)
    return reading


def _any_year(cell: Cell, month_first: bool, from_1904: bool) -> DateReading:
    if isinstance(cell, datetime):
        return DateReading(cell.date())
    if isinstance(cell, date):
        return DateReading(cell)
    if (day := _serial_date(cell, from_1904)) is not None:
        return DateReading(day)
    text = cell_text(cell).lower().replace("\u2011", "-")  # a hyphen that does not break
    if text in _NOTHING:
        return NOTHING
    if len(text) > _TOO_LONG:
        return DateReading(None, "not-a-date", NOT_A_DATE)
    bare, weekday = without_weekday(_TIME_BEHIND.sub("", text).strip(_AROUND))
    parts = _parts(_YEAR_WORD.sub("", bare.strip(_AROUND)), month_first)
    if parts is None:
        return _unclear(text)
    try:
        day = date(*parts)
    except ValueError:
        return DateReading(None, "no-such-date", NO_SUCH_DATE)
    if weekday not in (None, day.isoweekday()):
        return DateReading(None, "other-weekday", OTHER_WEEKDAY)
    return DateReading(day)


def _serial_date(cell: Cell, from_1904: bool) -> date | None:
    """The date of a number of days; None for other values."""
    text = cell_text(cell)
    if isinstance(cell, bool) or not _SERIAL.fullmatch(text):
        return None
    day = moment(Decimal(text.replace(",", ".")), Shows.DATE, from_1904)
    return day.date() if isinstance(day, datetime) else day if isinstance(day, date) else None


def _parts(text: str, month_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day; an unknown word for a month gives month 0."""
    if found := _DAY_FIRST.fullmatch(text):
        year = int(found[4])
        day, month = (3, 1) if month_first and found[2] != "." else (1, 3)
        return year if len(found[4]) > 2 else _CENTURY + year, int(found[month]), int(found[day])
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _IN_WORDS.fullmatch(text):
        return int(found[3]), _month(found[2]), int(found[1])
    return None


def _month(word: str) -> int:
    return next((number for number, start in enumerate(_MONTHS, 1) if word.startswith(start)), 0)


def _unclear(text: str) -> DateReading:
    if _WITHOUT_YEAR.fullmatch(text):
        return DateReading(None, "date-without-year", NO_YEAR)
    dates = _DAY_FIRST.findall(text) or _YEAR_FIRST.findall(text) or _WITHOUT_YEAR.findall(text)
    if len(dates) > 1 or _DAYS.fullmatch(text):
        return DateReading(None, "several-dates", SEVERAL_DATES)
    return DateReading(None, "not-a-date", NOT_A_DATE)

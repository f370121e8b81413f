"""Dates as people write them in plans. Only unambiguous dates are read; others give a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from formats.sheets import Cell, cell_text
from kernel.phrases import Phrase

NO_YEAR = Phrase(ru="В дате «{text}» нет года.", en="The date “{text}” has no year.")
SEVERAL_DATES = Phrase(
    ru="«{text}» – несколько дат или промежуток: нужна одна дата.",
    en="“{text}” is several dates or a range: one date is needed.",
)
NO_SUCH_DATE = Phrase(ru="Даты «{text}» нет в календаре.", en="The date “{text}” is not in the calendar.")
NOT_A_DATE = Phrase(ru="«{text}» – не дата.", en="“{text}” is no date.")

#: The shortest form of each month: people write three letters or more, such as «сент.» or «сентября».
_MONTHS: Final = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
#: Both separators must be the same: `03-07.09` is a range.
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.0+)?)?)?")
_IN_WORDS: Final = re.compile(r"(\d{1,2})\s+([а-я]{3,8})\.?\s+(\d{4})")
_WITHOUT_YEAR: Final = re.compile(r"\d{1,2}[.,/]\d{1,2}\.?|\d{1,2}\s+(?:" + "|".join(_MONTHS) + r")[а-я]*\.?")
_DAYS: Final = re.compile(r"\d{1,2}\s*[-–—]\s*\d{1,2}\D.*")
_YEAR_WORD: Final = re.compile(r"\s*(?:г|года?)\.?$")
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


def written_date(cell: Cell) -> DateReading:
    """The date in a cell: a spreadsheet's date, `17.09.2026`, `17.09.26`, `2026-09-17`, `17 сентября 2026 г.`

    A day and month without a year, a range, several dates and any other text give a reason instead.
    """
    if isinstance(cell, datetime):
        return DateReading(cell.date())
    if isinstance(cell, date):
        return DateReading(cell)
    text = cell_text(cell).lower().replace("\u2011", "-")  # a hyphen that does not break
    if text in _NOTHING:
        return NOTHING
    if len(text) > _TOO_LONG:
        return DateReading(None, "not-a-date", NOT_A_DATE)
    parts = _parts(_YEAR_WORD.sub("", text))
    if parts is None:
        return _unclear(text)
    try:
        return DateReading(date(*parts))
    except ValueError:
        return DateReading(None, "no-such-date", NO_SUCH_DATE)


def _parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day; an unknown word for a month gives month 0."""
    if found := _DAY_FIRST.fullmatch(text):
        year = int(found[4])
        return year if len(found[4]) > 2 else _CENTURY + year, int(found[3]), int(found[1])
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

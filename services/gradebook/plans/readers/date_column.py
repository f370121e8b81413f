"""Dates of one column: which of day and month stands first is decided by the whole column, never cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from formats.dates import DAY_OR_MONTH, STROKED, DateReading, written_date
from formats.sheets import Cell, cell_text
from formats.weekdays import without_weekday

_MONTHS: Final = 12
#: The first month of a school year, and the months without lessons.
_FIRST_MONTH: Final = 8
_WITHOUT_LESSONS: Final = (7, 8)
_UNDECIDED: Final = DateReading(None, "day-or-month", DAY_OR_MONTH)


def column_dates(cells: Sequence[Cell], *, from_1904: bool = False) -> list[DateReading]:
    """The dates of a column's cells, in order.

    A number above 12 shows which is the day; else that order counts in which the column's dates follow one another
    within one school year. Where neither decides, or cells contradict one another, every date that depends on it has a
    reason instead. So has a spreadsheet's own date beside texts with the month first: the program that read the file
    may have taken its month for the day.
    """
    order = _month_first(cells, from_1904)
    return [_reading(cell, order, from_1904) for cell in cells]


def school_year(day: date) -> int:
    """The year in which the school year of a day begins; August belongs to the new one."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def _reading(cell: Cell, month_first: bool | None, from_1904: bool) -> DateReading:
    if isinstance(cell, date | datetime):
        swapped = month_first is not False and cell.day <= _MONTHS and cell.day != cell.month
        return _UNDECIDED if swapped else written_date(cell)
    if month_first is None and (pair := _stroked(cell)) is not None and pair[0] != pair[1]:
        return _UNDECIDED
    return written_date(cell, month_first=bool(month_first), from_1904=from_1904)


def _stroked(cell: Cell) -> tuple[int, int] | None:
    """The first two numbers of a date with strokes."""
    text, _ = without_weekday(cell_text(cell).lower())
    found = STROKED.search(text) if isinstance(cell, str) else None
    return (int(found[1]), int(found[3])) if found else None


def _month_first(cells: Sequence[Cell], from_1904: bool) -> bool | None:
    """Whether the month stands first in dates with strokes; None where the column does not decide it."""
    pairs = [pair for cell in cells if (pair := _stroked(cell)) is not None]
    if all(first == second for first, second in pairs):
        return False
    days_first, days_second = any(first > _MONTHS for first, _ in pairs), any(second > _MONTHS for _, second in pairs)
    if days_first != days_second:
        return days_second
    if days_first:
        return None
    plausible = [order for order in (False, True) if _is_plausible(cells, order, from_1904)]
    return plausible[0] if len(plausible) == 1 else None


def _is_plausible(cells: Sequence[Cell], month_first: bool, from_1904: bool) -> bool:
    """Whether the dates, so read, follow one another within one school year, and none is in the summer."""
    readings = (written_date(cell, month_first=month_first, from_1904=from_1904) for cell in cells)
    days = [reading.value for reading in readings if reading.value is not None]
    in_order = all(before <= after for before, after in pairwise(days))
    return in_order and len(set(map(school_year, days))) == 1 and all(day.month not in _WITHOUT_LESSONS for day in days)

"""Which week of an academic year a day is in, and whether it is an odd or an even one (practice)."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

ODD: Final = "1"
EVEN: Final = "2"


def week_of_year(day: date, year_starts_on: date) -> int:
    """The number of the week of `day` in the academic year, counted by Mondays; the year begins in week 1.

    Holidays are counted, as the printed tables of schools do that name odd and even weeks by their dates (practice).
    """
    first_monday = year_starts_on.toordinal() - year_starts_on.weekday()
    return (day.toordinal() - first_monday) // 7 + 1


def parity(day: date, year_starts_on: date) -> Literal["1", "2"]:
    """Whether the week of `day` is an odd or an even one of the academic year (practice)."""
    return ODD if week_of_year(day, year_starts_on) % 2 else EVEN

"""Weeks of an academic year, odd and even ones."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.weeks_of_years import parity, week_of_year

FIRST = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("day", "number", "week"),
    [
        (date(2026, 9, 1), 1, "1"),  # a Tuesday: the week from 31 August is the first
        (date(2026, 9, 6), 1, "1"),
        (date(2026, 9, 7), 2, "2"),
        (date(2026, 9, 14), 3, "1"),
        (date(2026, 12, 31), 18, "2"),
        (date(2027, 1, 4), 19, "1"),  # holidays are counted
    ],
)
def test_weeks_are_counted_by_mondays_from_the_one_in_which_the_year_begins(day: date, number: int, week: str) -> None:
    assert (week_of_year(day, FIRST), parity(day, FIRST)) == (number, week)

"""The public holidays that the law names (Labour Code, article 112)."""

from __future__ import annotations

from datetime import date
from typing import Final

#: Months and days; which days off they move, the state says every year.
PUBLIC_HOLIDAYS: Final = frozenset(
    {*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
)


def is_public_holiday(day: date) -> bool:
    """Whether the day is a public holiday (Labour Code, article 112)."""
    return (day.month, day.day) in PUBLIC_HOLIDAYS

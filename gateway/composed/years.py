"""Which of the school's academic years a page begins with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any


def year_at(years: Iterable[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The year that goes on on a day, else the nearest, of two as near the later; None where there are none."""
    return min(years, key=lambda year: (_days_between(year, day), -_first(year).toordinal()), default=None)


def _days_between(year: dict[str, Any], day: date) -> int:
    """How many days lie between a day and a year; 0 within it."""
    return max((_first(year) - day).days, (day - date.fromisoformat(year["ends_on"])).days, 0)


def _first(year: dict[str, Any]) -> date:
    return date.fromisoformat(year["starts_on"])

"""Which of the school's academic years a page begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from contracts.gradebook import calendar


def year_at(years: Iterable[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The year that goes on on a day, else the nearest, of two as near the later; None where there are none."""
    return calendar.year_at(years, day, span)


def goes_on(year: Mapping[str, Any], day: date) -> bool:
    """Whether a day is one of the year's."""
    first, last = span(year)
    return first <= day <= last


def span(year: Mapping[str, Any]) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date.fromisoformat(year["starts_on"]), date.fromisoformat(year["ends_on"])

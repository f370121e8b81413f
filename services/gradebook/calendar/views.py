"""Views of years and terms."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.gradebook.calendar.queries import SpanRow, TermRow
from services.gradebook.rows import View, picked

_TERM = ("id", "title", "starts_on", "ends_on")


def calendar(years: Iterable[SpanRow], terms: Iterable[TermRow]) -> View:
    """Years with their terms."""
    by_year: dict[UUID, list[View]] = {}
    for row in terms:
        by_year.setdefault(row.year_id, []).append(term(row))
    return {"years": [{**picked(row, _TERM), "terms": by_year.get(row.id, [])} for row in years]}


def term(row: SpanRow) -> View:
    """A term."""
    return picked(row, _TERM)

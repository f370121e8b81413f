"""A year with its terms."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from cli.building import Rows
from services.gradebook.calendar import tables

Span = tuple[date, date]


def year(year_id: UUID, span: Span, terms: dict[UUID, Span]) -> Rows:
    """A year from its first to its last day, and its terms from theirs to theirs, in order."""
    numerals = ("I", "II", "III", "IV")
    return [
        (tables.Year, [{"id": year_id, "title": "Год", "starts_on": span[0], "ends_on": span[1]}]),
        (
            tables.Term,
            [
                {"id": term_id, "year_id": year_id, "title": title, "starts_on": starts_on, "ends_on": ends_on}
                for title, (term_id, (starts_on, ends_on)) in zip(numerals, terms.items())
            ],
        ),
    ]

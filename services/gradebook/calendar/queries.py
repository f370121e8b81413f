"""Selects years and terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gradebook.calendar.tables import Term, Year


class SpanRow(Protocol):
    """A year or a term: its title and its first and last day."""

    id: UUID
    title: str
    starts_on: date
    ends_on: date


class TermRow(SpanRow, Protocol):
    """A term of a year."""

    year_id: UUID


_YEARS: Final = select(Year.id, Year.title, Year.starts_on, Year.ends_on).order_by(Year.starts_on.desc(), Year.id)
_TERMS: Final = select(Term.id, Term.title, Term.starts_on, Term.ends_on, Term.year_id).order_by(
    Term.starts_on, Term.id
)


def years(session: Session) -> Sequence[SpanRow]:
    """The academic years, newest first."""
    return cast("Sequence[SpanRow]", session.execute(_YEARS).all())


def terms(session: Session) -> Sequence[TermRow]:
    """The terms of all years, by date."""
    return cast("Sequence[TermRow]", session.execute(_TERMS).all())

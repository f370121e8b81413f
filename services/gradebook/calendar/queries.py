"""Selects years and terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gradebook.calendar.tables import Term, Year
from services.gradebook.rows import missing


class SpanRow(Protocol):
    """A year or a term: its title and its first and last day."""

    id: UUID
    title: str
    starts_on: date
    ends_on: date


class TermRow(SpanRow, Protocol):
    """A term of a year."""

    year_id: UUID


def years(session: Session) -> Sequence[SpanRow]:
    """The academic years, newest first."""
    columns = (Year.id, Year.title, Year.starts_on, Year.ends_on)
    found = session.execute(select(*columns).order_by(Year.starts_on.desc(), Year.id)).all()
    return cast("Sequence[SpanRow]", found)


def terms(session: Session) -> Sequence[TermRow]:
    """The terms of all years, by date."""
    columns = (Term.id, Term.title, Term.starts_on, Term.ends_on, Term.year_id)
    return cast("Sequence[TermRow]", session.execute(select(*columns).order_by(Term.starts_on, Term.id)).all())


def term(session: Session, term_id: UUID) -> TermRow:
    """A term. Raises `NotFound`."""
    columns = (Term.id, Term.title, Term.starts_on, Term.ends_on, Term.year_id)
    row = session.execute(select(*columns).where(Term.id == term_id)).one_or_none()
    if row is None:
        raise missing("term", term_id)
    return cast(TermRow, row)

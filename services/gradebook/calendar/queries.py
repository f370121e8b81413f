"""Years and terms."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gradebook.calendar.tables import Term, Year
from services.gradebook.rows import Plain, missing


def years(session: Session) -> Sequence[Plain]:
    """The academic years, newest first."""
    columns = (Year.id, Year.title, Year.starts_on, Year.ends_on)
    return session.execute(select(*columns).order_by(Year.starts_on.desc(), Year.id)).all()


def terms(session: Session) -> Sequence[Plain]:
    """The terms of all years, by date."""
    columns = (Term.id, Term.title, Term.starts_on, Term.ends_on, Term.year_id)
    return session.execute(select(*columns).order_by(Term.starts_on, Term.id)).all()


def term(session: Session, term_id: UUID) -> Plain:
    """A term. Raises `NotFound`."""
    columns = (Term.id, Term.title, Term.starts_on, Term.ends_on, Term.year_id)
    row = session.execute(select(*columns).where(Term.id == term_id)).one_or_none()
    if row is None:
        raise missing("term", term_id)
    return row

"""What of a course's page for a term a person reads."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.errors import NotFound
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.journal.queries.pages import FrameRow
from services.gradebook.rows import missing


def readable(
    session: Session, actor: Actor, page: FrameRow, term_id: UUID, *, anyhow: bool = False
) -> tuple[CourseTies, tuple[date, date]]:
    """The actor's ties to the course of a page, and the first and last day that the actor reads.

    `anyhow`: the actor reads the page whatever these ties are. Raises `NotFound` for who may not read the course, and
    for a term by which it does not go.
    """
    ties = courses_queries.course_ties(page)
    if not (anyhow or courses_permissions.may_read_course(actor, ties)):
        raise missing("course", page.id)
    if page.term_id is None:
        raise _no_term(term_id, calendar_queries.title_of_term(session, term_id))
    last = courses_permissions.reads_until(actor, ties) or page.term_ends_on
    return ties, (page.term_starts_on, min(last, page.term_ends_on))


def _no_term(term_id: UUID, title: str | None) -> NotFound:
    """Why a course has no page of a term."""
    if title is None:
        return missing("term", term_id)
    return NotFound(
        "The course goes by other terms than “{term}”: choose one of its own.",
        rule="term-of-another-division",
        field="term_id",
        term=title,
    )

"""What of a course's page for a term, or of a student's marks, a person reads."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.errors import NotFound
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.journal import rules
from services.gradebook.journal.queries.families import StudentRow
from services.gradebook.journal.queries.pages import FrameRow
from services.gradebook.people import permissions as people_permissions
from services.gradebook.people.queries import student_ties
from services.gradebook.rows import missing

Student = TypeVar("Student", bound=StudentRow)


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


def readable_student(actor: Actor, student_id: UUID, row: Student | None, as_of: datetime | None = None) -> Student:
    """A student whose marks the actor reads, from the row that was found, if one was.

    Raises `NotFound` for a student whose marks the actor may not read, and `Forbidden` for a family that asks for an
    earlier moment.
    """
    ties = student_ties(row, actor.person_id) if row is not None else None
    if row is None or ties is None or not people_permissions.may_read_student(actor, student_id, ties):
        raise missing("student", student_id)
    if as_of is not None and not people_permissions.reads_as_staff(actor, ties):
        raise rules.for_staff()
    return row


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

"""Telling the other services that what they copied has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.identity import MANY, ClassesChanged, StudentsChanged
from kernel import outbox
from services.identity.tables import Person, SchoolClass


def students_changed(session: Session, student_ids: Iterable[UUID]) -> None:
    """Count the students' revision up and announce them. The session is bound to their school."""
    for batch in _batches(student_ids):
        session.execute(
            update(Person).where(Person.id.in_(batch)).values(revision=Person.revision + 1),
            execution_options={"synchronize_session": False},
        )
        outbox.record(session, StudentsChanged(batch_id=uuid7(), student_ids=tuple(batch)))


def classes_changed(session: Session, class_ids: Iterable[UUID]) -> None:
    """Count the classes' revision up and announce them. The session is bound to their school."""
    for batch in _batches(class_ids):
        session.execute(
            update(SchoolClass).where(SchoolClass.id.in_(batch)).values(revision=SchoolClass.revision + 1),
            execution_options={"synchronize_session": False},
        )
        outbox.record(session, ClassesChanged(batch_id=uuid7(), class_ids=tuple(batch)))


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """As many as one call can ask about, in one order everywhere, so that no two transactions wait in a circle."""
    ordered = sorted(set(ids))
    return (ordered[start : start + MANY] for start in range(0, len(ordered), MANY))

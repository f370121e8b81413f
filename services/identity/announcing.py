"""Telling the other services that what they copied has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.identity.classes import ClassesChanged
from contracts.identity.people import StudentsChanged
from kernel.contract import MANY
from kernel.data import outbox
from services.identity import queries
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


def moved_students(session: Session, today: date) -> None:
    """Announce the students whose class is another on `today` than was announced."""
    students_changed(session, moves_noted(session, today))


def moves_noted(session: Session, today: date) -> list[UUID]:
    """Note the class of each student whose class is another on `today` than was announced; who they are."""
    by_class: dict[UUID | None, list[UUID]] = defaultdict(list)
    for student_id, class_id in queries.moved_students(session, today):
        by_class[class_id].append(student_id)
    for class_id, moved in by_class.items():
        for batch in _batches(moved):
            session.execute(
                update(Person).where(Person.id.in_(batch)).values(class_id=class_id),
                execution_options={"synchronize_session": False},
            )
    return [student_id for moved in by_class.values() for student_id in moved]


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """As many as one call can ask about, in one order everywhere, so that no two transactions wait in a circle."""
    ordered = sorted(set(ids))
    return (ordered[start : start + MANY] for start in range(0, len(ordered), MANY))

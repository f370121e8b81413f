"""Records students' moves between classes, and announces changed classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.identity.classes import ClassesChanged
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import in_parts
from kernel.data import outbox
from kernel.data.rows import insert_rows
from services.identity.classes import queries
from services.identity.classes.rules import KnownGrade
from services.identity.classes.tables import SaidGrade, SchoolClass
from services.identity.people import recording as people_recording


def new_classes(session: Session, school_id: UUID, classes: Iterable[tuple[str, int | None]]) -> list[UUID]:
    """Make classes of these names and grades, and announce them. Returns their ids."""
    new = [(uuid7(), name, grade) for name, grade in classes]
    insert_rows(
        session,
        SchoolClass,
        [{"school_id": school_id, "id": key, "name": name, "grade": grade, "revision": 0} for key, name, grade in new],
    )
    ids = [key for key, _, _ in new]
    classes_changed(session, ids)
    return ids


def said_grade(session: Session, actor: Actor, class_id: UUID, said: KnownGrade) -> None:
    """Save what a person says of the grade of a class, with who said it, and announce it."""
    session.execute(
        update(SchoolClass).where(SchoolClass.id == class_id).values(said_grade=said.grade, said_several=said.several)
    )
    row = {
        "school_id": actor.tenant, "id": uuid7(), "class_id": class_id, "grade": said.grade, "several": said.several,
        "said_by": actor.person_id, "said_at": now(),
    }  # fmt: skip
    insert_rows(session, SaidGrade, [row])
    classes_changed(session, [class_id])


def classes_changed(session: Session, class_ids: Iterable[UUID]) -> None:
    """Increase the classes' revisions and announce the change. The session is bound to their school."""
    for batch in in_parts(class_ids):
        session.execute(
            update(SchoolClass).where(SchoolClass.id.in_(batch)).values(revision=SchoolClass.revision + 1),
            execution_options={"synchronize_session": False},
        )
        outbox.record(session, ClassesChanged(batch_id=uuid7(), class_ids=tuple(batch)))


def announce_moved(session: Session, today: date) -> None:
    """Announce students whose class on `today` differs from the announced one."""
    people_recording.students_changed(session, moves_noted(session, today))


def moves_noted(session: Session, today: date) -> list[UUID]:
    """Store the class of each student whose class on `today` differs from the announced one. Returns their ids."""
    by_class: dict[UUID | None, list[UUID]] = defaultdict(list)
    for student_id, class_id in queries.moved_students(session, today):
        by_class[class_id].append(student_id)
    for class_id, moved in by_class.items():
        people_recording.note_class(session, moved, class_id)
    return [student_id for moved in by_class.values() for student_id in moved]

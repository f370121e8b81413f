"""Selects classrooms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Protocol, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.classrooms.tables import Classroom
from services.gradebook.rows import missing


class ClassroomRow(Protocol):
    """A classroom."""

    id: UUID
    name: str
    shared: bool


_CLASSROOMS: Final = select(Classroom.id, Classroom.name, Classroom.shared).order_by(Classroom.name, Classroom.id)
_LOCK: Final = select(Classroom.id).with_for_update()
_KNOWN: Final = select(Classroom.id).where(among(Classroom.id, "classroom_ids"))


def classrooms(session: Session, *, lock: bool = False) -> Sequence[ClassroomRow]:
    """The school's classrooms. `lock` makes others who change them wait until the transaction ends."""
    if lock:
        session.execute(_LOCK).all()
    return cast("Sequence[ClassroomRow]", session.execute(_CLASSROOMS).all())


def check_known(session: Session, classroom_ids: Collection[UUID]) -> None:
    """Refuse classrooms that the school does not have."""
    if not classroom_ids:
        return
    known = set(session.scalars(_KNOWN, {"classroom_ids": classroom_ids}))
    for classroom_id in sorted(set(classroom_ids) - known):
        raise missing("classroom", classroom_id)

"""Announces changed lessons."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.day_changes import TimetableChanged
from kernel.data import outbox


def announce(session: Session, told: Mapping[UUID, tuple[int, list[UUID]]]) -> None:
    """Announce changed lessons, each with the version of its change, to their students."""
    outbox.record(
        session,
        *(
            TimetableChanged(lesson_id=lesson_id, version=version, student_ids=tuple(students))
            for lesson_id, (version, students) in told.items()
        ),
    )

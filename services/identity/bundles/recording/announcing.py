"""Announces whom an import, or undoing it, has changed, and ends the sessions of those who lost rights."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.identity.classes import recording as classes_recording
from services.identity.people import queries as people_queries
from services.identity.people import recording as people_recording
from services.identity.sessions import recording as sessions_recording

CHUNK = 500


@dataclass
class Announcing:
    """What has changed in one school."""

    #: People whose facts may have changed, and students whose guardians changed: other services copy these facts.
    touched: set[UUID] = field(default_factory=set)
    students: set[UUID] = field(default_factory=set)
    classes: set[UUID] = field(default_factory=set)
    #: People whose tokens grant more than they may do now.
    signed_out: set[UUID] = field(default_factory=set)

    def announce(self, session: Session, today: date, moment: datetime) -> None:
        """Announce it. The session is bound to the school."""
        accounts: list[UUID] = []
        for chunk in chunks(self.touched):
            self.students.update(row.id for row in people_queries.students(session, chunk))
            self.students.update(people_queries.students_of_guardians(session, chunk))
        for chunk in chunks(self.signed_out):
            accounts += people_queries.accounts_of(session, chunk)
        self.students.update(classes_recording.moves_noted(session, today))
        people_recording.students_changed(session, self.students)
        classes_recording.classes_changed(session, self.classes)
        if accounts:
            sessions_recording.end_all(session, accounts, moment)


def chunks(ids: Collection[Any]) -> Iterator[list[Any]]:
    """The ids, sorted, in lists that a statement takes."""
    ordered = sorted(ids)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))

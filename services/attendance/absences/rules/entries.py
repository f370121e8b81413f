"""What is recorded of a student in a lesson, and what a repeated check changes of it (regulation, clause 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """What is recorded of a student in a lesson; `code` is None where an absence was withdrawn."""

    code: str | None
    minutes: int | None = None


WITHDRAWN = Entry(None)


def changes(before: Mapping[UUID, Entry], now: Mapping[UUID, Entry]) -> dict[UUID, Entry]:
    """What a repeated check changes, by student: new and other entries, and `WITHDRAWN` where one is gone.

    Source: regulation, clause 3.3.
    """
    gone = {student: WITHDRAWN for student, entry in before.items() if student not in now and entry != WITHDRAWN}
    return {student: entry for student, entry in now.items() if before.get(student) != entry} | gone

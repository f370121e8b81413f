"""What is known of the people whom letters go to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian of a student, as last heard of."""

    student_id: UUID
    guardian_id: UUID
    email: str | None
    language: str
    purposes: frozenset[str]

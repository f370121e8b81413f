"""The facts of recipients."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian of a student, as last copied; `purposes` are those consented to."""

    student_id: UUID
    guardian_id: UUID
    email: str | None
    language: str
    purposes: frozenset[str]

"""What identity says of students, asked for."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contracts.identity.people import People, StudentFactView
from kernel.contract import in_parts
from kernel.running.providers import Ask


def student_facts(ask: Ask, student_ids: Iterable[UUID]) -> list[StudentFactView]:
    """Identity's facts of students, asked for in pages as large as it takes."""
    return [fact for page in in_parts(student_ids) for fact in ask(People.student_facts, person_ids=page).students]

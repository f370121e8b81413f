"""Fetches facts of students from identity."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contracts.identity.people import People, StudentFactView
from kernel.contract import in_parts
from kernel.running.providers import Ask


def student_facts(ask: Ask, student_ids: Iterable[UUID]) -> list[StudentFactView]:
    """Identity's facts of students, fetched in pages of the largest size that identity accepts."""
    return [fact for page in in_parts(student_ids) for fact in ask(People.student_facts, person_ids=page).students]

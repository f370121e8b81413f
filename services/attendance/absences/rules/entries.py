"""Entries of students in a lesson, and how a repeated check changes them (regulation, clause 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of a student in a lesson; `code` is None if the absence was withdrawn."""

    code: str | None
    minutes: int | None = None


WITHDRAWN = Entry(None)


def changes(before: Mapping[UUID, Entry], now: Mapping[UUID, Entry]) -> dict[UUID, Entry]:
    """Student → new or changed entry, or `WITHDRAWN` if the repeated check no longer names the student.

    Source: regulation, clause 3.3.
    """
    gone = {student: WITHDRAWN for student, entry in before.items() if student not in now and entry != WITHDRAWN}
    return {student: entry for student, entry in now.items() if before.get(student) != entry} | gone

"""Asks for the lessons of a school to be laid anew, in the background, as its calendar or timetable changed.

`services.gradebook.timetable` carries it out. It stands here for the rooms below, which know nothing of lessons.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.data.jobs import Kind

#: Lays the lessons of a school's present and later years.
LESSONS: Final = Kind("lay_lessons")


def ask_for_lessons(session: Session, school_id: UUID) -> None:
    """Have the school's lessons laid once this transaction is committed."""
    LESSONS.add_once(session, school_id)

"""When homework is due."""

from __future__ import annotations

from datetime import date


def due_day(homework: str, set_day: date | None, next_lesson: date | None) -> date | None:
    """The day on which the homework of a lesson is due: the one that the teacher set, or else `next_lesson`.

    `next_lesson` is the first day after the lesson on which its course has another one. None if the lesson gave no
    homework, and if no day was set and no further lesson is planned. Source: practice; clauses 1.4, 3.2.
    """
    if not homework:
        return None
    return set_day or next_lesson

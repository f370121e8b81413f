"""What a teacher says of a lesson that the timetable has no more (clause 3.2)."""

from __future__ import annotations

from kernel.errors import Conflict
from services.gradebook.lessons.rules.states import State


def check_settles(state: str, *, held: bool, filled: bool) -> None:
    """Refuse to speak of a lesson that the timetable has, and to let one go that holds an entry (clause 3.2)."""
    if state != State.OUTSIDE:
        raise Conflict("This lesson is in the timetable.", rule="in-timetable", field="lesson_id")
    if filled and not held:
        raise Conflict(
            "Something was entered in this lesson: take back its topic, homework, marks and absences first.",
            rule="lesson-filled",
            field="held",
        )

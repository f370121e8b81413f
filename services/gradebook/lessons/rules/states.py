"""What a lesson is to the timetable, and what may be entered in it (clause 3.2)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from contracts.gradebook import lessons
from kernel.errors import Conflict


class State(StrEnum):
    """What a lesson is to the timetable."""

    #: As the timetable says, or entered by hand or by an import, which the timetable leaves alone.
    HELD = ""
    #: The timetable has it, but on this day it is not held, or is held elsewhere. Nothing was entered in it.
    CANCELLED = lessons.CANCELLED
    #: The timetable has it no more, but something was entered in it, or its day is over.
    OUTSIDE = "outside"
    #: The timetable has it no more, and it was empty: nobody sees it. Its place and id are taken up again.
    DROPPED = "dropped"


def check_is_held(state: str, day: date) -> None:
    """Refuse to enter something in a cancelled lesson (clause 3.2)."""
    if state == State.CANCELLED:
        raise Conflict(
            "The lesson of {date} is cancelled: nothing can be entered in it. "
            "If it was held after all, the methodologist takes the cancellation back.",
            rule="lesson-cancelled",
            field="lesson_id",
            date=day,
        )


def after_entry(state: str) -> str:
    """The state of a lesson in which something is entered: one that was dropped comes back (practice)."""
    return State.OUTSIDE if state == State.DROPPED else state

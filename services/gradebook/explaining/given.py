"""A mark as the rules see it: a value without database, class or person."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

ONE: Final = Decimal(1)


class State(enum.Enum):
    """What stands in the place of a work's mark."""

    GIVEN = "given"
    #: The student was exempt from this work, or absent for a good reason.
    EXCUSED = "excused"
    #: The work was set, and has no mark yet.
    UNGRADED = "ungraded"


@dataclass(frozen=True, slots=True)
class GivenMark:
    """One mark of a student in a course.

    `text` is what the journal shows, `number` what it counts as on its scale (None for `зач`, `н/а`);
    `maximum` is 1 for marks and the points to be had for works that are scored in points.
    """

    text: str
    number: Decimal | None
    #: Code of the kind of work, as the policy names it; "" for an ordinary mark.
    kind: str = ""
    #: The school day in whose column the mark stands.
    day: date | None = None
    #: The mark's own weight, instead of its kind's.
    weight: Decimal | None = None
    maximum: Decimal = ONE
    state: State = State.GIVEN
    #: Counts only where it raises the mean.
    only_if_helps: bool = False
    #: Set at another school, and brought along by the student.
    brought: bool = False
    #: What the caller knows the mark by; the rules do not look at it.
    ref: str = ""
    #: The day on which it was entered, for figures as of a date; None counts as `day`.
    entered_on: date | None = None

    def __str__(self) -> str:
        return self.text

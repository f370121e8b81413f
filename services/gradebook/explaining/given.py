"""A mark as input of the rules: a plain value, independent of the database, the class and the student."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

ONE: Final = Decimal(1)


class State(enum.Enum):
    """Whether a work has a mark, and why not."""

    GIVEN = "given"
    #: The student was exempt from the work, or absent for a valid reason.
    EXCUSED = "excused"
    #: The work has no mark yet.
    UNGRADED = "ungraded"


@dataclass(frozen=True, slots=True)
class GivenMark:
    """One mark of a student in a course.

    `text` is the mark as the journal shows it, `number` its value on its scale (None for `зач`, `н/а`); `maximum` is 1
    for marks, and the maximum score for works scored in points.
    """

    text: str
    number: Decimal | None
    #: The policy's code of the kind of work; "" for an ordinary mark.
    kind: str = ""
    #: The school day of the mark's column.
    day: date | None = None
    #: The mark's own weight, which replaces that of its kind.
    weight: Decimal | None = None
    maximum: Decimal = ONE
    state: State = State.GIVEN
    #: The mark counts only if it raises the mean.
    only_if_helps: bool = False
    #: The mark was set at the student's previous school.
    brought: bool = False
    #: The caller's reference to the mark; the rules ignore it.
    ref: str = ""
    #: The day on which it was entered, for figures as of a date; None means `day`.
    entered_on: date | None = None

    def __str__(self) -> str:
        return self.text

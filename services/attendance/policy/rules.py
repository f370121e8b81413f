"""The school's policy on absences: when a day counts as missed, and when absences need action."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Generic, NamedTuple, TypeVar

from kernel.errors import Invalid
from services.attendance.codes.rules import OF_ABSENCE, Reason

T = TypeVar("T")


class Rule(NamedTuple, Generic[T]):
    """A value and its source: `practice` of schools, the `regulation`, or the school's own `vote`."""

    value: T
    act: str
    clause: str = ""


class Missed(NamedTuple):
    """A whole (a day, a week) counts as missed if `least` of its parts are missed; None: if all are."""

    least: int | None = None

    def holds(self, missed: int, checked: int) -> bool:
        """Whether a whole with `missed` of `checked` parts counts as missed.

        A whole of fewer parts than `least` is missed if all of them are. One without checked parts is never missed.
        """
        needed = checked if self.least is None else min(self.least, checked)
        return checked > 0 and missed >= needed


#: A day is missed when all its lessons are, a week when all its school days are (domain, §6).
ALL: Final = Missed()


def at_least(number: int) -> Missed:
    """A day with at least `number` missed lessons is missed; some schools use 3 (domain, §6)."""
    return Missed(number)


@dataclass(frozen=True, slots=True)
class AttendancePolicy:
    """The attendance part of the school's policy. Raises `Invalid` for figures out of range."""

    missed_day: Rule[Missed]
    missed_week: Rule[Missed]
    #: Missing more than this share of a month's lessons opens a procedure.
    month_share: Rule[Decimal]
    #: The reasons of absence that count in this share.
    month_reasons: Rule[frozenset[Reason]]
    #: A run of this many missed school days is announced.
    run_length: Rule[int]

    def __post_init__(self) -> None:
        _check_at_least_one(self.missed_day.value.least, "missed_day")
        _check_at_least_one(self.missed_week.value.least, "missed_week")
        _check_at_least_one(self.run_length.value, "run_length")
        if not 0 <= self.month_share.value < 1:
            raise Invalid(
                "The share of a month lies between 0 and 1, not {share}.",
                rule="month-share-out-of-range",
                field="month_share",
                share=self.month_share.value,
            )
        if not self.month_reasons.value or not self.month_reasons.value <= OF_ABSENCE:
            raise Invalid(
                "The share of a month counts absences; business of the school is none.",
                rule="month-reasons-no-absence",
                field="month_reasons",
            )


def _check_at_least_one(number: int | None, field: str) -> None:
    if number is not None and number < 1:
        raise Invalid("At least 1, not {number}.", rule="below-one", field=field, number=number)


#: The policy of a school that has not voted its own: the practice of schools (domain, §6). The regulation sets no such
#: figures.
DEFAULT: Final = AttendancePolicy(
    missed_day=Rule(ALL, "practice"),
    missed_week=Rule(ALL, "practice"),
    month_share=Rule(Decimal("0.30"), "practice"),
    month_reasons=Rule(OF_ABSENCE, "practice"),
    run_length=Rule(3, "practice"),
)

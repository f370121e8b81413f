"""Entries of a school's timetable: a course's lesson in the week, every week or every other one (clause 3.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, Protocol
from uuid import UUID

from kernel.errors import Invalid

#: "" is every week, "1" the odd weeks, "2" the even ones.
Week = Literal["", "1", "2"]
EVERY_WEEK: Final[Week] = ""
ODD_WEEKS: Final[Week] = "1"
EVEN_WEEKS: Final[Week] = "2"

_ONE: Final = Decimal(1)
_HALF: Final = Decimal("0.5")


class InTheWeek(Protocol):
    """A place in the week, and from when to when it is held, both days included; `valid_until` None: for good."""

    @property
    def weekday(self) -> int:
        """1 is Monday, 7 Sunday."""

    @property
    def number(self) -> int:
        """Which lesson of the day."""

    @property
    def week(self) -> Week:
        """Every week, odd or even ones."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_until(self) -> date | None:
        """The last day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A course's lesson in the week, in a classroom, by one of the course's teachers or by all of them."""

    id: UUID
    course_id: UUID
    weekday: int
    number: int
    week: Week
    valid_from: date
    valid_until: date | None = None
    classroom_id: UUID | None = None
    #: None: the course's teachers.
    teacher_id: UUID | None = None


def same_day(one: InTheWeek, other: InTheWeek) -> bool:
    """Whether two places in the week are ever held on one day: same weekday, in a week of both (practice)."""
    if one.weekday != other.weekday:
        return False
    if one.week and other.week and one.week != other.week:
        return False
    return _begins_in(one, other) or _begins_in(other, one)


def _begins_in(one: InTheWeek, other: InTheWeek) -> bool:
    return other.valid_from <= one.valid_from and (other.valid_until is None or one.valid_from <= other.valid_until)


def is_valid_on(entry: InTheWeek, day: date) -> bool:
    """Whether the entry holds on a day (practice)."""
    return entry.valid_from <= day and (entry.valid_until is None or day <= entry.valid_until)


def hours_a_week(entries: Iterable[InTheWeek]) -> Decimal:
    """Lessons a week; one every other week counts a half (practice)."""
    return sum((_HALF if entry.week else _ONE for entry in entries), Decimal())


def check_validity(valid_from: date, valid_until: date | None, starts_on: date, ends_on: date) -> None:
    """Refuse an entry that ends before it begins, or holds outside its academic year (clause 4.2)."""
    if valid_until is not None and valid_until < valid_from:
        raise Invalid(
            "The entry ends on {valid_until}, before it begins on {valid_from}.",
            rule="validity-reversed",
            field="valid_until",
            valid_from=valid_from,
            valid_until=valid_until,
        )
    for field, day in (("valid_from", valid_from), ("valid_until", valid_until)):
        if day is not None and not starts_on <= day <= ends_on:
            raise Invalid(
                "The timetable of the year holds between {starts_on} and {ends_on}.",
                rule="validity-outside-year",
                field=field,
                starts_on=starts_on,
                ends_on=ends_on,
            )

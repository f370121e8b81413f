"""Plan against fact: how far a course is, how far it should be, and how it can catch up (domain, §4; practice)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final
from uuid import UUID

from services.gradebook.calendar.rules.school_days import SchoolCalendar
from services.gradebook.calendar.rules.year_calendar import YearCalendar, calendar_of
from services.gradebook.plans.rules.teaching import DROPPED, JOINED, Planned, Standing, standings

NOTHING: Final = Decimal(0)
_LESSON: Final = Decimal(1)
#: The first and the last day.
Span = tuple[date, date]
#: A journal whose first lesson is later than this after the year's first term has begun, began late.
LATE: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a course is in its plan, in hours, which are lessons.

    `due` are those that should have been held, `passed` those of topics that were, `freed` those that the teacher's
    measures save; `skipped` counts topics that were passed over.
    """

    total: Decimal
    due: int
    passed: Decimal
    freed: Decimal
    skipped: int

    @property
    def behind(self) -> Decimal:
        """The lag in lessons, after the teacher's measures; negative where the course is ahead."""
        return self.due - self.passed - self.freed

    @property
    def fulfilled(self) -> int | None:
        """The plan's fulfilment in whole per cent, of what is due (domain, §4); None while nothing is."""
        if not self.due:
            return None
        return int((self.passed * 100 / self.due).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Measure:
    """What a teacher may do to catch up: drop a topic or join it with the one before it; it frees `hours`."""

    topic_id: UUID
    measure: str
    hours: Decimal


def progress(topics: Sequence[Planned], due: int, *, began_late: bool = False) -> Progress:
    """How far a course is; `due` are the lessons that should have been held (domain, §4)."""
    passed, freed, skipped = NOTHING, NOTHING, 0
    for one, stands in zip(topics, standings(topics, began_late=began_late)):
        if stands is Standing.PASSED:
            passed += one.hours
        elif stands is Standing.BEGUN:
            passed += one.covered
        elif stands is Standing.DROPPED:
            freed += one.hours
        elif one.measure == JOINED:
            freed += min(one.hours, _LESSON)
        skipped += stands is Standing.SKIPPED
    return Progress(sum((one.hours for one in topics), NOTHING), due, passed, freed, skipped)


def due_hours(total: Decimal, school_days: Sequence[date], day: date) -> int:
    """The hours of a plan that should have been held before `day`, in whole lessons (practice).

    The plan's hours are spread evenly over the `school_days` of the course's terms, which are in order.
    """
    if not school_days:
        return 0
    over = bisect_left(school_days, day)
    return int((total * over / len(school_days)).to_integral_value(ROUND_FLOOR))


def school_days_of(terms: Iterable[Span], calendar: SchoolCalendar) -> list[date]:
    """The school days of terms, both ends included, in order, each once (clause 4.2)."""
    days = {first + timedelta(days=number) for first, last in terms for number in range((last - first).days + 1)}
    return sorted(filter(calendar.is_school_day, days))


class SchoolYear:
    """A year's terms and school days: many courses share them, so each are found once."""

    def __init__(self, year: YearCalendar) -> None:
        self._year = year
        self._days: dict[tuple[int | None, str], list[date]] = {}

    def spans(self, division: str) -> list[Span]:
        """The terms of a division."""
        return [(one.starts_on, one.ends_on) for one in self._year.terms if one.division == division]

    def school_days(self, grade: int | None, division: str) -> list[date]:
        """The school days of a grade in the terms of a division, in order."""
        key = grade, division
        if key not in self._days:
            calendar = calendar_of(self._year, grade, division)
            self._days[key] = school_days_of(self.spans(division), calendar)
        return self._days[key]


def began_late(first_lesson: date | None, terms: Iterable[Span]) -> bool:
    """Whether a course's journal began after the year did, so that it does not know its first topics (practice)."""
    starts = min((first for first, _ in terms), default=None)
    return first_lesson is not None and starts is not None and first_lesson - starts > LATE


def proposal(topics: Sequence[Planned], behind: Decimal, *, began_late: bool = False) -> list[Measure]:
    """What to do so that a course that is `behind` catches up, as far as the rest of its plan allows (practice).

    First reserve hours are dropped, the last ones first. Then single lessons next to each other within a section are
    joined, the next ones first; control works and topics that the teacher has decided on stay as they are.
    """
    ahead = [
        one
        for one, stands in zip(topics, standings(topics, began_late=began_late))
        if stands is Standing.AHEAD and not one.measure
    ]
    found: list[Measure] = []
    for measure in [*_reserves(ahead), *_pairs(topics, {one.id for one in ahead if _joinable(one)})]:
        if sum((one.hours for one in found), NOTHING) >= behind:
            break
        found.append(measure)
    return found


def _reserves(ahead: Sequence[Planned]) -> Iterator[Measure]:
    return (Measure(one.id, DROPPED, one.hours) for one in reversed(ahead) if one.is_reserve)


def _pairs(topics: Sequence[Planned], joinable: Collection[UUID]) -> Iterator[Measure]:
    """The second topics of pairs that one lesson can hold; each topic is in one pair at most."""
    used: UUID | None = None
    for first, second in pairwise(topics):
        both = first.id in joinable and second.id in joinable
        if both and first.id != used and first.section == second.section:
            used = second.id
            yield Measure(second.id, JOINED, _LESSON)


def _joinable(topic: Planned) -> bool:
    return topic.hours == _LESSON and not topic.control and not topic.is_reserve

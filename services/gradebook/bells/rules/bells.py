"""Which bells ring on a day, and what cannot be right in a schedule of bells (clause 4.2; practice)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from typing import Final, NamedTuple
from uuid import UUID

from kernel.errors import FieldFault, Invalid
from kernel.texts import Text
from services.gradebook.calendar.rules.school_days import SchoolCalendar
from services.gradebook.calendar.rules.year_calendar import YearCalendar, calendar_of

FIRST_SHIFT: Final = 1
SECOND_SHIFT: Final = 2


class Bell(NamedTuple):
    """Begin and end of a lesson of the day, in local time."""

    number: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class BellSchedule:
    """The bells of a kind of day: of a shift, of shortened lessons or usual ones, on all weekdays or on some.

    It rings from `valid_from` on, until a later one of the same kind does.
    """

    id: UUID
    title: str
    shift: int
    weekdays: tuple[int, ...]
    short: bool
    valid_from: date
    bells: tuple[Bell, ...]


@dataclass(frozen=True, slots=True)
class YearBells:
    """The bells of a year, with its calendar and the classes of the second shift."""

    calendar: YearCalendar
    schedules: tuple[BellSchedule, ...] = ()
    second_shift: frozenset[UUID] = field(default_factory=frozenset)
    _calendars: dict[int | None, SchoolCalendar] = field(default_factory=dict, init=False, repr=False, compare=False)

    def calendar_of(self, grade: int | None) -> SchoolCalendar:
        """The calendar of a grade (clause 4.2), made once."""
        found = self._calendars.get(grade)
        if found is None:
            found = self._calendars[grade] = calendar_of(self.calendar, grade)
        return found

    def shift_of(self, class_id: UUID | None) -> int:
        """The shift of a class."""
        return SECOND_SHIFT if self.second_shift and class_id in self.second_shift else FIRST_SHIFT

    def shift_of_classes(self, class_ids: Iterable[UUID]) -> int | None:
        """The shift of a group of students of several classes; None where these are of both (practice)."""
        shifts = {self.shift_of(one) for one in class_ids} or {FIRST_SHIFT}
        return shifts.pop() if len(shifts) == 1 else None

    def usual(self, day: date) -> dict[tuple[int, int], dict[int, Bell]]:
        """Shift and weekday → number → the bell of usual days, as they are valid on a day (practice)."""
        found = {}
        for shift in (FIRST_SHIFT, SECOND_SHIFT):
            of_shift = [one for one in self.schedules if one.shift == shift and not one.short and one.valid_from <= day]
            for weekday in range(1, 8):
                fitting = [one for one in of_shift if not one.weekdays or weekday in one.weekdays]
                found[shift, weekday] = {bell.number: bell for bell in _ringing(fitting)}
        return found


def overlap(one: Bell | None, other: Bell | None) -> bool:
    """Whether two lessons are at the same time for a while; not, where no bell rings for one of them (practice)."""
    return one is not None and other is not None and one.starts < other.ends and other.starts < one.ends


def in_order(schedules: Iterable[BellSchedule]) -> tuple[BellSchedule, ...]:
    """Schedules as people read them: the first shift first, short days behind usual ones, by date (practice)."""
    return tuple(
        sorted(schedules, key=lambda one: (one.shift, one.short, bool(one.weekdays), one.valid_from, one.title, one.id))
    )


def bells_of_day(
    schedules: Iterable[BellSchedule], day: date, calendar: SchoolCalendar, shift: int
) -> tuple[Bell, ...]:
    """The bells of a shift on a day of a grade's calendar (practice).

    On a short day those of short days ring, if there are any. A schedule for some weekdays overrides one for all, by
    the weekday whose timetable is taught; of one kind the last that has begun to be valid rings. None: no bells are
    kept.
    """
    weekday = calendar.timetable_weekday(day) or day.isoweekday()
    fitting = [
        one
        for one in schedules
        if one.shift == shift and one.valid_from <= day and (not one.weekdays or weekday in one.weekdays)
    ]
    of_short_days = [one for one in fitting if one.short] if calendar.is_short(day) else []
    chosen = of_short_days or [one for one in fitting if not one.short]
    return _ringing(chosen)


def _ringing(fitting: Collection[BellSchedule]) -> tuple[Bell, ...]:
    """The bells of the schedule that overrides the others of its kind."""
    return max(fitting, key=lambda one: (bool(one.weekdays), one.valid_from)).bells if fitting else ()


#: Day, shift and grade → number → the bell.
_Ringing = dict[tuple[date, int, int | None], dict[int, Bell]]


class Times:
    """The times of lessons of several years, each day, shift and grade looked up once."""

    def __init__(self, years: Mapping[UUID, YearBells], mixed: Mapping[UUID, bool] | None = None) -> None:
        """`mixed`: courses across classes with students of the second shift → whether some are of the first, too."""
        # Python hashes a UUID slowly: a week has fifty lessons, so its year is looked up by it once
        self._years: dict[UUID, tuple[YearBells, _Ringing]] = {one: (year, {}) for one, year in years.items()}
        self._mixed = mixed or {}

    def of(
        self, year_id: UUID, course_id: UUID, day: date, number: int | None, class_id: UUID | None, grade: int | None
    ) -> Bell | None:
        """Begin and end of a lesson (practice); None where it has no number, no bell rings for it, or `differ`."""
        found = self._years.get(year_id)
        if found is None or number is None:
            return None
        shift = self._shift_of(found[0], course_id, class_id)
        return None if shift is None else _bell(*found, day, number, shift, grade)

    def differ(self, course_id: UUID, class_id: UUID | None) -> bool:
        """Whether students of a group are of both shifts, so that the bells do not say when it is taught (practice)."""
        return class_id is None and self._mixed.get(course_id, False)

    def _shift_of(self, year: YearBells, course_id: UUID, class_id: UUID | None) -> int | None:
        """The shift of a course's class, or of the classes of a group's students; None if they differ."""
        if class_id is not None:
            return year.shift_of(class_id)
        mixed = self._mixed.get(course_id)
        return FIRST_SHIFT if mixed is None else None if mixed else SECOND_SHIFT

    def at(self, year_id: UUID, day: date, number: int, shift: int, grade: int | None = None) -> Bell | None:
        """Begin and end of a lesson of a shift (practice), of a day without a grade's own; None as with `of`."""
        found = self._years.get(year_id)
        return _bell(*found, day, number, shift, grade) if found else None


def _bell(year: YearBells, known: _Ringing, day: date, number: int, shift: int, grade: int | None) -> Bell | None:
    ringing = known.get((day, shift, grade))
    if ringing is None:
        bells = bells_of_day(year.schedules, day, year.calendar_of(grade), shift)
        ringing = known[day, shift, grade] = {bell.number: bell for bell in bells}
    return ringing.get(number)


def check_bells(year: YearCalendar, schedule: BellSchedule, others: Collection[BellSchedule]) -> None:
    """Refuse a schedule whose bells cannot ring, with every fault, and a second one of the same days (practice)."""
    faults = faults_of(year, schedule, others)
    if faults:
        raise Invalid.of(faults[0].text, rule=faults[0].rule, field=faults[0].field, faults=faults)


def faults_of(year: YearCalendar, schedule: BellSchedule, others: Collection[BellSchedule]) -> tuple[FieldFault, ...]:
    """Why the bells of a schedule cannot ring, or not beside others of the same days (practice)."""
    return (*_of_bells(schedule), *_of_schedule(year, schedule, others))


def _of_bells(schedule: BellSchedule) -> Iterator[FieldFault]:
    for place, bell in enumerate(schedule.bells):
        if bell.ends <= bell.starts:
            text = Text("Lesson {number} ends before it begins.", {"number": bell.number})
            yield FieldFault.of(f"bells.{place}.ends", "bell-reversed", text)
    for place, (before, after) in enumerate(pairwise(schedule.bells), start=1):
        if after.number <= before.number:
            text = Text(
                "Lesson {number} stands behind lesson {before}: numbers go up, each once.",
                {"number": after.number, "before": before.number},
            )
            yield FieldFault.of(f"bells.{place}.number", "bell-numbers", text)
        if after.starts < before.ends:
            text = Text(
                "Lesson {number} begins at {starts}, before lesson {before} ends at {ends}.",
                {
                    "number": after.number,
                    "starts": in_figures(after.starts),
                    "before": before.number,
                    "ends": in_figures(before.ends),
                },
            )
            yield FieldFault.of(f"bells.{place}.starts", "bells-overlap", text)


def _of_schedule(year: YearCalendar, schedule: BellSchedule, others: Collection[BellSchedule]) -> Iterator[FieldFault]:
    if not year.starts_on <= schedule.valid_from <= year.ends_on:
        text = Text(
            "{date} lies outside the year, which goes from {starts_on} to {ends_on}.",
            {"date": schedule.valid_from, "starts_on": year.starts_on, "ends_on": year.ends_on},
        )
        yield FieldFault.of("valid_from", "day-outside-year", text)
    same = next((one for one in others if one.id != schedule.id and _is_same_kind(one, schedule)), None)
    if same is not None:
        text = Text(
            "“{title}” are the bells of the same days from {date} on. Change those, or choose another date.",
            {"title": same.title, "date": same.valid_from},
        )
        yield FieldFault.of("valid_from", "bells-twice", text)


def _is_same_kind(one: BellSchedule, other: BellSchedule) -> bool:
    """Whether nothing tells which of two schedules rings."""
    same = (one.shift, one.short, one.valid_from) == (other.shift, other.short, other.valid_from)
    both = not one.weekdays and not other.weekdays
    return same and (both or not set(one.weekdays).isdisjoint(other.weekdays))


def in_figures(moment: time) -> str:
    """A time of the day, such as `08:30` (practice)."""
    return f"{moment:%H:%M}"

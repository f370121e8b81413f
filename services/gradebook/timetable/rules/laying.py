"""Lessons that follow from the timetable, the calendar and the changes of single days (clauses 3.2, 4.2).

Nothing that was entered is lost or moved: a lesson with a topic, homework, marks or checked attendance stays where it
is, also where the timetable has no such lesson any more; it is shown as outside the timetable then. So is a lesson of
the past, empty or not: that it was due is part of the record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from operator import itemgetter
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from contracts.weeks_of_years import parity
from services.gradebook.calendar.rules.school_days import SchoolCalendar
from services.gradebook.lessons.rules.states import State
from services.gradebook.timetable.rules.entries import EVERY_WEEK, Entry, Week, is_valid_on


class Place(NamedTuple):
    """A course's lesson on a day: no two lessons have the same place."""

    course_id: UUID
    date: date
    #: None for a lesson of an import that knows no numbers.
    number: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is different on a day from what the timetable says of one lesson."""

    cancelled: bool = False
    #: Where the lesson is held instead; None: it is not moved.
    moved_to: tuple[date, int] | None = None
    classroom_id: UUID | None = None
    #: Who stands in for the teacher.
    teacher_id: UUID | None = None
    reason: str = ""


_AS_PLANNED: Final = Change()


class Planned(NamedTuple):
    """What timetable, calendar and changes say of a lesson."""

    #: None where no timetable made the lesson.
    entry_id: UUID | None
    classroom_id: UUID | None
    #: Who holds it in place of the course's teachers: the entry's teacher, or who stands in.
    teacher_id: UUID | None
    state: State = State.HELD
    #: Where a cancelled lesson is held instead.
    moved_to: date | None = None
    moved_number: int | None = None
    #: Why it is not as the timetable says.
    reason: str = ""


class Existing(NamedTuple):
    """A lesson that there is, and whether something was entered in it."""

    id: UUID
    planned: Planned
    filled: bool


class Renewed(NamedTuple):
    """A lesson that stays in its place, or gets its number, and is as `planned` from now on."""

    id: UUID
    number: int | None
    planned: Planned
    #: Whether nobody saw it before, as it had been dropped.
    returns: bool = False


@dataclass(frozen=True, slots=True)
class Laying:
    """What is to be done to the lessons: made, renewed, dropped, or shown as outside the timetable."""

    new: dict[Place, Planned] = field(default_factory=dict)
    renewed: list[Renewed] = field(default_factory=list)
    dropped: list[UUID] = field(default_factory=list)
    outside: list[UUID] = field(default_factory=list)


#: What names a calendar.
K = TypeVar("K", bound=Hashable)
#: A day, and whether its week is odd or even.
Taught = tuple[date, Week]


def wanted_lessons(
    entries: Iterable[Entry],
    goes_by: Mapping[UUID, K],
    calendars: Mapping[K, SchoolCalendar],
    year_starts_on: date,
    span: tuple[date, date],
    changes: Mapping[Place, Change],
) -> dict[Place, Planned]:
    """The lessons of the days of `span`, both included (clauses 3.2, 4.2).

    `goes_by` maps the courses of the entries to what names their calendars in `calendars`, as a grade may. `changes`
    are by the place that the timetable gives; one of a lesson that the timetable does not have says nothing. A lesson
    moved to a day outside `span` is only cancelled here.
    """
    days = {key: _days_by_weekday(calendar, year_starts_on, span) for key, calendar in calendars.items()}
    held: dict[Place, Planned] = {}
    moved: dict[Place, Planned] = {}
    for entry in entries:
        for day, week in days[goes_by[entry.course_id]][entry.weekday]:
            if not is_valid_on(entry, day) or entry.week not in (EVERY_WEEK, week):
                continue
            place = Place(entry.course_id, day, entry.number)
            change = changes.get(place, _AS_PLANNED)
            by_timetable = entry.id, entry.classroom_id, entry.teacher_id
            held[place] = _planned(*by_timetable, change)
            if change.moved_to is not None and span[0] <= change.moved_to[0] <= span[1]:
                moved[Place(entry.course_id, *change.moved_to)] = _planned(
                    *by_timetable, replace(change, moved_to=None)
                )
    return held | moved


def changed_by_hand(
    wanted: Mapping[Place, Planned], existing: Mapping[Place, Existing], changes: Mapping[Place, Change]
) -> dict[Place, Planned]:
    """What changes of single days say of lessons that no timetable made (clause 3.2).

    The lesson in the place to which one is moved has the moved one's id as its entry: it goes when the change does.
    """
    found: dict[Place, Planned] = {}
    for place, change in changes.items():
        lesson = existing.get(place)
        if place in wanted or lesson is None or lesson.planned.entry_id is not None:
            continue
        found[place] = _planned(None, None, None, change)
        if change.moved_to is not None:
            as_there = replace(change, moved_to=None)
            found[Place(place.course_id, *change.moved_to)] = _planned(lesson.id, None, None, as_there)
    return found


def _planned(entry_id: UUID | None, classroom_id: UUID | None, teacher_id: UUID | None, change: Change) -> Planned:
    moved_to, moved_number = change.moved_to or (None, None)
    return Planned(
        entry_id,
        change.classroom_id or classroom_id,
        change.teacher_id or teacher_id,
        State.CANCELLED if change.cancelled or moved_to else State.HELD,
        moved_to,
        moved_number,
        change.reason,
    )


def _days_by_weekday(
    calendar: SchoolCalendar, year_starts_on: date, span: tuple[date, date]
) -> defaultdict[int, list[Taught]]:
    """Weekday → the days of the span that are taught by its timetable."""
    found: defaultdict[int, list[Taught]] = defaultdict(list)
    for ahead in range((span[1] - span[0]).days + 1):
        day = span[0] + timedelta(days=ahead)
        weekday = calendar.timetable_weekday(day)
        if weekday is not None:
            found[weekday].append((day, parity(day, year_starts_on)))
    return found


def laying(wanted: Mapping[Place, Planned], existing: Mapping[Place, Existing], today: date) -> Laying:
    """What makes the `existing` lessons of some courses and days those that are `wanted` there (practice).

    Repeating it does nothing. A lesson in which something was entered is never cancelled: it is shown as outside the
    timetable. A lesson that no timetable made is left alone, unless the timetable has one in its place;
    then they become one. A lesson without a number becomes the first one of its course on its day.
    """
    plan = Laying()
    unnumbered = {place[:2]: lesson for place, lesson in existing.items() if place.number is None}
    for place, lesson in sorted(wanted.items(), key=itemgetter(0)):
        present = existing.get(place) or unnumbered.pop(place[:2], None)
        if present is None:
            plan.new[place] = lesson
            continue
        stays = present.filled and lesson.state is State.CANCELLED
        planned = lesson._replace(state=State.OUTSIDE) if stays else lesson
        if place not in existing or present.planned != planned:
            returns = present.planned.state is State.DROPPED
            plan.renewed.append(Renewed(present.id, place.number, planned, returns))
    for place, present in existing.items():
        if place in wanted or place.number is None or present.planned.entry_id is None:
            continue
        state = present.planned.state
        if present.filled or (place.date < today and state is not State.DROPPED):
            if state is not State.OUTSIDE:
                plan.outside.append(present.id)
        elif state is not State.DROPPED:
            plan.dropped.append(present.id)
    return plan

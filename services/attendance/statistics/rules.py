"""Totals of a student's attendance. Each figure is a tuple of the ids it counts, so that it can be verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.attendance.absences.rules.days import school_days, school_weeks
from services.attendance.absences.rules.records import LessonRecord, Standing, ids, in_order
from services.attendance.codes.rules import Reason
from services.attendance.policy.rules import AttendancePolicy


@dataclass(frozen=True, slots=True)
class Lateness:
    """Lessons with lateness and the minutes lost; `without_minutes` are the lessons without recorded minutes."""

    lessons: tuple[UUID, ...]
    minutes: int
    without_minutes: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Totals of lessons, each in order of date.

    `unchecked` lessons are in no other figure. `away` are lessons that the student did not attend; `by_reason` splits
    them. `missed` are those of `away` that count as absence: school business does not.
    """

    checked: tuple[UUID, ...]
    unchecked: tuple[UUID, ...]
    away: tuple[UUID, ...]
    missed: tuple[UUID, ...]
    by_reason: Mapping[Reason, tuple[UUID, ...]]
    late: Lateness


@dataclass(frozen=True, slots=True)
class Totals:
    """A student's attendance over the lessons given.

    Weeks are named by their Mondays. Open days and weeks are missed ones with an unchecked lesson: they may turn out
    attended.
    """

    lessons: Lessons
    by_subject: Mapping[str, Lessons]
    days_missed: tuple[date, ...]
    days_open: tuple[date, ...]
    weeks_missed: tuple[date, ...]
    weeks_open: tuple[date, ...]


def totals(records: Iterable[LessonRecord], policy: AttendancePolicy) -> Totals:
    """The totals of one student's records, with missed days and weeks by the school's policy (domain, §6).

    Raises ValueError for a duplicate lesson.
    """
    ordered = in_order(records)
    days = school_days(ordered, policy)
    missed = [day for day in days if day.is_missed]
    weeks = [week for week in school_weeks(days, policy) if week.is_missed]
    return Totals(
        lessons=_lessons(ordered),
        by_subject=_by_subject(ordered),
        days_missed=tuple(day.day for day in missed),
        days_open=tuple(day.day for day in missed if day.unchecked),
        weeks_missed=tuple(week.monday for week in weeks),
        weeks_open=tuple(week.monday for week in weeks if any(day.unchecked for day in week.days)),
    )


def _by_subject(records: tuple[LessonRecord, ...]) -> dict[str, Lessons]:
    subjects = sorted({record.subject for record in records})
    return {subject: _lessons(tuple(one for one in records if one.subject == subject)) for subject in subjects}


def _lessons(records: tuple[LessonRecord, ...]) -> Lessons:
    return Lessons(
        checked=ids(record for record in records if record.checked),
        unchecked=ids(record for record in records if not record.checked),
        away=ids(record for record in records if record.reason),
        missed=ids(record for record in records if record.missed),
        by_reason={reason: ids(record for record in records if record.reason is reason) for reason in Reason},
        late=_lateness([record for record in records if record.standing is Standing.LATE]),
    )


def _lateness(late: list[LessonRecord]) -> Lateness:
    return Lateness(
        lessons=ids(late),
        minutes=sum(record.minutes or 0 for record in late),
        without_minutes=ids(record for record in late if record.minutes is None),
    )

"""Groups a student's lessons into school days and weeks, and decides which are missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from services.attendance.absences.rules.records import LessonRecord, ids, in_order
from services.attendance.policy.rules import AttendancePolicy


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """A day with lessons, judged by the checked ones only.

    `checked`, `missed` and `unchecked` are lessons. A day without checked lessons is neither missed nor attended.
    """

    day: date
    is_missed: bool
    checked: tuple[UUID, ...]
    missed: tuple[UUID, ...]
    unchecked: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SchoolWeek:
    """The school days from a Monday to the next Sunday, judged by the days with a checked lesson."""

    monday: date
    is_missed: bool
    days: tuple[SchoolDay, ...]


def school_days(records: Iterable[LessonRecord], policy: AttendancePolicy) -> tuple[SchoolDay, ...]:
    """The school days of one student's records, in order. A day without lessons is not a school day."""
    return tuple(_day(day, tuple(lessons), policy) for day, lessons in groupby(in_order(records), lambda one: one.day))


def school_weeks(days: Iterable[SchoolDay], policy: AttendancePolicy) -> tuple[SchoolWeek, ...]:
    """The weeks of these days, which must be in order. A week that is only partly given is judged by the given days."""
    return tuple(_week(monday, tuple(of_week), policy) for monday, of_week in groupby(days, _monday))


def _day(day: date, lessons: tuple[LessonRecord, ...], policy: AttendancePolicy) -> SchoolDay:
    checked = ids(record for record in lessons if record.checked)
    missed = ids(record for record in lessons if record.missed)
    return SchoolDay(
        day=day,
        is_missed=policy.missed_day.value.holds(len(missed), len(checked)),
        checked=checked,
        missed=missed,
        unchecked=ids(record for record in lessons if not record.checked),
    )


def _week(monday: date, days: tuple[SchoolDay, ...], policy: AttendancePolicy) -> SchoolWeek:
    missed = sum(day.is_missed for day in days)
    checked = sum(bool(day.checked) for day in days)
    return SchoolWeek(monday, policy.missed_week.value.holds(missed, checked), days)


def _monday(day: SchoolDay) -> date:
    return day.day - timedelta(days=day.day.weekday())

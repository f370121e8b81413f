"""Runs of missed school days, and when they are announced (domain, §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.attendance.absences.rules.days import SchoolDay, school_days
from services.attendance.absences.rules.records import LessonRecord
from services.attendance.policy.rules import AttendancePolicy


@dataclass(frozen=True, slots=True)
class Run:
    """Missed school days with no attended one between them. `unchecked` are the days between that nobody checked."""

    days: tuple[date, ...]
    unchecked: tuple[date, ...] = ()

    @property
    def length(self) -> int:
        """How many school days were missed; weekends, holidays and unchecked days are not among them."""
        return len(self.days)


@dataclass(frozen=True, slots=True)
class Announcements:
    """The runs to be told of, and the runs that were told of and are not so."""

    reached: tuple[Run, ...]
    taken_back: tuple[Run, ...]


def runs(records: Iterable[LessonRecord], policy: AttendancePolicy) -> tuple[Run, ...]:
    """One student's runs, in order, each as long as it can be.

    Only an attended school day ends a run: days without lessons do not. A day of which no lesson was checked neither
    ends a run nor lengthens it. Ending it would hide a long absence behind one forgotten check; lengthening it would
    tell the family of an absence that nobody saw.
    """
    found: list[Run] = []
    open_run: list[SchoolDay] = []
    for day in school_days(records, policy):
        if day.is_missed or not day.checked:
            open_run.append(day)
        else:
            found.extend(_run(open_run))
            open_run = []
    return (*found, *_run(open_run))


def announcements(before: Iterable[Run], after: Iterable[Run], policy: AttendancePolicy) -> Announcements:
    """What is announced when a student's runs, all of them, change from `before` to `after` (domain, §6).

    A run is announced when it reaches the policy's length. Runs that share a missed day are the same run: one that
    was announced is not announced again when it grows, joins another or loses days but keeps the length. When no part
    of it keeps the length, the announcement is taken back; the days may later make a run that is announced anew.
    """
    least = policy.run_length.value
    was = [run for run in before if run.length >= least]
    now = [run for run in after if run.length >= least]
    return Announcements(_apart(now, was), _apart(was, now))


def _run(days: Sequence[SchoolDay]) -> tuple[Run, ...]:
    """The run of missed and unchecked days in a row: from the first missed one to the last. None without missed."""
    missed = tuple(day.day for day in days if day.is_missed)
    if not missed:
        return ()
    between = tuple(day.day for day in days if not day.is_missed and missed[0] < day.day < missed[-1])
    return (Run(missed, between),)


def _apart(some: Iterable[Run], others: Iterable[Run]) -> tuple[Run, ...]:
    """Those of `some` that share no day with any of `others`."""
    days = {day for run in others for day in run.days}
    return tuple(run for run in some if days.isdisjoint(run.days))

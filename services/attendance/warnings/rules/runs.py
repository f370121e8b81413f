"""Finds runs of missed school days and decides when to announce them (domain, §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.attendance.absences.rules.days import SchoolDay, school_days
from services.attendance.absences.rules.records import LessonRecord
from services.attendance.policy.rules import AttendancePolicy


@dataclass(frozen=True, slots=True)
class Run:
    """Missed school days without an attended day between them; `unchecked` are the unchecked days between them."""

    days: tuple[date, ...]
    unchecked: tuple[date, ...] = ()

    @property
    def length(self) -> int:
        """The number of missed school days, without weekends, holidays and unchecked days."""
        return len(self.days)


@dataclass(frozen=True, slots=True)
class Announcements:
    """The runs to announce, and the announced runs to take back."""

    reached: tuple[Run, ...]
    taken_back: tuple[Run, ...]


def runs(records: Iterable[LessonRecord], policy: AttendancePolicy) -> tuple[Run, ...]:
    """One student's runs, in order, each of maximal length.

    Only an attended school day ends a run: days without lessons do not. A day without any checked lesson neither ends
    nor lengthens a run. Ending the run would hide a long absence behind one forgotten check; lengthening it would
    report an absence that nobody saw.
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
    """What to announce when all runs of a student change from `before` to `after` (domain, §6).

    A run is announced when it reaches the policy's length. Runs that share a missed day are the same run: an announced
    run is not announced again when it grows, joins another or loses days but keeps the length. If no part of it keeps
    the length, the announcement is taken back; the days may later form a run that is announced anew.
    """
    least = policy.run_length.value
    was = [run for run in before if run.length >= least]
    now = [run for run in after if run.length >= least]
    return Announcements(_disjoint(now, was), _disjoint(was, now))


def _run(days: Sequence[SchoolDay]) -> tuple[Run, ...]:
    """The run in consecutive missed and unchecked days, from the first missed day to the last; empty if none."""
    missed = tuple(day.day for day in days if day.is_missed)
    if not missed:
        return ()
    between = tuple(day.day for day in days if not day.is_missed and missed[0] < day.day < missed[-1])
    return (Run(missed, between),)


def _disjoint(some: Iterable[Run], others: Iterable[Run]) -> tuple[Run, ...]:
    """The runs of `some` that share no day with any of `others`."""
    days = {day for run in others for day in run.days}
    return tuple(run for run in some if days.isdisjoint(run.days))

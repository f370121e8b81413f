"""Calculates the share of a month that a student missed, and whether it opens a procedure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from uuid import UUID

from services.attendance.absences.rules.records import LessonRecord, ids, in_order
from services.attendance.policy.rules import AttendancePolicy


@dataclass(frozen=True, slots=True)
class MonthShare:
    """Missed and checked lessons of one calendar month; `month` is its first day.

    `missed` holds the lessons that the policy counts. `unchecked` lessons took place, but nobody checked them; they
    count as neither. `procedure` is true if the exact share is greater than the policy's.
    """

    month: date
    missed: tuple[UUID, ...]
    checked: tuple[UUID, ...]
    unchecked: tuple[UUID, ...]
    procedure: bool

    @property
    def share(self) -> Fraction | None:
        """Missed / checked, exact; None if no lesson was checked."""
        return Fraction(len(self.missed), len(self.checked)) if self.checked else None

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent for display, rounded half up to one decimal."""
        return None if self.share is None else Decimal((self.share * 2000 + 1) // 2).scaleb(-1)


def month_shares(records: Iterable[LessonRecord], policy: AttendancePolicy) -> tuple[MonthShare, ...]:
    """The shares of one student's months with lessons, in order.

    More than 30 % of a month opens a procedure (domain, §6); the policy sets the share and the reasons that count.
    """
    months = groupby(in_order(records), lambda record: record.day.replace(day=1))
    return tuple(_share(month, tuple(lessons), policy) for month, lessons in months)


def _share(month: date, records: tuple[LessonRecord, ...], policy: AttendancePolicy) -> MonthShare:
    missed = ids(record for record in records if record.missed and record.reason in policy.month_reasons.value)
    checked = ids(record for record in records if record.checked)
    return MonthShare(
        month=month,
        missed=missed,
        checked=checked,
        unchecked=ids(record for record in records if not record.checked),
        procedure=len(missed) > Fraction(policy.month_share.value) * len(checked),
    )

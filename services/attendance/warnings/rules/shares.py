"""Which share of a month a student missed, and whether it opens a procedure."""

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
    """Missed lessons of the lessons checked, in one calendar month, named by its first day.

    `missed` are those that the policy counts. `unchecked` lessons are in neither: they are held, but nobody looked.
    `procedure` compares the exact share with the policy's, and is opened by more than it, not by as much.
    """

    month: date
    missed: tuple[UUID, ...]
    checked: tuple[UUID, ...]
    unchecked: tuple[UUID, ...]
    procedure: bool

    @property
    def share(self) -> Fraction | None:
        """Missed / checked, exact; None where no lesson was checked."""
        return Fraction(len(self.missed), len(self.checked)) if self.checked else None

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent, rounded half up to one decimal, to be shown."""
        return None if self.share is None else Decimal((self.share * 2000 + 1) // 2).scaleb(-1)


def month_shares(records: Iterable[LessonRecord], policy: AttendancePolicy) -> tuple[MonthShare, ...]:
    """The share of every month in which one student had lessons, in order.

    More than 30 % of a month opens a procedure (domain, §6); the share and the reasons counted are the policy's.
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

"""Hours a week of the curriculum and of courses (clause 4.2; practice)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from kernel.errors import Invalid, Refused, together

#: Nobody has a subject for more hours a week: a class has no more lessons.
MOST_HOURS: Final = Decimal(40)
#: Half-hours are every second week, quarters of one a month's lesson; hundredths are what a share of a year comes to.
_HOURS: Final = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?")


class Cell(NamedTuple):
    """The hours a week that a grade has of a subject."""

    subject_id: UUID
    grade: int
    hours: Decimal


def hours_a_week(text: str | None, field: str) -> Decimal | None:
    """The hours in a field; None where it is empty or says none. Refuses what is no number of hours (practice)."""
    typed = (text or "").strip()
    if not typed:
        return None
    hours = Decimal(typed.replace(",", ".")) if _HOURS.fullmatch(typed) else None
    if hours is None or hours > MOST_HOURS:
        raise Invalid(
            "Hours a week are a number up to {most}, such as 2 or 1.5.", rule="hours", field=field, most=int(MOST_HOURS)
        )
    return hours or None


def totals(cells: Iterable[Cell]) -> dict[int, Decimal]:
    """Grade → its hours a week in all subjects (clause 4.2)."""
    sums: dict[int, Decimal] = {}
    for cell in cells:
        sums[cell.grade] = sums.get(cell.grade, Decimal(0)) + cell.hours
    return dict(sorted(sums.items()))


def cells(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[UUID, int], Cell | None]:
    """Subject and grade → the hours that were entered, None where none are.

    Refuses what is no number of hours, all of it at once (practice).
    """
    wanted: dict[tuple[UUID, int], Cell | None] = {}
    refusals: list[Refused] = []
    for index, row in enumerate(rows):
        key = row["subject_id"], row["grade"]
        try:
            weekly = hours_a_week(row["hours"], f"hours.{index}.hours")
        except Invalid as refusal:
            refusals.append(refusal)
            continue
        wanted[key] = None if weekly is None else Cell(*key, weekly)
    if refusals:
        raise together(refusals)
    return wanted

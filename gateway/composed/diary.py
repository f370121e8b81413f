"""A student's week: the gradebook's lessons with attendance's absences."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from contracts.attendance.absences import Absences
from contracts.gradebook.journal import Journal
from gateway.door.asking import SHORT_TIMEOUT, ask
from gateway.door.http import YEARS
from kernel.errors import Fault, Invalid, NotFound


def diary(student_id: UUID, day: date) -> dict[str, Any]:
    """A student's week with absences; `missing` says that they could not be had."""
    if day.year not in YEARS:
        raise Invalid("Not a valid date.", rule="date", field="date")
    week = ask(Journal.diary_week, student_id=student_id, date=day)
    days = [each["date"] for each in week["days"]]
    try:
        found = ask(
            Absences.absences_of,
            timeout=SHORT_TIMEOUT,
            student_id=student_id,
            starts_on=days[0],
            ends_on=days[-1],
        )
    except (
        Fault,
        NotFound,
    ):  # away, or has not heard of the student yet: the gradebook has let the caller in
        return {**week, "absences": [], "missing": ["absences"]}
    return {**week, "absences": found["absences"], "missing": []}

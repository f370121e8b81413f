"""A student's week: the gradebook's lessons with attendance's absences."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from contracts.attendance.absences import Absences
from contracts.attendance.checks import AbsenceView
from contracts.gradebook.journal import DiaryWeekView, Journal
from gateway.door.asking import SHORT_TIMEOUT, ask
from gateway.door.http import YEARS
from kernel.errors import Fault, Invalid, NotFound


class DiaryView(DiaryWeekView):
    """A student's week: lessons, homework, marks and absences.

    `missing` names the parts that are left out because their service is away; the rest is complete.
    """

    absences = fields.List(fields.Nested(AbsenceView), required=True)
    missing = fields.List(fields.Str(validate=validate.OneOf(["absences"])), required=True)


def week(student_id: UUID, date: datetime.date) -> dict[str, Any]:
    """A student's week: homework, marks, absences. While attendance is away, absences are left out.

    `missing` then holds `absences`.
    """
    if date.year not in YEARS:
        raise Invalid("Not a valid date.", rule="date", field="date")
    found = ask(Journal.diary_week, student_id=student_id, date=date)
    days = [each["date"] for each in found["days"]]
    try:
        absences = ask(
            Absences.absences_of,
            timeout=SHORT_TIMEOUT,
            student_id=student_id,
            starts_on=days[0],
            ends_on=days[-1],
        )
    except (Fault, NotFound):  # attendance is away, or has no copy of the student yet; the gradebook let the caller in
        return {**found, "absences": [], "missing": ["absences"]}
    return {**found, "absences": absences["absences"], "missing": []}

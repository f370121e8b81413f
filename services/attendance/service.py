"""The service: its capabilities, and the name they are called by."""

from __future__ import annotations

from services.attendance.absences.entrypoints import AbsencesEntrypoints
from services.attendance.checks.entrypoints import ChecksEntrypoints
from services.attendance.codes.entrypoints import CodesEntrypoints
from services.attendance.copies.entrypoints import CopiesEntrypoints


class AttendanceService(ChecksEntrypoints, AbsencesEntrypoints, CodesEntrypoints, CopiesEntrypoints):
    """Who was there."""

    name = "attendance"

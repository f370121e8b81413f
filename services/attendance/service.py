"""The Nameko service: its name and the entry points of its capabilities."""

from __future__ import annotations

from services.attendance.absences.entrypoints import AbsencesEntrypoints
from services.attendance.checks.entrypoints import ChecksEntrypoints
from services.attendance.codes.entrypoints import CodesEntrypoints
from services.attendance.copies.entrypoints import CopiesEntrypoints


class AttendanceService(ChecksEntrypoints, AbsencesEntrypoints, CodesEntrypoints, CopiesEntrypoints):
    """The attendance service."""

    name = "attendance"

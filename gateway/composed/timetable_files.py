"""Files of timetables: handed in, and what they would change."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Request

from contracts.gradebook.timetable_import import LARGEST_TIMETABLE, TimetableImport
from gateway.composed import handed_in
from gateway.door.asking import LONG_TIMEOUT, ask
from kernel.errors import Invalid
from kernel.files import kinds

#: Old office files are taken, too: the reader says how to save them anew.
_ALLOWED: Final = {kinds.ZIP, kinds.TEXT, kinds.COMPOUND}


def hand_in(upload: Request) -> str:
    """Take the form's `file` into the store. Returns the SHA-256 of its content."""
    other_kind = Invalid(
        "This is no timetable: hand in a spreadsheet (XLSX), an XML export of aSc Timetables or a FET file.",
        rule="file-kind",
        field="file",
    )
    return handed_in.hand_in(
        upload, TimetableImport.service, largest=LARGEST_TIMETABLE, allowed=_ALLOWED, other_kind=other_kind
    )


def read(year_id: UUID, **command: Any) -> dict[str, Any]:
    """What a file that was handed in would change of a year's timetable."""
    found: dict[str, Any] = ask(TimetableImport.read_timetable_file, timeout=LONG_TIMEOUT, year_id=year_id, **command)
    return found

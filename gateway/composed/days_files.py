"""Files of days for a school year: handed in, and what they would change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Request

from contracts.gradebook.calendar import LARGEST_DAYS_FILE, Calendar
from gateway.composed import handed_in
from gateway.door.asking import LONG_TIMEOUT, ask
from kernel.errors import Invalid
from kernel.files import kinds


def hand_in(upload: Request) -> str:
    """Take the form's `file` into the store. Returns the SHA-256 of its content."""
    other_kind = Invalid(
        "This is no calendar: hand in a working-day calendar (XML) or an iCalendar file (ICS).",
        rule="file-kind",
        field="file",
    )
    return handed_in.hand_in(
        upload, Calendar.service, largest=LARGEST_DAYS_FILE, allowed={kinds.TEXT}, other_kind=other_kind
    )


def read(year_id: UUID, **command: Any) -> dict[str, Any]:
    """What a file that was handed in would change of a year."""
    found: dict[str, Any] = ask(Calendar.read_days_file, timeout=LONG_TIMEOUT, year_id=year_id, **command)
    return found

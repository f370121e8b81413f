"""Files of days for a school year: handed in, and what they would change."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from contracts.gradebook.calendar import LARGEST_DAYS_FILE, Calendar
from gateway.door import uploads
from gateway.door.asking import LONG_TIMEOUT, ask
from kernel.errors import Invalid
from kernel.files import kinds
from kernel.files.store import parts_of

_FORM: Final = "multipart/form-data"


def hand_in(upload: Request) -> str:
    """Take the form's `file` into the store. Returns the SHA-256 of its content."""
    if upload.mimetype != _FORM:
        raise UnsupportedMediaType("Send the file as multipart/form-data.")
    file = upload.files.get("file")
    if file is None or not file.filename:
        raise Invalid("Choose a file.", rule="file-missing", field="file")
    try:
        return uploads.take(
            parts_of(file.stream), Calendar.service, largest=LARGEST_DAYS_FILE, allowed={kinds.TEXT}, field="file"
        ).sha256
    except Invalid as refusal:
        if refusal.rule != "file-kind":
            raise
        raise Invalid(
            "This is no calendar: hand in a working-day calendar (XML) or an iCalendar file (ICS).",
            rule="file-kind",
            field="file",
        ) from None


def read(year_id: UUID, **command: Any) -> dict[str, Any]:
    """What a file that was handed in would change of a year."""
    found: dict[str, Any] = ask(Calendar.read_days_file, timeout=LONG_TIMEOUT, year_id=year_id, **command)
    return found

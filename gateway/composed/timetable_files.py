"""Files of timetables: handed in, and what they would change."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from contracts.gradebook.timetable_import import LARGEST_TIMETABLE, TimetableImport
from gateway.door import uploads
from gateway.door.asking import LONG_TIMEOUT, ask
from kernel.errors import Invalid
from kernel.files import kinds
from kernel.files.store import parts_of

_FORM: Final = "multipart/form-data"
#: Old office files are taken, too: the reader says how to save them anew.
_ALLOWED: Final = {kinds.ZIP, kinds.TEXT, kinds.COMPOUND}


def hand_in(upload: Request) -> str:
    """Take the form's `file` into the store. Returns the SHA-256 of its content."""
    if upload.mimetype != _FORM:
        raise UnsupportedMediaType("Send the file as multipart/form-data.")
    file = upload.files.get("file")
    if file is None or not file.filename:
        raise Invalid("Choose a file.", rule="file-missing", field="file")
    try:
        return uploads.take(
            parts_of(file.stream), TimetableImport.service, largest=LARGEST_TIMETABLE, allowed=_ALLOWED, field="file"
        ).sha256
    except Invalid as refusal:
        if refusal.rule != "file-kind":
            raise
        raise Invalid(
            "This is no timetable: hand in a spreadsheet (XLSX), an XML export of aSc Timetables or a FET file.",
            rule="file-kind",
            field="file",
        ) from None


def read(year_id: UUID, **command: Any) -> dict[str, Any]:
    """What a file that was handed in would change of a year's timetable."""
    found: dict[str, Any] = ask(TimetableImport.read_timetable_file, timeout=LONG_TIMEOUT, year_id=year_id, **command)
    return found

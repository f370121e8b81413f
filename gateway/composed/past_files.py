"""Files of a school's past: handed in, and what they would add."""

from __future__ import annotations

from typing import Any, Final

from flask import Request

from contracts.gradebook.past_import import LARGEST_PAST, PastImports
from gateway.composed import handed_in
from gateway.door import uploads
from gateway.door.asking import LONG_TIMEOUT, ask
from kernel.errors import Invalid
from kernel.files import kinds
from kernel.files.store import parts_of

#: Old office files are taken, too: the reader says how to save them anew.
_ALLOWED: Final = {kinds.ZIP, kinds.TEXT, kinds.COMPOUND}
#: Most files of one form.
MOST_FILES: Final = 10


def _other_kind() -> Invalid:
    return Invalid(
        "This is no report of АСУ РСО: hand in the workbook (XLSX) that it exports.", rule="file-kind", field="file"
    )


def hand_in(upload: Request) -> str:
    """Take the form's `file` into the store. Returns the SHA-256 of its content."""
    return handed_in.hand_in(
        upload, PastImports.service, largest=LARGEST_PAST, allowed=_ALLOWED, other_kind=_other_kind()
    )


def hand_in_all(upload: Request) -> list[str]:
    """Take all files of the form's `file` into the store. Returns the SHA-256 of each, in their order."""
    uploads.check_form(upload)
    files = [one for one in upload.files.getlist("file") if one.filename]
    if not files:
        raise Invalid("Choose a file.", rule="file-missing", field="file")
    if len(files) > MOST_FILES:
        raise Invalid("At most {most} files at once.", rule="too-many-files", field="file", most=MOST_FILES)
    return [_taken(parts_of(one.stream)) for one in files]


def _taken(parts: Any) -> str:
    try:
        taken = uploads.take(parts, PastImports.service, largest=LARGEST_PAST, allowed=_ALLOWED, field="file")
    except Invalid as refusal:
        if refusal.rule != "file-kind":
            raise
        raise _other_kind() from None
    return taken.sha256


def read(**command: Any) -> dict[str, Any]:
    """What taking a file that was handed in would add."""
    found: dict[str, Any] = ask(PastImports.read_past_file, timeout=LONG_TIMEOUT, **command)
    return found
